"""The OpenAPI 3.1 document of the JSON API, made from the table of operations and the shapes of their answers."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

import kb as program
from kb.formats.audit import manual as audit_manual
from webapp import entry_examples, openapi_examples, shapes
from webapp.bodies import JSON_TYPE
from webapp.errors import API_PREFIX
from webapp.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kb.model import KnowledgeBase
    from webapp.operations import Operation, Parameter

Json = dict[str, Any]

_FORM_TYPE = "multipart/form-data"
_A_FILE = "The report, as a file."
_SCHEMAS = "#/components/schemas/"

STATUSES = {
    400: ("BadRequest", "A parameter or field is unknown or cannot be used; all are named at once in `errors`."),
    401: ("NotSignedIn", "It takes an account, and nobody is signed in."),
    403: ("FromElsewhere", "A page of another site sent it, or it takes another role, or nothing can be saved here."),
    404: ("NotFound", "There is no such entry."),
    405: ("MethodNotAllowed", "The method is none of those in `Allow`."),
    409: ("Overtaken", "Somebody else was faster; nothing was saved."),
    413: ("TooLarge", "The body is larger than any text that is read."),
    415: ("NotJson", "The body is not JSON, or not what else the route takes, by its `Content-Type`."),
    422: ("NotDone", "It was understood and cannot be done; the reasons are in `errors`."),
    429: ("TooOften", "One address asked too often; `Retry-After` says for how many seconds to wait."),
    500: ("Failed", "The program failed. The reason is in its log only."),
    503: ("OutOfOrder", "The search index or the files cannot be read. It is never answered by “nothing found”."),
}
"""Status of an error → its name in the document, and when it is given."""

_WITH = {405: "Allow", 429: "Retry-After"}
"""Status of an error → the header that belongs to it."""

_HEADERS: Mapping[str, tuple[str, Json]] = {
    "ETag": ("Changes with the entries, the index and the program; send it back as `If-None-Match`.", {}),
    "Access-Control-Allow-Origin": ("Any page may read the API. It takes no credentials.", {"const": "*"}),
    "Location": ("The present address.", {}),
    "Allow": ("The methods that there are.", {}),
    "Retry-After": ("Seconds to wait.", {}),
}

_INTRODUCTION = """Everything that the pages show, as JSON. What reads needs no key, and any page may read it \
(CORS); saving takes an account. Every success is `{"ok": true, …}`, every error \
`{"ok": false, "error", "errors", "status"}`. Every route answers `HEAD` and `OPTIONS` too. Fields may be \
added within `v1`; none is renamed or removed. Offsets are code points from 0, `end` excluded. Dates are \
`YYYY-MM-DD`. Nothing here is medical advice."""


def document(kb: KnowledgeBase) -> Json:
    """Return the document for one knowledge base: its themes, articles and caveats are what filters may be."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{kb.about.name}: claims and caveats",
            "version": program.__version__,
            "description": _INTRODUCTION,
        },
        "servers": [{"url": "/"}],
        "paths": _paths(kb),
        "components": {
            "schemas": _schemas(),
            "responses": dict(_error(status) for status in STATUSES),
            "headers": {name: _header(name) for name in _HEADERS},
            "parameters": {"IfNoneMatch": _IF_NONE_MATCH},
        },
    }


_IF_NONE_MATCH: Json = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The `ETag` of an answer that is at hand: if it still holds, 304 without a body.",
    "schema": {"type": "string"},
}


def _paths(kb: KnowledgeBase) -> Json:
    paths: Json = {}
    for operation in OPERATIONS:
        paths.setdefault(API_PREFIX + operation.path, {})[operation.method] = _operation(operation, kb)
    return paths


def _operation(operation: Operation, kb: KnowledgeBase) -> Json:
    described: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.description,
        "parameters": [_parameter(parameter, kb) for parameter in operation.parameters],
        "responses": {str(status): response for status, response in sorted(_responses(operation).items())},
    }
    if operation.method == "get":
        described["parameters"].append({"$ref": "#/components/parameters/IfNoneMatch"})
    if operation.body:
        example = {**openapi_examples.BODIES, **entry_examples.BODIES}.get(operation.name)
        content: Json = {JSON_TYPE: {"schema": _ref(operation.body)} | ({"example": example} if example else {})}
        if operation.form:
            content[_FORM_TYPE] = {"schema": _ref(operation.form)}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _parameter(parameter: Parameter, kb: KnowledgeBase) -> Json:
    schema: Json = dict(parameter.schema)
    if parameter.values:
        schema["enum"] = list(parameter.values(kb))
    if parameter.many:
        schema = {"type": "array", "items": schema}
    described = {
        "name": parameter.name,
        "in": parameter.where,
        "description": parameter.meaning,
        "required": parameter.required,
        "schema": schema,
    }
    example = parameter.example(kb) if parameter.example else None
    return described if example is None else described | {"example": example}


