"""Shares of people who got better: those that copy names, and those that the evidence of a claim reports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kb.model import Direction, RelationType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit.context import Reading
    from kb.model import Claim, KnowledgeBase

_REPORTED = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d+)?)\s?%(?!\s*CI)")
_COUNTS = {word: number for number, word in enumerate("zero one two three four five six seven eight nine ten".split())}
_PERCENT = frozenset({"percent", "per"})
_SAME = frozenset({RelationType.BROADER, RelationType.SIMILAR, RelationType.NARROWER})
_MOST = 100


class Share(NamedTuple):
    """A share of people, in per cent, at code points `start` to `end`."""

    value: float
    start: int
    end: int


def shares(reading: Reading) -> Iterator[Share]:
    """Yield the shares that a unit names: "85%", "85 percent", "nine out of ten", "9 in 10"."""
    words = reading.tokens
    for index, token in enumerate(words):
        following = words[index + 1].word if index + 1 < len(words) else ""
        if token.word.endswith("%"):
            yield Share(float(token.word[:-1].lstrip("+-") or 0), token.start, token.end)
        elif following in _PERCENT and _number(token.word) is not None:
            yield Share(_number(token.word) or 0, token.start, words[index + 1].end)
        elif following in {"out", "in", "of"}:
            yield from _ratio(reading, index)


def _ratio(reading: Reading, index: int) -> Iterator[Share]:
    words = reading.tokens
    at = index + 1
    while at < len(words) and words[at].word in {"out", "in", "of", "every"}:
        at += 1
    part, whole = _number(words[index].word), _number(words[at].word) if at < len(words) else None
    if part is not None and whole and part <= whole <= _MOST:
        yield Share(round(100 * part / whole, 1), words[index].start, words[at].end)


def _number(word: str) -> float | None:
    if word in _COUNTS:
        return float(_COUNTS[word])
    return float(word) if word.replace(".", "", 1).isdecimal() else None


def reported(kb: KnowledgeBase, claim: Claim) -> tuple[float, float] | None:
    """Return the least and the largest share in the evidence of a claim and of those close to it; `None` without any.

    Only evidence that speaks for the claim counts where there is such; "95% CI" is no share.
    """
    close = [kb.claims[link.claim] for link in claim.related if link.type in _SAME and link.claim in kb.claims]
    found = [value for one in (claim, *close) for value in _shares_of(one)]
    return (min(found), max(found)) if found else None


def _shares_of(claim: Claim) -> Iterator[float]:
    speaking = [item for item in claim.evidence if item.direction is Direction.SUPPORTS] or claim.evidence
    for item in speaking:
        yield from (float(value) for value in _REPORTED.findall(item.finding))
