"""Reading YAML 1.2: what values mean, what is refused and where, and that no text does harm."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import InvalidEntry
from kb.store import field_path, parse, yaml12
from tests.faults.switch import number
from tests.store.cases import cases, lines
from tests.store.strategies import soup, structures

MANY = settings(max_examples=number("CAVEAT_EXAMPLES", 100))
LOADERS = [pytest.param(yaml.SafeLoader, id="pure")]
if yaml.__with_libyaml__:
    LOADERS.append(pytest.param(yaml.CSafeLoader, id="libyaml"))


@pytest.fixture(params=LOADERS)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(yaml12, "loader", request.param)
    return request.param


def problems(text: str) -> list[str]:
    with pytest.raises(InvalidEntry) as caught:
        parse(text, "x.yaml")
    return lines(caught.value.findings)


@pytest.mark.parametrize("case", cases("yaml12"))
def test_case(case: dict[str, Any], loader: Any):
    if "value" in case:
        assert _typed(parse(case["text"]).value) == _typed(case["value"])
    else:
        here = "problems_without_libyaml" if loader is yaml.SafeLoader else "problems"
        assert problems(case["text"]) == case.get(here, case["problems"])


def _typed(value: Any) -> str:
    """Tell 1 from 1.0 and from True."""
    return json.dumps(value)


@pytest.mark.usefixtures("loader")
def test_positions_are_those_of_names_and_items():
    text = "id: a\nlist:\n  - x\n  - {k: v, w: [1]}\n"
    assert {field_path(path): place for path, place in parse(text).positions.items()} == {
        "": (1, 1),
        "id": (1, 1),
        "list": (2, 1),
        "list[0]": (3, 5),
        "list[1]": (4, 5),
        "list[1].k": (4, 6),
        "list[1].w": (4, 12),
        "list[1].w[0]": (4, 16),
    }


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: \x07", "0007"),
        ("a: \x00", "0000"),
        ("a: \x9f", "009F"),
        ("a: \x85", "0085"),
        ("a: \u2028", "2028"),
        ("a: \ud800", "D800"),
    ],
)
def test_control_characters_are_refused(text: str, code: str):
    column = len(text)
    assert problems(text) == [
        f"x.yaml:1:{column}: yaml-syntax: : the character U+{code} is not allowed in YAML; delete it"
    ]


@pytest.mark.usefixtures("loader")
def test_control_characters_hide_no_other_problem():
    assert problems("a: x\x00y\x00\nb: \x07\nb: 1\n") == [
        "x.yaml:1:5: yaml-syntax: : the character U+0000 is not allowed in YAML; delete it (it stands in 2 places)",
        "x.yaml:2:4: yaml-syntax: : the character U+0007 is not allowed in YAML; delete it",
        "x.yaml:3:1: duplicate-key: b: the field 'b' is written twice here; keep one of the two",
    ]


@pytest.mark.usefixtures("loader")
def test_forty_levels_are_read_and_no_more():
    assert parse("[" * 40 + "]" * 40).positions[(0,) * 39] == (1, 40)
    too_deep = "lists and mappings are nested more than 40 deep; no entry needs that"
    assert problems("[" * 41 + "]" * 41) == [f"x.yaml:1:41: too-deep: [0]: {too_deep}"]
    assert problems("- " * 41 + "a") == [f"x.yaml:1:81: too-deep: [0]: {too_deep}"]
    assert problems("{a: " * 41) == [f"x.yaml:1:161: too-deep: a: {too_deep}"]


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000, "? " * 100_000, "[[],\n" * 100_000])
def test_nesting_without_end_is_refused(text: str):
    with pytest.raises(InvalidEntry):
        parse(text)


def test_an_alias_bomb_stays_small():
    layers = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 30))
    found = problems(f"l0: &l0 [lol]\n{layers}")
    assert len(found) == 30 + 29 * 9
    assert found[:2] == [
        "x.yaml:1:5: yaml-feature: l0: the anchor &l0 is not allowed; delete it",
        "x.yaml:2:5: yaml-feature: l1: the anchor &l1 is not allowed; delete it",
    ]


@MANY
@given(structures)
def test_what_json_can_say_is_read_as_json_means_it(value: Any):
    reading = yaml12.read(json.dumps(value, ensure_ascii=False))
    if not reading.problems:  # some characters and lengths are refused
        assert _typed(reading.value) == _typed(value)


@MANY
@given(st.one_of(st.text(), soup))
def test_a_text_is_read_or_has_findings(text: str):
    reading = yaml12.read(text)
    assert reading.complete or reading.problems
