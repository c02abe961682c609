"""Each format against a golden file; `pytest --update-golden` writes them anew, and the diff is reviewed."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import jsonschema
import pytest

import kb.formats.audit
from kb.audit.base import Document
from kb.formats.audit import FORMATS, manual, render
from tests.formats.audit.report import CLEAN, FULL

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
ROOT = HERE.parents[2]
ENDINGS = {"text": "txt", "github": "github.txt", "rdjson": "rd.json", "markdown": "md"}
CASES = {
    f"{name}.{ENDINGS.get(format_, format_)}": (format_, report, {})
    for format_ in FORMATS
    for name, report in (("full", FULL), ("clean", CLEAN))
} | {
    "full-colour.txt": ("text", FULL, {"colour": True}),
    "full-narrow.txt": ("text", FULL, {"width": 60}),
}


@pytest.mark.parametrize("name", CASES)
def test_output_is_the_golden_file(name, golden):
    format_, report, options = CASES[name]
    golden(GOLDEN / name, render(format_, report, **options))


def test_every_golden_file_is_compared():
    assert {path.name for path in GOLDEN.iterdir()} == set(CASES)


def test_every_module_that_renders_is_a_format():
    modules = {path.stem for path in Path(kb.formats.audit.__file__).parent.glob("[a-z]*.py")}
    rendering = {name for name in modules if hasattr(import_module(f"kb.formats.audit.{name}"), "render")}
    assert rendering == set(FORMATS)


def test_an_unknown_format_is_refused():
    with pytest.raises(KeyError, match="marking"):
        render("marking", CLEAN)


@pytest.mark.parametrize("name", FORMATS)
def test_a_second_time_gives_the_same(name):
    assert render(name, FULL) == render(name, FULL)


def closed(schema):
    """Return a schema that lets no field through that it does not name."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    named = isinstance(inner.get("properties"), dict) and "type" in inner
    return inner | {"additionalProperties": False} if named else inner


@pytest.mark.parametrize("report", [FULL, CLEAN], ids=["full", "clean"])
def test_the_schema_of_the_report_describes_every_field_that_there_is(report):
    schema = json.loads(manual.SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    content = json.loads(render("json", report))
    jsonschema.validate(content, schema, jsonschema.Draft202012Validator)
    jsonschema.validate(content, closed(schema), jsonschema.Draft202012Validator)
    jsonschema.validate(content | {"new": 1}, schema, jsonschema.Draft202012Validator)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content | {"new": 1}, closed(schema), jsonschema.Draft202012Validator)


def test_the_manual_is_the_generated_one():
    kept = (ROOT / "docs" / "audit-report.md").read_text(encoding="utf-8")
    assert kept == manual.manual(), "run: python -m kb.formats.audit.manual > docs/audit-report.md"


def test_the_manual_has_a_row_for_every_format_and_a_table_for_every_kind_of_object():
    page = manual.manual()
    assert [name for name in FORMATS if f"| `{name}` |" not in page] == []
    schema = json.loads(manual.SCHEMA.read_text(encoding="utf-8"))
    assert {name for name, kind in schema["$defs"].items() if "properties" in kind} == set(manual._TITLES)


def extracted():
    """Return the full report as if its page had been a PDF file."""
    first = FULL.documents[0]
    document = replace(
        first.document,
        path="copy/lake.pdf",
        media="application/pdf",
        offsets="the text extracted from the file",
        places=((0, "page 1"), (first.document.text.index("*"), "page 2")),
    )
    return replace(FULL, documents=(replace(first, document=document),))


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_whose_text_was_extracted_is_pointed_into_by_its_own_places(name):
    said = render(name, extracted())
    assert "page 2" in said
    if name in {"sarif", "rdjson"}:
        assert "startLine" not in said
        assert '"range"' not in said
    if name == "github":
        assert "line=" not in said


def test_a_document_without_units_still_shows_its_text():
    document = Document("a.txt", "No units <here>.", "No units <here>.", (), "0" * 64)
    report = replace(CLEAN, documents=(replace(CLEAN.documents[0], document=document),))
    assert "No units &lt;here&gt;." in render("html", report)
