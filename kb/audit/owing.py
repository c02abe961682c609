"""What a document owes: each claim that it makes without a caveat that the claim must have, and how that is told."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.audit.base import Match, Part, UnitKind
from kb.audit.nearness import Standing
from kb.audit.rules.base import Found
from kb.finding import Level
from kb.model import ClaimType, Near, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kb.audit.audited import Audited
    from kb.audit.base import Mention, Unit
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
    elsewhere: tuple[Unit, ...]
    """Where the caveat does stand, though not near any of them."""

    @property
    def grave(self) -> bool:
        """Whether readers are misled on benefit or harm, rather than on how things are done."""
        return self.claim.type not in _SELDOM_GRAVE

    def found(self, message: str, *, speaks: bool) -> Found:
        """Return the finding on it, a note unless it `speaks` for the other debts of its caveat and misleads."""
        at = self.lacking[0]
        return Found(
            at.start,
            at.end,
            message,
            suggestion=self.caveat.suggested_disclosure,
            claim=self.claim.id,
            caveat=self.caveat.id,
            references=tuple(dict.fromkeys(line.reference for line in self.caveat.evidence)),
            level=None if speaks and self.grave else Level.NOTE,
        )

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
    given = _Given(audited)
    found = (debt for claim_id, mentions in made.items() for debt in _of_claim(audited, claim_id, mentions, given))
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


class _Given:
    """Where each caveat stands: by its own rules, or by a warning on what the caveat is first about."""

    def __init__(self, audited: Audited) -> None:
        self._audited = audited
        self._caveats: defaultdict[str, list[Unit]] = defaultdict(list)
        self._themes: defaultdict[tuple[str | None, str], list[Unit]] = defaultdict(list)
        self._found: dict[str, Standing] = {}
        for disclosure in audited.disclosures:
            unit = audited.unit(disclosure)
            if disclosure.caveat is not None:
                self._caveats[disclosure.caveat].append(unit)
            elif disclosure.key is not None:
                for theme in disclosure.themes:
                    self._themes[disclosure.key, theme].append(unit)

    def standing(self, caveat: Caveat) -> Standing:
        """Return where a caveat stands."""
        if caveat.id not in self._found:
            warned = self._themes.get((caveat.key, caveat.themes[0]), []) if caveat.key else []
            self._found[caveat.id] = Standing([*self._caveats.get(caveat.id, []), *warned])
        return self._found[caveat.id]


def _of_claim(audited: Audited, claim_id: str, mentions: Iterable[Mention], given: _Given) -> Iterator[Debt]:
    claim = audited.kb.claims[claim_id]
    made = [mention for mention in mentions if mention.subject.ours]
    if claim.status is Status.WITHDRAWN or not made:
        return
    for owed in claim.caveats:
        caveat = audited.kb.caveats.get(owed.caveat)
        if caveat is None:
            continue
        standing = given.standing(caveat)
        lacking = [
            mention
            for mention in made
            if mention.subject.value not in caveat.not_of and not standing.near(audited.unit(mention), owed.near)
        ]
        lacking.sort(key=lambda mention: _prominence(audited, mention))
        if lacking:
            yield Debt(claim, caveat, owed.near, tuple(lacking), tuple(standing.units.values()))


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
