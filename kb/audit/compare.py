"""What changed between two audits: in the copy, in the findings, and in what the knowledge base says of the claims.

The earlier audit comes from its JSON report. Findings are known again by rule, claim, caveat and words, as in their
fingerprints, but not by path: a report of `site/page.html` compares with an upload of `page.html`.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from kb.audit.report import SCHEMA
from kb.errors import KbError
from kb.finding import Level
from kb.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kb.audit.report import AuditReport, DocumentReport
    from kb.finding import Finding
    from kb.model import KnowledgeBase

WITHDRAWN = "withdrawn-claim"
_LONGEST = 80
_KEPT = 60

Key: TypeAlias = tuple[str, str, str, str, int]
"""Rule, claim, caveat, words, and which of those that are alike."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding as a report tells of it."""

    rule: str
    claim: str
    caveat: str
    words: str
    """Blanks folded; of long ones the beginning and a digest."""
    level: Level
    line: int = 0
    accepted: bool = False

    @property
    def shown(self) -> str:
        """The words for people, without the digest."""
        return self.words[: _KEPT + 1] if self.words[_KEPT : _KEPT + 1] == "…" else self.words


@dataclass(frozen=True, slots=True)
class SeenDocument:
    """A document of an audit."""

    path: str
    sha256: str
    findings: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenClaim:
    """What the knowledge base said of a claim."""

    claim: str
    verdict: str
    certainty: str | None
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """As much of an audit as comparing needs."""

    digest: str
    profile: str
    version: str
    documents: tuple[SeenDocument, ...] = ()
    claims: Mapping[str, SeenClaim] | None = None


@dataclass(frozen=True, slots=True)
class Regraded:
    """A finding that stands at another level than before."""

    finding: Finding
    was: Level

    @property
    def is_worse(self) -> bool:
        """Whether it is graver than before."""
        return self.finding.level.rank < self.was.rank


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """What changed in one document. Every finding of it is in `new` or in `unchanged`."""

    path: str
    was: str | None
    """Its path in the earlier audit; `None` where it was not in it."""
    edited: bool = False
    new: tuple[Finding, ...] = ()
    gone: tuple[Seen, ...] = ()
    unchanged: tuple[Finding, ...] = ()
    regraded: tuple[Regraded, ...] = ()
    """Those of `unchanged` whose level is another one."""


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """What the knowledge base says otherwise of a claim that the earlier report named."""

    claim: str
    """Its id of today."""
    text: str
    what: str
    """`withdrawn`, `removed`, `verdict`, `certainty`, `caveats-added` or `caveats-removed`."""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    still: bool = False
    """Whether the copy still speaks of it."""


@dataclass(frozen=True)
class Comparison:
    """Two audits side by side."""

    before: Snapshot
    after: Snapshot
    documents: tuple[DocumentChange, ...] = ()
    dropped: tuple[str, ...] = ()
    """Paths of the earlier audit that are not in the later one."""
    claims: tuple[ClaimChange, ...] = ()

    @property
    def base_changed(self) -> bool:
        """Whether the entries are others than before."""
        return self.before.digest != self.after.digest

    @property
    def profile_changed(self) -> bool:
        """Whether another profile set the levels."""
        return self.before.profile != self.after.profile

    def exit_code(self, report: AuditReport, fail_level: Level | None) -> int:
        """Return 2 as the report does, 1 if a new or regraded finding is at or above `fail_level`, else 0."""
        if report.exit_code(None) or fail_level is None:
            return report.exit_code(None)
        worse = [one.finding for document in self.documents for one in document.regraded if one.is_worse]
        found = [*(finding for document in self.documents for finding in document.new), *worse]
        return int(any(one.level.rank <= fail_level.rank and not one.suppressed for one in found))

    @property
    def new(self) -> int:
        """How many findings were not there before."""
        return sum(len(document.new) for document in self.documents)

    @property
    def gone(self) -> int:
        """How many findings are no longer there."""
        return sum(len(document.gone) for document in self.documents)

    @property
    def unchanged(self) -> int:
        """How many findings were there before."""
        return sum(len(document.unchanged) for document in self.documents)


