"""Fair balance: benefits against risks by number and place, and the ten disclosure keys."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING

from kb.audit.base import Match, Part, Subject, UnitKind
from kb.audit.report import Balance
from kb.model import ClaimType, DisclosureKey

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from kb.audit.audited import Audited
    from kb.audit.base import Disclosure, Mention, Unit
    from kb.audit.rules.base import Found
    from kb.model import KnowledgeBase

_BENEFITS = frozenset(
    {ClaimType.EFFICACY, ClaimType.ONSET, ClaimType.MECHANISM, ClaimType.COMPARISON, ClaimType.OUTLOOK}
)
_NO_DRUG = frozenset({Subject.NONE, Subject.CONDITION})
_OVERSTATED = frozenset({"overstated"})
_CONTRADICTED = frozenset({"contradicted", "approval-confusion"})
_GOOD_FROM = 4
_POOR_TO = 1
_TOO_MANY_CONTRADICTED = 2
_ENOUGH_THOUGH_CONTRADICTED = 3


def measure(audited: Audited, found: Iterable[tuple[str, Found]]) -> Balance:
    """Return the balance of a document; `found` has (rule id, finding) of every rule that ran before."""
    benefits = _benefits(audited)
    disclosures = [found for found in audited.disclosures if audited.unit(found).part is not Part.META]
    risks = {disclosure.unit for disclosure in disclosures if not _tells_of_care(disclosure, audited.kb)}
    served = {disclosure.key for disclosure in disclosures if disclosure.key}
    return Balance(
        len(benefits),
        len(risks),
        _rating(audited, disclosures, list(found)),
        tuple(key.value for key in DisclosureKey if key.value in served),
        tuple(key.value for key in DisclosureKey if key.value not in served),
        {"benefit": _places(audited, benefits), "risk": _places(audited, risks)},
    )


def _rating(audited: Audited, disclosures: Iterable[Disclosure], found: Iterable[tuple[str, Found]]) -> str | None:
    """Return `good`, `partial` or `poor`, by how much is disclosed and how much is wrong.

    Good: four keys or more, nothing contradicted, at most one unit overstated. Poor: one key or none; or nothing but
    how care is given (supervision, assessment); or two units or more contradicted with fewer than three keys.
    """
    if not _is_about_it(audited):
        return None
    keyed = [disclosure for disclosure in disclosures if disclosure.key]
    keys = {disclosure.key for disclosure in keyed}
    by_rule = list(found)
    overstated = _units(audited, by_rule, _OVERSTATED)
    contradicted = _units(audited, by_rule, _CONTRADICTED)
    if len(keys) >= _GOOD_FROM and not contradicted and overstated <= 1:
        return "good"
    only_care = all(_tells_of_care(disclosure, audited.kb) for disclosure in keyed)
    much_wrong = contradicted >= _TOO_MANY_CONTRADICTED and len(keys) < _ENOUGH_THOUGH_CONTRADICTED
    return "poor" if len(keys) <= _POOR_TO or only_care or much_wrong else "partial"


def _is_about_it(audited: Audited) -> bool:
    """Return whether a third or more of the units that speak of any treatment or drug speak of ours."""
    counts = Counter(subject.ours for subject in audited.subjects if subject not in _NO_DRUG)
    return bool(counts[True]) and counts[True] * 2 >= counts[False]


def _benefits(audited: Audited) -> set[int]:
    """Return the units that claim a benefit and do not themselves disclose what they speak on."""
    warned = {
        unit: {theme for disclosure in disclosures for theme in disclosure.themes}
        for unit, disclosures in audited.disclosures_by_unit.items()
    }
    themes = _benefit_themes(audited.kb)
    return {
        mention.unit
        for mention in audited.mentions
        if mention.match is Match.CERTAIN
        and mention.made
        and mention.subject.ours
        and _is_benefit(mention, audited.kb, themes)
        and not set(mention.themes) <= warned.get(mention.unit, set())
    }


def _benefit_themes(kb: KnowledgeBase) -> frozenset[str]:
    """Return the themes on which copy speaks for the treatment.

    Groups of themes are called after types of claims: "onset-and-duration" holds what claims of type onset speak on.
    """
    kinds = {kind.value for kind in _BENEFITS}
    return frozenset(
        theme for group, themes in kb.themes.items() if group.partition("-")[0] in kinds for theme in themes
    )


def _is_benefit(mention: Mention, kb: KnowledgeBase, themes: frozenset[str]) -> bool:
    """Return whether a mention speaks for the treatment: by the type of its claim, else by its theme."""
    if mention.claim:
        claim = kb.claims[mention.claim]
        return claim.type in _BENEFITS or (claim.type is ClaimType.SAFETY and bool(claim.caveats))
    return not themes.isdisjoint(mention.themes)


def _tells_of_care(disclosure: Disclosure, kb: KnowledgeBase) -> bool:
    """Return whether a disclosure tells how care is given rather than what may go wrong."""
    return disclosure.themes[0] in kb.about.care_themes


def _units(audited: Audited, found: Iterable[tuple[str, Found]], rules: Collection[str]) -> int:
    """Return in how many units rules found something."""
    begin = [unit.start for unit in audited.document.units]
    return len({bisect_right(begin, one.start) for rule, one in found if rule in rules})


def _places(audited: Audited, units: Iterable[int]) -> dict[str, int]:
    """Count units by where on the page they stand, in the order of how prominent that is."""
    counts = Counter(_place(audited.document.units[index]) for index in units)
    order = ["heading", *(part.value for part in Part), "footnote"]
    return {place: counts[place] for place in order if counts[place]}


def _place(unit: Unit) -> str:
    if unit.part is not Part.BODY:
        return unit.part.value
    return unit.kind.value if unit.kind in {UnitKind.HEADING, UnitKind.FOOTNOTE} else Part.BODY.value
