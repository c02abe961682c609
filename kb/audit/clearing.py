"""Words that clear the treatment of a harm or an obstacle, or do without a safeguard: "leaves X alone", "skip Y".

Such words are general English; what they clear it of is what a unit speaks on, by its themes.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from kb.audit.beside import around, expressed, hedged
from kb.audit.polarity import turned
from kb.text.subjects import OTHER_TREATMENT, TREATMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit.base import Mention
    from kb.audit.context import Reading
    from kb.audit.lexicon import WordHit

_REACH = 10
"""Words between what clears and what it clears of, at most."""

_LEFT = "leaves"
_TO_DO = 3
"""Words from "should" to what is to be done, at most."""

_SHOULD = frozenset({"should", "must", "needs", "need"})
_UNLIKE = frozenset({"unlike", "than", "compared", "versus"})


def spared(reading: Reading, mention: Mention) -> WordHit | None:
    """Return words that say of a harm that it stays away: "the nausea stays away", "leaves the bladder alone"."""
    hit = _behind(reading, mention, "spared-behind") or _before(reading, mention, "spared-before")
    return None if hit is None or _of_others(reading, hit) else hit


def no_obstacle(reading: Reading, mention: Mention) -> WordHit | None:
    """Return words that say of a reason against the treatment that it is none: "your age is no obstacle"."""
    return _behind(reading, mention, "no-obstacle") or _before(reading, mention, "no-obstacle")


def done_without(reading: Reading, mention: Mention) -> WordHit | None:
    """Return words that do without a safeguard: "skip the check-up", "an escort is superfluous"."""
    return _behind(reading, mention, "doing-without") or _before(reading, mention, "doing-without")


def _behind(reading: Reading, mention: Mention, name: str) -> WordHit | None:
    """Return words of a list that follow what a mention is about, in its sentence."""
    last = _last(reading, mention)
    found = (
        hit for hit in around(reading.words.get(name, ()), last - _REACH, last + _REACH) if hit.start > mention.start
    )
    return next((hit for hit in found if _said(reading, hit)), None)


def _before(reading: Reading, mention: Mention, name: str) -> WordHit | None:
    first = bisect_left(reading.tokens, (mention.start,))
    found = (hit for hit in around(reading.words.get(name, ()), first - _REACH, first) if hit.start < mention.start)
    return next((hit for hit in found if _said(reading, hit) and _left(reading, hit)), None)


def _last(reading: Reading, mention: Mention) -> int:
    return max(bisect_left(reading.tokens, (mention.end,)) - 1, 0)


def _said(reading: Reading, hit: WordHit) -> bool:
    return not (turned(reading, hit.first) or hedged(reading, hit) or _asked_for(reading, hit))


def _asked_for(reading: Reading, hit: WordHit) -> bool:
    """Tell "an infection should be ruled out", which is to be done and not yet so."""
    before = {token.word for token in reading.tokens[max(0, hit.first - _TO_DO) : hit.first]}
    return not _SHOULD.isdisjoint(before)


def _of_others(reading: Reading, hit: WordHit) -> bool:
    """Tell "ECT has no potential for misuse", which is said of another treatment."""
    first, _ = reading.clause(hit.first)
    words = {token.word for token in reading.tokens[first : hit.first]}
    if not words.isdisjoint(_UNLIKE) or not expressed(reading, OTHER_TREATMENT, first, hit.first - 1):
        return False
    return not expressed(reading, TREATMENT, first, hit.first - 1)


def _left(reading: Reading, hit: WordHit) -> bool:
    """Tell "leaves your breathing alone" from "leaves you dizzy"."""
    if reading.tokens[hit.first].word != _LEFT or hit.first != hit.last:
        return True
    return bool(around(reading.words.get("spared-after-leaving", ()), hit.last + 1, hit.last + _REACH))


def answers_denying(reading: Reading) -> bool:
    """Tell an answer such as "Not here." or "Far from it", and "You will look for them in vain"."""
    opening: Iterator[WordHit] = (hit for hit in reading.words.get("denying-answer", ()) if hit.first <= 1)
    return any(opening) or "spared-behind" in reading.words
