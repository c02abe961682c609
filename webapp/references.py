"""The pages of references: the citation, what the work found, what weakens it, and who cites it."""

from __future__ import annotations

from flask import Blueprint, render_template

from kb.citations import cite
from kb.errors import EntryNotFound
from webapp.cards import card
from webapp.reading import crossings
from webapp.windows import BRIEFS, LISTED, window

blueprint = Blueprint("references", __name__)


@blueprint.get("/references")
def reference_list() -> str:
    """Show all references by first author and year."""
    known = crossings()
    citations = sorted(
        ((cite(key, reference), reference) for key, reference in known.kb.references.items()),
        key=lambda pair: (pair[0].short.casefold(), pair[0].key),
    )
    shown = window("page", len(citations), LISTED)
    return render_template(
        "references.html",
        citations=citations[shown.slice],
        window=shown,
        cited={
            citation.key: len(known.claims_by_reference.get(citation.key, ()))
            + len(known.caveats_by_reference.get(citation.key, ()))
            for citation, _ in citations[shown.slice]
        },
    )


@blueprint.get("/references/<key>")
def reference(key: str) -> str:
    """Show a reference."""
    known = crossings()
    found = known.kb.references.get(key)
    if found is None:
        raise EntryNotFound("reference", key)
    claims = known.claims_by_reference.get(key, ())
    caveats = known.caveats_by_reference.get(key, ())
    shown, resting = window("page", len(claims), BRIEFS), window("caveats", len(caveats), BRIEFS)
    return render_template(
        "reference.html",
        reference=found,
        citation=cite(key, found),
        claims=[
            (card(known.kb, claim), [line for line in claim.evidence if line.reference == key])
            for claim in claims[shown.slice]
        ],
        window=shown,
        caveats=caveats[resting.slice],
        resting=resting,
    )
