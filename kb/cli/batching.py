"""`kb audit --batch` and `kb rollup`: audits by the million, and what they come to."""
# ruff: noqa: PLC0415  (the library is imported when a command runs, not when `kb` starts)

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.cli.common import counted
from kb.errors import KbError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from kb.batch.run import Asked, Batch, Engine, Progress
    from kb.batch.worker import Setting
    from kb.finding import Level
    from kb.library.auditing import AuditOptions
    from kb.model import KnowledgeBase

ENGINES = ("processes", "dask")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_ALONE = ("formats", "explain", "update_baseline", "compare")
"""Options of an audit of some files, which mean nothing for a million pages."""
_SECOND = 1.0


def batch_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give `kb audit` the options of a batch."""
    for option in reversed(
        [
            click.option(
                "--batch",
                type=click.Path(exists=True, path_type=Path),
                metavar="INPUT",
                help="Audit a folder, JSON lines or a web archive (WARC) of any size, with results in the folder -o.",
            ),
            click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Batch: only the first N pages."),
            click.option(
                "--shard-size",
                type=click.IntRange(1, 10_000),
                metavar="N",
                help="Batch: pages whose results are one file. [default: 200]",
            ),
            click.option("--gzip", "packed", is_flag=True, help="Batch: pack the result files."),
            click.option(
                "--page-seconds",
                type=click.FloatRange(min=0.1),
                metavar="S",
                help="Batch: longest for a page. [default: 60]",
            ),
            click.option(
                "--page-memory",
                type=click.IntRange(min=200),
                metavar="MB",
                help="Batch: most for a page. [default: 1000]",
            ),
            click.option(
                "--retry-errors", is_flag=True, help="Batch: try pages again that took too long or broke something."
            ),
            click.option("--engine", type=click.Choice(ENGINES), help="Batch: who does the work. [default: processes]"),
            click.option("--scheduler", metavar="ADDRESS", help="Batch: the Dask scheduler, such as tls://host:8786."),
            click.option("--tls-ca", type=_FILE, help="Batch: the authority that signed the cluster's certificates."),
            click.option("--tls-cert", type=_FILE, help="Batch: our own certificate for the cluster."),
            click.option("--tls-key", type=_FILE, help="Batch: the key of that certificate."),
        ]
    ):
        command = option(command)
    return command


def check(paths: tuple[Path, ...], given: dict[str, Any]) -> None:
    """Raise `UsageError` for options that do not go together."""
    if given["batch"] is None:
        if not paths:
            raise click.UsageError("name a file or folder to audit, or - for standard input")
        named = ("limit", "shard_size", "packed", "page_seconds", "page_memory", "retry_errors", "engine", "scheduler")
        _refuse([name for name in named if given[name]], "goes with --batch only")
        return
    if paths:
        raise click.UsageError("--batch takes its pages from INPUT; name no PATH beside it")
    if len(given["outputs"]) != 1:
        raise click.UsageError("--batch writes its results to one folder: name it with -o DIR")
    _refuse([name for name in _ALONE if given.get(name)], "does not go with --batch")
    if (given["engine"] == "dask") != bool(given["scheduler"]):
        raise click.UsageError("--engine dask and --scheduler ADDRESS go together")


def _refuse(names: list[str], reason: str) -> None:
    if names:
        shown = {"packed": "gzip", "formats": "format"}.get(names[0], names[0]).replace("_", "-")
        raise click.UsageError(f"--{shown} {reason}")


def run_batch(
    kb: KnowledgeBase, options: AuditOptions, exclude: tuple[str, ...], given: dict[str, Any], fail: Level | None
) -> int:
    """Audit a batch and say what it came to; return the exit code."""
    from kb.batch.run import Batch

    asked = _asked(exclude, given)
    batch = Batch(asked, kb, options)
    try:
        with _stoppable(), _shown() as watch:
            batch.run(_engine(given), watch)
    except (KbError, KeyboardInterrupt) as error:
        reason = "stopped" if isinstance(error, KeyboardInterrupt) else str(error)
        click.echo(f"kb: {reason}", err=True)
        if batch.progress.shards:
            click.echo(f"kb: {_how_to_go_on(batch)}", err=True)
        return 2
    return _told(batch, asked, fail)


def _asked(exclude: tuple[str, ...], given: dict[str, Any]) -> Asked:
    from kb.batch.pages import SHARD_PAGES
    from kb.batch.run import Asked
    from kb.library.confined import Limits

    usual = Limits()
    limits = Limits(
        copy_seconds=given["page_seconds"] or usual.copy_seconds,
        memory=(given["page_memory"] or 0) * 1_000_000 or usual.memory,
    )
    return Asked(
        given["batch"],
        Path(given["outputs"][0]),
        exclude,
        given["shard_size"] or SHARD_PAGES,
        given["limit"],
        given["packed"],
        given["retry_errors"],
        limits,
    )


def _engine(given: dict[str, Any]) -> Callable[[Setting], Engine]:
    if given["engine"] == "dask":
        from kb.batch.cluster import Cluster, security

        proof = security(given["scheduler"], given["tls_ca"], given["tls_cert"], given["tls_key"])
        return lambda setting: Cluster(setting, given["scheduler"], proof)
    from kb.batch.processes import Processes

    return lambda setting: Processes(setting, given["jobs"] or os.cpu_count() or 1)


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM stop a run as Ctrl+C does."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def _shown() -> Iterator[Callable[[Progress], None]]:
    """Say how far it got, once a second, where somebody watches."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    started = last = time.monotonic()
    first: int | None = None

    def watch(progress: Progress) -> None:
        nonlocal last, first
        now = time.monotonic()
        first = progress.counts.pages if first is None else first
        if now - last >= _SECOND:
            last = now
            rate = (progress.counts.pages - first) / (now - started)
            line = f"{progress.counts.pages:,} pages, {progress.counts.unchecked:,} not checked, {rate:.1f} a second"
            click.echo(f"\r{line:<70}", nl=False, err=True)

    try:
        yield watch
    finally:
        click.echo(f"\r{'':<70}\r", nl=False, err=True)


