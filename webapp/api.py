"""The JSON API under `/api/v1`: a twin of every page. `docs/api.md` describes it; a test walks both."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, jsonify, request, url_for

import kb
from kb.errors import EntryNotFound
from kb.library import search_answer
from kb.model import Status
from kb.search.base import FILTERS, MAX_PER_PAGE
from webapp import presenters, words
from webapp.cards import card, lines, related
from webapp.caveats import nearness
from webapp.citations import cite
from webapp.disclosures import disclosures
from webapp.errors import API_PREFIX
from webapp.params import MAX_PAGE, BadParameters, only, search_query, whole_number
from webapp.places import places
from webapp.reading import crossings, library

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from typing import TypeVar

    from flask import Response
    from flask.typing import ResponseReturnValue

    Entry = TypeVar("Entry")

blueprint = Blueprint("api", __name__, url_prefix=API_PREFIX)

LIST_PER_PAGE = 50
_PAGING = ("page", "per_page")


@blueprint.get("/search")
def search() -> ResponseReturnValue:
    """Answer a search."""
    _refuse_others(("q", "sort", *_PAGING, *FILTERS))
    query = search_query(request.args, crossings().kb, facets=FILTERS)
    return _ok(**search_answer(library(), query))


@blueprint.get("/claims")
def claims() -> ResponseReturnValue:
    """List all claims in id order."""
    known = crossings()
    return _page_of(
        "claims", tuple(known.kb.claims.values()), lambda claim: presenters.claim_summary(card(known.kb, claim))
    )


@blueprint.get("/claims/<claim_id>")
def claim(claim_id: str) -> ResponseReturnValue:
    """Return a claim; a former id leads to the present one."""
    _refuse_others(())
    known = crossings()
    found = known.kb.claim(claim_id)
    if found.id != claim_id:
        return _moved(url_for("api.claim", claim_id=found.id))
    entry = presenters.claim_entry(
        card(known.kb, found),
        lines(known.kb, found.evidence),
        places(library(), known.kb, found.occurrences),
        related(known.kb, known.relations(found)),
    )
    return _ok(claim=entry)


@blueprint.get("/caveats")
def caveats() -> ResponseReturnValue:
    """List all caveats in id order."""
    owing = crossings().kb.claims_by_caveat
    return _page_of(
        "caveats",
        tuple(crossings().kb.caveats.values()),
        lambda caveat: presenters.caveat_summary(caveat, len(owing.get(caveat.id, ()))),
    )


@blueprint.get("/caveats/<caveat_id>")
def caveat(caveat_id: str) -> ResponseReturnValue:
    """Return a caveat; a former id leads to the present one."""
    _refuse_others(())
    base = crossings().kb
    found = base.caveat(caveat_id)
    if found.id != caveat_id:
        return _moved(url_for("api.caveat", caveat_id=found.id))
    entry = presenters.caveat_entry(
        found,
        lines(base, found.evidence),
        places(library(), base, found.occurrences),
        [(claim, nearness(claim, found.id)) for claim in base.claims_by_caveat.get(found.id, ())],
    )
    return _ok(caveat=entry)


@blueprint.get("/sources")
def sources() -> ResponseReturnValue:
    """List all articles in id order."""
    known = crossings()
    return _page_of(
        "sources", tuple(known.kb.sources.values()), lambda source: presenters.source_summary(known, source)
    )


@blueprint.get("/sources/<source_id>")
def source(source_id: str) -> ResponseReturnValue:
    """Return an article with its outline and disclosures."""
    _refuse_others(())
    known = crossings()
    found = known.kb.source(source_id)
    return _ok(source=presenters.source_entry(found, library().outline(found.id), disclosures(known, found.id)))


@blueprint.get("/references")
def references() -> ResponseReturnValue:
    """List all references by key."""
    return _page_of(
        "references",
        tuple(crossings().kb.references.items()),
        lambda pair: presenters.reference_summary(pair[1], cite(*pair)),
    )


@blueprint.get("/references/<key>")
def reference(key: str) -> ResponseReturnValue:
    """Return a reference."""
    _refuse_others(())
    known = crossings()
    found = known.kb.references.get(key)
    if found is None:
        raise EntryNotFound("reference", key)
    entry = presenters.reference_entry(
        found, cite(key, found), known.claims_by_reference.get(key, ()), known.caveats_by_reference.get(key, ())
    )
    return _ok(reference=entry)


@blueprint.get("/themes")
def themes() -> ResponseReturnValue:
    """List the themes in their groups with the ids of their claims."""
    _refuse_others(())
    return _ok(groups=presenters.theme_groups(crossings()))


@blueprint.get("/status")
def status() -> ResponseReturnValue:
    """Say what is served, how far its review is, and whether the index fits the files."""
    _refuse_others(())
    known = crossings()
    base = known.kb
    return _ok(
        name=base.about.name,
        description=base.about.description,
        licence=base.about.licence,
        notice=words.review_notice(known.published),
        tool={"name": "caveat-kb", "version": kb.__version__},
        digest=base.digest,
        counts={
            "claims": len(base.claims),
            "caveats": len(base.caveats),
            "sources": len(base.sources),
            "references": len(base.references),
            "themes": len(base.theme_descriptions),
        },
        by_status={item.value: known.by_status[item] for item in Status},
        problems=len(library().findings),
        index=presenters.index_state(library().index_info()),
    )


def _ok(**body: Any) -> Response:
    """Return a success in the envelope that all of them share."""
    return jsonify({"ok": True, **body})


def _moved(address: str) -> ResponseReturnValue:
    """Lead from a former id to the present one."""
    return _ok(moved_to=address), HTTPStatus.MOVED_PERMANENTLY, {"Location": address}


def _page_of(name: str, entries: Sequence[Entry], present: Callable[[Entry], presenters.Json]) -> Response:
    """Return one page of a list, with the number of all."""
    errors = only(request.args, _PAGING)
    page = whole_number(request.args, "page", default=1, most=MAX_PAGE, errors=errors)
    per_page = whole_number(request.args, "per_page", default=LIST_PER_PAGE, most=MAX_PER_PAGE, errors=errors)
    if errors:
        raise BadParameters(errors)
    shown = entries[(page - 1) * per_page : page * per_page]
    return _ok(
        total=len(entries),
        page=page,
        pages=-(-len(entries) // per_page),
        per_page=per_page,
        **{name: [present(entry) for entry in shown]},
    )


def _refuse_others(allowed: Collection[str]) -> None:
    """Refuse parameters of other names, so that a slip in a program's call is not passed over in silence."""
    errors = only(request.args, allowed)
    if errors:
        raise BadParameters(errors)
