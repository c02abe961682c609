"""`/healthz`: the process answers. `/readyz`: what it answers is right, else 503 with the reasons.

A supervisor restarts what is not alive; a load balancer passes by what is not ready. Neither says more than a stranger
may know: no paths, no names.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, jsonify

from kb.errors import IndexUnavailable
from kb.search.base import Query
from webapp.reading import library
from webapp.running.warming import warming

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.typing import ResponseReturnValue

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    """Say that requests are answered; nothing is looked at."""
    return Response("alive\n", mimetype="text/plain")


@blueprint.get("/readyz")
def ready() -> ResponseReturnValue:
    """Say whether searches are answered from the files as they are."""
    reasons = list(_reasons())
    status = HTTPStatus.SERVICE_UNAVAILABLE if reasons else HTTPStatus.OK
    return jsonify({"ready": not reasons, "reasons": reasons}), status


def _reasons() -> Iterator[str]:
    shelf = library()
    if warming(current_app):
        yield "what the first searches would wait for is being made ready"
    if not (shelf.root / "kb.yaml").is_file():
        yield "the files of the knowledge base are gone; what was read before is shown"
    index = shelf.index_info()
    if index.info is None:
        yield "there is no search index"  # asking would build one, while whoever asks waits
        return
    if index.behind:
        yield "the search index is behind the files"
    try:
        shelf.search(Query(per_page=1))
        shelf.reach()  # what was found before may be remembered
    except IndexUnavailable:
        current_app.logger.exception("the search engine does not answer")
        yield "the search engine does not answer"
