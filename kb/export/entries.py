"""A whole claim as plain data: the shape of `/api/v1/claims/{id}`, without what depends on this machine.

Occurrences have no `words` and no `orphan`: both come from a private copy of an article, and an export is made to be
passed on.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kb import words
from kb.citations import cite

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.crossings import Crossings
    from kb.export.addresses import Addresses
    from kb.model import Claim, Evidence, KnowledgeBase, Occurrence, Relation

SCHEMA = "kb-export/1"

_LINE_BREAKS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "\u0085\u2028\u2029"}
"""Line breaks of Unicode that JSON lets stand as they are; some readers of JSON lines would cut a line there."""

Json = dict[str, Any]


def claim_entry(crossings: Crossings, claim: Claim, addresses: Addresses) -> Json:
    """Return everything that is on file about a claim, with its caveats, citations and neighbours resolved."""
    kb = crossings.kb
    return claim.model_dump(mode="json", by_alias=True) | {
        "evidence": [_line(kb, line, addresses) for line in claim.evidence],
        "caveats": _owed(kb, claim, addresses),
        "occurrences": [place.model_dump(mode="json") for place in _in_reading_order(claim)],
        "related": [_related(kb, relation, addresses) for relation in crossings.relations(claim)],
        "in_words": {
            "verdict": words.VERDICTS[claim.verdict].label,
            "certainty": words.certainty_wording(claim).label,
            "judgement": words.judgement(claim),
            "status": words.STATUSES[claim.status].label,
        },
        "html_url": addresses.claim(claim.id),
    }


def json_lines(crossings: Crossings, claims: Sequence[Claim], addresses: Addresses) -> Iterator[str]:
    """Yield one line of JSON for each claim."""
    for claim in claims:
        yield _dump(claim_entry(crossings, claim, addresses)) + "\n"


def json_object(crossings: Crossings, claims: Sequence[Claim], addresses: Addresses, query: str = "") -> Iterator[str]:
    """Yield one JSON object in pieces: what was exported, and the claims, each on a line of its own."""
    kb = crossings.kb
    head = {
        "schema": SCHEMA,
        "name": kb.about.name,
        "licence": kb.about.licence,
        "notice": words.review_notice(crossings.published),
        "digest": kb.digest,
        "query": query,
        "total": len(claims),
    }
    yield json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}") + ',\n  "claims": ['
    for number, claim in enumerate(claims):
        yield (",\n    " if number else "\n    ") + _dump(claim_entry(crossings, claim, addresses))
    yield "\n  ]\n}\n" if claims else "]\n}\n"


def _dump(entry: Json) -> str:
    return json.dumps(entry, ensure_ascii=False).translate(_LINE_BREAKS)


def _line(kb: KnowledgeBase, line: Evidence, addresses: Addresses) -> Json:
    reference = kb.references.get(line.reference)
    citation = cite(line.reference, reference) if reference else None
    return line.model_dump(mode="json") | {
        "citation": citation.text if citation else None,
        "read": reference.read.value if reference else None,
        "links": [link.url for link in citation.links] if citation else [],
        "url": addresses.json("references", line.reference) if reference else None,
    }


def _owed(kb: KnowledgeBase, claim: Claim, addresses: Addresses) -> list[Json]:
    """Return the caveats that a claim owes, those that must stand nearest first."""
    nearest = list(words.NEAR)
    found = []
    for owed in sorted(claim.caveats, key=lambda owed: nearest.index(owed.near)):
        caveat = kb.caveats.get(owed.caveat)
        found.append(
            {
                "caveat": owed.caveat,
                "near": owed.near.value,
                "text": caveat.caveat if caveat else None,
                "suggested_disclosure": caveat.suggested_disclosure if caveat else None,
                "url": addresses.json("caveats", owed.caveat) if caveat else None,
            }
        )
    return found


def _in_reading_order(claim: Claim) -> list[Occurrence]:
    return sorted(claim.occurrences, key=lambda place: (place.source, place.selector.start))


def _related(kb: KnowledgeBase, relation: Relation, addresses: Addresses) -> Json:
    other = kb.claims.get(relation.claim)
    return relation.model_dump(mode="json") | {
        "text": other.claim if other else None,
        "verdict": other.verdict.value if other else None,
        "url": addresses.json("claims", relation.claim) if other else None,
    }
