"""Entries and outlines as plain text, for reading in a terminal. Pure: each function returns a string."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from kb.cli.common import counted
from kb.model import Status
from kb.sources import MarkKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kb.model import Caveat, Claim, Evidence, KnowledgeBase, Occurrence, Reference, Relation, Review, Source
    from kb.sources import Outline, Place, Section

_WIDTH = 100
_UNREVIEWED = frozenset({Status.DRAFT, Status.IN_REVIEW})


def claim_page(kb: KnowledgeBase, claim: Claim) -> str:
    """Return a claim whole: verdict and certainty, then what must be said with it, then why and where."""
    return _page(
        _title("claim", claim.id, claim.status),
        _wrapped(claim.claim),
        _fields(
            ("verdict", claim.verdict.value),
            ("certainty", _certainty(claim)),
            ("why", claim.rationale),
            ("scope", "; ".join(f"{name} {value}" for name, value in (claim.scope or ()) if value)),
            ("type", claim.type.value),
            ("themes", ", ".join(claim.themes)),
        ),
        _block("Must be said with it", _owed(kb, claim)),
        _block("Evidence", _evidence(kb, claim.evidence)),
        _block("Where it is said", _occurrences(claim.occurrences)),
        _block("Related claims", (line for relation in claim.related for line in _relation(kb, relation))),
        _review(claim.review),
    )


def caveat_page(kb: KnowledgeBase, caveat: Caveat) -> str:
    """Return a caveat whole, with the claims that owe it."""
    owing = kb.claims_by_caveat.get(caveat.id, ())
    return _page(
        _title("caveat", caveat.id, caveat.status),
        _wrapped(caveat.caveat),
        _fields(
            ("in short", caveat.short),
            ("to paste", caveat.suggested_disclosure),
            ("key", caveat.key.value if caveat.key else ""),
            ("themes", ", ".join(caveat.themes)),
            ("rests on", "what an article itself concedes" if caveat.restates_article else ""),
        ),
        _block("Evidence", _evidence(kb, caveat.evidence)),
        _block("Where it is said", _occurrences(caveat.occurrences)),
        _block(
            f"Owed by {counted(len(owing), 'claim')}",
            (_wrapped(f"{claim.id}: {claim.claim}", "  ", "    ") for claim in owing),
        ),
        _review(caveat.review),
    )


def source_page(kb: KnowledgeBase, source: Source) -> str:
    """Return what is known of a source, and how much of the knowledge base comes from it."""
    claims = [claim for claim in kb.claims.values() if any(place.source == source.id for place in claim.occurrences)]
    caveats = [entry for entry in kb.caveats.values() if any(place.source == source.id for place in entry.occurrences)]
    return _page(
        f"source {source.id}\n",
        _wrapped(source.title),
        _fields(
            ("publisher", source.publisher or ""),
            ("locality", source.locality or ""),
            ("date", str(source.date or "")),
            ("address", source.address or ""),
            ("note", source.note or ""),
            ("text", f"{source.text.chars:,} characters, SHA-256 {source.text.sha256}"),
            ("holds", _counts(claim=len(claims), caveat=len(caveats), disposition=len(source.dispositions))),
        ),
        f"`kb sources show {source.id}` lists them in the order of the text.\n",
    )


def outline_page(outline: Outline) -> str:
    """Return a source from top to bottom: headings, and under each what stands there and how strongly."""
    source = outline.source
    head = _wrapped(f"{source.title} ({source.id})")
    if not outline.attached:
        head += "No copy of the text is attached here, so only the places are shown.\n"
    lost = [f"  {orphan.message}\n" for orphan in outline.orphans]
    return _page(head, _block("Orphans", lost), *(_section(section) for section in outline.sections))


def _page(*blocks: str) -> str:
    return "\n".join(block for block in blocks if block)


def _title(kind: str, entry_id: str, status: Status) -> str:
    approval = ": not yet reviewed by a clinician" if status in _UNREVIEWED else ""
    return f"{kind} {entry_id} ({status}{approval})\n"


def _wrapped(text: str, indent: str = "", hanging: str | None = None) -> str:
    """Wrap to the page, a line of the text at a time."""
    hanging = indent if hanging is None else hanging
    lines = textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False
    )
    return "".join(f"{line}\n" for line in lines)


def _fields(*fields: tuple[str, str]) -> str:
    width = max(len(name) for name, _ in fields) + 2
    return "".join(_wrapped(value, name.ljust(width), " " * width) for name, value in fields if value)


def _block(title: str, lines: Iterable[str]) -> str:
    body = "".join(lines)
    return f"{title}\n{body}" if body else ""


def _counts(**counts: int) -> str:
    return ", ".join(counted(count, name) for name, count in counts.items())


def _certainty(claim: Claim) -> str:
    if claim.certainty is None:
        return "not graded"
    reasons = ", ".join(claim.certainty.reasons)
    return f"{claim.certainty.level}{f' ({reasons})' if reasons else ''}"


def _owed(kb: KnowledgeBase, claim: Claim) -> Iterator[str]:
    for owed in claim.caveats:
        caveat = kb.caveats.get(owed.caveat)
        yield _wrapped(f"{owed.caveat} (in the same {owed.near})", "  ")
        if caveat:
            yield _wrapped(caveat.suggested_disclosure, "      ")
    if claim.no_caveat:
        yield _wrapped(f"nothing: {claim.no_caveat.reason}", "  ")


def _evidence(kb: KnowledgeBase, evidence: Sequence[Evidence]) -> Iterator[str]:
    for line in evidence:
        reference = kb.references.get(line.reference)
        cited = _citation(reference) if reference else "not in references.yaml"
        yield _wrapped(f"{line.direction}, {line.directness}, {line.design}: {cited} [{line.reference}]", "  ", "    ")
        yield _wrapped(line.finding, "      ")


def _citation(reference: Reference) -> str:
    names = [name.literal or name.family or "" for name in reference.author]
    others = " et al." if reference.et_al or len(names) > 1 else ""
    return " ".join(
        part
        for part in (f"{names[0]}{others}" if names else "", f"{reference.issued or 'n.d.'}.", reference.title)
        if part
    )


def _occurrences(occurrences: Iterable[Occurrence]) -> Iterator[str]:
    for place in sorted(occurrences, key=lambda one: (one.source, one.selector.start)):
        span = f"{place.selector.start} to {place.selector.end}"
        yield _wrapped(f"{place.source}, characters {span}, {place.section} ({place.strength})", "  ", "    ")


def _relation(kb: KnowledgeBase, relation: Relation) -> Iterator[str]:
    other = kb.claims.get(relation.claim)
    yield _wrapped(f"{relation.type}: {relation.claim}{f': {other.claim}' if other else ''}", "  ", "    ")
    if relation.note:
        yield _wrapped(relation.note, "      ")


def _review(review: Review) -> str:
    approved = f"approved by {review.approved_by} on {review.approved_on}" if review.approved_by else "not yet approved"
    due = f"; review due {review.due}" if review.due else ""
    return _wrapped(f"Written by {review.author}, {approved}{due}.")


def _section(section: Section) -> str:
    if section.heading is None:
        title = "(before the first heading)"
    else:
        title = f"{section.heading.label} ({section.heading.start} to {section.heading.end})"
    return _block(f"# {title}", (line for place in section.places for line in _place(place)))


def _place(place: Place) -> Iterator[str]:
    mark = place.mark
    span = f"{mark.start} to {mark.end}"
    if mark.kind is MarkKind.DISPOSITION:
        yield _wrapped(f"{span}  {mark.label}", "  ", "    ")
    else:
        yield _wrapped(f"{span}  {mark.kind} {mark.entry_id} ({mark.strength}): {mark.label}", "  ", "    ")
    if place.words is not None:
        yield _wrapped(f"“{' '.join(place.words.split())}”", "      ")
