"""Marks that nest and overlap become pieces without gaps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.formats.audit.marking import Segment, Span, segments


@pytest.mark.parametrize(
    ("spans", "pieces"),
    [
        ([], [Segment(0, 9)]),
        ([(0, 9, "a")], [Segment(0, 9, ("a",), ("a",), ("a",))]),
        (
            [(1, 5, "a"), (3, 7, "b")],
            [
                Segment(0, 1),
                Segment(1, 3, ("a",), ("a",)),
                Segment(3, 5, ("a", "b"), ("b",), ("a",)),
                Segment(5, 7, ("b",), (), ("b",)),
                Segment(7, 9),
            ],
        ),
        (
            [(2, 4, "inner"), (0, 9, "outer")],
            [
                Segment(0, 2, ("outer",), ("outer",)),
                Segment(2, 4, ("inner", "outer"), ("inner",), ("inner",)),
                Segment(4, 9, ("outer",), (), ("outer",)),
            ],
        ),
        (
            [(-5, 2, "before"), (8, 20, "after"), (3, 3, "empty"), (20, 30, "elsewhere")],
            [
                Segment(0, 2, ("before",), ("before",), ("before",)),
                Segment(2, 8),
                Segment(8, 9, ("after",), ("after",), ("after",)),
            ],
        ),
        ([(4, 6, "a"), (4, 6, "a")], [Segment(0, 4), Segment(4, 6, ("a",) * 2, ("a",) * 2, ("a",) * 2), Segment(6, 9)]),
    ],
    ids=["none", "whole", "overlap", "nested", "outside", "twice"],
)
def test_pieces(spans, pieces):
    assert list(segments(0, 9, [Span(*span) for span in spans])) == pieces


def test_nothing_is_one_piece_less_than_one():
    assert list(segments(3, 3, [Span(0, 9, "a")])) == []


positions = st.integers(-3, 40)


@given(st.text(max_size=30), st.lists(st.tuples(positions, positions), max_size=12))
def test_pieces_join_to_the_text_and_the_pieces_of_a_mark_to_its_words(text, places):
    spans = [Span(start, end, number) for number, (start, end) in enumerate(places)]
    pieces = list(segments(0, len(text), spans))
    assert "".join(text[piece.start : piece.end] for piece in pieces) == text
    for span in spans:
        of_mark = [piece for piece in pieces if span.mark in piece.marks]
        words = "".join(text[piece.start : piece.end] for piece in of_mark)
        assert words == text[max(span.start, 0) : max(span.end, 0)]
        assert sum(span.mark in piece.opens for piece in pieces) == bool(of_mark)
        assert sum(span.mark in piece.closes for piece in pieces) == bool(of_mark)
