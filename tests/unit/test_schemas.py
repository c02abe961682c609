"""The JSON Schemas of every kind: in step with the models, and fit for an editor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import given

from kb.errors import InvalidEntry
from kb.store import Kind, decode, encode, json_schema, parse, schemas, skeleton, write_schemas
from kb.store.codec import plain
from kb.store.kinds import modeline
from tests import factories
from tests.store.cases import cases
from tests.store.strategies import any_entry

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("kind", Kind)
def test_the_kept_schema_is_the_generated_one(kind: Kind):
    kept = (schemas.FOLDER / f"{kind}.schema.json").read_text(encoding="utf-8")
    assert kept == schemas.schema_text(kind), "run: python -c 'import kb.store; kb.store.write_schemas()'"


def test_writing_writes_every_kind_and_nothing_else_is_there(tmp_path: Path):
    written = write_schemas(tmp_path / "schema")
    assert [path.name for path in written] == [f"{kind}.schema.json" for kind in Kind]
    of_reports = {"audit-report.schema.json"}
    assert {path.name for path in schemas.FOLDER.iterdir()} == {path.name for path in written} | of_reports
    assert all(path.read_bytes() == (schemas.FOLDER / path.name).read_bytes() for path in written)


@pytest.mark.parametrize("kind", Kind)
def test_a_schema_is_a_schema(kind: Kind):
    jsonschema.Draft202012Validator.check_schema(json_schema(kind))


def test_an_unknown_kind_has_none():
    with pytest.raises(ValueError, match="'clam' is not a valid Kind"):
        json_schema("clam")


ENTRIES: dict[str, Callable[[], Any]] = {
    "claim": factories.claim,
    "caveat": factories.caveat,
    "source": factories.source,
    "kb": lambda: factories.knowledge_base().about,
    "themes": lambda: factories.THEMES,
    "references": lambda: {"doe2020": factories.reference(DOI="10.1/x")},
}


@pytest.mark.parametrize("kind", ENTRIES)
def test_an_encoded_entry_is_accepted(kind: str):
    jsonschema.validate(parse(encode(ENTRIES[kind](), kind)).value, json_schema(kind))


@given(any_entry)
def test_every_valid_entry_is_accepted(kind_and_entry: tuple[Kind, Any]):
    kind, entry = kind_and_entry
    jsonschema.validate(plain(entry, kind), json_schema(kind))


@pytest.mark.parametrize("case", cases("messages"))
def test_what_is_no_valid_entry_is_refused_by_the_schema_too(case: dict[str, Any]):
    if any(" yaml-" in problem or "duplicate-key" in problem for problem in case["problems"]):
        return  # that is for the YAML reader
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(parse(case["text"]).value, json_schema(case["kind"]))


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("kb", "kb.yaml"),
        ("vocabulary", "vocabulary.yaml"),
        ("topics", "topics.yaml"),
        ("source", "sources/a.yaml"),
        ("caveat", "caveats/a.yaml"),
        ("claim", "entries/mood/a.yaml"),
    ],
)
def test_the_modeline_leads_from_the_file_to_the_schema(kind: str, path: str):
    relative = modeline(Kind(kind)).partition("$schema=")[2]
    folder = (schemas.FOLDER.parent.parent / "claims" / path).parent
    assert Path(*folder.parts).joinpath(relative).resolve(strict=False) == schemas.FOLDER / f"{kind}.schema.json"


FILLING: dict[str, Any] = {
    "claim": "Testamine lifts the mood.",
    "caveat": "fades-soon",
    "type": "efficacy",
    "themes": ["mood"],
    "verdict": "supported",
    "level": "low",
    "rationale": "One small trial points this way.",
    "reference": "doe2020",
    "direction": "supports",
    "directness": "direct",
    "design": "rct",
    "finding": "12 people felt better.",
    "near": "section",
    "reason": "It is on record.",
    "source": "clinic-page",
    "start": 1,
    "end": 5,
    "digest": "0123456789abcdef",
    "section": "Top",
    "strength": "plain",
    "author": "A. Editor",
    "short": "Fades soon",
    "suggested_disclosure": "The effect fades.",
    "key": "transient-effect",
    "title": "A page",
    "sha256": "0" * 64,
    "chars": 10,
    "label": "Top",
    "kind": "signpost",
}


@pytest.mark.parametrize("kind", ["claim", "caveat", "source"])
def test_a_skeleton_is_valid_once_it_is_filled_in(kind: str):
    text = skeleton(kind, "an-id")
    assert text.splitlines()[2] == "id: an-id"
    with pytest.raises(InvalidEntry) as caught:
        decode(text, kind)
    empty = {finding.message.partition(" ")[2][:8] for finding in caught.value.findings}
    assert empty == ({"is empty", "needs 1 "} if kind != "source" else {"is empty"})
    entry = decode(json.dumps(_filled(parse(text).value)), kind)
    assert entry.id == "an-id"


def _filled(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _filled(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item) for item in value] or FILLING.get(name, [])
    return FILLING.get(name) if value is None else value


@pytest.mark.parametrize("kind", ["claim", "caveat", "source"])
def test_a_skeleton_names_every_field_but_those_of_later_life(kind: str):
    fields = set(json_schema(kind)["properties"]) - {"aliases", "dispute", "withdrawal"}
    assert set(parse(skeleton(kind, "an-id")).value) == fields


def test_other_kinds_have_no_skeleton():
    with pytest.raises(ValueError, match=r"^a new kb has no skeleton; claim, caveat and source have one$"):
        skeleton("kb", "an-id")
