"""A report for a terminal: `path:line:column: level: message [rule]`, grouped by file, with a summary line."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from kb.finding import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.finding import Finding, Report

_COLOURS = {Level.ERROR: "31", Level.WARNING: "33", Level.NOTE: "36"}


def render(report: Report, *, base: str = "", colour: bool = False) -> str:
    """Return the report as lines of text, the last one a summary.

    `base` is put before each path, so that paths work as links from where the reader stands. `colour` adds ANSI
    codes; the caller knows whether it writes to a terminal.
    """
    blocks = [
        "".join(_finding(finding, base, colour=colour) for finding in group)
        for _, group in groupby(report.findings, key=lambda finding: finding.location.path)
    ]
    if report.skipped:
        blocks.append("".join(f"not checked: {skipped.what}: {skipped.reason}\n" for skipped in report.skipped))
    return "\n".join([*blocks, f"{_summary(report)}\n"])


def _finding(finding: Finding, base: str, *, colour: bool) -> str:
    lines = [f"{base}{finding.location}: {_level(finding.level, colour=colour)}: {finding.message} [{finding.rule}]\n"]
    lines += [f"    {line}\n" for line in finding.suggestion.splitlines()]
    return "".join(lines)


def _level(level: Level, *, colour: bool) -> str:
    return f"\x1b[{_COLOURS[level]}m{level}\x1b[0m" if colour else str(level)


def _summary(report: Report) -> str:
    """Return such as "3 errors, 1 warning in 212 entries" or "no findings in 212 entries"."""
    entries = _plural(sum(report.checked.values()), "entry", "entries")
    return f"{', '.join(_counts(report)) or 'no findings'} in {entries}"


def _counts(report: Report) -> Iterator[str]:
    for level in Level:
        if count := report.count(level):
            yield _plural(count, level.value, f"{level.value}s")
    if report.skipped:
        yield f"{len(report.skipped)} not checked"


def _plural(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
