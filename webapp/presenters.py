"""Entries as JSON. Pure: an entry and what surrounds it in, plain data out; the order of the keys is part of it.

A summary has the fields of a search hit. A whole entry has every field of its file, with ids resolved to words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for

from kb import words
from kb.export.claimreview import has_review

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.citations import Citation
    from kb.crossings import Crossings
    from kb.library import IndexState
    from kb.model import Caveat, Claim, Near, Reference, Source
    from kb.search.base import Completion, Match
    from kb.sources import Outline
    from webapp.cards import Card, Line, Related
    from webapp.disclosures import Disclosure
    from webapp.places import Place

Json = dict[str, Any]


def claim_summary(card: Card) -> Json:
    """Return a claim in brief, as lists show it."""
    claim = card.claim
    return {
        "id": claim.id,
        "claim": claim.claim,
        "type": claim.type.value,
        "themes": list(claim.themes),
        "status": claim.status.value,
        "verdict": claim.verdict.value,
        "certainty": claim.certainty.level.value if claim.certainty else None,
        "judgement": card.judgement,
        "caveats": [{"id": item.id, "near": item.near.value, "short": item.short} for item in card.owed],
        "sources": [source.id for source in card.sources],
        "url": url_for("api.claim", claim_id=claim.id),
    }


def claim_entry(
    card: Card, lines: Iterable[Line], places: Iterable[Place], related: Iterable[Related], *, quote: bool
) -> Json:
    """Return everything that is on file about a claim, with its caveats, citations and neighbours resolved.

    Words of articles are in it only with `quote`, here and in the other whole entries.
    """
    claim = card.claim
    own = claim.model_dump(mode="json", by_alias=True)
    return own | {
        "in_words": {
            "verdict": card.verdict.label,
            "certainty": card.certainty.label,
            "judgement": card.judgement,
            "status": card.status.label,
        },
        "evidence": [_line(line) for line in lines],
        "caveats": [
            {
                "caveat": item.id,
                "near": item.near.value,
                "text": item.caveat.caveat if item.caveat else None,
                "suggested_disclosure": item.caveat.suggested_disclosure if item.caveat else None,
                "url": url_for("api.caveat", caveat_id=item.id) if item.caveat else None,
            }
            for item in card.owed
        ],
        "occurrences": [_place(place, quote=quote) for place in places],
        "related": [
            item.relation.model_dump(mode="json")
            | {
                "text": item.claim.claim if item.claim else None,
                "verdict": item.claim.verdict.value if item.claim else None,
                "url": url_for("api.claim", claim_id=item.relation.claim) if item.claim else None,
            }
            for item in related
        ],
        "exports": {
            "claimreview": url_for("exports.claim_jsonld", claim_id=claim.id) if has_review(claim) else None,
            "bibtex": url_for("exports.claim_bib", claim_id=claim.id),
            "csl": url_for("exports.claim_csl", claim_id=claim.id),
        },
        "html_url": url_for("claims.claim", claim_id=claim.id),
    }


def caveat_summary(caveat: Caveat, owing: int) -> Json:
    """Return a caveat in brief; `owing` is the number of claims that owe it."""
    return {
        "id": caveat.id,
        "caveat": caveat.caveat,
        "short": caveat.short,
        "suggested_disclosure": caveat.suggested_disclosure,
        "key": caveat.key.value if caveat.key else None,
        "themes": list(caveat.themes),
        "status": caveat.status.value,
        "claims": owing,
        "url": url_for("api.caveat", caveat_id=caveat.id),
    }


def caveat_entry(
    caveat: Caveat,
    lines: Iterable[Line],
    places: Iterable[Place],
    owing: Iterable[tuple[Claim, Near]],
    *,
    quote: bool,
) -> Json:
    """Return everything that is on file about a caveat, with the claims that owe it."""
    return caveat.model_dump(mode="json", by_alias=True) | {
        "in_words": {
            "key": words.KEYS[caveat.key].label if caveat.key else None,
            "status": words.STATUSES[caveat.status].label,
        },
        "evidence": [_line(line) for line in lines],
        "occurrences": [_place(place, quote=quote) for place in places],
        "claims": [
            {
                "id": claim.id,
                "claim": claim.claim,
                "near": near.value,
                "url": url_for("api.claim", claim_id=claim.id),
            }
            for claim, near in owing
        ],
        "html_url": url_for("caveats.caveat", caveat_id=caveat.id),
    }


def source_summary(known: Crossings, source: Source) -> Json:
    """Return an article in brief."""
    return _origin(source) | {
        "claims": len(known.claims_by_source.get(source.id, ())),
        "caveats": len(known.caveats_by_source.get(source.id, ())),
        "url": url_for("api.source", source_id=source.id),
    }


def source_entry(source: Source, outline: Outline, disclosures: Iterable[Disclosure], *, quote: bool) -> Json:
    """Return an article with its outline, and which of the ten disclosures it makes."""
    return _origin(source) | {
        "note": source.note,
        "text": source.text.model_dump(mode="json"),
        "attached": outline.attached,
        "orphans": [orphan.message for orphan in outline.orphans],
        "disclosures": [
            {
                "key": item.key.value,
                "in_words": item.wording.label,
                "disclosed": item.disclosed,
                "caveats": [caveat.id for caveat in item.caveats],
                "called_for_by": [claim.id for claim in item.calling],
            }
            for item in disclosures
        ],
        "sections": [
            {
                "heading": section.heading.label if section.heading else None,
                "places": [
                    {
                        "kind": place.mark.kind.value,
                        "id": place.mark.entry_id,
                        "label": place.mark.label,
                        "selector": {"start": place.mark.start, "end": place.mark.end},
                        "strength": place.mark.strength.value if place.mark.strength else None,
                        "words": place.words if quote else None,
                    }
                    for place in section.places
                ],
            }
            for section in outline.sections
        ],
        "html_url": url_for("sources.source", source_id=source.id),
    }


def reference_summary(reference: Reference, citation: Citation) -> Json:
    """Return a reference in brief."""
    return {
        "key": citation.key,
        "citation": citation.text,
        "design": reference.design.value,
        "issued": reference.issued,
        "read": reference.read.value,
        "to_confirm": list(reference.to_confirm),
        "url": url_for("api.reference", key=citation.key),
    }


def reference_entry(
    reference: Reference, citation: Citation, claims: Iterable[Claim], caveats: Iterable[Caveat]
) -> Json:
    """Return a reference in CSL's names, its citation, and what cites it."""
    return (
        {"key": citation.key}
        | reference.model_dump(mode="json", by_alias=True)
        | {
            "citation": citation.text,
            "links": [{"label": link.label, "url": link.url, "confirmed": link.confirmed} for link in citation.links],
            "cited_by": {"claims": [claim.id for claim in claims], "caveats": [caveat.id for caveat in caveats]},
            "html_url": url_for("references.reference", key=citation.key),
        }
    )


