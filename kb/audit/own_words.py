"""The knowledge base's own disclosures in copy, word for word: what we offer to paste must not be held against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.base import Disclosure, Why
from kb.text import tokens

if TYPE_CHECKING:
    from kb.audit.context import Reading
    from kb.model import KnowledgeBase

_NOTE = "the disclosure of the knowledge base, word for word"


class OwnWords:
    """Knows each suggested disclosure by its words; marks and typography do not count."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._caveats = {
            tuple(token.word for token in tokens(caveat.suggested_disclosure)): caveat for caveat in kb.caveats.values()
        }

    def disclosed(self, reading: Reading) -> Disclosure | None:
        """Return the disclosure that a unit is, from its first word to its last, if it is one."""
        caveat = self._caveats.get(reading.rows.words)
        if caveat is None:
            return None
        unit = reading.unit
        why = Why(notes=(_NOTE,))
        return Disclosure(unit.index, caveat.id, caveat.key, caveat.themes, unit.start, unit.end, why, verbatim=True)
