"""Copy of every format becomes a document of units, each with its offsets in the original."""

from __future__ import annotations

import pytest

from kb.audit.extract import extract
from kb.errors import CopyUnreadable


def units(text: str, path: str = "copy.txt"):
    document = extract(text.encode(), path)
    return [(unit.kind.value, " ".join(document.plain[unit.start : unit.end].split())) for unit in document.units]


def test_a_file_without_bytes_is_refused():
    with pytest.raises(CopyUnreadable, match="empty"):
        extract(b"", "copy.txt")


def test_hard_wrapped_lines_make_whole_sentences():
    text = (
        "Low-dose infusions are given in a quiet room under the eye of a\n"
        "nurse who has been trained for it. Most people rest for an hour\n"
        "and are driven home by a friend.\n"
    )
    assert units(text) == [
        (
            "sentence",
            "Low-dose infusions are given in a quiet room under the eye of a nurse who has been trained for it.",
        ),
        ("sentence", "Most people rest for an hour and are driven home by a friend."),
    ]


def test_bullets_lie_outside_the_span_and_the_lead_in_is_known():
    document = extract(b"Suitable for people who:\n- sleep badly\n* feel low\n1. have pain\n", "copy.txt")
    assert [document.text[unit.start : unit.end] for unit in document.units[1:]] == [
        "sleep badly",
        "feel low",
        "have pain",
    ]
    assert {unit.lead for unit in document.units[1:]} == {0}


def test_markup_and_references_are_blanked_in_place():
    document = extract(b"<p>caf&eacute;s don&#8217;t <b>w</b>ork&nbsp;well", "page.html")
    assert len(document.plain) == len(document.text)
    assert document.plain.replace("\N{WORD JOINER}", "").split() == ["cafés", "don\N{RIGHT SINGLE QUOTATION MARK}t", "work", "well"]


def test_the_answer_points_to_its_question():
    document = extract(b"<h2>Is it addictive?</h2><p>No. It is not.</p><p>Other words.</p>", "page.html")
    assert [(unit.kind.value, unit.lead, unit.section) for unit in document.units] == [
        ("question", None, 1),
        ("sentence", 0, 1),
        ("sentence", 0, 1),
        ("sentence", None, 1),
    ]
