"""The audit as annotations: workflow commands that GitHub Actions reads from a step's output.

GitHub shows ten annotations of each level for a step and drops the rest without a word. So the gravest come first, and
where a level has more, one that says so comes before them.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from kb.finding import Level
from kb.formats.audit import spots, wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit.base import Document
    from kb.audit.report import AuditReport
    from kb.finding import Finding

CAP = 10
"""Annotations of one level that GitHub shows for a step."""

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


def render(report: AuditReport) -> str:
    """Return one line for each finding that is not accepted, the gravest first, and a summary for the log last."""
    todo = [
        (item.finding.level, found.document, item)
        for found, items in spots.numbered(report)
        for item in spots.active(items)
    ]
    todo.sort(key=lambda one: one[0].rank)
    failed = [_command("error", one.reason, {"title": "not checked", "file": one.what}) for one in report.skipped]
    lines: list[str] = []
    for level, group in groupby(todo, key=lambda one: one[0]):
        commands = [_annotation(document, item.finding) for _, document, item in group]
        others = len(failed) if level is Level.ERROR else 0
        lines += _warned(level, commands, others)
    return "".join(f"{line}\n" for line in [*failed, *lines, wording.summary(report)])


def _warned(level: Level, commands: list[str], others: int) -> Iterator[str]:
    """Yield the commands of a level, behind one that gives their number where GitHub would drop some."""
    room = CAP - others
    if len(commands) > room:
        shown = max(room - 1, 0)
        message = (
            f"{wording.plural(len(commands), level.value)} found; GitHub shows {CAP} annotations of a level, so "
            f"{len(commands) - shown} of them stand in the log of this step only"
        )
        yield _command(_COMMANDS[level], message, {"title": "more than GitHub shows"})
    yield from commands


def _annotation(document: Document, finding: Finding) -> str:
    location, region = finding.location, finding.region
    message = f"{finding.message}\n{finding.suggestion}".rstrip()
    properties: dict[str, str | int] = {"title": finding.rule, "file": location.path}
    if document.places:
        where = wording.place(document, region.start if region else 0)
        return _command(_COMMANDS[finding.level], f"{where}: {message}" if where else message, properties)
    if location.line:
        properties |= {"line": location.line, "endLine": region.end_line if region else location.line}
        if region and region.end_line == location.line:  # GitHub refuses columns that are on different lines
            properties |= {"col": location.column, "endColumn": region.end_column}
    return _command(_COMMANDS[finding.level], message, properties)


def _command(name: str, message: str, properties: dict[str, str | int]) -> str:
    said = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {said}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
