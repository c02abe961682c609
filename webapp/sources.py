"""The pages of articles: their outline with claims at their places, and which disclosures they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from webapp.disclosures import disclosures
from webapp.reading import crossings, library

if TYPE_CHECKING:
    from kb.model import Source

blueprint = Blueprint("sources", __name__)


@blueprint.get("/sources")
def source_list() -> str:
    """Show all articles with what they claim and concede."""
    known = crossings()

    def summary(source: Source) -> dict[str, object]:
        keys = disclosures(known, source.id)
        return {
            "source": source,
            "claims": len(known.claims_by_source.get(source.id, ())),
            "caveats": len(known.caveats_by_source.get(source.id, ())),
            "disclosed": sum(item.disclosed for item in keys),
            "keys": len(keys),
        }

    return render_template("sources.html", summaries=[summary(source) for source in known.kb.sources.values()])


@blueprint.get("/sources/<source_id>")
def source(source_id: str) -> str:
    """Show an article from top to bottom."""
    known = crossings()
    found = known.kb.source(source_id)
    return render_template(
        "source.html",
        source=found,
        outline=library().outline(found.id),
        disclosures=disclosures(known, found.id),
        claims=len(known.claims_by_source.get(found.id, ())),
    )
