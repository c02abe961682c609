"""A page that explains the JSON API and tries it out: forms whose answers are shown in the page, without any script.

Only routes of this very API that read are asked, and in this very program: nothing is fetched from anywhere.
"""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from flask import Blueprint, current_app, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from webapp import api
from webapp.errors import API_PREFIX
from webapp.openapi import STATUSES
from webapp.operations import OPERATIONS
from webapp.params import BadParameters, FieldError, shown
from webapp.reading import knowledge_base

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Response
    from werkzeug.datastructures import MultiDict

    from kb.model import KnowledgeBase
    from webapp.operations import Operation, Parameter

blueprint = Blueprint("tryout", __name__)

MOST_SHOWN = 20_000
"""Characters of an answer that the page shows; the whole of it is one click away."""

_HEADERS = ("Content-Type", "ETag", "Cache-Control", "Location", "Access-Control-Allow-Origin")


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter in a form, with what is filled in."""

    parameter: Parameter
    values: tuple[str, ...]
    """What it may be; empty where it is typed freely."""
    filled: str


@dataclass(frozen=True, slots=True)
class Form:
    """One route with its fields."""

    operation: Operation
    path: str
    fields: tuple[Field, ...]
    tried: bool
    """Whether the answer on the page is from this form."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A request that was made, and its answer."""

    address: str
    command: str
    status: str
    headers: tuple[tuple[str, str], ...]
    body: str
    cut: bool
    """Whether only the beginning of the body is shown."""


@blueprint.get("/api")
def explain() -> str:
    """Explain the API, with a form for each route that reads."""
    return _page(None)


@blueprint.get("/api/try")
def try_out() -> str:
    """Ask a route and show its answer; `path` is a whole address, or one with names in braces for the other fields."""
    return _page(_tried(_address(request.args)) if request.args else None)


def _page(tried: Tried | None) -> str:
    forms = _forms(knowledge_base(), request.args if tried else None)
    return render_template(
        "api.html", forms=forms, tried=tried, statuses=STATUSES, prefix=API_PREFIX, root=request.url_root.rstrip("/")
    )


def _forms(kb: KnowledgeBase, args: MultiDict[str, str] | None) -> list[Form]:
    path = args.get("path", "") if args else ""
    forms = []
    for operation in OPERATIONS:
        if operation.method == "get":
            tried = path == API_PREFIX + operation.path
            fields = tuple(_field(parameter, kb, args if tried else None) for parameter in operation.parameters)
            forms.append(Form(operation, API_PREFIX + operation.path, fields, tried))
    return forms


def _field(parameter: Parameter, kb: KnowledgeBase, args: MultiDict[str, str] | None) -> Field:
    example = parameter.example(kb) if parameter.example else None
    filled = args.get(parameter.name, "") if args is not None else example or ""
    return Field(parameter, tuple(parameter.values(kb)) if parameter.values else (), filled)


def _address(args: MultiDict[str, str]) -> str:
    """Return the address that is asked for, all names in braces filled in.

    Raise `BadParameters` where it is none of the routes of the API that read.
    """
    path = args.get("path", "")
    try:
        parts = urlsplit(path)
    except ValueError:
        raise _refused(path) from None
    filled, query = parts.path, parse_qsl(parts.query, keep_blank_values=True)
    for name, value in _given(args):
        slot = f"{{{name}}}"
        if slot in filled:
            filled = filled.replace(slot, quote(value, safe=""))
        else:
            query.append((name, value))
    if parts.scheme or parts.netloc or not _reads(filled):
        raise _refused(path)
    return quote(filled, safe="/%") + (f"?{urlencode(query)}" if query else "")


def _given(args: MultiDict[str, str]) -> Iterable[tuple[str, str]]:
    """Return the fields that are filled in; a form sends the empty ones too."""
    return [(name, value) for name, value in args.items(multi=True) if name != "path" and value]


def _reads(path: str) -> bool:
    """Whether the path is one of the API's own routes, read with `GET`."""
    try:
        endpoint, _ = current_app.url_map.bind("localhost").match(unquote(path), "GET")
    except (HTTPException, RequestRedirect):
        return False
    return str(endpoint).startswith(f"{api.blueprint.name}.")


def _refused(path: str) -> BadParameters:
    return BadParameters(
        [FieldError("path", f"must be an address under {API_PREFIX} that can be read, not {shown(path)}")]
    )


def _tried(address: str) -> Tried:
    """Ask the API in a context of its own, so that nothing of the page's own request is disturbed."""
    with (
        current_app.app_context(),
        current_app.test_request_context(address, base_url=request.url_root),
    ):
        response = current_app.full_dispatch_request()
    body = _pretty(response)
    status = HTTPStatus(response.status_code)
    return Tried(
        address=address,
        command=f"curl -s {shlex.quote(request.url_root.rstrip('/') + address)}",
        status=f"{status.value} {status.phrase}",
        headers=tuple((name, response.headers[name]) for name in _HEADERS if name in response.headers),
        body=body[:MOST_SHOWN],
        cut=len(body) > MOST_SHOWN,
    )


def _pretty(response: Response) -> str:
    return json.dumps(response.get_json(), ensure_ascii=False, indent=2)
