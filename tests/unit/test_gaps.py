"""The list of what people looked for in vain: what is kept, what is not, and in which order it is read."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import GapsFull, KbError
from kb.library import gaps, lists

CASES = yaml.safe_load((Path(__file__).parent / "gaps.yaml").read_text(encoding="utf-8"))
DAY = dt.date(2026, 1, 2)


@pytest.mark.parametrize("case", CASES["kept"], ids=str)
def test_what_is_kept(case):
    assert gaps.cleaned(case["typed"]) == case["kept"]


@pytest.mark.parametrize("typed", CASES["nothing"])
def test_nothing_is_not_recorded(tmp_path, typed):
    with pytest.raises(KbError, match="no words"):
        gaps.record(tmp_path / "gaps.jsonl", typed, DAY)
    assert list(tmp_path.iterdir()) == []


@given(st.text(max_size=2_000))
def test_any_text_is_kept_on_one_line_that_can_be_read(tmp_path_factory, text):
    file = tmp_path_factory.mktemp("gaps") / "gaps.jsonl"
    kept = gaps.cleaned(text)
    assert len(kept) <= gaps.MAX_CHARS * len("[…]")
    try:
        gaps.record(file, text, DAY)
    except KbError:
        return
    assert gaps.read(file) == (gaps.Gap(kept, 1, DAY, DAY),)


def test_the_list_has_what_was_asked_for_most_first_then_the_latest(tmp_path):
    file = tmp_path / "new" / "gaps.jsonl"
    for day, text in enumerate(("tinnitus", "long covid", "Tinnitus", "stuttering"), start=1):
        gaps.record(file, text, dt.date(2026, 1, day))
    assert gaps.read(file) == (
        gaps.Gap("tinnitus", 2, dt.date(2026, 1, 1), dt.date(2026, 1, 3)),
        gaps.Gap("stuttering", 1, dt.date(2026, 1, 4), dt.date(2026, 1, 4)),
        gaps.Gap("long covid", 1, dt.date(2026, 1, 2), dt.date(2026, 1, 2)),
    )


def test_a_line_holds_the_text_and_the_day_and_nothing_else(tmp_path):
    file = tmp_path / "gaps.jsonl"
    gaps.record(file, "Does it help with tinnitus — “at all”?", DAY)
    assert json.loads(file.read_text(encoding="utf-8")) == {
        "text": "Does it help with tinnitus — “at all”?",
        "on": "2026-01-02",
    }


def test_lines_that_cannot_be_read_are_logged_and_left_out(tmp_path, caplog):
    file = tmp_path / "gaps.jsonl"
    file.write_bytes(b'{"text": "a"}\nnot json\n\xff\n[1]\n{"text": "b", "on": "2026-01-02"}\n')
    assert gaps.read(file) == (gaps.Gap("b", 1, DAY, DAY),)
    assert [record.getMessage().removeprefix(str(file)) for record in caplog.records] == [
        f":{number}: cannot be read and is left out" for number in (1, 2, 3, 4)
    ]


def test_a_full_list_takes_no_more(tmp_path):
    file = tmp_path / "gaps.jsonl"
    file.write_bytes(b"x" * lists.MAX_BYTES)
    with pytest.raises(GapsFull):
        gaps.record(file, "tinnitus", DAY)
    assert file.stat().st_size == lists.MAX_BYTES


def test_no_file_is_no_gaps(tmp_path):
    assert gaps.read(tmp_path / "gaps.jsonl") == ()


@pytest.mark.parametrize(("name", "file"), CASES["files"])
def test_each_knowledge_base_has_a_file_of_its_own(home, name, file):
    assert gaps.file_of(name) == home / "data" / "gaps" / file


def test_through_the_front_door(library):
    assert library.gaps() == ()
    assert library.record_gap("  frozen\tlakes  ") == "frozen lakes"
    assert [gap.text for gap in library.gaps()] == ["frozen lakes"]
