"""Answers to questions: "Is it addictive?" "No."."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.base import UnitKind
from kb.audit.caveats import harm
from kb.audit.clearing import answers_denying
from kb.model import DisclosureKey

if TYPE_CHECKING:
    from kb.audit.audited import Audited
    from kb.audit.base import Unit
    from kb.model import Caveat

_NO = frozenset({"no", "never", "nope"})


def answers_no(audited: Audited, unit: Unit) -> bool:
    """Return whether a unit says no to the question before it: "No.", "Under supervision, no.", "Far from it"."""
    if unit.lead is None or audited.document.units[unit.lead].kind is not UnitKind.QUESTION:
        return False
    words = audited.readings[unit.index].tokens
    if not words:
        return False
    after = audited.document.plain[words[0].end : words[0].end + 1]
    said = words[-1].word in _NO or (words[0].word in _NO and not after.isspace())
    return said or answers_denying(audited.readings[unit.index])


def harm_asked(audited: Audited, unit: Unit) -> Caveat | None:
    """Return the caveat on the harm that the question before an answer speaks of.

    None on who must not have it: "Do I need a referral?" "No." denies no harm.
    """
    caveat = harm(audited.kb, asked(audited, unit))
    return caveat if caveat and caveat.key is not DisclosureKey.NOT_FOR_EVERYONE else None


def asked(audited: Audited, unit: Unit) -> set[str]:
    """Return the themes that the question speaks on which a unit answers."""
    if unit.lead is None:
        return set()
    return {theme for mention in audited.mentions_by_unit.get(unit.lead, ()) for theme in mention.themes}
