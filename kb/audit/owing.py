"""What a document owes: each claim that it makes without a caveat that the claim must have, and how that is told."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.audit.base import Match, Part, UnitKind
from kb.audit.nearness import is_near
from kb.model import ClaimType, Near, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kb.audit.audited import Audited
    from kb.audit.base import Disclosure, Mention
    from kb.model import Caveat, Claim

_SELDOM_GRAVE = frozenset({ClaimType.PROCESS, ClaimType.ACCESS, ClaimType.HISTORY, ClaimType.BACKGROUND})
_NAMED = 3
"""How many other claims a message names."""

_NEAREST = (Near.SENTENCE, Near.SECTION, Near.DOCUMENT)


@dataclass(frozen=True, slots=True)
class Debt:
    """One claim of the document without one of its caveats."""

    claim: Claim
    caveat: Caveat
    near: Near
    lacking: tuple[Mention, ...]
    """Where the claim is made without the caveat: headlines first, then in the order of the text."""
    elsewhere: tuple[Disclosure, ...]
    """Where the caveat does stand, though not near any of them."""

    @property
    def grave(self) -> bool:
        """Whether readers are misled on benefit or harm, rather than on how things are done."""
        return self.claim.type not in _SELDOM_GRAVE

    def scope(self, audited: Audited) -> int | None:
        """Return which section's reader is told so; `None` for the whole document, where the caveat stands nowhere."""
        return audited.unit(self.lacking[0]).section if self.elsewhere else None


def debts(audited: Audited) -> tuple[Debt, ...]:
    """Return what a document owes, in the order of the text, one debt for each claim and caveat.

    Claims that are denied, asked about or put into somebody else's mouth owe nothing; hedged ones do.
    """
    made: defaultdict[str, list[Mention]] = defaultdict(list)
    for mention in audited.mentions:
        if mention.claim and mention.match is Match.CERTAIN and mention.made:
            made[mention.claim].append(mention)
    found = (debt for claim_id, mentions in made.items() for debt in _of_claim(audited, claim_id, mentions))
    return tuple(sorted(found, key=lambda debt: (debt.lacking[0].start, debt.claim.id, debt.caveat.id)))


def told(audited: Audited, owing: Sequence[Debt]) -> Iterator[tuple[Debt, bool, str]]:
    """Yield each debt with whether it speaks for the others of its caveat, and what to add on them.

    A page that makes twelve claims may owe the same caveat twelve times. Where it stands nowhere, that is one piece of
    news for the whole page; where it stands too far away, one for each section. So the gravest of those debts carries
    the level of the rule and names the others; they point to it.
    """
    groups: defaultdict[tuple[str, int | None], list[Debt]] = defaultdict(list)
    for debt in owing:
        groups[debt.caveat.id, debt.scope(audited)].append(debt)
    first = {key: min(group, key=lambda debt: _gravity(audited, debt)) for key, group in groups.items()}
    for debt in owing:
        key = debt.caveat.id, debt.scope(audited)
        others = [other.claim.id for other in groups[key] if other is not debt]
        speaks = first[key] is debt
        yield debt, speaks, _times(debt) + (_lack_too(others) if speaks else f"; see {first[key].claim.id}")


def _of_claim(audited: Audited, claim_id: str, mentions: Iterable[Mention]) -> Iterator[Debt]:
    claim = audited.kb.claims[claim_id]
    made = [mention for mention in mentions if mention.subject.ours]
    if claim.status is Status.WITHDRAWN or not made:
        return
    for owed in claim.caveats:
        caveat = audited.kb.caveats.get(owed.caveat)
        if caveat is None:
            continue
        given = [disclosure for disclosure in audited.disclosures if serves(disclosure, caveat)]
        lacking = [mention for mention in made if not _met(audited, mention, given, owed.near)]
        lacking.sort(key=lambda mention: _prominence(audited, mention))
        if lacking:
            yield Debt(claim, caveat, owed.near, tuple(lacking), tuple(given))


def serves(disclosure: Disclosure, caveat: Caveat) -> bool:
    """Return whether a disclosure gives a caveat: by its own rules, or by warning on what the caveat is first about."""
    if disclosure.caveat is not None:
        return disclosure.caveat == caveat.id
    return disclosure.key is not None and disclosure.key == caveat.key and caveat.themes[0] in disclosure.themes


def _met(audited: Audited, mention: Mention, given: Iterable[Disclosure], near: Near) -> bool:
    return any(is_near(audited.unit(disclosure), audited.unit(mention), near) for disclosure in given)


def _prominence(audited: Audited, mention: Mention) -> tuple[bool, bool, int]:
    unit = audited.unit(mention)
    return (unit.part is not Part.BODY, unit.kind is not UnitKind.HEADING, mention.start)


def _gravity(audited: Audited, debt: Debt) -> tuple[bool, bool, int, int, str]:
    at = debt.lacking[0]
    headline = audited.unit(at).kind is UnitKind.HEADING
    return (not debt.grave, not headline, _NEAREST.index(debt.near), at.start, debt.claim.id)


def _times(debt: Debt) -> str:
    units = len({mention.unit for mention in debt.lacking})
    return f"; made in {units} places" if units > 1 else ""


def _lack_too(others: Sequence[str]) -> str:
    if not others:
        return ""
    named, rest = ", ".join(others[:_NAMED]), len(others) - _NAMED
    return f"; {named}{f' and {rest} more' if rest > 0 else ''} {'lacks' if len(others) == 1 else 'lack'} it too"