def snapshot(report: AuditReport) -> Snapshot:
    """Return as much of a report as comparing needs."""
    return Snapshot(
        report.digest,
        report.profile,
        report.version,
        tuple(_document(found) for found in report.documents),
        {
            name: SeenClaim(claim.claim, claim.verdict, claim.certainty, claim.caveats)
            for name, claim in report.named_claims.items()
        },
    )


def compare(before: Snapshot, report: AuditReport, kb: KnowledgeBase) -> Comparison:
    """Compare an earlier audit with a report against `kb`."""
    names = {alias: claim.id for claim in kb.claims.values() for alias in claim.aliases}
    names |= {alias: caveat.id for caveat in kb.caveats.values() for alias in caveat.aliases}
    pairs = _paired(before.documents, report.documents)
    matched = {was.path for was in pairs.values()}
    return Comparison(
        before,
        snapshot(report),
        tuple(_changed(found, pairs.get(found.document.path), names) for found in report.documents),
        tuple(document.path for document in before.documents if document.path not in matched),
        tuple(_claims(before, report, kb, names)),
    )


def decode(text: str, name: str) -> Snapshot:
    """Read a JSON report, or what `encode` wrote; raise `KbError` that names it and says what is wrong."""
    try:
        content = json.loads(text)
        if content["schema"] != SCHEMA:
            message = f"{name} is no report that can be compared: its schema is {content['schema']!r}, not {SCHEMA!r}"
            raise KbError(message)
        documents = tuple(
            SeenDocument(_text(one["path"]), _text(one["sha256"]), tuple(map(_seen, one["findings"])))
            for one in content["documents"]
        )
        claims = {_text(key): _claim(claim) for key, claim in content["entries"]["claims"].items()}
        base, tool = content["kb"], content["tool"]
        return Snapshot(_text(base["digest"]), _text(content["profile"]), _text(tool["version"]), documents, claims)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = f"{name} is no JSON report of an audit ({type(error).__name__}: {error})"
        raise KbError(message) from error


