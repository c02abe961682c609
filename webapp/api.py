"""The JSON API under `/api/v1`: a twin of every page, as `webapp.operations` lists it and `webapp.shapes` shapes it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, jsonify, request, url_for

import kb
from kb import words
from kb.audit.compare import compare
from kb.citations import cite
from kb.errors import EntryNotFound
from kb.formats.audit import json as audit_json
from kb.library import search_answer
from kb.model import Status
from kb.search.base import FILTERS, MAX_PER_PAGE
from webapp import audit_asking, cors, openapi, presenters, rate
from webapp.bodies import json_body
from webapp.cards import card, lines, related
from webapp.caveats import nearness
from webapp.disclosures import disclosures
from webapp.errors import API_PREFIX
from webapp.operations import LIST_PER_PAGE, MAX_COMPLETIONS, MAX_PASTED, operation
from webapp.params import (
    MAX_PAGE,
    BadParameters,
    FieldError,
    clean,
    only,
    search_query,
    whole_number,
)
from webapp.places import places
from webapp.reading import crossings, library
from webapp.shapes import PastedText

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from typing import TypeVar

    from flask import Response
    from flask.typing import ResponseReturnValue

    from kb.search.base import Query

    Entry = TypeVar("Entry")

blueprint = Blueprint("api", __name__, url_prefix=API_PREFIX)
blueprint.after_app_request(cors.allow_reading)

MAX_BODY = 13 * MAX_PASTED
"""Bytes of a request's body that are read: enough for the longest text, were it all emoji written as JSON escapes."""


@blueprint.get("/search")
def search() -> ResponseReturnValue:
    """Answer a search."""
    query = _search_query()
    answer = search_answer(library(), query)
    return _ok(**answer, links=_links(query.page, answer["pages"]), exports=_exports())


@blueprint.get("/complete")
def complete() -> ResponseReturnValue:
    """Complete what is being typed."""
    errors = _slips()
    limit = whole_number(request.args, "limit", default=8, most=MAX_COMPLETIONS, errors=errors)
    _refuse(errors)
    text = clean(request.args.get("q", ""))
    return _ok(query=text, completions=[presenters.completion(found) for found in library().complete(text, limit)])


@blueprint.get("/match")
def match() -> ResponseReturnValue:
    """Return the claims that a text in the address makes."""
    errors = _slips()
    text = request.args.get("text", "")
    errors += _unfit(text)
    _refuse(errors)
    return _matches(text)


@blueprint.post("/match")
def match_posted() -> ResponseReturnValue:
    """Return the claims that a text in the body makes."""
    _refuse(_slips())
    return _matches(json_body(PastedText, MAX_BODY).text)


