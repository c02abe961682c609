"""The pages of references: the citation, what the work found, what weakens it, and who cites it."""

from __future__ import annotations

from flask import Blueprint, render_template

from kb.citations import cite
from kb.errors import EntryNotFound
from webapp.cards import card
from webapp.reading import crossings

blueprint = Blueprint("references", __name__)


@blueprint.get("/references")
def reference_list() -> str:
    """Show all references by first author and year."""
    known = crossings()
    citations = [(cite(key, reference), reference) for key, reference in known.kb.references.items()]
    return render_template(
        "references.html",
        citations=sorted(citations, key=lambda pair: (pair[0].short.casefold(), pair[0].key)),
        cited={
            key: len(known.claims_by_reference.get(key, ())) + len(known.caveats_by_reference.get(key, ()))
            for key in known.kb.references
        },
    )


@blueprint.get("/references/<key>")
def reference(key: str) -> str:
    """Show a reference."""
    known = crossings()
    found = known.kb.references.get(key)
    if found is None:
        raise EntryNotFound("reference", key)
    return render_template(
        "reference.html",
        reference=found,
        citation=cite(key, found),
        claims=[
            (card(known.kb, claim), [line for line in claim.evidence if line.reference == key])
            for claim in known.claims_by_reference.get(key, ())
        ],
        caveats=known.caveats_by_reference.get(key, ()),
    )
