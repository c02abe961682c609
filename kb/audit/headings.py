"""Headings that only announce what the copy below them speaks on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.base import UnitKind

if TYPE_CHECKING:
    from kb.audit.context import Reading

_TOLD = ("hype-", "absolute-", "cure")
"""Lists of words by which a heading goes further than to name something: "Cured in three weeks"."""

_ASKING = frozenset({"what", "what's", "how", "why", "who", "when", "where", "before", "after", "about"})
"""Words with which a title opens that announces an answer."""


def announces(reading: Reading) -> bool:
    """Tell "Ketamine for long-term pain" and "What it costs" from a heading that says something: "Feel well again".

    What is announced is said below, and counts there.
    """
    if reading.unit.kind is not UnitKind.HEADING or any(name.startswith(_TOLD) for name in reading.words):
        return False
    opening = reading.tokens[0].word if reading.tokens else ""
    return opening in _ASKING or opening.endswith("ing") or "verb" not in reading.words
