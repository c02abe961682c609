"""Formatting: one style, nothing lost, nothing moved that did not belong, and no second opinion."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import FormatNotStable, InvalidEntry
from kb.store import Kind, decode, format_text, formatting, skeleton, yaml12
from tests import factories
from tests.store.cases import cases, lines
from tests.store.strategies import commented, soup


@pytest.mark.parametrize("case", cases("format"))
def test_case(case: dict[str, Any]):
    assert format_text(case["before"], case["kind"]) == case["after"]
    assert format_text(case["after"], case["kind"]) == case["after"]


def test_line_ends_of_windows_and_a_byte_order_mark():
    before = "\ufeffname: Test base\r\n# about\r\nlicence: MIT\r\n"
    after = "# yaml-language-server: $schema=../kb/schema/kb.schema.json\nname: Test base\n# about\nlicence: MIT\n"
    assert format_text(before, "kb") == after


@pytest.mark.parametrize("kind", ["claim", "caveat", "source"])
def test_a_skeleton_is_in_canonical_style(kind: str):
    assert format_text(skeleton(kind, "an-id"), kind) == skeleton(kind, "an-id")


@given(st.one_of(commented(), soup), st.sampled_from(Kind))
def test_formatting_twice_is_formatting_once(text: str, kind: Kind):
    try:
        once = format_text(text, kind)
    except InvalidEntry:
        return
    assert format_text(once, kind) == once


@given(st.one_of(commented(), soup))
def test_formatting_keeps_meaning_and_comments(text: str):
    # `format_text` checks both itself; this shows that it need never give up on what people can write.
    reading = yaml12.read(text)
    if not reading.problems and isinstance(reading.value, dict):
        format_text(text, "claim")


@given(st.sampled_from(("fades-soon", "lifts-mood")), st.text(st.sampled_from("# \n:-ab"), max_size=30))
def test_what_looks_like_a_comment_in_a_text_is_text(entry_id: str, looks: str):
    caveat = factories.caveat(entry_id, caveat=f"It fades {looks} soon")
    text = f"id: {entry_id}\ncaveat: {quoted(caveat.caveat)}\nshort: Fades\nsuggested_disclosure: It fades.\n"
    text += "themes: [mood]\nstatus: draft\nreview: {author: A. Editor}\n"
    assert decode(format_text(text, "caveat"), "caveat").caveat == caveat.caveat


def quoted(text: str) -> str:
    return '"' + text.replace("\n", "\\n") + '"'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [\n", "2:1: yaml-syntax: a[0]: not valid YAML: a value or a closing bracket is missing here"),
        ("a: 1\na: 2\n", "2:1: duplicate-key: a: the field 'a' is written twice here; keep one of the two"),
        ("- a\n", "1:1: schema: : the file must hold fields with values"),
        ("", "1:1: schema: : the file must hold fields with values"),
    ],
)
def test_what_cannot_be_formatted(text: str, problem: str):
    with pytest.raises(InvalidEntry) as caught:
        format_text(text, "claim")
    assert lines(caught.value.findings) == [f"<text>:{problem}"]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (["id: other  # c\n"], "formatting would change what the file says; nothing was changed"),
        (["id: a-b\n"], "formatting would lose or change a comment; nothing was changed"),
        (["id: [\n"], "the formatted text could not be read back; nothing was changed"),
        (
            ["id: a-b  # c\n", "id: a-b # c\n"],
            "formatting a second time would change the file again; nothing was changed",
        ),
    ],
)
def test_a_writer_with_a_fault_changes_nothing(written: list[str], message: str, monkeypatch: pytest.MonkeyPatch):
    texts = iter(written)
    monkeypatch.setattr(formatting, "emit", lambda *_: next(texts))
    with pytest.raises(FormatNotStable, match=f"^{message}$"):
        format_text("id: a-b  # c\n", "claim")
