"""Which entries wait for somebody: in review, disputed, due soon, stale, with evidence to look at again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kb.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.model import Caveat, Claim, KnowledgeBase

SOON = dt.timedelta(days=60)
"""How long before its date a review counts as due."""


class Waiting(StrEnum):
    """What an entry waits for."""

    DRAFT = "draft"
    REVIEW = "waiting"
    DISPUTED = "disputed"
    RECHECK = "recheck"
    DUE = "due"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Standing:
    """One entry and one thing that it waits for."""

    waiting: Waiting
    kind: str
    entry: Claim | Caveat

    @property
    def due(self) -> dt.date | None:
        """The date of the next review."""
        return self.entry.review.due


def standing(kb: KnowledgeBase, today: dt.date) -> tuple[Standing, ...]:
    """Return everything that waits, the oldest date first; an entry may wait for more than one thing."""
    found = [
        Standing(waiting, kind, entry)
        for kind, entries in (("claim", kb.claims), ("caveat", kb.caveats))
        for entry in entries.values()
        for waiting in _waits(entry, today)
    ]
    order = list(Waiting)
    return tuple(
        sorted(found, key=lambda one: (order.index(one.waiting), one.due or dt.date.max, one.kind, one.entry.id))
    )


def _waits(entry: Claim | Caveat, today: dt.date) -> Iterator[Waiting]:
    if entry.status is Status.WITHDRAWN:
        return
    by_status = {Status.DRAFT: Waiting.DRAFT, Status.IN_REVIEW: Waiting.REVIEW, Status.DISPUTED: Waiting.DISPUTED}
    if entry.status in by_status:
        yield by_status[entry.status]
    if any(item.recheck for item in entry.evidence):
        yield Waiting.RECHECK
    due = entry.review.due
    if due is not None and due <= today + SOON:
        yield Waiting.STALE if due < today else Waiting.DUE