def theme_groups(known: Crossings) -> list[Json]:
    """Return the themes in their groups, each with the ids of its claims."""
    return [
        {
            "group": group,
            "themes": [
                {
                    "theme": theme,
                    "description": description,
                    "claims": [claim.id for claim in known.claims_by_theme.get(theme, ())],
                }
                for theme, description in themes.items()
            ],
        }
        for group, themes in known.kb.themes.items()
    ]


def completion(found: Completion) -> Json:
    """Return what somebody who is still typing may mean, with where it leads."""
    url = None
    if found.kind == "claim":
        url = url_for("api.claim", claim_id=found.id)
    elif found.kind == "theme":
        url = url_for("api.search", theme=found.id)
    return {"text": found.text, "kind": found.kind, "id": found.id, "url": url}


def match(claim: Claim, found: Match) -> Json:
    """Return a claim that a text makes, with what says so."""
    return {
        "id": claim.id,
        "score": found.score,
        "claim": claim.claim,
        "certain": found.certain,
        "denied": found.denied,
        "reasons": list(found.reasons),
        "url": url_for("api.claim", claim_id=claim.id),
    }


def index_state(state: IndexState) -> Json:
    """Return what the search index was built from, and whether the files have changed since."""
    return {
        "behind": state.behind,
        "engine": state.info.engine if state.info else None,
        "digest": state.info.digest if state.info else None,
        "documents": state.info.documents if state.info else None,
        "built_at": state.info.built_at.isoformat() if state.info else None,
    }


def _origin(source: Source) -> Json:
    """Return what an article is and where it comes from."""
    return {
        "id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "locality": source.locality,
        "date": source.date.isoformat() if source.date else None,
        "address": source.address,
    }


def _line(line: Line) -> Json:
    return line.evidence.model_dump(mode="json") | {
        "citation": line.citation.text if line.citation else None,
        "read": line.reference.read.value if line.reference else None,
        "links": [link.url for link in line.citation.links] if line.citation else [],
        "url": url_for("api.reference", key=line.evidence.reference) if line.reference else None,
    }


def _place(place: Place, *, quote: bool) -> Json:
    words_there = place.words if quote else None
    return place.occurrence.model_dump(mode="json") | {"words": words_there, "orphan": place.orphan}
