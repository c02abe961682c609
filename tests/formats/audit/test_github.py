"""GitHub's workflow commands: escaping, the order, and the cap that swallows annotations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.audit.base import Document
from kb.audit.findings import placed
from kb.audit.rules.base import Found
from kb.finding import Level, Skipped
from kb.formats.audit import github
from tests.formats.audit.report import CLEAN, MISSING


def report(errors: int = 0, notes: int = 0, skipped: int = 0, text: str = "Words.", path: str = "a.md"):
    levels = [Level.NOTE] * notes + [Level.ERROR] * errors
    found = [(MISSING, level, Found(0, len(text), f"message {number}")) for number, level in enumerate(levels)]
    document = Document(path, text, text, (), "0" * 64)
    reports = (replace(CLEAN.documents[0], document=document, findings=placed(document, found)),)
    return replace(CLEAN, documents=reports, skipped=tuple(Skipped(f"{n}.pdf", "torn") for n in range(skipped)))


def commands(said: str) -> list[str]:
    return [line.partition(" ")[0].strip(":") for line in said.splitlines()[:-1]]


def test_ten_of_a_level_need_no_word():
    said = github.render(report(errors=10, notes=10))
    assert commands(said) == ["error"] * 10 + ["notice"] * 10
    assert "more than GitHub shows" not in said


@pytest.mark.parametrize(
    ("errors", "skipped", "message"),
    [
        (11, 0, "11 errors found; GitHub shows 10 annotations of a level, so 2 of them"),
        (40, 0, "40 errors found; GitHub shows 10 annotations of a level, so 31 of them"),
        (10, 1, "10 errors found; GitHub shows 10 annotations of a level, so 2 of them"),
        (3, 12, "3 errors found; GitHub shows 10 annotations of a level, so 3 of them"),
    ],
)
def test_more_than_ten_are_announced_before_them_and_all_are_in_the_log(errors, skipped, message):
    said = github.render(report(errors=errors, notes=1, skipped=skipped))
    lines = said.splitlines()
    assert lines[skipped].startswith(f"::error title=more than GitHub shows::{message}")
    assert commands(said) == ["error"] * (skipped + 1 + errors) + ["notice"]


def test_the_last_line_is_the_summary_for_the_log():
    last = github.render(report(errors=11, notes=2, skipped=1)).splitlines()[-1]
    assert last == "11 errors, 2 notes in 1 document; 1 file not checked"


def test_nothing_in_copy_or_path_ends_a_command_early():
    said = github.render(report(errors=1, path="a,b:c%\r\n::set-output.md"))
    command = said.splitlines()[0]
    assert command.startswith("::error title=missing-caveat,file=a%2Cb%3Ac%25%0D%0A%3A%3Aset-output.md,line=1,")
    assert len(said.splitlines()) == 2


def test_columns_are_left_out_where_a_finding_spans_lines():
    command = github.render(report(errors=1, text="Two\nlines")).splitlines()[0]
    assert ",line=1,endLine=2::" in command
    assert "col" not in command
