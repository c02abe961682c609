"""`kb user` and `kb log`: who may do more than read, and who did what."""
# ruff: noqa: PLC0415  (accounts are imported when a command runs, not when `kb` starts)

from __future__ import annotations

import dataclasses
import json
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.cli.common import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.accounts import Accounts

ROLES = ("reader", "editor", "reviewer", "admin")
"""As `kb.accounts.Role` has them; a test compares."""

_PASSWORD = click.option("--password-stdin", is_flag=True, help="Read the password from standard input, one line.")


@contextmanager
def _accounts(ctx: click.Context) -> Iterator[Accounts]:
    """Lend the accounts of the knowledge base of `--claims`, else of the nearest one upwards."""
    from kb import store
    from kb.accounts import Accounts

    given: Path | None = ctx.find_root().obj
    with closing(Accounts.of(store.find_root(given or Path.cwd()))) as accounts:
        yield accounts


@click.group()
def user() -> None:
    """Make and look after accounts; reading needs none.

    Accounts, sessions, the log and saved audits lie in a private folder of this machine, not in the knowledge base.
    """


@user.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True, help="Each may do what the one before it may.")
@click.option("--display", default="", help="The name that stands in entries and in git. Default: NAME.")
@click.option("--email", default="", help="For git.")
@_PASSWORD
@click.pass_context
def add(ctx: click.Context, *, name: str, role: str, display: str, email: str, password_stdin: bool) -> None:
    """Add the account NAME; its password is asked for twice, and not shown."""
    from kb.accounts import Role

    with _accounts(ctx) as accounts:
        made = accounts.users.add(name, Role(role), _password(from_stdin=password_stdin), display=display, email=email)
        click.echo(f"{made.name} ({made.display}) may sign in as {made.role}")


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """List all accounts."""
    with _accounts(ctx) as accounts:
        found = accounts.users.all()
        if as_json:
            shown = [
                {
                    "name": one.name,
                    "display": one.display,
                    "email": one.email,
                    "role": one.role,
                    "disabled": one.disabled,
                }
                for one in found
            ]
            click.echo(json.dumps({"schema": "kb-users/1", "users": shown}, ensure_ascii=False, indent=2))
            return
        for one in found:
            state = "  disabled" if one.disabled else ""
            click.echo(f"{one.name:<16} {one.role:<9} {one.display}{f' <{one.email}>' if one.email else ''}{state}")
        if not found:
            click.echo("There is no account; the server is for reading alone.")


@user.command()
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@click.pass_context
def role(ctx: click.Context, name: str, role: str) -> None:
    """Give the account NAME another ROLE, from its next click on."""
    from kb.accounts import Role

    with _accounts(ctx) as accounts:
        accounts.users.set_role(name, Role(role))
        click.echo(f"{name} is now {role}")


@user.command()
@click.argument("name")
@_PASSWORD
@click.pass_context
def password(ctx: click.Context, name: str, password_stdin: bool) -> None:
    """Give the account NAME another password, and end its sessions."""
    with _accounts(ctx) as accounts:
        accounts.users.get(name)
        accounts.users.set_password(name, _password(from_stdin=password_stdin))
        click.echo(f"{name} has a new password, and all sessions of the account have ended")


@user.command()
@click.argument("name")
@click.pass_context
def disable(ctx: click.Context, name: str) -> None:
    """Let nobody sign in as NAME, and end the account's sessions."""
    with _accounts(ctx) as accounts:
        accounts.users.disable(name)
        click.echo(f"{name} can no longer sign in")


@user.command()
@click.argument("name")
@click.pass_context
def enable(ctx: click.Context, name: str) -> None:
    """Let a disabled account be used again."""
    with _accounts(ctx) as accounts:
        accounts.users.enable(name)
        click.echo(f"{name} can sign in again")


@user.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def remove(ctx: click.Context, name: str, yes: bool) -> None:
    """Remove the account NAME, with its sessions and saved audits.

    What it did stays in entries, in git and in the log.
    """
    with _accounts(ctx) as accounts:
        kept = len(accounts.saved.of(accounts.users.get(name)))
        if not yes:
            click.confirm(f"Remove {name} and {counted(kept, 'saved audit')} for good?", abort=True)
        accounts.remove(name)
        click.echo(f"{name} is removed, with {counted(kept, 'saved audit')}")


@click.command()
@click.option("--verify", is_flag=True, help="Check that no record was changed or taken out.")
@click.option("--contains", default="", metavar="DIGEST", help="With --verify: this digest, noted earlier, is there.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Latest records to show.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def log(ctx: click.Context, verify: bool, contains: str, limit: int, as_json: bool) -> None:
    """Show who did what: sign-ins, accounts, and everything saved or reviewed in the browser.

    The log is only ever added to, and each record carries the digest of the one before it. Note the last digest
    elsewhere: with --contains it shows later that nothing up to there was written anew.
    """
    with _accounts(ctx) as accounts:
        if verify or contains:
            found = accounts.log.verify(contains)
            if as_json:
                click.echo(json.dumps({"schema": "kb-log-verified/1"} | dataclasses.asdict(found), indent=2))
            else:
                said = found.problem or f"whole; the last digest is {found.last}"
                click.echo(f"{counted(found.records, 'record')}: {said}")
            ctx.exit(1 if found.problem else 0)
        records = accounts.log.latest(limit)[::-1]
        if as_json:
            answer = {"schema": "kb-log/1", "records": [dataclasses.asdict(one) for one in records]}
            click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
            return
        for one in records:
            about = " ".join(filter(None, [one.kind, one.entry, one.note and f"({one.note})", one.git[:12]]))
            click.echo(f"{one.at}  {one.who or 'nobody'}  {one.what} {about}".rstrip())
        if not records:
            click.echo("Nothing has been done yet.")


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt="Once more")
    return asked
