"""`kb audit` and `kb match`: copy against the knowledge base."""
# ruff: noqa: PLC0415  (the library is imported when a command runs, not when `kb` starts)

from __future__ import annotations

import gc
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.cli import batching, settings
from kb.cli.common import coloured, counted
from kb.errors import KbError
from kb.finding import Level
from kb.formats.audit import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kb.audit import AuditReport, DocumentReport
    from kb.audit.baseline import Baseline
    from kb.audit.compare import Comparison
    from kb.cli.settings import Settings
    from kb.finding import Skipped
    from kb.library.auditing import AuditOptions, Audits, Copy
    from kb.model import KnowledgeBase

_LEVELS = [level.value for level in Level]
_STDIN = Path("-")
_MANY = 64
"""So many files are audited in as many processes as there are processors, unless `--jobs` says otherwise."""


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True), metavar="PATH...")
@click.option("--profile", metavar="NAME", help="Which law sets the levels: us-ftc, us-fda-rx or uk-cap.")
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    help="How to report; may be repeated. [default: text]",
)
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FILE", help="Write the first (second …) --format to this file."
)
@click.option("--fail-level", type=click.Choice([*_LEVELS, "none"]), help="Exit with 1 from here on. [default: error]")
@click.option("--min-level", type=click.Choice(_LEVELS), help="Leave out findings below this level. [default: note]")
@click.option(
    "--only", multiple=True, metavar="ID", help="Only findings of this rule, claim or caveat; may be repeated."
)
@click.option(
    "--ignore", multiple=True, metavar="ID", help="No findings of this rule, claim or caveat; may be repeated."
)
@click.option("--exclude", multiple=True, metavar="GLOB", help="Pass over such files in folders; may be repeated.")
@click.option(
    "--baseline", type=click.Path(dir_okay=False), metavar="FILE", help="Accept the findings that this file lists."
)
@click.option(
    "--compare",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="REPORT",
    help="Tell what changed since this JSON report; only new findings fail.",
)
@click.option("--update-baseline", is_flag=True, help="Write the baseline anew with what is found now.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Use so many processes.")
@click.option(
    "--stdin-filename", default="-", metavar="NAME", help="What to call standard input; its ending tells the format."
)
@click.option("--config", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Use this .caveat.toml.")
@click.option(
    "--explain", type=click.IntRange(min=1), metavar="N", help="Show why the Nth finding is there, and nothing else."
)
@batching.batch_options
@click.pass_context
def audit(ctx: click.Context, /, paths: tuple[Path, ...], config: Path | None, **given: Any) -> None:
    """Audit copy: the claims it makes, the caveats it owes, the words that go too far.

    PATH is a file (text, Markdown, HTML, Word or PDF), a folder of such files, or - for standard input. Settings come
    from the options, else from the nearest .caveat.toml above the first PATH. Nothing leaves the machine. With --batch,
    pages by the million come from INPUT instead, and the same command goes on after a stop.
    """
    batching.check(paths, given)
    _start(ctx)
    found = settings.read(config) if config else settings.find(_folder_of(given["batch"] or paths[0]))
    kb = open_for_audit(ctx, found)
    options = _options(found, given)
    exclude = tuple(found.get("exclude", given["exclude"]) or ())
    fail_level = found.get("fail-level", given["fail_level"]) or "error"
    at = None if fail_level == "none" else _level(fail_level)
    if given["batch"]:
        ctx.exit(batching.run_batch(kb, options, exclude, given, at))
    copies = _copies(paths, exclude, given["stdin_filename"])
    report = _run(kb, options, copies, given["jobs"])
    if given["update_baseline"]:
        _write_baseline(found.get("baseline", given["baseline"]), report)
        return
    if given["explain"]:
        from kb.cli.explaining import explain

        click.echo(explain(kb, report, given["explain"]), nl=False)
        return
    compared = _compared(kb, report, given) if given["compare"] else None
    _write(report, given["formats"] or ("text",), given["outputs"], compared)
    ctx.exit(compared.exit_code(report, at) if compared else report.exit_code(at))


@click.command()
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Print the JSON report.")
@click.option("--profile", metavar="NAME", help="Which law sets the levels: us-ftc, us-fda-rx or uk-cap.")
@click.pass_context
def match(ctx: click.Context, text: str, as_json: bool, profile: str | None) -> None:
    """Show what a sentence or two say to the audit, step by step, and why.

    For each unit of TEXT (or of standard input, for -): its subject, the claims and caveats in it with polarity and
    strength, and the words that were recognised.
    """
    from kb.cli.explaining import steps
    from kb.formats.audit import json as json_format
    from kb.library.auditing import AuditOptions, Copy

    _start(ctx)
    content = sys.stdin.buffer.read() if text == "-" else text.encode()
    copies = [Copy("TEXT", content=content, media="text/plain")]
    kb = open_for_audit(ctx)
    report = _run(kb, AuditOptions(profile=profile), copies, 1)
    click.echo(json_format.render(report) if as_json else steps(kb, report), nl=False)
    ctx.exit(report.exit_code(None))


def _start(ctx: click.Context) -> None:
    """Collect no garbage while all is made ready, since there is none; do again when the command ends."""
    gc.disable()
    ctx.call_on_close(gc.enable)


def _folder_of(path: Path) -> Path:
    """Return the folder from which settings are looked for."""
    if path == _STDIN:
        return Path.cwd()
    whole = path.resolve()
    return whole if whole.is_dir() else whole.parent


def open_for_audit(ctx: click.Context, found: Settings | None = None) -> KnowledgeBase:
    """Read the knowledge base of `--claims` or the settings, else the nearest, else the one that comes with `kb`."""
    from kb.library.opening import entries

    named = ctx.find_root().obj or (found and found.get("claims"))
    return entries(Path(named) if named else None)


def _options(found: Settings, given: dict[str, Any]) -> AuditOptions:
    from kb.library.auditing import AuditOptions

    file = found.get("baseline", given["baseline"])
    if given["update_baseline"] and not file:
        raise click.UsageError("--update-baseline needs to know which: name it with --baseline FILE")
    return AuditOptions(
        found.get("profile", given["profile"]),
        frozenset(found.get("only", given["only"]) or ()),
        frozenset(found.get("ignore", given["ignore"]) or ()),
        _level(found.get("min-level", given["min_level"]) or "note"),
        _baseline(Path(file)) if file and not given["update_baseline"] else None,
    )


def _level(name: str) -> Level:
    try:
        return Level(name)
    except ValueError as error:
        message = f"there is no level {name!r}; there are {', '.join(_LEVELS)}"
        raise KbError(message) from error


def _baseline(file: Path) -> Baseline:
    from kb.audit import baseline

    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        message = f"the baseline {file} cannot be read ({error.strerror}); write it with --update-baseline"
        raise KbError(message) from error
    except UnicodeDecodeError as error:
        message = f"the baseline {file} is not UTF-8"
        raise KbError(message) from error
    return baseline.decode(text, str(file))


def _write_baseline(file: str, report: AuditReport) -> None:
    from kb.audit import baseline
    from kb.store import save_text

    content = baseline.encode(report.findings)
    save_text(Path(file), content)
    accepted = sum(not finding.suppressed for finding in report.findings)
    click.echo(f"{file} lists {counted(accepted, 'finding')}", err=True)


def _compared(kb: KnowledgeBase, report: AuditReport, given: dict[str, Any]) -> Comparison:
    from kb.audit.compare import compare, decode

    if others := {*given["formats"]} - {"text", "json"}:
        raise click.UsageError(f"--compare tells what changed as text or json, not as {', '.join(sorted(others))}")
    file = given["compare"]
    try:
        earlier = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"the report {file} cannot be read ({getattr(error, 'strerror', None) or 'it is not UTF-8'})"
        raise KbError(message) from error
    return compare(decode(earlier, str(file)), report, kb)


def _copies(paths: Sequence[Path], exclude: Sequence[str], stdin_name: str) -> list[Copy | Skipped]:
    from kb.library.auditing import Copy
    from kb.library.copies import gather

    found: list[Copy | Skipped] = []
    for path in paths:
        if path == _STDIN:
            found.append(Copy(stdin_name, content=sys.stdin.buffer.read()))
        else:
            found.extend(gather([path], exclude))
    return found


def _run(kb: KnowledgeBase, options: AuditOptions, found: Sequence[Copy | Skipped], jobs: int | None) -> AuditReport:
    """Audit, with a progress bar where somebody watches and it takes a while."""
    from kb.library.auditing import Audits, Copy
    from kb.library.collecting import collect_seldom
    from kb.store.prepared import prepared
    from kb.store.stems import remembered

    copies = [copy for copy in found if isinstance(copy, Copy)]
    audits = Audits(kb, options)
    count = min(jobs or ((os.cpu_count() or 1) if len(copies) >= _MANY else 1), len(copies))
    with prepared(kb.digest) as keep:
        if count == 1:
            with remembered():
                audits.ready(keep)
        collect_seldom()
        gc.enable()
        results = list(_shown(_audited(audits, kb, options, copies, count), len(copies)))
    return audits.report([*results, *(skipped for skipped in found if not isinstance(skipped, Copy))])


def _audited(
    audits: Audits, kb: KnowledgeBase, options: AuditOptions, copies: Sequence[Copy], count: int
) -> Iterator[DocumentReport | Skipped]:
    if count <= 1:
        return map(audits.of, copies)
    from kb.library import parallel

    return parallel.run(kb, options, copies, count)


def _shown(results: Iterator[DocumentReport | Skipped], count: int) -> Iterable[DocumentReport | Skipped]:
    if count < 5 or not sys.stderr.isatty():  # noqa: PLR2004  (a handful is done before a bar is drawn)
        return results
    with click.progressbar(results, length=count, label="Auditing", file=sys.stderr) as bar:
        return list(bar)


def _width() -> int | None:
    """Return how wide the reader's terminal is; programs get each message on one line."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _write(report: AuditReport, formats: Sequence[str], outputs: Sequence[str], compared: Comparison | None) -> None:
    """Write the first format to the first file and so on; what has no file goes to standard output."""
    from kb.formats.audit import comparison, render
    from kb.store import save_text

    if len(outputs) > len(formats):
        raise click.UsageError(f"{counted(len(outputs), 'file')} with -o for {counted(len(formats), 'format')}")
    if len(formats) - len(outputs) > 1:
        raise click.UsageError("only one format can go to standard output; name files for the others with -o")
    for index, name in enumerate(formats):
        to_file = index < len(outputs) and outputs[index] != "-"
        options: dict[str, Any] = {} if to_file or name != "text" else {"colour": coloured(), "width": _width()}
        if compared and name == "text":
            content = comparison.text(compared)
        else:
            content = render(name, report, **options, **({"compared": compared} if compared else {}))
        if to_file:
            save_text(Path(outputs[index]), content)
        else:
            click.echo(content, nl=False)
