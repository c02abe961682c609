"""Faithful edits: what is not to change keeps every byte, in every layout, or the patch says what it had to do."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kb.errors import FormatNotStable
from kb.store.kinds import Kind, kind_of_path
from kb.store.layout import Layout
from kb.store.patching import create, cut, patch, prune, replace_lines
from kb.store.steps import same, steps, taken
from tests.store import cases, strategies

if TYPE_CHECKING:
    from collections import Counter

CLAIMS = Path(__file__).parents[2] / "claims"
EVERY_FIELD = bool(os.environ.get("CAVEAT_EVERY_FIELD"))
"""Change every single value of every file, which takes minutes, and not some of each file."""
SOME = 3
LARGE = 20_000
"""Bytes from which a file is changed entry by entry, and in whole only in some places."""

GOLDEN = cases.cases("patching")


def leaves(value: Any, path: tuple = ()):
    if isinstance(value, dict | list) and value:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    elif path:
        yield path, value


def at(value: Any, path: tuple) -> Any:
    for key in path:
        value = value[key]
    return value


def put(value: Any, path: tuple, new: Any) -> Any:
    if not path:
        return new
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[path[0]] = put(value[path[0]], path[1:], new)
    return changed


def without(value: Any, path: tuple) -> Any:
    changed = dict(value) if isinstance(value, dict) else list(value)
    if len(path) == 1:
        del changed[path[0]]
    else:
        changed[path[0]] = without(value[path[0]], path[1:])
    return changed


def another(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return f"{value.strip()} and more"
    return value + 1 if isinstance(value, int) else "another"


def changed_within(before: str, after: str, start: int, end: int) -> bool:
    """Whether all that differs lies between two places of the old text."""
    tail = len(before) - end
    return after.startswith(before[:start]) and (not tail or after.endswith(before[-tail:]))


def lines_of(layout: Layout, path: tuple) -> tuple[int, int]:
    start = layout.start(path)
    assert start is not None
    return layout.line_start(start), layout.next_line(layout.end(path))


def comments(text: str) -> Counter[str]:
    return Layout(text.removeprefix("\ufeff")).comment_counts


FILES = sorted(path.relative_to(CLAIMS).as_posix() for path in CLAIMS.rglob("*.yaml"))


def changed_everywhere(text: str, kind: Kind, tried: list, where: str) -> None:
    """Change values of a text one by one, and each back again."""
    layout = Layout(text)
    for path, value in tried:
        meant = put(layout.value, path, another(value))
        patched = patch(text, meant, kind)
        assert patched.notes == (), (where, path)
        assert changed_within(text, patched.text, *lines_of(layout, path)), (where, path)
        assert same(Layout(patched.text).value, meant), (where, path)
        assert patch(patched.text, layout.value, kind).notes == (), (where, path)


def parts(text: str) -> list[str]:
    """Return the texts to change in every field: a file as it is, a large one entry by entry.

    A patch works on the lines of the one entry that changes, but reads the whole afterwards: for each value of the
    vocabulary, that would take half a day.
    """
    if len(text) <= LARGE:
        return [text]
    return [text[cut(text, (key,))] for key in Layout(text).value]


@pytest.mark.parametrize("group", range(8))
def test_changing_any_field_of_any_entry_changes_only_its_lines(group):
    chosen = random.Random(group)  # noqa: S311 - which values are tried is no secret
    for relpath in FILES[group::8]:
        text = (CLAIMS / relpath).read_bytes().decode()
        kind = kind_of_path(relpath)
        found = list(leaves(Layout(text).value))
        changed_everywhere(text, kind, chosen.sample(found, min(SOME, len(found))), relpath)
        for part in parts(text) if EVERY_FIELD else ():
            changed_everywhere(part, kind, list(leaves(Layout(part).value)), relpath)


@pytest.mark.parametrize("relpath", FILES)
def test_saving_without_a_change_keeps_every_byte(relpath):
    text = (CLAIMS / relpath).read_bytes().decode()
    value = Layout(text).value
    kind = kind_of_path(relpath)
    assert patch(text, value, kind).text == text
    assert patch(text, prune(value, value, kind), kind).text == text
    assert replace_lines(text, text.replace("\n", "\r\n")) == text


def _odd(text: str, ends: str, mark: str, last: bool) -> str:
    text = mark + text.replace("\r\n", "\n").replace("\n", ends)
    return text if last else text.removesuffix(ends)


odd = st.builds(
    _odd,
    st.one_of(strategies.commented(), strategies.any_entry_text, strategies.dumped),
    st.sampled_from(("\n", "\n", "\r\n")),
    st.sampled_from(("", "", "\ufeff")),
    st.booleans(),
)
"""Texts in every layout: comments strewn over them, odd line ends, a byte order mark, no end of the last line."""

EXAMPLES = settings(
    max_examples=int(os.environ.get("CAVEAT_EXAMPLES", "40")), suppress_health_check=list(HealthCheck), deadline=None
)


def readable(text: str) -> Layout:
    layout = Layout(text.removeprefix("\ufeff"))
    assume(not layout.reading.problems and isinstance(layout.value, dict) and layout.value)
    return layout


def patched_or_refused(text: str, meant: Any, kind: Kind = Kind.CLAIM):
    """Patch, and hold every promise: it reads as meant, no comment goes in silence, line ends and mark stay."""
    try:
        patched = patch(text, meant, kind)
    except FormatNotStable:
        return None
    assert same(Layout(patched.text.removeprefix("\ufeff")).value, meant)
    gone = comments(text) - comments(patched.text)
    said = " ".join(patched.notes)
    assert all(comment in said for comment in gone), (gone, said)
    assert patched.text.startswith("\ufeff") == text.startswith("\ufeff")
    if not patched.notes and "\r\n" in text and "\n" not in text.replace("\r\n", ""):
        assert "\n" not in patched.text.replace("\r\n", "")
    return patched


@EXAMPLES
@given(odd, st.data())
def test_changing_a_value_of_any_text_changes_only_its_field(text, data):
    layout = readable(text)
    path, value = data.draw(st.sampled_from(list(leaves(layout.value))))
    new = data.draw(st.one_of(st.just(another(value)), strategies.scalars))
    meant = put(layout.value, path, new)
    patched = patched_or_refused(text, meant)
    assert patched is not None
    if not patched.notes and not layout.in_flow(path[:1]):
        shift = len(text) - len(layout.text)
        start, end = lines_of(layout, path[:1])
        assert changed_within(text, patched.text, start + shift, end + shift)


@EXAMPLES
@given(odd, st.data())
def test_taking_something_out_takes_only_its_lines(text, data):
    layout = readable(text)
    whole, _ = data.draw(st.sampled_from(list(leaves(layout.value))))
    path = whole[: data.draw(st.integers(1, len(whole)))]
    patched = patched_or_refused(text, without(layout.value, path))
    if patched is not None and not patched.notes and not layout.in_flow(path[:1]) and len(layout.value) > 1:
        shift = len(text) - len(layout.text)
        start, end = lines_of(layout, path[:1])
        before = layout.line_end(start - 1) if start and end == len(layout.text) else start
        assert changed_within(text, patched.text, before + shift, end + shift)


@EXAMPLES
@given(odd, strategies.texts, strategies.structures, st.data())
def test_adding_something_keeps_all_that_is_there(text, key, value, data):
    layout = readable(text)
    collections = [()] + [path[:depth] for path, _ in leaves(layout.value) for depth in range(1, len(path))]
    path = data.draw(st.sampled_from(collections))
    parent = at(layout.value, path)
    if isinstance(parent, dict):
        assume(key not in parent and key.strip() == key)
        meant = put(layout.value, path, {**parent, key: value})
    else:
        number = data.draw(st.integers(0, len(parent)))
        meant = put(layout.value, path, [*parent[:number], value, *parent[number:]])
    patched = patched_or_refused(text, meant)
    if (
        patched is not None
        and not patched.notes
        and not layout.in_flow((*path, ""))
        and not steps_are_many(layout, meant)
    ):
        kept = [line.strip() for line in text.splitlines() if line.strip()]
        assert is_subsequence(kept, [line.strip() for line in patched.text.splitlines()])


def steps_are_many(layout: Layout, meant: Any) -> bool:
    return len(list(steps(layout.value, meant))) != 1


def is_subsequence(lines: list[str], longer: list[str]) -> bool:
    rest = iter(longer)
    return all(
        any(line == other or other in {f"- {line}", line.removeprefix("- ")} for other in rest) for line in lines
    )


@EXAMPLES
@given(strategies.structures, strategies.structures)
def test_the_steps_lead_from_any_value_to_any_other(old, new):
    value = old
    for step in steps(old, new):
        value = taken(value, step)
    assert same(value, new)


@EXAMPLES
@given(odd, strategies.structures)
def test_anything_can_become_anything_else(text, value):
    layout = readable(text)
    assume(isinstance(value, dict))
    patched_or_refused(text, {**layout.value, **value})


@EXAMPLES
@given(odd)
def test_every_entry_of_a_shared_file_can_be_cut_out_and_put_back(text):
    layout = readable(text)
    for key in layout.value:
        lines = cut(text, (key,))
        if lines is not None and not layout.in_flow((key,)):
            part = Layout(text[lines])
            assert same(part.value, {key: layout.value[key]})


@EXAMPLES
@given(odd)
def test_raw_text_from_a_browser_that_was_not_changed_keeps_every_byte(text):
    sent = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\n", "\r\n")
    assert replace_lines(text, sent) == text


@pytest.mark.parametrize("case", GOLDEN)
def test_a_patch_by_example(case):
    kind = Kind(case.get("kind", "claim"))
    before = case["before"].replace("\\r", "\r")
    meant = Layout(before).value
    for path, value in case["set"]:
        meant = (
            put(at_least(meant, tuple(path)), tuple(path), value) if value != "GONE" else without(meant, tuple(path))
        )
    patched = patch(before, meant, kind)
    assert patched.text == case["after"].replace("\\r", "\r")
    assert list(patched.notes) == case.get("notes", [])


def at_least(value: Any, path: tuple) -> Any:
    """Return a value that has something at a path, a field or an item more where there is nothing yet."""
    parent = at(value, path[:-1])
    if isinstance(parent, dict):
        return put(value, path[:-1], {path[-1]: None} | parent)
    return put(value, path[:-1], [*parent, None]) if path[-1] == len(parent) else value


def test_a_new_file_is_canonical():
    assert create({"name": "x", "licence": "CC0", "description": "y"}, Kind.KB) == (
        "# yaml-language-server: $schema=../kb/schema/kb.schema.json\nname: x\ndescription: y\nlicence: CC0\n"
    )


@pytest.mark.parametrize(
    "text", ["? a\n: x: 1\n", "?   a\n: x: 1\n", f"? {'a' * 200}\n: x: 1\n", "b:\n  x: 1\n? a\n: x: 1\n"]
)
def test_what_stands_under_an_explicit_key_is_not_cut_out(text):
    *others, key = Layout(text).value
    assert cut(text, (key,)) is None
    assert all(cut(text, (other,)) for other in others)


def test_a_question_mark_above_a_key_is_no_explicit_key():
    assert cut("a: Why?\nb: 1\n", ("b",)) == slice(8, 13)
