"""The `kb` group: options that every command shares, and how errors reach the person at the keyboard."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from typing import Any

import click

from kb import __version__
from kb.cli.auditing import audit, match
from kb.cli.entries import fmt, lint, new, schema
from kb.cli.export import export
from kb.cli.gaps import gaps
from kb.cli.scoring import score
from kb.cli.searching import index, search
from kb.cli.serving import serve
from kb.cli.showing import show
from kb.cli.sources import sources
from kb.errors import InvalidEntry, KbError


class _Failure(click.ClickException):
    """The job could not be done; shown as one line on standard error."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the message the way compilers do."""
        click.echo(f"kb: {self.format_message()}", file=file, err=True)


class _Group(click.Group):
    """Turns the library's own errors into messages. Any other exception is a bug and keeps its traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except InvalidEntry as error:
            details = "".join(f"\n  {finding.location}: {finding.message}" for finding in error.findings)
            raise _Failure(f"{error}{details}") from error
        except KbError as error:
            raise _Failure(str(error)) from error


class _Stderr(logging.Handler):
    """What the library logs (an index rebuilt, say), as one line on standard error."""

    def emit(self, record: logging.LogRecord) -> None:
        click.echo(f"kb: {record.getMessage()}", err=True)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kb")
@click.option(
    "--claims",
    "claims_folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="CAVEAT_CLAIMS",
    show_envvar=True,
    metavar="DIR",
    help="The folder with kb.yaml. Default: the nearest claims/kb.yaml upwards of where you are.",
)
@click.pass_context
def main(ctx: click.Context, claims_folder: Path | None) -> None:
    """Check, search and show the claims of a knowledge base.

    Exit codes: 0 clean, 1 findings, 2 the job could not be done in whole.
    """
    ctx.obj = claims_folder
    log = logging.getLogger("kb")
    log.handlers[:] = [_Stderr()]
    log.propagate = False


def run() -> None:
    """Run `kb` as a program. A bug shows its traceback and exits with 2, since 1 would mean that findings were made."""
    try:
        main(prog_name="kb")
    except Exception:  # noqa: BLE001  (whatever it is, it must not look like findings)
        traceback.print_exc()
        click.echo("kb: this is a bug in kb, not in what it was given; please report it with the lines above", err=True)
        sys.exit(2)


for _command in (audit, match, score, lint, fmt, new, schema, index, search, show, sources, export, gaps, serve):
    main.add_command(_command)
