"""Where a unit speaks of what a treatment does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.model import ClaimType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.audit.base import Mention
    from kb.model import KnowledgeBase

EFFECTS = frozenset(
    {
        ClaimType.EFFICACY,
        ClaimType.ONSET,
        ClaimType.MECHANISM,
        ClaimType.COMPARISON,
        ClaimType.OUTLOOK,
        ClaimType.SAFETY,
    }
)
"""Types of claim that say what a treatment does to people, good or bad."""


def effects(kb: KnowledgeBase, mentions: Iterable[Mention]) -> Iterator[tuple[int, int]]:
    """Yield where the claims about effects are made that a unit makes."""
    for mention in mentions:
        if mention.claim and kb.claims[mention.claim].type in EFFECTS:
            yield mention.start, mention.end
