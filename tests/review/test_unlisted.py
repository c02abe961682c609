"""Unlisted claims on the desk: sent by people, grouped by likeness, taken off when done."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from kb.errors import GapsFull
from kb.library import lists, unlisted

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2026, 1, 2)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "unlisted.jsonl"


def texts(file: Path) -> list[list[str]]:
    return [[one.text for one in group.sentences] for group in unlisted.groups(file)]


def test_sentences_that_are_alike_stand_together(file: Path) -> None:
    unlisted.send(file, ["Ketamine cures back pain.", "We have free parking."], "A", DAY)
    unlisted.send(file, ["Our ketamine cures your back pain fast.", "ketamine cures back pain."], "B", DAY)
    assert texts(file) == [
        ["ketamine cures back pain.", "Our ketamine cures your back pain fast."],
        ["We have free parking."],
    ]
    first = unlisted.groups(file)[0]
    assert (first.times, first.sentences[0].times, first.sentences[0].by) == (3, 2, ("A", "B"))


def test_what_is_done_is_gone_until_it_is_sent_again(file: Path) -> None:
    unlisted.send(file, ["Ketamine cures back pain.", "We have free parking."], "A", DAY)
    unlisted.dismiss(file, ["Ketamine cures back pain."], "B", DAY)
    assert texts(file) == [["We have free parking."]]
    unlisted.send(file, ["Ketamine cures back pain."], "A", DAY)
    assert len(texts(file)) == 2


def test_what_names_a_person_or_says_nothing_is_left_out(file: Path) -> None:
    assert unlisted.send(file, ["Write to me@example.org for ketamine.", "  ", "\x00", "!!!"], "A", DAY) == 1
    assert texts(file) == [["Write to […] for ketamine."]]


def test_nothing_sent_makes_no_file(file: Path) -> None:
    assert unlisted.send(file, [], "A", DAY) == 0
    assert unlisted.groups(file) == ()
    assert not file.exists()


def test_a_full_list_says_so(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unlisted.send(file, ["Ketamine cures back pain."], "A", DAY)
    monkeypatch.setattr(lists, "MAX_BYTES", 100)
    with pytest.raises(GapsFull):
        unlisted.send(file, ["Ketamine cures everything else."], "A", DAY)


def test_a_line_that_cannot_be_read_is_left_out(file: Path) -> None:
    unlisted.send(file, ["Ketamine cures back pain."], "A", DAY)
    with file.open("a", encoding="utf-8") as opened:
        opened.write('{"text": "x"}\n[]\nnonsense\n')
    assert texts(file) == [["Ketamine cures back pain."]]
