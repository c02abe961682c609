"""Carets stand under the words that they mean, as a terminal counts columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.audit.base import Document
from kb.formats.audit import excerpt


def document(text: str, media: str = "text/plain", plain: str | None = None) -> Document:
    return Document("a", text, text if plain is None else plain, (), "0" * 64, media)


def shown(text: str, words: str, width: int = 40) -> list[str]:
    start = text.index(words)
    found = excerpt.lines(document(text), start, start + len(words), width)
    return [part for line in found for part in (line.text, line.carets)]


@pytest.mark.parametrize(
    ("text", "words", "lines"),
    [
        ("It works.", "works", ["It works.", "   ^^^^^"]),
        ("湖水 works.", "works", ["湖水 works.", "     ^^^^^"]),
        ("It 湖水.", "湖水", ["It 湖水.", "   ^^^^"]),
        ("cafe\u0301 works", "cafe\u0301", ["cafe\u0301 works", "^^^^"]),
        ("a\tb works", "b", ["a   b works", "    ^"]),
        ("\x1b[31mred\x07", "red", ["␛[31mred␇", "     ^^^"]),
        ("abc\u202edef", "def", ["abc\ufffddef", "    ^^^"]),
        ("one\r\ntwo three\r\nfour", "two", ["two three", "^^^"]),
        ("one\rtwo", "two", ["two", "^^^"]),
        ("one two\nthree four", "two\nthree", ["one two", "    ^^^", "three four", "^^^^^"]),
        ("a\n\nb", "a\n\nb", ["a", "^", "b", "^"]),
        ("a\nb\nc\nd\ne", "a\nb\nc\nd\ne", ["a", "^", "b", "^", "c", "^", "…", ""]),
        ("a 🧘🏽‍♀️ b", "b", ["a 🧘🏽‍♀️ b", "        ^"]),
    ],
)
def test_words_and_carets(text, words, lines):
    assert shown(text, words) == lines


LONG = "x" * 30 + " the words " + "y" * 30


@pytest.mark.parametrize(
    ("text", "words", "lines"),
    [
        (LONG, "the words", ["…xxxxxxxxxxxxx the words yyyyyyyyyyyyyy…", " " * 15 + "^" * 9]),
        (LONG, "x" * 30, ["x" * 30 + " the word…", "^" * 30]),
        (LONG, "y" * 30, ["…the words " + "y" * 29, ""]),
    ],
    ids=["middle", "start", "end"],
)
def test_a_long_line_is_cut_around_the_words(text, words, lines):
    if words.startswith("y"):
        first, carets = shown(text, words)
        assert first.startswith("…")
        assert first.endswith("y")
        assert len(first) <= 40
        assert carets.count("^") == 30
    else:
        assert shown(text, words) == lines


def test_words_longer_than_the_line_are_cut_behind():
    first, carets = shown("a " + "w" * 100, "w" * 100)
    assert first.endswith("w…")
    assert (len(first), carets.count("^")) == (40, 37)


def test_a_megabyte_in_one_line_is_looked_at_only_where_it_matters():
    text = "x" * 1_000_000 + "!" + "x" * 1_000_000
    assert shown(text, "!") == [f"…{'x' * 18}!{'x' * 19}…", " " * 19 + "^"]


def test_html_is_shown_as_its_unit_without_markup():
    markup = "<p>It <b>really</b>\n   works.</p>"
    plain = "   It    really    \n   works.    "
    unit = (3, plain.index(".") + 1)
    start = plain.index("works")
    (line,) = excerpt.lines(document(markup, "text/html", plain), start, start + 5, 40, unit)
    assert (line.text, line.carets) == ("It really works.", " " * 10 + "^" * 5)


@pytest.mark.parametrize(
    ("text", "said"), [("a\r\nb\tc", "a  b c"), ("\x1b]0;title\x07", "␛]0;title␇"), ("\u2066x\u2069", "\ufffdx\ufffd")]
)
def test_text_of_unknown_origin_cannot_move_the_cursor(text, said):
    assert excerpt.safe(text) == said


letters = st.sampled_from("a 湖e\u0301\t\r\n\u200d🌊\x1b\u202e")


@given(st.text(letters, min_size=1, max_size=120), st.integers(0, 119), st.integers(1, 60), st.integers(20, 60))
def test_lines_keep_to_the_width_and_carets_to_the_text(text, start, length, width):
    start = min(start, len(text) - 1)
    for line in excerpt.lines(document(text), start, min(start + length, len(text)), width):
        assert excerpt.columns(line.text) <= width
        assert len(line.carets) <= width
        assert not set(line.text) & set("\t\r\n\x1b\u202e")
