"""Model → form → posted fields → model is the identity, and what is typed comes back as fields."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from kb.finding import Level
from kb.library.entry import Problem
from kb.model import Caveat, Claim, Concept, Reference, Source, Topic
from kb.store import yaml12
from kb.store.kinds import Kind, adapter, kind_of_path
from tests.store.strategies import entries
from tests.web.editing.posting import form_of
from webapp.editing.drawing import beside, draw
from webapp.editing.parts import parts_of
from webapp.editing.posting import arranged, read, settled

CLAIMS = Path(__file__).parents[3] / "claims"
MODELS = {Kind.CLAIM: Claim, Kind.CAVEAT: Caveat, Kind.SOURCE: Source}
SHARED = {Kind.REFERENCES: Reference, Kind.VOCABULARY: Concept, Kind.TOPICS: Topic}


def there_and_back(model: type[Any], fields: dict[str, Any]) -> dict[str, Any]:
    parts = parts_of(model)
    return read(parts, form_of(draw(parts, fields)), fields).fields


def plain(kind: Kind, value: Any) -> Any:
    return adapter(kind).dump_python(value, mode="json", by_alias=True, exclude_unset=True)


@given(st.data())
@settings(max_examples=300)
def test_a_form_gives_back_any_entry_of_a_file_of_its_own(data):
    kind = data.draw(st.sampled_from(list(MODELS)))
    fields = plain(kind, data.draw(entries(kind)))
    assert there_and_back(MODELS[kind], fields) == fields


@given(st.data())
@settings(max_examples=300)
def test_a_form_gives_back_any_entry_of_a_shared_file(data):
    kind = data.draw(st.sampled_from(list(SHARED)))
    for fields in plain(kind, data.draw(entries(kind))).values():
        # An author without any name is valid and says nothing; a form has no such group.
        named = {"author": [name for name in fields["author"] if name]} if "author" in fields else {}
        assert there_and_back(SHARED[kind], fields | named) == fields | named


def files(kind: Kind) -> list[Path]:
    found = [
        path for path in sorted(CLAIMS.rglob("*.yaml")) if kind_of_path(path.relative_to(CLAIMS).as_posix()) is kind
    ]
    assert found
    return found


@pytest.mark.parametrize("kind", [*MODELS, *SHARED])
def test_a_form_gives_back_every_entry_of_the_repository(kind):
    for path in files(kind):
        value = yaml12.read(path.read_text(encoding="utf-8")).value
        assert value
        for fields in [value] if kind in MODELS else value.values():
            assert there_and_back((MODELS | SHARED)[kind], fields) == fields


def typed(model: type[Any], base: dict[str, Any] | None = None, **fields: str | list[str]) -> dict[str, Any]:
    given = [
        (name, value) for name, values in fields.items() for value in ([values] if isinstance(values, str) else values)
    ]
    return read(parts_of(model), MultiDict(given), base or {}).fields


def test_what_is_typed_becomes_fields():
    found = typed(
        Claim,
        **{
            "claim": "  It lasts.  ",
            "type": "onset",
            "themes[0]": "one, two",
            "themes[1]": "",
            "themes[2]": "three",
            "certainty.level": "low",
            "certainty.reasons": ["imprecision", "risk-of-bias"],
            "scope.drug": "",
            "evidence[0].reference": "",
            "evidence[1].finding": "A\r\nB",
            "examples.match": "One.\r\n\r\n Two. ",
            "recognise[0].within": "12",
        },
    )
    assert found == {
        "claim": "It lasts.",
        "type": "onset",
        "themes": ["one", "two", "three"],
        "certainty": {"level": "low", "reasons": ["imprecision", "risk-of-bias"]},
        "evidence": [{"finding": "A\nB"}],
        "recognise": [{"within": 12}],
        "examples": {"match": ["One.", "Two."]},
    }


def test_a_number_that_is_none_stays_as_it_was_typed():
    assert typed(Reference, issued="about 2000") == {"issued": "about 2000"}


@pytest.mark.parametrize(
    ("before", "ticked", "after"),
    [
        ({}, True, {}),
        ({}, False, {"widen": False}),
        ({"widen": True}, True, {"widen": True}),
        ({"widen": False}, True, {}),
    ],
)
def test_a_flag_is_written_where_it_says_something(before, ticked, after):
    assert typed(Concept, before, **({"widen": "on"} if ticked else {})) == after


def test_what_a_form_only_shows_cannot_be_posted():
    before = {"id": "a-claim", "status": "in-review", "review": {"author": "Ada", "due": "2027-01-01"}}
    found = typed(Claim, before, status="published", **{"review.approved_by": "Ada", "review.author": "Bo", "id": "x"})
    assert found == {"id": "a-claim", "status": "in-review", "review": {"author": "Ada"}}


def test_blank_groups_go_and_problems_still_find_their_field():
    form = MultiDict({"evidence[0].finding": "", "evidence[1].finding": "Found.", "evidence[1].reference": "x"})
    posted = read(parts_of(Claim), form, {})
    assert posted.tree["evidence"] == [{}, {"reference": "x", "finding": "Found."}]
    assert posted.fields["evidence"] == [{"reference": "x", "finding": "Found."}]
    assert posted.name_of("evidence[0].reference") == "evidence[1].reference"
    assert posted.name_of("evidence[0]") == "evidence[1]"
    assert posted.name_of("claim") == "claim"


ROWS = {"evidence": [{"finding": "a"}, {"finding": "b"}, {"finding": "c"}]}


@pytest.mark.parametrize(
    ("move", "path", "order"),
    [
        ("up", "evidence[2]", "acb"),
        ("up", "evidence[0]", "abc"),
        ("down", "evidence[0]", "bac"),
        ("down", "evidence[2]", "abc"),
        ("remove", "evidence[1]", "ac"),
        ("remove", "evidence[7]", "abc"),
        ("remove", "claim", "abc"),
        ("up", "", "abc"),
        ("add", "evidence", "abc-"),
        ("add", "evidence[0].finding", "abc"),
    ],
)
def test_groups_are_added_moved_and_removed(move, path, order):
    found = arranged(ROWS, move, path)
    assert "".join(row.get("finding", "-") for row in found["evidence"]) == order
    assert "".join(row["finding"] for row in ROWS["evidence"]) == "abc"


def test_a_group_is_added_where_there_was_none():
    assert arranged({}, "add", "recognise") == {"recognise": [{}]}
    assert settled(arranged({}, "add", "recognise")).fields == {}


def test_a_moved_group_keeps_what_its_form_only_shows():
    base = {"evidence": [{"finding": "a", "extra": 1}, {"finding": "b", "extra": 2}]}
    parts = parts_of(Claim)
    tree = arranged(read(parts, form_of(draw(parts, base)), base).tree, "up", "evidence[1]")
    again = read(parts, form_of(draw(parts, tree, posted=True)), base)
    assert again.fields == {"evidence": [{"finding": "b", "extra": 2}, {"finding": "a", "extra": 1}]}


def test_problems_stand_beside_their_fields():
    drawn = draw(parts_of(Claim), {"evidence": [{"finding": "a"}], "examples": {"match": ["One.", "Two."]}})
    given = [
        ("evidence[0].finding", "f-evidence-0-finding"),
        ("evidence[0].finding.deeper", "f-evidence-0-finding"),
        ("evidence[3].finding", "f-evidence"),
        ("examples.match[1]", "f-examples-match"),
        ("themes", "f-themes"),
        ("nowhere", ""),
        ("", ""),
    ]
    problems = [Problem(field, Level.ERROR, "schema", "It is wrong.") for field, _ in given]
    found = beside(drawn, problems)
    assert [place for place, _ in found] == [place for _, place in given]
    assert found[3][1].message == "Line 2: It is wrong."
