"""The pages of articles: their outline with claims at their places, and which disclosures they make."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from webapp.disclosures import disclosures
from webapp.reading import crossings, library
from webapp.windows import PLACES, window

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.model import Source
    from kb.sources import Outline, Section
    from webapp.windows import Window

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
    outline = library().outline(found.id)
    shown = window("page", sum(len(section.places) for section in outline.sections), PLACES, holding=_asked(outline))
    return render_template(
        "source.html",
        source=found,
        outline=outline,
        sections=parted(outline.sections, shown),
        window=shown,
        disclosures=disclosures(known, found.id),
        claims=len(known.claims_by_source.get(found.id, ())),
    )


def parted(sections: Iterable[Section], shown: Window) -> Iterator[Section]:
    """Yield what a part of an article's places shows: its sections, each with those of its places that are in it."""
    passed = 0
    for section in sections:
        first, passed = passed, passed + len(section.places)
        places = section.places[max(shown.first - 1 - first, 0) : max(shown.last - first, 0)]
        ends = shown.last if shown.after else shown.total + 1
        if places or (not section.places and shown.first - 1 <= first < ends):
            yield replace(section, places=places)


def _asked(outline: Outline) -> int:
    """Return the number of the place that the address names by where it starts; the first if it names none."""
    asked = request.args.get("at", "")
    starts = [str(place.mark.start) for section in outline.sections for place in section.places]
    return starts.index(asked) + 1 if asked in starts else 1
