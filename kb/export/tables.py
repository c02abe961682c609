"""The rows of every table of the SQLite file, in an order in which no row names a later one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb import words
from kb.citations import cite
from kb.model import Claim

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kb.crossings import Crossings
    from kb.export.addresses import Addresses
    from kb.model import Caveat, Evidence, KnowledgeBase, Occurrence, Scope

Row = tuple[Any, ...]


def tables(crossings: Crossings, claims: Sequence[Claim], addresses: Addresses) -> Mapping[str, Sequence[Row]]:
    """Return table → rows. Relations to claims that are not exported are left out."""
    kb = crossings.kb
    caveats = tuple(kb.caveats.values())
    entries: tuple[Claim | Caveat, ...] = (*claims, *caveats)
    exported = {claim.id for claim in claims}
    return {
        "about": [_about(crossings)],
        "themes": [(theme, group, text) for group, themes in kb.themes.items() for theme, text in themes.items()],
        "claims": [_claim(claim, addresses) for claim in claims],
        "caveats": [_caveat(caveat, addresses) for caveat in caveats],
        "sources": _sources(kb),
        "references": _references(kb),
        "claim_themes": _unique((claim.id, theme) for claim in claims for theme in claim.themes),
        "caveat_themes": _unique((caveat.id, theme) for caveat in caveats for theme in caveat.themes),
        "claim_caveats": _unique((claim.id, owed.caveat, owed.near) for claim in claims for owed in claim.caveats),
        "evidence": _numbered((*_owner(entry), *_line(line)) for entry in entries for line in entry.evidence),
        "occurrences": _numbered((*_owner(entry), *_place(place)) for entry in entries for place in entry.occurrences),
        "relations": _unique(
            (claim.id, relation.claim, relation.type, relation.note)
            for claim in claims
            for relation in crossings.relations(claim)
            if relation.claim in exported
        ),
    }


def _about(crossings: Crossings) -> Row:
    about = crossings.kb.about
    return about.name, about.description, about.licence, words.review_notice(crossings.published), crossings.kb.digest


def _claim(claim: Claim, addresses: Addresses) -> Row:
    return (
        claim.id,
        claim.claim,
        claim.type,
        claim.status,
        claim.verdict,
        claim.certainty.level if claim.certainty else None,
        "; ".join(claim.certainty.reasons) if claim.certainty else "",
        words.judgement(claim),
        claim.rationale,
        *_scope(claim.scope),
        claim.no_caveat.reason if claim.no_caveat else None,
        *_review(claim),
        addresses.claim(claim.id),
        " | ".join(claim.asked),
    )


def _caveat(caveat: Caveat, addresses: Addresses) -> Row:
    return (
        caveat.id,
        caveat.caveat,
        caveat.short,
        caveat.suggested_disclosure,
        caveat.key,
        caveat.status,
        caveat.restates_article,
        *_review(caveat),
        addresses.caveat(caveat.id),
    )


def _scope(scope: Scope | None) -> Row:
    return (scope.drug, scope.route, scope.population, scope.horizon) if scope else (None,) * 4


def _review(entry: Claim | Caveat) -> Row:
    review = entry.review
    days = (day.isoformat() if day else None for day in (review.approved_on, review.due))
    return words.STATUSES[entry.status].label, review.author, review.approved_by, *days


def _sources(kb: KnowledgeBase) -> list[Row]:
    return [
        (
            source.id,
            source.title,
            source.publisher,
            source.locality,
            source.date.isoformat() if source.date else None,
            source.address,
            source.note,
            source.text.sha256,
            source.text.chars,
        )
        for source in kb.sources.values()
    ]


def _references(kb: KnowledgeBase) -> list[Row]:
    return [
        (
            key,
            cite(key, work).text,
            work.type,
            work.design,
            work.title,
            work.issued,
            work.container_title,
            work.doi,
            work.pmid,
            work.url,
            work.finding,
            work.limits,
            work.note,
            work.read,
            "; ".join(work.to_confirm),
        )
        for key, work in kb.references.items()
    ]


def _owner(entry: Claim | Caveat) -> Row:
    """Return the columns `claim` and `caveat`, one of which is empty."""
    return (entry.id, None) if isinstance(entry, Claim) else (None, entry.id)


def _line(line: Evidence) -> Row:
    return line.reference, line.direction, line.directness, line.design, line.finding


def _place(place: Occurrence) -> Row:
    selector = place.selector
    return place.source, selector.start, selector.end, place.digest, place.section, place.strength


def _numbered(rows: Iterable[Row]) -> list[Row]:
    return [(number, *row) for number, row in enumerate(rows, 1)]


def _unique(rows: Iterable[Row]) -> list[Row]:
    """Return each row once: two that agree but for what comes after the ids are one to the file."""
    return list({row[:2]: row for row in rows}.values())
