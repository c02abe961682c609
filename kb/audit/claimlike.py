"""Whether a unit asserts something about a treatment that somebody could check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.base import Subject, UnitKind
from kb.text.subjects import REFERRING, TREATMENT

if TYPE_CHECKING:
    from kb.audit.context import Reading

_NO_ASSERTION = frozenset({UnitKind.QUESTION, UnitKind.CALL_TO_ACTION, UnitKind.ALT_TEXT})
_NO_TREATMENT = frozenset({Subject.CONDITION, Subject.NONE})
_ASKING = frozenset({"how", "what", "why", "when", "where", "who", "which", "is", "are", "can", "does", "do", "will"})
_ELSEWHERE = frozenset({Subject.VETERINARY, Subject.ANAESTHESIA, Subject.RECREATIONAL})
_FEWEST = 3
"""Fewer words assert nothing, except as items of a list."""


def claim_like(reading: Reading, subject: Subject) -> bool:
    """Tell whether a unit can be checked: an assertion about a treatment, no aim, direction, greeting or heading.

    A question, a call to action, what an illness is and how common it is are none. Neither is a sentence on the
    comfort of the room, unless it has a number in it.
    """
    unit = reading.unit
    if unit.kind in _NO_ASSERTION or subject in _NO_TREATMENT or reading.ends == "?" or not reading.tokens:
        return False
    if len(reading.tokens) < _FEWEST and unit.kind not in {UnitKind.LIST_ITEM, UnitKind.TABLE_ROW}:
        return False
    if reading.ends == ":" and len(reading.tokens) <= 2 * _FEWEST and "relieving" not in reading.words:
        return False
    if unit.kind is UnitKind.HEADING and not _states(reading):
        return False
    if (
        "pointing" in reading.words
        or _of_something_else(reading)
        or _directs(reading)
        or _told_what_to_do(reading, subject)
    ):
        return False
    return bool(reading.numbers) or not ("aiming" in reading.words or "keeping" in reading.words)


def _of_something_else(reading: Reading) -> bool:
    """Tell "a response means …" and "X has been linked with depression" where nothing names or goes back to a drug."""
    if "defining" not in reading.words or {TREATMENT, REFERRING} & reading.concepts.keys():
        return False
    return not (_BACK & {token.word for token in reading.tokens})


def _states(reading: Reading) -> bool:
    """Tell a heading that is a sentence ("Two in three respond") from a title ("How it works", "Traditional drugs")."""
    verb = next((hit.first for hit in reading.words.get("verb", ())), 0)
    return bool(verb) and reading.tokens[0].word not in _ASKING


def _told_what_to_do(reading: Reading, subject: Subject) -> bool:
    """Tell an item of advice to those who use or give the drug elsewhere: "weigh it", "should not drive"."""
    opening = {hit.first for name in ("directing", "advising") for hit in reading.words.get(name, ())}
    return subject in _ELSEWHERE and reading.unit.kind is UnitKind.LIST_ITEM and 0 in opening


def _directs(reading: Reading) -> bool:
    """Tell a sentence that opens with what to do; "Please" and "So" may come before it."""
    if reading.unit.kind is UnitKind.LIST_ITEM and _YOU.isdisjoint(reading.rows.words):
        return False
    opens = reading.tokens[0].word in {"please", "so", "then", "simply", "just", "and"}
    heads = {hit.first for hit in reading.words.get("directing", ())}
    return (1 if opens and 1 in heads else 0) in heads and not _has_subject(reading)


def _has_subject(reading: Reading) -> bool:
    """Tell "Use of it is rare" and "Drinking helps" from a direction: a verb of the list follows soon."""
    return any(
        0 < hit.first <= _FEWEST and reading.tokens[hit.first].word in _FINITE for hit in reading.words.get("verb", ())
    )


_BACK = frozenset({"it", "its", "we", "our", "this"})
_YOU = frozenset({"you", "your"})
_FINITE = frozenset({"is", "are", "was", "were", "has", "have", "can", "may", "will", "does"})
