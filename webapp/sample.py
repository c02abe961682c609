"""A page of copy such as clinics publish, in our own words, audited live: in ten seconds it shows what an audit is.

It is audited once for each state of the knowledge base, by the same processes as everybody's copy.
"""

from __future__ import annotations

import logging
import re
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app

from kb.errors import KbError
from kb.library.auditing import AuditOptions, Copy
from webapp.audit_running import AuditsBusy, run_audit
from webapp.reading import library

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask

    from kb.audit.report import AuditReport, DocumentReport
    from kb.finding import Finding
    from kb.model import KnowledgeBase

EXTENSION = "caveat-sample"
MOST = 4
"""Findings that are shown beside it."""

_PATIENCE = 1.0
"""Seconds that a request waits for another one that audits it already; then its page comes without."""

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_FILE = Path(__file__).parent / "examples" / "clinic.md"
_BLOCK = re.compile(r"(?:^|\n)(?P<mark>#{1,2} |> |)(?P<text>[^\n]+)")
_TAGS = {"# ": "title", "## ": "heading", "> ": "quote", "": "text"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters of the page, with the number of the finding that marks it."""

    text: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph or quotation of the page."""

    kind: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """The page marked, and its gravest findings in the order of the page."""

    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...]
    total: int
    """Findings that it has in all."""
    missing: int
    """Of the ten disclosures, how many it does not make."""


@cache
def copy() -> str:
    """Return the page, as Markdown."""
    return _FILE.read_text(encoding="utf-8")


def current(kb: KnowledgeBase) -> Sample | None:
    """Return the page audited against this knowledge base, if that was done already."""
    known: tuple[KnowledgeBase, Sample] | None = current_app.extensions.get(EXTENSION)
    return known[1] if known is not None and known[0] is kb else None


def latest(kb: KnowledgeBase) -> Sample | None:
    """Return the page as it was audited last; after an edit, it is audited anew while this one is shown.

    Where it never was, that is done now; `None` while it, or too much else, is being audited.
    """
    known: tuple[KnowledgeBase, Sample] | None = current_app.extensions.get(EXTENSION)
    if known is None:
        return audited(kb)
    if known[0] is not kb and not _lock.locked():
        warm(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - as Flask documents
    return known[1]


def audited(kb: KnowledgeBase) -> Sample | None:
    """Audit the page, unless that was done already.

    `None` while it, or too much else, is being audited, and where it cannot be: the start page does without.
    """
    known = current(kb)
    if known or not _lock.acquire(timeout=_PATIENCE):
        return known
    try:
        known = current(kb) or _made(run_audit(kb, [Copy(_FILE.name, content=copy().encode())], AuditOptions()))
    except AuditsBusy:
        return None
    except (KbError, RuntimeError) as error:  # the latter where no process that audits can be started
        _log.warning("the example on the start page cannot be audited: %s", error)
        return None
    finally:
        _lock.release()
    if known:
        current_app.extensions[EXTENSION] = (kb, known)
    return known


def warm(app: Flask) -> threading.Thread:
    """Audit it in a thread of its own, so that nobody has to wait for it, and the process that audits is there."""

    def audit() -> None:
        with app.app_context():
            audited(library().kb)

    thread = threading.Thread(target=audit, name="kb-sample", daemon=True)
    thread.start()
    return thread


def _made(report: AuditReport) -> Sample | None:
    if not report.documents:
        return None
    found = report.documents[0]
    shown = sorted(_gravest(found), key=_start)
    marks = [(_start(finding), _end(finding), number) for number, finding in enumerate(shown, 1)]
    blocks = tuple(_blocks(found.document.text, marks))
    return Sample(blocks, tuple(shown), len(found.findings), len(found.balance.missing))


def _gravest(found: DocumentReport) -> list[Finding]:
    """Return the gravest findings that mark different words: of each rule one first, then others."""
    graded = sorted(
        (finding for finding in found.findings if finding.region), key=lambda one: (one.level.rank, _start(one))
    )
    rules: set[str] = set()
    chosen: list[Finding] = []
    for again in (False, True):
        for finding in graded:
            fresh = finding not in chosen and (again or finding.rule not in rules)
            if fresh and len(chosen) < MOST and not any(_overlap(finding, other) for other in chosen):
                chosen.append(finding)
                rules.add(finding.rule)
    return chosen


def _overlap(one: Finding, other: Finding) -> bool:
    return _start(one) < _end(other) and _start(other) < _end(one)


def _start(finding: Finding) -> int:
    return finding.region.start if finding.region else 0


def _end(finding: Finding) -> int:
    return finding.region.end if finding.region else 0


def _blocks(text: str, marks: Sequence[tuple[int, int, int]]) -> Iterator[Block]:
    for found in _BLOCK.finditer(text):
        yield Block(_TAGS[found["mark"]], tuple(_pieces(text, found.start("text"), found.end("text"), marks)))


def _pieces(text: str, start: int, end: int, marks: Sequence[tuple[int, int, int]]) -> Iterator[Piece]:
    reached = start
    for first, last, number in marks:
        if start <= first < end:
            if first > reached:
                yield Piece(text[reached:first])
            reached = min(last, end)
            yield Piece(text[first:reached], number)
    if reached < end:
        yield Piece(text[reached:end])
