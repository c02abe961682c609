"""The results of a SARIF run: findings, claims that pass, and what could not be checked."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from kb.audit.base import Match, Polarity
from kb.formats.audit import mending
from kb.formats.audit.sarif_rules import MEDIUM, PRESENT, entries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kb.audit.base import Mention
    from kb.audit.report import AuditReport, DocumentReport
    from kb.finding import Skipped, Suppression
    from kb.formats.audit.sarif_places import Places
    from kb.formats.audit.spots import Numbered

FINGERPRINT = "claimSpanHash/v1"


class Results:
    """Makes the results of a report; `rules` has the index of each rule."""

    def __init__(self, report: AuditReport, rules: Mapping[str, int]) -> None:
        self._report = report
        self._rules = rules
        self._taxa = {name: index for index, name in enumerate(entries(report))}

    def of(self, found: DocumentReport, items: tuple[Numbered, ...], places: Places) -> Iterator[dict[str, Any]]:
        """Yield the results on one document."""
        for item in items:
            yield self._finding(found, item, places)
        for mention in self._passing(found):
            yield self._passed(found, mention, places)
        for skipped in found.document.skipped:
            yield self._skipped(found, skipped, places)

    def _finding(self, found: DocumentReport, item: Numbered, places: Places) -> dict[str, Any]:
        finding, region = item.finding, item.finding.region
        message = f"{finding.message}\n\n{finding.suggestion}".rstrip()
        location = places.location(region.start, region.end) if region else {"physicalLocation": _file(places)}
        result = self._result(finding.rule, finding.kind, message, location, finding.fingerprint)
        result["level"] = finding.level.value if finding.kind == "fail" else "none"
        result["suppressions"] = [_suppression(finding.suppressed)] if finding.suppressed else []
        if self._report.baseline:
            known = finding.suppressed and finding.suppressed.kind == "external"
            result["baselineState"] = "unchanged" if known else "new"
        result["taxa"] = list(self._named(finding.claim, finding.caveat))
        result["properties"] = self._properties(item)
        if add := mending.insertion(self._report, found, finding):
            result["fixes"] = [_fix(add, places)]
        return result

    def _properties(self, item: Numbered) -> dict[str, Any]:
        finding = item.finding
        cited = {key: self._report.references.get(key, key) for key in finding.references}
        return {"number": item.number, "level": finding.level.value, "references": cited}

    def _passing(self, found: DocumentReport) -> Iterator[Mention]:
        """Yield the first mention of each claim that owes caveats, has them all here, and is not complained of."""
        made = {disclosure.caveat for disclosure in found.disclosures}
        wanting = {finding.claim for finding in found.findings}
        for mention in found.mentions:
            claim = self._report.named_claims.get(mention.claim or "")
            asserted = mention.match is Match.CERTAIN and mention.polarity is Polarity.ASSERTED
            if claim and asserted and mention.claim not in wanting and claim.caveats and made.issuperset(claim.caveats):
                wanting.add(mention.claim)
                yield mention

    def _passed(self, found: DocumentReport, mention: Mention, places: Places) -> dict[str, Any]:
        start, end = mention.start, mention.end
        claim = self._report.named_claims[mention.claim or ""]
        words = " ".join(found.document.excerpt(start, end).split())
        result = self._result(
            PRESENT,
            "pass",
            f"“{claim.claim}” stands with the caveats that it owes",
            places.location(start, end),
            _hash(PRESENT, found.document.path, mention.claim or "", words),
        )
        result["taxa"] = list(self._named(mention.claim, *claim.caveats))
        return result

    def _skipped(self, found: DocumentReport, skipped: Skipped, places: Places) -> dict[str, Any]:
        return self._result(
            MEDIUM,
            "notApplicable",
            f"not checked: {skipped.what}: {skipped.reason}",
            {"physicalLocation": _file(places)},
            _hash(MEDIUM, found.document.path, skipped.what, skipped.reason),
        )

    def _result(self, rule: str, kind: str, message: str, location: dict[str, Any], fingerprint: str) -> dict[str, Any]:
        result: dict[str, Any] = {
            "ruleId": rule,
            "ruleIndex": self._rules[rule],
            "kind": kind,
            "level": "none",
            "message": {"text": message},
            "locations": [location],
            "partialFingerprints": {FINGERPRINT: fingerprint},
            "suppressions": [],
        }
        # SARIF wants the state on every result or on none; a baseline records findings only, so all else is new.
        return result | ({"baselineState": "new"} if self._report.baseline else {})

    def _named(self, claim: str | None, *caveats: str | None) -> Iterator[dict[str, Any]]:
        names = [f"claim/{claim}", *(f"caveat/{caveat}" for caveat in caveats)]
        for name in names:
            if name in self._taxa:
                component = {"name": self._report.kb_name, "index": 0}
                yield {"id": name, "index": self._taxa[name], "toolComponent": component}


def _file(places: Places) -> dict[str, Any]:
    return {"artifactLocation": places.artifact}


def _suppression(suppression: Suppression) -> dict[str, Any]:
    content: dict[str, Any] = {"kind": suppression.kind, "status": "accepted", "justification": suppression.reason}
    if suppression.expires:
        content["properties"] = {"expires": suppression.expires.isoformat()}
    return content


def _fix(add: mending.Insertion, places: Places) -> dict[str, Any]:
    replacement = {"deletedRegion": places.point(add.offset), "insertedContent": {"text": add.text}}
    return {
        "description": {"text": "Add the disclosure after the claim."},
        "artifactChanges": [{"artifactLocation": places.artifact, "replacements": [replacement]}],
    }


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
