"""Audits in several processes, results in the order of the copies."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from kb.library.auditing import Audits
from kb.library.collecting import collect_seldom

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.audit import DocumentReport
    from kb.finding import Skipped
    from kb.library.auditing import AuditOptions, Copy
    from kb.model import KnowledgeBase

_BATCH = 4
"""Copies that a process takes at a time."""

_audits: list[Audits] = []
"""What a worker process was made ready with; empty in the process that the person started."""


def run(
    kb: KnowledgeBase, options: AuditOptions, copies: Sequence[Copy], jobs: int
) -> Iterator[DocumentReport | Skipped]:
    """Yield the result for each copy as soon as it and those before it are done."""
    with ProcessPoolExecutor(jobs, initializer=_make_ready, initargs=(kb, options)) as pool:
        yield from pool.map(_one, copies, chunksize=_BATCH)


def _make_ready(kb: KnowledgeBase, options: AuditOptions) -> None:
    _audits[:] = [Audits(kb, options)]
    collect_seldom()


def _one(copy: Copy) -> DocumentReport | Skipped:
    return _audits[0].of(copy)
