"""The page of a claim: what it says, how sure the evidence is, and what must be said beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from webapp.cards import card, lines, related, replacement
from webapp.marking import marker
from webapp.params import clean
from webapp.places import places
from webapp.reading import crossings, library

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("claims", __name__)


@blueprint.get("/claims")
def claim_list() -> ResponseReturnValue:
    """Lead to the search page, which without words lists all claims."""
    return redirect(url_for("search.results"))


@blueprint.get("/claims/<claim_id>")
def claim(claim_id: str) -> ResponseReturnValue:
    """Show a claim; a former id leads to the present one."""
    known = crossings()
    found = known.kb.claim(claim_id)
    if found.id != claim_id:
        return redirect(url_for("claims.claim", claim_id=found.id, was=claim_id), 301)
    asked, was = clean(request.args.get("q", "")), request.args.get("was")
    return render_template(
        "claim.html",
        claim=found,
        replacement=replacement(known.kb, found),
        card=card(known.kb, found),
        lines=lines(known.kb, found.evidence),
        places=places(library(), known.kb, found.occurrences),
        related=related(known.kb, known.relations(found)),
        asked=asked,
        mark=marker(asked),
        was=was if was in found.aliases else None,
    )
