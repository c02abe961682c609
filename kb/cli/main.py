"""The `kb` group: options that every command shares, and how errors reach the person at the keyboard."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from kb import __version__
from kb.errors import InvalidEntry, KbError, KnowledgeBaseNotFound

_COMMANDS = {
    "agree": ("agree",),
    "auditing": ("audit", "match"),
    "batching": ("rollup",),
    "changes": ("changes",),
    "entries": ("fmt", "lint", "new", "schema"),
    "export": ("export",),
    "gaps": ("gaps",),
    "review": ("review",),
    "scoring": ("score",),
    "searching": ("index", "search"),
    "serving": ("serve",),
    "showing": ("show",),
    "sources": ("sources",),
    "users": ("log", "user"),
}
"""Module of this package → its commands. Only that of the command asked for is imported."""

_MODULES = {name: module for module, names in _COMMANDS.items() for name in names}


class _Failure(click.ClickException):
    """The job could not be done; shown as one line on standard error."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the message the way compilers do."""
        click.echo(f"kb: {self.format_message()}", file=file, err=True)


class _Group(click.Group):
    """Turns the library's own errors into messages. Any other exception is a bug and keeps its traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_MODULES})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _MODULES:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(import_module(f"kb.cli.{_MODULES[cmd_name]}"), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except InvalidEntry as error:
            details = "".join(f"\n  {finding.location}: {finding.message}" for finding in error.findings)
            raise _Failure(f"{error}{details}") from error
        except KnowledgeBaseNotFound as error:
            advice = "" if ctx.obj else "; go to the folder that has it, or name it: kb --claims DIR …"
            raise _Failure(f"{error}{advice}") from error
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
    # pydantic would look for plugins among all packages that are installed, which takes a tenth of a second
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        main(prog_name="kb")
    except Exception:  # noqa: BLE001  (whatever it is, it must not look like findings)
        traceback.print_exc()
        click.echo("kb: this is a bug in kb, not in what it was given; please report it with the lines above", err=True)
        sys.exit(2)
