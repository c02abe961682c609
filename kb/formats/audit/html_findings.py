"""The findings on one document as HTML: under the words that they are about, by claim, with reasons and remedy."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from kb.audit.base import Disclosure
from kb.formats.audit import html_copy, wording
from kb.formats.audit.elements import Html, element, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kb.audit.base import Mention
    from kb.audit.report import AuditReport, DocumentReport
    from kb.finding import Finding, Suppression
    from kb.formats.audit.html_copy import Sign
    from kb.formats.audit.spots import Numbered

_LONG = 240

T = TypeVar("T", "Mention", "Disclosure")


def findings(report: AuditReport, found: DocumentReport, whole: tuple[Numbered, ...], signs: list[Sign]) -> Html | None:
    """Return all findings on a document; `None` where there are none."""
    if not whole and not signs:
        return None
    listing = _Listing(
        report,
        found,
        {key: number for number, key in enumerate(report.references, 1)},
        _grouped(found.mentions, lambda mention: mention.claim),
        _grouped(found.disclosures, lambda disclosure: disclosure.caveat),
    )
    general = element("div", element("h4", "The whole page"), *listing.cards(whole), class_="spot") if whole else None
    return joined([element("h3", "Findings"), general, *map(listing.spot, signs)])


def evidence_id(number: int) -> str:
    """Return the id of a reference in the list of evidence."""
    return f"r{number}"


def quoted(found: DocumentReport, start: int, end: int) -> Html:
    """Return words of the copy in quotation marks, cut in the middle where they are long."""
    words = " ".join(found.document.plain[start:end].replace("\u2060", "").split())
    if len(words) > _LONG:
        words = f"{words[: _LONG // 2].rstrip()} … {words[-_LONG // 2 :].lstrip()}"
    return element("q", words)


@dataclass(frozen=True)
class _Listing:
    """The findings of one document while they are written; what was said once is referred to after that."""

    report: AuditReport
    found: DocumentReport
    evidence: Mapping[str, int]
    mentions: Mapping[str, Sequence[Mention]]
    """By claim."""
    disclosures: Mapping[str, Sequence[Disclosure]]
    """By caveat."""
    pasted: dict[str, int] = field(default_factory=dict)
    """Disclosure → the number of the finding where it stands."""

    def spot(self, sign: Sign) -> Html:
        """Return all findings about the same words, under these words."""
        first = sign.spot.findings[0].finding
        place = wording.place(self.found.document, sign.spot.start)
        where = f"{place}, line {first.location.line}" if place else f"line {first.location.line}"
        head = element(
            "h4",
            html_copy.badge(sign, sign.anchor),
            " ",
            quoted(self.found, sign.spot.start, sign.spot.end),
            " ",
            element("span", where, class_="meta"),
        )
        by_claim = sorted(sign.spot.findings, key=lambda item: item.finding.claim or "")
        groups = [self._claim(tuple(group)) for _, group in groupby(by_claim, key=lambda item: item.finding.claim)]
        return element("div", head, *groups, class_="spot", id=sign.target)

    def cards(self, items: Sequence[Numbered]) -> Iterator[Html]:
        """Yield findings one by one."""
        for item in items:
            yield self._card(item)

    def _claim(self, items: tuple[Numbered, ...]) -> Html:
        """Return the findings about one claim in these words, under this claim and why it was recognised."""
        finding = items[0].finding
        claim = self.report.named_claims.get(finding.claim or "")
        head = None
        if claim:
            judged = f"{wording.verdict(claim.verdict)}, {wording.certainty(claim.certainty).lower()}"
            verdict = element("b", judged, class_=f"verdict v-{claim.verdict}")
            head = element("p", "Claim: ", element("q", claim.claim), " ", verdict)
        return joined([head, self._reasons(finding), *self.cards(items)])

    def _reasons(self, finding: Finding) -> Html | None:
        """Return why the words were taken for what they were taken for."""
        recognised: list[Mention | Disclosure] = [*self._mentions(finding)]
        recognised += self.disclosures.get(finding.caveat or "", ())[:1]
        said = dict.fromkeys(why for one in recognised if (why := self._why(one)))
        return element("ul", *said, class_="why", aria_label="Why") if said else None

    def _mentions(self, finding: Finding) -> Iterator[Mention]:
        """Yield the mentions of a finding's claim in its words; those of one claim do not overlap."""
        region, mentions = finding.region, self.mentions.get(finding.claim or "", ())
        if region is None:
            return
        before = bisect_left(mentions, region.end, key=lambda mention: mention.start)
        while before and mentions[before - 1].end > region.start:
            before -= 1
            yield mentions[before]

    def _why(self, recognised: Mention | Disclosure) -> Html | None:
        plain = self.found.document.plain
        words = [
            joined([element("q", plain[word.start : word.end]), f" ({word.concept.replace('-', ' ')})"])
            for word in recognised.why.words
        ]
        parts = [joined(words, ", ")] if words else []
        parts += [joined([note]) for note in recognised.why.notes]
        if not parts:
            return None
        name = "The caveat is recognised by" if isinstance(recognised, Disclosure) else "Recognised by"
        return element("li", f"{name}: ", joined(parts, "; "))

    def _card(self, item: Numbered) -> Html:
        finding = item.finding
        tone = html_copy.tone([item])
        return element(
            "article",
            element(
                "h5",
                f"{wording.rule_name(finding.rule)} ",
                element("span", finding.level.value, class_=f"level {finding.level.value}"),
                element("span", f" #{item.number}", class_="meta"),
            ),
            element("p", finding.message),
            *self._advice(item),
            self._evidence(finding),
            _accepted(finding.suppressed) if finding.suppressed else None,
            id=f"f{item.number}",
            class_=f"finding-card {tone}",
            data_fingerprint=finding.fingerprint,
        )

    def _advice(self, item: Numbered) -> Iterator[Html]:
        """Yield what to do, and the disclosure to paste where there is one."""
        finding = item.finding
        caveat = self.report.named_caveats.get(finding.caveat or "")
        disclosure = caveat.disclosure if caveat else ""
        if finding.suggestion and finding.suggestion.split() != disclosure.split():
            yield element("p", finding.suggestion, class_="advice")
        if disclosure:
            where = self.pasted.setdefault(disclosure, item.number)
            if where == item.number:
                yield element("p", "To paste:", class_="meta label")
                yield element("blockquote", element("p", disclosure, class_="paste"))
            else:
                link = element("a", f"#{where}", href=f"#f{where}")
                yield element("p", "To paste: the text under ", link, class_="meta label")

    def _evidence(self, finding: Finding) -> Html | None:
        if not finding.references:
            return None
        cited = [
            element("a", f"[{self.evidence[key]}]", href=f"#{evidence_id(self.evidence[key])}")
            if key in self.evidence
            else element("code", key)
            for key in finding.references
        ]
        return element("p", "Evidence: ", joined(cited, " "), class_="meta label")


def _grouped(recognised: Iterable[T], key: Callable[[T], str | None]) -> dict[str, list[T]]:
    groups: defaultdict[str, list[T]] = defaultdict(list)
    for one in recognised:
        if name := key(one):
            groups[name].append(one)
    return {name: sorted(group, key=lambda one: one.start) for name, group in groups.items()}


def _accepted(suppression: Suppression) -> Html:
    by = "by a comment in the copy" if suppression.kind == "inSource" else "by the baseline"
    until = f" (until {suppression.expires.isoformat()})" if suppression.expires else ""
    return element("p", element("b", f"Accepted {by}"), f": {suppression.reason}{until}", class_="accepted-by")
