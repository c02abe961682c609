"""A document as the rules see it: what was recognised, and what of it stands near what."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from kb.audit.owing import debts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.audit.base import Denial, Disclosure, Document, Mention, Subject, Unit
    from kb.audit.context import Reading
    from kb.audit.learned import Judging
    from kb.audit.owing import Debt
    from kb.audit.report import Balance
    from kb.model import KnowledgeBase

_Recognised = TypeVar("_Recognised", "Mention", "Disclosure", "Denial")


@dataclass(frozen=True)
class Audited:
    """One document with everything that was recognised in it."""

    kb: KnowledgeBase
    document: Document
    subjects: tuple[Subject, ...]
    mentions: tuple[Mention, ...]
    disclosures: tuple[Disclosure, ...]
    readings: tuple[Reading, ...]
    """The words, concepts and lists of each unit, as the stages before looked them up."""
    denials: tuple[Denial, ...]
    judging: Judging
    """What was learned of each unit from labelled copy."""

    balance: Balance | None = None
    """Measured when every rule but those that judge it has run; `None` until then."""

    def unit(self, recognised: Mention | Disclosure) -> Unit:
        """Return the unit in which something was recognised."""
        return self.document.units[recognised.unit]

    @cached_property
    def verbatim(self) -> frozenset[int]:
        """Units that are a suggested disclosure of the knowledge base, word for word."""
        return frozenset(disclosure.unit for disclosure in self.disclosures if disclosure.verbatim)

    @cached_property
    def debts(self) -> tuple[Debt, ...]:
        """What the document owes; two rules ask for it."""
        return debts(self)

    @cached_property
    def mentions_by_unit(self) -> dict[int, tuple[Mention, ...]]:
        """Unit → its mentions, for those units that have any."""
        return _by_unit(self.mentions)

    @cached_property
    def denials_by_unit(self) -> dict[int, tuple[Denial, ...]]:
        """Unit → the caveats of which it says the opposite."""
        return _by_unit(self.denials)

    @cached_property
    def disclosures_by_unit(self) -> dict[int, tuple[Disclosure, ...]]:
        """Unit → its disclosures, for those units that have any."""
        return _by_unit(self.disclosures)


def _by_unit(recognised: Iterable[_Recognised]) -> dict[int, tuple[_Recognised, ...]]:
    found: defaultdict[int, list[_Recognised]] = defaultdict(list)
    for one in recognised:
        found[one.unit].append(one)
    return {unit: tuple(ones) for unit, ones in found.items()}
