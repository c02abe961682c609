"""Words that clear the treatment of a harm or an obstacle, or do without a safeguard: "leaves X alone", "skip Y".

Such words are general English; what they clear it of is what a unit speaks on, by its themes.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from kb.audit.beside import around, hedged
from kb.audit.polarity import turned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit.base import Mention
    from kb.audit.context import Reading
    from kb.audit.lexicon import WordHit

_REACH = 10
"""Words between what clears and what it clears of, at most."""

_LEFT = "leaves"


def spared(reading: Reading, mention: Mention) -> WordHit | None:
    """Return words that say of a harm that it stays away: "the nausea stays away", "leaves the bladder alone"."""
    return _behind(reading, mention, "spared-behind") or _before(reading, mention, "spared-before")


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
    return not (turned(reading, hit.first) or hedged(reading, hit))


def _left(reading: Reading, hit: WordHit) -> bool:
    """Tell "leaves your breathing alone" from "leaves you dizzy"."""
    if reading.tokens[hit.first].word != _LEFT or hit.first != hit.last:
        return True
    return bool(around(reading.words.get("spared-after-leaving", ()), hit.last + 1, hit.last + _REACH))


def answers_denying(reading: Reading) -> bool:
    """Tell an answer such as "Not here." or "Far from it", and "You will look for them in vain"."""
    opening: Iterator[WordHit] = (hit for hit in reading.words.get("denying-answer", ()) if hit.first <= 1)
    return any(opening) or "spared-behind" in reading.words
