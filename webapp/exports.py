"""Downloads: the whole result set of a search, a claim for citation managers and fact-check readers, a feed of changes.

`docs/export.md` describes them. What is in them is made by `kb.export`; here are their addresses and headers.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, g, redirect, request, url_for

from kb.errors import EntryNotFound
from kb.export import Addresses, atom, claimreview, csv, entries, found, references
from kb.export.history import history
from webapp.params import search_query
from webapp.reading import crossings, knowledge_base, library

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask.blueprints import BlueprintSetupState
    from flask.typing import ResponseReturnValue

    from kb.export.history import History
    from kb.model import Claim

blueprint = Blueprint("exports", __name__)

_JSON_LINES = "application/jsonl; charset=utf-8"
_CSV = "text/csv; charset=utf-8; header=present"
_JSON_LD = "application/ld+json"
_BIBTEX = "application/x-bibtex; charset=utf-8"
_CSL = "application/vnd.citationstyles.csl+json"
_ATOM = "application/atom+xml; charset=utf-8"

_HISTORY_SECONDS = 60.0
"""For how long a history that was read is shown. Commits change it without a change of any file."""


class _Histories:
    """Remembers the latest history that was read, so that a feed reader costs no run of git each time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: tuple[str, float, History] | None = None

    def latest(self) -> History:
        """Return the history of the files as they are."""
        shelf, base = library(), knowledge_base()
        with self._lock:
            now = time.monotonic()
            if self._known is None or self._known[0] != base.digest or now - self._known[1] > _HISTORY_SECONDS:
                self._known = (base.digest, now, history(shelf.root, base, shelf.files))
            return self._known[2]


@blueprint.record
def _install(state: BlueprintSetupState) -> None:
    state.app.extensions["caveat-histories"] = _Histories()


@blueprint.app_context_processor
def _for_templates() -> dict[str, Any]:
    return {"claim_review": claim_review}


def claim_review(claim: Claim) -> dict[str, Any] | None:
    """Return a claim's ClaimReview, or `None` where it has none."""
    if not claimreview.has_review(claim):
        return None
    return claimreview.claim_review(knowledge_base(), claim, _addresses(), library().changed("claim", claim.id))


@blueprint.get("/search.csv")
def search_csv() -> Response:
    """Download the claims that a search finds, one row each."""
    _, claims = _results()
    return _download(csv.rows(crossings(), claims, _addresses()), _CSV, "claims.csv")


@blueprint.get("/search.json")
def search_json() -> Response:
    """Download the claims that a search finds as one JSON object."""
    text, claims = _results()
    return _download(entries.json_object(crossings(), claims, _addresses(), text), "application/json", "claims.json")


@blueprint.get("/search.jsonl")
def search_jsonl() -> Response:
    """Download the claims that a search finds as JSON lines."""
    _, claims = _results()
    return _download(entries.json_lines(crossings(), claims, _addresses()), _JSON_LINES, "claims.jsonl")


@blueprint.get("/claims/<claim_id>.jsonld")
def claim_jsonld(claim_id: str) -> ResponseReturnValue:
    """Return a claim's ClaimReview."""
    claim = knowledge_base().claim(claim_id)
    if claim.id != claim_id:
        return _moved(claim)
    review = claim_review(claim)
    if review is None:
        raise EntryNotFound("ClaimReview", claim_id)
    return Response(json.dumps(review, ensure_ascii=False, indent=2) + "\n", mimetype=_JSON_LD)


@blueprint.get("/claims/<claim_id>.bib")
def claim_bib(claim_id: str) -> ResponseReturnValue:
    """Download the references of a claim's evidence as BibTeX."""
    claim = knowledge_base().claim(claim_id)
    if claim.id != claim_id:
        return _moved(claim)
    return _download(references.bibtex(references.cited(knowledge_base(), [claim])), _BIBTEX, f"{claim.id}.bib")


@blueprint.get("/claims/<claim_id>.csl.json")
def claim_csl(claim_id: str) -> ResponseReturnValue:
    """Download the references of a claim's evidence as CSL-JSON."""
    claim = knowledge_base().claim(claim_id)
    if claim.id != claim_id:
        return _moved(claim)
    return _download(references.csl_json(references.cited(knowledge_base(), [claim])), _CSL, f"{claim.id}.csl.json")


@blueprint.get("/changes.atom")
def changes() -> Response:
    """Return the feed of changes. Its ETag is of the feed itself: a commit changes it, and no file."""
    histories: _Histories = current_app.extensions["caveat-histories"]
    text = atom.feed(knowledge_base(), histories.latest(), _addresses())
    g.etag = hashlib.sha256(text.encode()).hexdigest()[:24]
    known = request.if_none_match
    if not known.star_tag and known.contains_weak(g.etag):
        return Response(status=304)
    return Response(text, content_type=_ATOM)


def _results() -> tuple[str, tuple[Claim, ...]]:
    """Return what was typed, and every claim that the search of this address finds."""
    base = knowledge_base()
    query = search_query(request.args, base)
    return query.text, found(library().search, base, query)


def _download(pieces: Iterable[str], content_type: str, name: str) -> Response:
    """Send text in pieces, as they are made, to be kept under this name."""
    return Response(
        (piece.encode() for piece in pieces),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _moved(claim: Claim) -> ResponseReturnValue:
    """Lead from a former id to the present one."""
    return redirect(url_for(str(request.endpoint), claim_id=claim.id), 301)


def _addresses() -> Addresses:
    return Addresses(request.url_root.rstrip("/"))
