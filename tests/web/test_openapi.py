"""The OpenAPI document: it fits the routes, every real answer fits it to the field, and so does the manual."""

from __future__ import annotations

import copy
import io
import re
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from jsonschema import Draft202012Validator

from kb.model import CertaintyLevel, ClaimType, Status, Verdict
from kb.search.base import SORTS
from tests.web import api_docs
from tests.web.shelf import Shelf, base
from webapp import create_app
from webapp.openapi import document

MANUAL = Path(__file__).parents[2] / "docs" / "api.md"
REQUESTS = yaml.safe_load((Path(__file__).parent / "cases" / "api.yaml").read_text(encoding="utf-8"))
"""Operation → requests of which each answer is held against the document."""


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return create_app(Shelf(), reload_every=None).test_client().get("/api/v1/openapi.json").json


@pytest.fixture(scope="module")
def operations(described) -> dict[str, dict[str, Any]]:
    return {operation["operationId"]: operation for item in described["paths"].values() for operation in item.values()}


def closed(schema: Any) -> Any:
    """Return a schema that allows no field which it does not name, so that none goes undescribed."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    return inner | ({"additionalProperties": False} if isinstance(schema.get("properties"), dict) else {})


def validator(described: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    components = {"schemas": closed(copy.deepcopy(described["components"]["schemas"]))}
    return Draft202012Validator({**schema, "components": components})


def in_form(fields: dict[str, Any]) -> dict[str, Any]:
    """Return a form as the client takes it: `files` maps names to contents."""
    files = [(io.BytesIO(text.encode()), name) for name, text in fields.get("files", {}).items()]
    return fields | ({"files": files} if files else {})


def resolved(described: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """Return a part of the document, or what it refers to."""
    if "$ref" not in part:
        return part
    found: Any = described
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return found


def test_the_document_is_what_is_made(described):
    assert described == document(base())
    assert described["openapi"] == "3.1.0"
    schemathesis.openapi.from_dict(described).validate()


def test_the_document_has_every_route_and_no_other(app, described):
    known = {
        (re.sub(r"<(?:\w+_)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert {(path, method) for path, item in described["paths"].items() for method in item} == known


def test_operations_are_named_after_the_functions_that_answer(app, operations):
    assert {f"api.{name}" for name in operations} == {name for name in app.view_functions if name.startswith("api.")}


def test_what_filters_may_be_is_what_the_model_has(operations):
    known = {
        parameter["name"]: parameter["schema"].get("items", parameter["schema"]).get("enum")
        for parameter in operations["search"]["parameters"]
        if "$ref" not in parameter
    }
    kb = base()
    assert known == {
        "q": None,
        "theme": list(kb.theme_descriptions),
        "type": [item.value for item in ClaimType],
        "verdict": [item.value for item in Verdict],
        "certainty": [item.value for item in CertaintyLevel],
        "source": list(kb.sources),
        "status": [item.value for item in Status],
        "caveat": list(kb.caveats),
        "sort": list(SORTS),
        "nowiden": None,
        "page": None,
        "per_page": None,
    }


def test_requests_cover_every_operation(operations):
    assert set(REQUESTS) == set(operations)


@pytest.mark.parametrize(
    ("operation", "request_"), [(name, request) for name, requests in REQUESTS.items() for request in requests]
)
def test_every_real_answer_is_as_described(client, described, operations, operation, request_):
    method = (
        request_["method"] if "method" in request_ else "POST" if {"json", "data", "form"} & request_.keys() else "GET"
    )
    sent = {key: request_[key] for key in ("json", "data", "content_type", "headers") if key in request_}
    if "form" in request_:
        sent |= {"data": in_form(request_["form"]), "content_type": "multipart/form-data"}
    response = client.open(request_["address"], method=method, **sent)
    status = request_.get("status", 200)
    assert response.status_code == status
    answer = resolved(described, operations[operation]["responses"][str(status)])
    for name, header in answer.get("headers", {}).items():
        schema = resolved(described, header)["schema"]
        Draft202012Validator(schema).validate(response.headers[name])
    if "content" not in answer:
        assert response.data == b""
        return
    assert response.mimetype in answer["content"]
    if response.mimetype == "application/json":
        validator(described, answer["content"][response.mimetype]["schema"]).validate(response.json)


def test_every_answer_has_an_example_that_fits(described, operations):
    without = set()
    for name, operation in operations.items():
        for status, described_response in operation["responses"].items():
            response = resolved(described, described_response)
            for content in response.get("content", {}).values():
                if "example" not in content:
                    without.add((name, status))
                else:
                    validator(described, content["schema"]).validate(content["example"])
    assert without == {("openapi_document", "200")}


def test_every_field_says_what_it_is(described):
    unsaid = [
        f"{name}.{field}"
        for name, schema in described["components"]["schemas"].items()
        for field, inner in schema.get("properties", {}).items()
        if "description" not in inner and "Ref" not in str(inner).replace("$ref", "Ref")
    ]
    assert unsaid == []


def test_every_example_of_a_parameter_finds_something(client, described):
    reading = {path: item["get"] for path, item in described["paths"].items() if "get" in item}
    for path, asked in reading.items():
        parameters = [found for found in asked["parameters"] if "example" in found]
        address = path
        for parameter in parameters:
            address = address.replace(f"{{{parameter['name']}}}", parameter["example"])
        query = {found["name"]: found["example"] for found in parameters if found["in"] == "query"}
        assert client.get(address, query_string=query).status_code == 200, address


def test_the_manual_says_what_the_document_says(described, request):
    before, heading, found = MANUAL.read_text(encoding="utf-8").partition("## Routes\n\n")
    wanted = api_docs.render(described)
    if request.config.getoption("--update-golden"):
        MANUAL.write_text(before + heading + wanted, encoding="utf-8")
    else:
        assert found == wanted
