"""Lines and columns count as editors count them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.audit.placing import Placing


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        ("", 0, (1, 1)),
        ("abc", 3, (1, 4)),
        ("a\nb", 2, (2, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("a\r\nb", 2, (1, 3)),
        ("a\rb", 2, (2, 1)),
        ("a\n\rb", 3, (3, 1)),
        ("a\u2028b\x0bc\x85d", 6, (1, 7)),
        ("\U0001f600e\u0301x", 3, (1, 4)),
        ("a\n", 2, (2, 1)),
    ],
)
def test_place(text, offset, place):
    assert Placing(text).place(offset) == place


def test_region():
    region = Placing("one\ntwo three\n").region(4, 13)
    assert (region.start, region.end, region.end_line, region.end_column, region.text) == (4, 13, 2, 10, "two three")


@given(st.text(st.sampled_from("ab\r\n\u2028\U0001f600")))
def test_every_offset_can_be_found_again(text):
    placing = Placing(text)
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    for offset in range(len(text)):
        line, column = placing.place(offset)
        assert lines[line - 1][column - 1] == text[offset]
