"""CSV: read back cell by cell, and nothing in it that a spreadsheet would run."""

from __future__ import annotations

import csv as reader
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.export import Addresses, csv
from tests.export import small
from tests.factories import claim

RISKY = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=8, max_size=60)


def read_back(known) -> list[dict[str, str]]:
    text = "".join(csv.rows(known, tuple(known.kb.claims.values()), Addresses()))
    return list(reader.DictReader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("  =1+1", "'  =1+1"),
        ("\u00a0@SUM(1)", "'\u00a0@SUM(1)"),
        ("-15.79 points", "'-15.79 points"),
        ("+1", "'+1"),
        ("\t=1", "'\t=1"),
        ("\uff1dSUM(1)", "'\uff1dSUM(1)"),
        ("a=b", "a=b"),
        ("'quoted'", "'quoted'"),
        ("", ""),
    ],
)
def test_a_cell_is_never_a_formula(cell, shown):
    assert csv.neutral(cell) == shown


@given(st.text())
def test_no_cell_whatever_begins_like_a_formula(cell):
    shown = csv.neutral(cell)
    assert not shown.lstrip(" \u00a0").startswith(RISKY)
    assert shown.removeprefix("'") == cell or shown == cell


@given(TEXTS.filter(lambda text: len(text.strip()) >= 8), TEXTS.filter(str.strip))
def test_texts_come_back_as_they_were(text, rationale):
    entry = claim(claim=text, rationale=rationale)
    (row,) = read_back(small.crossings(claims=[entry]))
    assert (row["claim"], row["rationale"]) == (csv.neutral(entry.claim), csv.neutral(entry.rationale))


def test_lines_end_as_rfc_4180_wants():
    known = small.crossings()
    lines = list(csv.rows(known, tuple(known.kb.claims.values()), Addresses()))
    assert len(lines) == 1 + len(known.kb.claims)
    assert all(line.endswith("\r\n") for line in lines)
    assert lines[0].rstrip("\r\n").split(",") == list(csv.COLUMNS)


def test_without_a_site_no_address_is_made_up():
    assert {row["url"] for row in read_back(small.crossings())} == {""}
