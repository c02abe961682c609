"""The part of docs/api.md that is made from the OpenAPI document: a table of parameters and fields for each route."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

SHAPES = ("Hit", "EvidenceLine", "Occurrence", "Rule", "Review", "Dispute", "Withdrawal")
"""Shapes that stand in several answers: they have a table of their own, and others link to it."""

OF_ONE_BASE = {"theme", "source", "caveat"}
"""Parameters whose values differ from one knowledge base to the next, so that the manual cannot list them."""

FEW = 12
"""A longer list of values is left to the document."""


def render(document: dict[str, Any]) -> str:
    """Return everything below the heading `Routes`."""
    routes = [_route(document, path, method) for path, item in document["paths"].items() for method in item]
    shapes = [f"### {_title(name)}\n\n{_fields(document, _ref(name))}" for name in SHAPES]
    return "\n".join([*routes, "## Shapes\n", *shapes])


def _route(document: dict[str, Any], path: str, method: str) -> str:
    operation = document["paths"][path][method]
    answer = (operation["responses"].get("200") or operation["responses"]["201"])["content"]["application/json"][
        "schema"
    ]
    parts = [f"### {method.upper()} {path}\n", f"{operation['description']}\n"]
    parameters = [parameter for parameter in operation["parameters"] if "$ref" not in parameter]
    if parameters:
        rows = [f"| `{parameter['name']}` | {_parameter(parameter)} |\n" for parameter in parameters]
        parts.append("| Parameter | Meaning |\n|---|---|\n" + "".join(rows))
    if "requestBody" in operation:
        body = operation["requestBody"]["content"]["application/json"]["schema"]
        rows = [f"| `{name}` | {meaning} |\n" for name, meaning in _leaves(document, body)]
        parts.append("| Field of the body | Meaning |\n|---|---|\n" + "".join(rows))
        form = operation["requestBody"]["content"].get("multipart/form-data")
        if form:
            rows = [f"| `{name}` | {meaning} |\n" for name, meaning in _leaves(document, form["schema"])]
            parts.append("| Field of the form | Meaning |\n|---|---|\n" + "".join(rows))
    if answer.get("$ref", "").endswith("/AuditReport"):
        parts.append(
            "The answer has `ok` and the fields of the [audit report](audit-report.md), schema `kb-audit/1`.\n"
        )
    elif "$ref" in answer:
        parts.append(_fields(document, answer))
    return "\n".join(parts)


def _parameter(parameter: dict[str, Any]) -> str:
    schema = parameter["schema"]
    many = schema["type"] == "array"
    inner = schema["items"] if many else schema
    said = [parameter["description"]]
    if parameter["name"] not in OF_ONE_BASE:
        said += _values(inner)
    if "maximum" in inner:
        said.append(f"From {inner['minimum']} to {inner['maximum']}; otherwise {inner['default']}.")
    if "maxLength" in inner and parameter["in"] == "query":
        said.append(f"At most {inner['maxLength']:,} characters.")
    if many:
        said.append("May be repeated.")
    if parameter["required"] and parameter["in"] == "query":
        said.append("It cannot be left out.")
    return " ".join(said)


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> str:
    rows = [f"| `{name}` | {meaning} |\n" for name, meaning in _leaves(document, schema)]
    return "| Field | Meaning |\n|---|---|\n" + "".join(rows)


def _leaves(document: dict[str, Any], schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (path, meaning) of every field that holds no others; `[]` stands for an item, `{}` for any name."""
    meaning, values = schema.get("description", ""), _values(schema)
    while True:
        name = schema.get("$ref", "").rpartition("/")[2]
        if path and name in SHAPES:
            yield path, " ".join(filter(None, [meaning, f"See [{_title(name).lower()}](#{_anchor(name)})."]))
            return
        if name:
            schema = document["components"]["schemas"][name]
        elif "anyOf" in schema:
            schema = next(one for one in schema["anyOf"] if one.get("type") != "null")
        elif schema.get("type") == "array" and "prefixItems" not in schema["items"]:
            schema, path = schema["items"], f"{path}[]"
        elif isinstance(schema.get("additionalProperties"), dict):
            schema, path = schema["additionalProperties"], f"{path}.{{}}"
        else:
            break
        values = values or _values(schema)
    if "properties" not in schema:
        yield path, " ".join([meaning, *values])
        return
    for key, inner in schema["properties"].items():
        yield from _leaves(document, inner, f"{path}.{key}" if path else key)


def _values(schema: dict[str, Any]) -> list[str]:
    values = schema.get("enum", ())
    return ["One of " + ", ".join(f"`{value}`" for value in values) + "."] if 0 < len(values) <= FEW else []


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _title(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", lambda match: f" {match[1].lower()}", name)


def _anchor(name: str) -> str:
    return _title(name).lower().replace(" ", "-")