@blueprint.post("/audit")
def audit() -> ResponseReturnValue:
    """Audit copy that is handed in."""
    rate.spend()
    _refuse(_slips())
    base = crossings().kb
    asked = audit_asking.read(base.about.profile)
    report = audit_asking.audited(base, asked)
    if asked.format == "json":
        return _ok(**audit_json.content(report, compare(asked.earlier, report, base) if asked.earlier else None))
    return audit_asking.file(report, asked.format)


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
    _refuse(_slips())
    known = crossings()
    found = known.kb.claim(claim_id)
    if found.id != claim_id:
        return _moved(url_for("api.claim", claim_id=found.id))
    entry = presenters.claim_entry(
        card(known.kb, found),
        lines(known.kb, found.evidence),
        places(library(), known.kb, found.occurrences),
        related(known.kb, known.relations(found)),
        quote=not cors.from_elsewhere(),
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
    _refuse(_slips())
    base = crossings().kb
    found = base.caveat(caveat_id)
    if found.id != caveat_id:
        return _moved(url_for("api.caveat", caveat_id=found.id))
    entry = presenters.caveat_entry(
        found,
        lines(base, found.evidence),
        places(library(), base, found.occurrences),
        [(claim, nearness(claim, found.id)) for claim in base.claims_by_caveat.get(found.id, ())],
        quote=not cors.from_elsewhere(),
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
    _refuse(_slips())
    known = crossings()
    found = known.kb.source(source_id)
    outline = library().outline(found.id)
    entry = presenters.source_entry(found, outline, disclosures(known, found.id), quote=not cors.from_elsewhere())
    return _ok(source=entry)


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
    _refuse(_slips())
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
    _refuse(_slips())
    return _ok(groups=presenters.theme_groups(crossings()))


@blueprint.get("/status")
def status() -> ResponseReturnValue:
    """Say what is served, how far its review is, and whether the index fits the files."""
    _refuse(_slips())
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


@blueprint.get("/openapi.json")
def openapi_document() -> ResponseReturnValue:
    """Describe the API itself; this is the one answer that is not in the envelope."""
    _refuse(_slips())
    return jsonify(openapi.document(crossings().kb))


def _ok(**body: Any) -> Response:
    """Return a success in the envelope that all of them share."""
    return jsonify({"ok": True, **body})


def _moved(address: str) -> ResponseReturnValue:
    """Lead from a former id to the present one."""
    return _ok(moved_to=address), HTTPStatus.MOVED_PERMANENTLY, {"Location": address}


def _page_of(name: str, entries: Sequence[Entry], present: Callable[[Entry], presenters.Json]) -> Response:
    """Return one page of a list, with the number of all."""
    errors = _slips()
    page = whole_number(request.args, "page", default=1, most=MAX_PAGE, errors=errors)
    per_page = whole_number(request.args, "per_page", default=LIST_PER_PAGE, most=MAX_PER_PAGE, errors=errors)
    _refuse(errors)
    shown = entries[(page - 1) * per_page : page * per_page]
    pages = -(-len(entries) // per_page)
    return _ok(
        total=len(entries),
        page=page,
        pages=pages,
        per_page=per_page,
        links=_links(page, pages),
        **{name: [present(entry) for entry in shown]},
    )


def _links(page: int, pages: int) -> presenters.Json:
    """Return the addresses of the pages beside this one; from beyond the last, the last is the one before."""
    return {
        "next": _at(page + 1) if page < pages else None,
        "prev": _at(min(page - 1, pages)) if page > 1 and pages else None,
    }


def _exports() -> presenters.Json:
    """Return the addresses of the whole result set in other formats: this search without its paging."""
    arguments = {name: values for name, values in request.args.lists() if name not in {"page", "per_page"}}
    return {name: url_for(f"exports.search_{name}", **arguments) for name in ("csv", "json", "jsonl")}  # type: ignore[arg-type]


def _at(page: int) -> str:
    """Return the address of this request with another page."""
    arguments = request.args.to_dict(flat=False) | {"page": [str(page)]}
    return url_for(str(request.endpoint), **arguments)  # type: ignore[arg-type]  # lists are several values


def _search_query() -> Query:
    """Read the search; raise `BadParameters` with everything that is wrong, unknown names first."""
    errors = _slips()
    try:
        query = search_query(request.args, crossings().kb, facets=FILTERS)
    except BadParameters as wrong:
        raise BadParameters([*errors, *wrong.errors]) from None
    _refuse(errors)
    return query


def _slips() -> list[FieldError]:
    """Return an error for each parameter that this route has not or that is left empty: no slip is passed over."""
    asked = operation(str(request.endpoint).removeprefix("api."))
    empty = [name for name in asked.never_empty if "" in request.args.getlist(name)]
    return only(request.args, asked.query_names) + [
        FieldError(name, "must not be empty; it may be left out") for name in empty
    ]


def _refuse(errors: Collection[FieldError]) -> None:
    if errors:
        raise BadParameters(errors)


def _unfit(text: str) -> list[FieldError]:
    """Return what keeps a text from being matched."""
    if len(text) > MAX_PASTED:
        return [FieldError("text", f"must have at most {MAX_PASTED:,} characters, not {len(text):,}")]
    return [] if text else [FieldError("text", "must not be left out")]


def _matches(text: str) -> Response:
    claims = crossings().kb.claims
    found = [match for match in library().match(text) if match.id in claims]
    return _ok(total=len(found), matches=[presenters.match(claims[match.id], match) for match in found])
