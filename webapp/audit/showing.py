"""What the audit page shows of one document: the copy row by row, beside each row its findings, folded."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from kb.citations import cite
from kb.formats.audit import html_copy, spots, wording
from kb.formats.audit.elements import Html
from kb.formats.audit.html_copy import Sign

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kb.audit.base import Disclosure, Mention
    from kb.audit.report import AuditReport, DocumentReport
    from kb.finding import Finding
    from kb.formats.audit.spots import Numbered, Spot
    from kb.model import Caveat, Claim, KnowledgeBase

FIELDS = ("rule", "level", "claim")
_CHUNK = 25
"""Rows that a browser lays out together, when they come into sight."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which findings are to be shown; "" stands for all."""

    rule: str = ""
    level: str = ""
    claim: str = ""

    def shows(self, finding: Finding) -> bool:
        """Say whether a finding is among them."""
        return (
            self.rule in {"", finding.rule}
            and self.level in {"", finding.level.value}
            and self.claim in {"", finding.claim}
        )


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was recognised: words of the copy with the concepts that they say, and notes."""

    of_caveat: bool
    words: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One finding with everything that is said about it."""

    number: int
    finding: Finding
    tone: str
    caveat: Caveat | None
    advice: str
    remedy: Markup
    """The caveat to put in, and what it rests on."""
    new: bool
    shown: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The findings about one claim in the same words."""

    head: Markup
    """The claim and its verdict."""
    reasons: tuple[Reason, ...]
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """All findings about the same words."""

    number: int
    target: str
    tone: str
    words: str
    where: str
    short: Markup
    groups: tuple[Group, ...]

    @property
    def shown(self) -> bool:
        """Whether any of its findings is to be shown."""
        return any(card.shown for group in self.groups for card in group.cards)

    @property
    def caveats(self) -> bool:
        """Whether any of its findings is about a caveat, which then says in the margin what it is about."""
        return any(card.caveat for group in self.groups for card in group.cards)


@dataclass(frozen=True)
class Pieces:
    """What writes the parts of a page that many findings share; each is written once."""

    claim_head: Callable[[Claim], str]
    remedy: Callable[[Caveat | None, tuple[tuple[str, str, bool], ...]], str]
    """Of the caveat, and of key and short citation of each reference, with whether there is a page on it."""
    _written: dict[object, Markup] = field(default_factory=dict)

    def head_of(self, claim: Claim | None) -> Markup:
        """Return the claim and its verdict."""
        if claim is None:
            return Markup("")
        if claim.id not in self._written:
            self._written[claim.id] = Markup(self.claim_head(claim))  # noqa: S704  (written by a template)
        return self._written[claim.id]

    def remedy_of(self, caveat: Caveat | None, cited: tuple[tuple[str, str, bool], ...]) -> Markup:
        """Return the caveat to put in, and what it rests on."""
        which = (caveat and caveat.id, cited)
        if which not in self._written:
            self._written[which] = Markup(self.remedy(caveat, cited))  # noqa: S704  (written by a template)
        return self._written[which]


class Showing:
    """Lays out one document of a report."""

    def __init__(
        self,
        kb: KnowledgeBase,
        report: AuditReport,
        found: DocumentReport,
        chosen: Chosen,
        new: frozenset[str],
        *,
        pieces: Pieces,
    ) -> None:
        self._kb, self._report, self.found, self._chosen, self._new = kb, report, found, chosen, new
        self._pieces = pieces
        self._mentions: defaultdict[str | None, list[Mention]] = defaultdict(list)
        for mention in sorted(found.mentions, key=lambda one: one.start):
            self._mentions[mention.claim].append(mention)
        self._disclosures: dict[str | None, Disclosure] = {}
        for disclosure in found.disclosures:
            self._disclosures.setdefault(disclosure.caveat, disclosure)
        self._short: dict[str, tuple[str, str, bool]] = {}

    def whole(self, items: Sequence[Numbered]) -> tuple[Card, ...]:
        """Return the findings about the document as a whole."""
        return tuple(map(self._card, items))

    def chunks(self, signs: list[Sign], beside: Callable[[Sequence[Place]], str]) -> Iterator[Markup]:
        """Yield the copy in chunks of rows; `beside` writes what stands in the margin."""

        def margin(signs_here: Sequence[Sign]) -> Html:
            return Html(beside([self._place(sign) for sign in signs_here]))

        rows = html_copy.rows(self._report, self.found, signs, margin)
        while chunk := list(islice(rows, _CHUNK)):
            yield Markup("\n".join(chunk))  # noqa: S704  (built by `element`, which escapes; the margin by a template)

    def _place(self, sign: Sign) -> Place:
        spot = sign.spot
        line = spot.findings[0].finding.location.line
        named = wording.place(self.found.document, spot.start)
        by_claim = sorted(spot.findings, key=lambda item: item.finding.claim or "")
        groups = tuple(
            self._group(spot, tuple(items)) for _, items in groupby(by_claim, key=lambda item: item.finding.claim)
        )
        return Place(
            sign.number,
            sign.target,
            sign.tone,
            _squeezed(self.found.document.plain[spot.start : spot.end]),
            f"{named}, line {line}" if named else f"line {line}",
            Markup(html_copy.in_short(self._report, spot.findings)),  # noqa: S704  (built by `element`)
            groups,
        )

    def _group(self, spot: Spot, items: tuple[Numbered, ...]) -> Group:
        name = items[0].finding.claim
        reasons = [self._reason(mention.why, of_caveat=False) for mention in self._here(name, spot.start, spot.end)]
        seen = self._disclosures.get(items[0].finding.caveat) if items[0].finding.caveat else None
        if seen:
            reasons.append(self._reason(seen.why, of_caveat=True))
        told = tuple(dict.fromkeys(reason for reason in reasons if reason.words or reason.notes))
        head = self._pieces.head_of(self._kb.claims.get(name or ""))
        return Group(head, told, tuple(map(self._card, items)))

    def _here(self, claim: str | None, start: int, end: int) -> Iterator[Mention]:
        """Yield the mentions of a claim in some words; those of one claim do not overlap."""
        mentions = self._mentions.get(claim, [])
        before = bisect_left(mentions, end, key=lambda mention: mention.start)
        while before and mentions[before - 1].end > start:
            before -= 1
            yield mentions[before]

    def _reason(self, why: Any, *, of_caveat: bool) -> Reason:
        plain = self.found.document.plain
        words = tuple(
            dict.fromkeys((_squeezed(plain[word.start : word.end]), self._label(word.concept)) for word in why.words)
        )
        return Reason(of_caveat, words, why.notes)

    def _label(self, concept: str) -> str:
        known = self._kb.concepts.get(concept)
        return known.label if known else concept.replace("-", " ")

    def _card(self, item: Numbered) -> Card:
        finding = item.finding
        caveat = self._kb.caveats.get(finding.caveat or "")
        pasted = caveat.suggested_disclosure if caveat else ""
        advice = "" if finding.suggestion.split() == pasted.split() else finding.suggestion
        return Card(
            item.number,
            finding,
            html_copy.tone([item]),
            caveat,
            advice,
            self._pieces.remedy_of(caveat, tuple(map(self._cited, finding.references))),
            finding.fingerprint in self._new,
            self._chosen.shows(finding),
        )

    def _cited(self, key: str) -> tuple[str, str, bool]:
        if key not in self._short:
            reference = self._kb.references.get(key)
            self._short[key] = (key, cite(key, reference).short if reference else key, reference is not None)
        return self._short[key]


def choices(kb: KnowledgeBase, report: AuditReport) -> dict[str, list[tuple[str, str, int]]]:
    """Return for each filter its values, their names and how many findings have them."""
    counts: dict[str, defaultdict[str, int]] = {field: defaultdict(int) for field in FIELDS}
    for finding in report.findings:
        counts["rule"][finding.rule] += 1
        counts["level"][finding.level.value] += 1
        if finding.claim:
            counts["claim"][finding.claim] += 1
    names: Mapping[str, Callable[[str], str]] = {
        "rule": wording.rule_name,
        "level": str.capitalize,
        "claim": lambda name: kb.claims[name].claim if name in kb.claims else name,
    }
    order = {"error": 0, "warning": 1, "note": 2}
    return {
        field: [
            (value, names[field](value), count)
            for value, count in sorted(
                counts[field].items(), key=lambda pair: (order.get(pair[0], 0), names[field](pair[0]))
            )
        ]
        for field in FIELDS
    }


def signs(found: DocumentReport, items: tuple[Numbered, ...], index: int) -> tuple[tuple[Numbered, ...], list[Sign]]:
    """Part the findings of a document into those about all of it, and spots in the copy, numbered."""
    whole, placed = spots.parted(found, items)
    return whole, [Sign(spot, number, index) for number, spot in enumerate(spots.spots(placed), 1)]


def _squeezed(text: str) -> str:
    return " ".join(text.replace("\u2060", "").split())