def encode(seen: Snapshot) -> str:
    """Write a snapshot in the form of the JSON report, with the fields alone that comparing needs."""
    content = {
        "schema": SCHEMA,
        "kb": {"digest": seen.digest},
        "profile": seen.profile,
        "tool": {"version": seen.version},
        "documents": [
            {
                "path": document.path,
                "sha256": document.sha256,
                "findings": [
                    {
                        "rule": one.rule,
                        "claim": one.claim or None,
                        "caveat": one.caveat or None,
                        "text": one.words,
                        "level": one.level.value,
                        "line": one.line,
                        "suppressed": one.accepted,
                    }
                    for one in document.findings
                ],
            }
            for document in seen.documents
        ],
        "entries": {
            "claims": {
                name: {
                    "claim": claim.claim,
                    "verdict": claim.verdict,
                    "certainty": claim.certainty,
                    "caveats": list(claim.caveats),
                }
                for name, claim in (seen.claims or {}).items()
            }
        },
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        message = f"{value!r:.40} is no text"
        raise TypeError(message)
    return value


def _seen(finding: Mapping[str, Any]) -> Seen:
    return Seen(
        _text(finding["rule"]),
        _text(finding["claim"] or ""),
        _text(finding["caveat"] or ""),
        _folded(_text(finding["text"] or "")),
        Level(finding["level"]),
        int(finding["line"]),
        bool(finding["suppressed"]),
    )


def _claim(claim: Mapping[str, Any]) -> SeenClaim:
    certainty = claim["certainty"]
    return SeenClaim(
        _text(claim["claim"]),
        _text(claim["verdict"]),
        None if certainty is None else _text(certainty),
        tuple(map(_text, claim["caveats"])),
    )


def _document(found: DocumentReport) -> SeenDocument:
    return SeenDocument(found.document.path, found.document.sha256, tuple(map(_seen_in, found.findings)))


def _seen_in(finding: Finding) -> Seen:
    return Seen(
        finding.rule,
        finding.claim or "",
        finding.caveat or "",
        _folded(finding.region.text if finding.region else ""),
        finding.level,
        finding.location.line,
        bool(finding.suppressed),
    )


def _folded(text: str) -> str:
    """Return words with their blanks folded; long ones as a beginning and a digest, which is left alone after that."""
    words = " ".join(text.split())
    if len(words) <= _LONGEST:
        return words
    return f"{words[:_KEPT]}…{hashlib.sha256(words.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _paired(before: Sequence[SeenDocument], after: Sequence[DocumentReport]) -> dict[str, SeenDocument]:
    """Return path of today → the earlier document: by path, by content, by name; at last the only one left."""
    pairs: dict[str, SeenDocument] = {}
    rest = list(before)
    ways = (
        lambda old, new: old.path == new.document.path,
        lambda old, new: old.sha256 == new.document.sha256,
        lambda old, new: old.path.rpartition("/")[2] == new.document.path.rpartition("/")[2],
        lambda old, new: len(before) == len(after) == 1,  # noqa: ARG005  (the ways take the same two)
    )
    for same in ways:
        for found in after:
            if found.document.path not in pairs:
                match = next((old for old in rest if same(old, found)), None)
                if match:
                    pairs[found.document.path] = match
                    rest.remove(match)
    return pairs


def _keyed(findings: Iterable[Seen], names: Mapping[str, str]) -> Iterator[tuple[Key, Seen]]:
    """Yield findings with what they are known by; entries that were renamed have their name of today."""
    count: Counter[tuple[str, str, str, str]] = Counter()
    for one in findings:
        about = (one.rule, names.get(one.claim, one.claim), names.get(one.caveat, one.caveat), one.words)
        count[about] += 1
        yield (*about, count[about]), one


def _changed(found: DocumentReport, was: SeenDocument | None, names: Mapping[str, str]) -> DocumentChange:
    path = found.document.path
    if was is None:
        return DocumentChange(path, None, new=found.findings)
    old = dict(_keyed(was.findings, names))
    now = [key for key, _ in _keyed(map(_seen_in, found.findings), names)]
    pairs = list(zip(now, found.findings, strict=True))
    known = [(old[key], finding) for key, finding in pairs if key in old]
    return DocumentChange(
        path,
        was.path,
        was.sha256 != found.document.sha256,
        tuple(finding for key, finding in pairs if key not in old),
        tuple(one for key, one in old.items() if key not in set(now)),
        tuple(finding for _, finding in known),
        tuple(Regraded(finding, one.level) for one, finding in known if one.level is not finding.level),
    )


def _claims(
    before: Snapshot, report: AuditReport, kb: KnowledgeBase, names: Mapping[str, str]
) -> Iterator[ClaimChange]:
    """Yield what the knowledge base says otherwise of the claims that the earlier report named."""
    if before.digest == report.digest:
        return
    told = {one.claim for document in before.documents for one in document.findings if one.rule == WITHDRAWN}
    spoken = {mention.claim for found in report.documents for mention in found.mentions}
    for old, was in (before.claims or {}).items():
        name = names.get(old, old)
        claim, still = kb.claims.get(name), name in spoken
        if claim is None:
            yield ClaimChange(name, was.claim, "removed", still=still)
            continue
        if claim.status is Status.WITHDRAWN:
            if old not in told:
                yield ClaimChange(name, claim.claim, "withdrawn", after=(claim.rationale,), still=still)
            continue
        if was.verdict != claim.verdict.value:
            yield ClaimChange(name, claim.claim, "verdict", (was.verdict,), (claim.verdict.value,), still)
        graded = claim.certainty.level.value if claim.certainty else None
        if was.certainty != graded:
            yield ClaimChange(
                name,
                claim.claim,
                "certainty",
                tuple(filter(None, [was.certainty])),
                tuple(filter(None, [graded])),
                still,
            )
        owed = [item.caveat for item in claim.caveats]
        owed_before = [names.get(caveat, caveat) for caveat in was.caveats]
        if added := tuple(caveat for caveat in owed if caveat not in owed_before):
            yield ClaimChange(name, claim.claim, "caveats-added", after=added, still=still)
        if lifted := tuple(caveat for caveat in owed_before if caveat not in owed):
            yield ClaimChange(name, claim.claim, "caveats-removed", before=lifted, still=still)
