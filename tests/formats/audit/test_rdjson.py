"""rdjson: valid by the schema of reviewdog's messages, and suggestions that mend the text they are for."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from kb.formats.audit import rdjson
from tests.formats.audit.reading import byte_offset
from tests.formats.audit.report import CLEAN, FULL
from tests.formats.audit.test_formats import extracted

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "rdjson.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("report", [FULL, CLEAN, extracted()], ids=["full", "clean", "pdf"])
def test_it_is_valid(report):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.loads(rdjson.render(report)), SCHEMA, jsonschema.Draft202012Validator)


def test_the_schema_refuses_what_reviewdog_would_misread():
    content = json.loads(rdjson.render(FULL))
    content["diagnostics"][1]["location"]["range"]["start"]["column"] = 0
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, SCHEMA, jsonschema.Draft202012Validator)


def test_a_suggestion_puts_the_disclosure_behind_the_sentence():
    text = FULL.documents[0].document.text
    diagnostics = json.loads(rdjson.render(FULL))["diagnostics"]
    mended = []
    for suggestion in (suggestion for one in diagnostics for suggestion in one.get("suggestions", [])):
        start, end = suggestion["range"]["start"], suggestion["range"]["end"]
        assert start == end
        offset = byte_offset(text, start["line"], start["column"])
        mended.append((text[offset - 6 : offset] + suggestion["text"], text[offset : offset + 4]))
    assert mended == [
        ("ay 🌊🌊. The lift fades within days.", " It "),
        ("ay 🌊🌊. Cold water may shock.", " It "),
        (" year. The lift fades within days.", "\r\n"),
    ]


def test_what_could_not_be_audited_is_an_error_about_the_file():
    first = json.loads(rdjson.render(FULL))["diagnostics"][0]
    assert first == {
        "message": "not checked: it is encrypted",
        "location": {"path": "copy/broken.pdf"},
        "severity": "ERROR",
        "code": {"value": "not-checked"},
    }


def test_a_page_that_is_a_single_line_is_gone_through_once():
    taken = 0

    class Counting(str):
        __slots__ = ()

        def __getitem__(self, key):
            nonlocal taken
            found = str.__getitem__(self, key)
            taken += len(found)
            return found

    text = Counting("é lake, " * 500)
    bytes_ = rdjson._Bytes(text)
    places = [bytes_.range(start, start + 6) for start in range(0, len(text), 8)]
    assert places[-1] == {"start": {"line": 1, "column": 499 * 9 + 1}, "end": {"line": 1, "column": 499 * 9 + 8}}
    assert bytes_.range(2, 3)["start"]["column"] == 4, "back again"
    assert taken < 2 * len(text)