def _how_to_go_on(batch: Batch) -> str:
    done = counted(batch.progress.done, "shard")
    return f"the results of {done} are whole and stay; the same command goes on from there"


def _told(batch: Batch, asked: Asked, fail: Level | None) -> int:
    from kb.finding import Level

    progress, counts = batch.progress, batch.progress.counts
    before = f", {progress.before:,} of them before" if progress.before else ""
    click.echo(f"{counted(counts.pages, 'page')} in {counted(progress.done, 'shard')}{before}")
    click.echo(
        f"{counted(counts.error, 'error')}, {counted(counts.warning, 'warning')}, {counted(counts.note, 'note')}"
    )
    for number, what in ((counts.unchecked, "not checked"), (counts.partly, "checked in part")):
        if number:
            click.echo(f"{counted(number, 'page')} {what}; kb rollup {asked.folder} lists them")
    for shard, reason in sorted(progress.failed.items()):
        click.echo(f"kb: shard {shard}: {reason}", err=True)
    if progress.failed:
        click.echo(f"kb: {_how_to_go_on(batch)}", err=True)
    if counts.unchecked or counts.partly or progress.failed:
        return 2
    numbers = (counts.error, counts.warning, counts.note)
    return int(fail is not None and any(numbers[: list(Level).index(fail) + 1]))


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write a page of HTML with plots."
)
@click.option("--csv", "csv_file", type=click.Path(dir_okay=False, path_type=Path), help="Write all rows as CSV.")
@click.option("--parquet", type=click.Path(dir_okay=False, path_type=Path), help="Write all rows as Parquet.")
@click.option(
    "--compare",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="OTHER_DIR",
    help="Say what changed since this earlier run.",
)
@click.pass_context
def rollup(ctx: click.Context, /, folder: Path, compare: Path | None, **outputs: Path | None) -> None:
    """Add up what `kb audit --batch` found: by site, claim, caveat and theme.

    Without an option the first rows are printed. Exits with 2 where a part of the run is missing or damaged.
    """
    from kb.batch import rollup_files, rollup_html, rollup_text
    from kb.batch.rollup import roll_up
    from kb.store import save_bytes, save_text

    now, before = roll_up(folder), roll_up(compare) if compare else None
    if outputs["output"]:
        save_text(outputs["output"], rollup_html.render(now, before))
    if outputs["csv_file"]:
        save_text(outputs["csv_file"], rollup_files.as_csv(now, before))
    if outputs["parquet"]:
        save_bytes(outputs["parquet"], rollup_files.as_parquet(now, before))
    if not any(outputs.values()):
        click.echo(rollup_text.render(now, before), nl=False)
    else:
        for problem in rollup_html.problems(now, before):
            click.echo(f"kb: {problem}", err=True)
    ctx.exit(0 if now.finished and (before is None or before.finished) else 2)
