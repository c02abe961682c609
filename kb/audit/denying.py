"""Whether copy that has a harm or a safeguard under a negator says that it does not come about, or is not needed."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from kb.audit.beside import around, expressed, negators_of
from kb.audit.polarity import told
from kb.text.subjects import CONDITION

if TYPE_CHECKING:
    from kb.audit.base import Mention
    from kb.audit.context import Reading
    from kb.audit.polarity import Negator

_NEAR = 4
"""How many words after a negator its verb may stand."""


def denies_harm(reading: Reading, mention: Mention) -> bool:
    """Tell "addiction does not occur" from what is not known, not taken and not done, in words around the harm.

    Not "we do not know what it does to the bladder", "I have not taken recreational drugs", "dissociation does not
    predict relief" and "a page that names no risks".
    """
    over = [one for one in negators_of(reading) if _reaches(reading, one, mention) and not _of_kind(reading, one)]
    if not over and any(_of_kind(reading, one) for one in negators_of(reading)):
        return False
    return not over or any(_of_harm(reading, one, mention) for one in over)


def own_record(reading: Reading) -> bool:
    """Tell "we have not come across it" and "has given 6,000 infusions without one", a boast which may well be true."""
    words = [token.word for token in reading.tokens]
    for at, (word, then) in enumerate(pairwise([*words, ""])):
        told_by_us = word in _OUR_OWN or (word in _US and then in _PERFECT)
        done = word in _PERFECT and not _DONE.isdisjoint(words[at + 1 : at + 1 + _NEAR])
        if (told_by_us or done) and any(one.hit.first > at for one in negators_of(reading)):
            return True
    return False


def called_needless(reading: Reading, mention: Mention) -> bool:
    """Tell "no nurse needs to watch you" from "no session without a nurse" and "a monitor is no luxury".

    One negator, and behind it in its clause a word of need.
    """
    for one in negators_of(reading):
        first, last = reading.clause(one.hit.first)
        beside = [other for other in negators_of(reading) if first <= other.hit.first <= last]
        behind = [token.word for token in reading.tokens[one.hit.first : last + 1]]
        after = {f"{word} to" if word in _HAVING and then == "to" else word for word, then in pairwise([*behind, ""])}
        if _forbids(reading, one):
            continue
        if len(beside) == 1 and not _NEED.isdisjoint(after) and _reaches(reading, one, mention):
            return not told(reading, one.hit.first) and _KNOWING.isdisjoint(after)
    return False


def _forbids(reading: Reading, negator: Negator) -> bool:
    """Tell "never take it alone, somebody has to be there", which asks for what it speaks of."""
    at = negator.hit.first
    after = reading.tokens[negator.hit.last + 1 : negator.hit.last + 2]
    return at == 0 and reading.tokens[at].word in _FORBIDDING and not any(token.word in _NEED for token in after)


def _reaches(reading: Reading, negator: Negator, mention: Mention) -> bool:
    first, last = reading.clause(negator.hit.first)
    return mention.start < reading.tokens[last].end and reading.tokens[first].start < mention.end


def _of_kind(reading: Reading, negator: Negator) -> bool:
    """Tell "depression without psychosis", which says of what kind an illness is."""
    at = negator.hit.first
    return reading.tokens[at].word == "without" and at > 0 and expressed(reading, CONDITION, at - 1, at - 1)


def _of_harm(reading: Reading, negator: Negator, mention: Mention) -> bool:
    at = negator.hit.last + 1
    after = [token.word for token in reading.tokens[at : at + _NEAR]]
    if told(reading, negator.hit.first) or not _KNOWING.isdisjoint(after) or not _TAKING.isdisjoint(after):
        return False
    if not _TAKING_ON.isdisjoint(after[:2]) and not _WHOM.isdisjoint(after):
        return False  # "we do not infuse people with high blood pressure" leaves them out
    if after[:1] == ["worse"] and "than" in after:
        return False  # "no worse than another treatment" compares
    if mention.end > negator.hit.start:
        return True
    return not _NO_MATTER.isdisjoint(after) or bool(around(reading.words.get("occurs", ()), at, at + _NEAR - 1))


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_KNOWING = _set(
    "know known knows clear certain sure data evidence research studied study studies tested evaluated examined "
    "established understood measured investigated shown proven explain predict predicts predicted"
)
_TAKING = _set(
    "taken take consumed consume used drunk drink drinking eaten eat had leave spare driven stopped stop need needed "
    "safe"
)
_TAKING_ON = _set("infuse treat accept admit enrol enroll recommend offer prescribe book")
_WHOM = _set("people patients anyone anybody those clients guests adults women men you with")
_US, _OUR_OWN, _PERFECT = _set("we i"), _set("we've i've"), _set("have has had")
_DONE = _set("performed given treated done overseen administered run weaned")
_NEED = _set("need needs needed require requires required necessary ask") | {"has to", "have to"}
_FORBIDDING = _set("never don't do")
_HAVING = _set("has have")
_NO_MATTER = _set("problem concern issue feature risk danger worry possible likely expected part real true common")