def _responses(operation: Operation) -> dict[int, Json]:
    statuses = [400, 405, 500, 503, *([404] if operation.finds_one else []), *([413, 415] if operation.body else [])]
    statuses += operation.refusals
    responses: dict[int, Json] = {
        status: {"$ref": f"#/components/responses/{STATUSES[status][0]}"} for status in statuses
    }
    for status, shape in operation.failures.items():
        content = {"schema": _ref(shape), "example": entry_examples.FAILURES[shape.__name__]}
        responses[status] = {"description": STATUSES[status][1], "content": {JSON_TYPE: content}}
    responses[201 if operation.creates else 200] = _success(operation)
    if operation.method == "get":
        responses[304] = {
            "description": "The answer at hand still holds.",
            "headers": _header_refs("ETag", "Access-Control-Allow-Origin"),
        }
    if operation.moves:
        responses[301] = {
            "description": "The entry has another id now.",
            "headers": _header_refs("Location", "Access-Control-Allow-Origin"),
            "content": {JSON_TYPE: {"schema": _ref(shapes.Moved), "example": openapi_examples.MOVED}},
        }
    return responses


def _success(operation: Operation) -> Json:
    named = operation.answer if isinstance(operation.answer, str) else operation.answer and operation.answer.__name__
    schema: Json = {"$ref": f"{_SCHEMAS}{named}"} if named else {"type": "object"}
    content: Json = {"schema": schema}
    examples = {**openapi_examples.ANSWERS, **entry_examples.ANSWERS}
    if operation.name in examples:
        content["example"] = examples[operation.name]
    names = ("ETag", "Access-Control-Allow-Origin") if operation.method == "get" else ()
    files: Json = {media: {"schema": {"type": "string"}, "example": _A_FILE} for media in operation.files}
    described: Json = {"description": operation.summary + ".", "content": {JSON_TYPE: content} | files}
    return described | {"headers": _header_refs(*names)} if names else described


def _error(status: int) -> tuple[str, Json]:
    name, meaning = STATUSES[status]
    content = {"schema": _ref(shapes.Failure), "example": openapi_examples.FAILURES[status]}
    described: Json = {"description": meaning, "content": {JSON_TYPE: content}}
    return name, described | ({"headers": _header_refs(_WITH[status])} if status in _WITH else {})


def _header(name: str) -> Json:
    meaning, schema = _HEADERS[name]
    return {"description": meaning, "required": True, "schema": {"type": "string"} | schema}


def _header_refs(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _ref(shape: type[shapes.Shape]) -> Json:
    return {"$ref": f"{_SCHEMAS}{shape.__name__}"}


@cache
def _schemas() -> Json:
    """Return every shape by its name. New fields are allowed: a program must pass over those that it does not know."""
    answers = [operation.answer for operation in OPERATIONS if isinstance(operation.answer, type)]
    failures = [shape for operation in OPERATIONS for shape in operation.failures.values()]
    bodies = dict.fromkeys(body for operation in OPERATIONS for body in (operation.body, operation.form) if body)
    wanted: Iterable[type[shapes.Shape]] = dict.fromkeys([*answers, *failures, shapes.Failure, shapes.Moved])
    template = _SCHEMAS + "{model}"
    _, given = models_json_schema([(shape, "serialization") for shape in wanted], ref_template=template)
    _, taken = models_json_schema([(shape, "validation") for shape in bodies], ref_template=template)
    made = {name: _readable(schema, closed=False) for name, schema in given["$defs"].items()}
    made |= {name: _readable(schema, closed=True) for name, schema in taken["$defs"].items()}
    return dict(sorted((made | _report_schemas()).items()))


def _report_schemas() -> Json:
    """Return the schemas of an audit's report as the file has them, each named as a part of this document."""
    schema = json.loads(audit_manual.SCHEMA.read_text(encoding="utf-8"))
    parts = {f"Audit{name.title()}": part for name, part in schema.pop("$defs").items()}
    ok = {"const": True, "description": "Always `true`."}
    whole = {
        "type": "object",
        "required": ["ok", *schema["required"]],
        "properties": {"ok": ok, **schema["properties"]},
    }
    named = {"AuditReport": whole | {"description": schema["description"]}} | parts
    made: Json = _readable(_referring(named), closed=False)
    return made


def _referring(schema: Any) -> Any:
    """Return a schema of that file whose references lead to where its parts are in this document."""
    if isinstance(schema, list):
        return [_referring(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: f"{_SCHEMAS}Audit{value.rpartition('/')[2].title()}" if key == "$ref" else _referring(value)
        for key, value in schema.items()
    }


def _readable(schema: Any, *, closed: bool, named: bool = False) -> Any:
    """Return a schema without the titles that only repeat names, open to new fields unless it is of a request."""
    if isinstance(schema, list):
        return [_readable(item, closed=closed) for item in schema]
    if not isinstance(schema, dict):
        return schema
    dropped = set() if named else {"title"} | (set() if closed or schema.get("additionalProperties") else _CLOSED)
    return {
        key: _readable(value, closed=closed, named=key == "properties" and not named)
        for key, value in schema.items()
        if key not in dropped
    }


_CLOSED = {"additionalProperties"}
