"""Which of the ten disclosures an article makes, which it leaves out, and which its claims call for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb import words
from kb.model import DisclosureKey

if TYPE_CHECKING:
    from kb.crossings import Crossings
    from kb.model import Caveat, Claim, KnowledgeBase
    from kb.words import Wording


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One of the ten keys, as one article treats it."""

    key: DisclosureKey
    wording: Wording
    caveats: tuple[Caveat, ...]
    """The caveats of this key that the article concedes somewhere."""
    calling: tuple[Claim, ...]
    """The claims of the article that owe a caveat of this key."""

    @property
    def disclosed(self) -> bool:
        """Whether the article says anything of the kind."""
        return bool(self.caveats)


def disclosures(known: Crossings, source_id: str) -> list[Disclosure]:
    """Return all ten keys in their order, for one article."""
    conceded = known.caveats_by_source.get(source_id, ())
    claims = known.claims_by_source.get(source_id, ())
    called_for = {claim.id: _keys(known.kb, claim) for claim in claims}
    return [
        Disclosure(
            key,
            words.KEYS[key],
            tuple(caveat for caveat in conceded if caveat.key is key),
            tuple(claim for claim in claims if key in called_for[claim.id]),
        )
        for key in DisclosureKey
    ]


def _keys(kb: KnowledgeBase, claim: Claim) -> set[DisclosureKey | None]:
    """Return the keys of the caveats that a claim owes."""
    return {kb.caveats[owed.caveat].key for owed in claim.caveats if owed.caveat in kb.caveats}
