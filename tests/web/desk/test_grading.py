"""Second readings: blind until both have judged, and never of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from kb.library import Library
    from tests.web.desk.conftest import Person

ID = "better-sleep"
TELLING = ("Unproven", "Very low certainty", "Nobody has looked well", "verdict-panel", "In review")


def grade(reader: Person, **fields: object):
    return reader.post(f"/grade/{ID}", **({"verdict": "supported", "level": "low"} | fields))


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def test_the_blind_page_tells_nothing_of_the_first_judgement(editor: Person, library: Library) -> None:
    page = main_of(editor.get(f"/grade/{ID}").text)
    form = page[page.index('id="judge"') :]
    assert "12 people felt better" in page
    assert "Journal of Tests" in page
    before = page.replace(form, "")
    assert [words for words in TELLING if words in before] == []
    assert "checked" not in form
    entry = library.claim(ID)
    assert entry.rationale not in page
    assert 'class="direction"' not in page


def test_afterwards_both_are_shown_side_by_side(editor: Person, root: Path) -> None:
    page = grade(editor, reasons="imprecision", rationale="Twelve people.").text
    assert "Every judgement" in page
    assert "You and the entry differ" in page
    text = (root / "gradings/c-writer" / f"{ID}.yaml").read_text(encoding="utf-8")
    assert "verdict: supported\ncertainty: {level: low, reasons: [imprecision]}\nrationale: Twelve people.\n" in text
    assert "entry: {author: A. Editor, verdict: unproven, certainty: very-low}" in text


def test_another_reader_sees_no_grading_before_they_graded(editor: Person, reviewer: Person) -> None:
    grade(editor, rationale="Seen by nobody yet.")
    assert "Seen by nobody yet." not in reviewer.get(f"/grade/{ID}").text
    assert "Seen by nobody yet." not in reviewer.get("/grade").text
    assert "C. Writer" not in main_of(reviewer.get("/grade").text)
    assert "Seen by nobody yet." in grade(reviewer).text


def test_nobody_grades_twice(editor: Person) -> None:
    grade(editor)
    assert grade(editor, verdict="refuted").status_code == 409


def test_nobody_grades_what_they_wrote(author: Person) -> None:
    refused = author.client.get(f"/grade/{ID}")
    assert refused.status_code == 403
    assert "you wrote this claim" in refused.text.casefold()
    assert grade(author).status_code == 403


def test_nobody_grades_what_is_withdrawn(editor: Person) -> None:
    assert editor.client.get("/grade/a-new-life").status_code == 403


@pytest.mark.parametrize(
    "fields",
    [{"verdict": ""}, {"verdict": "perhaps"}, {"level": ""}, {"verdict": "not-checkable"}, {"reasons": "mood"}],
)
def test_half_a_judgement_is_none(editor: Person, root: Path, fields: dict) -> None:
    assert grade(editor, **fields).status_code == 422
    assert not (root / "gradings").exists()


def test_the_knowledge_base_is_the_same_after_a_grading(editor: Person, library: Library) -> None:
    before = library.kb.digest
    grade(editor)
    library.reload_if_changed()
    assert library.kb.digest == before
    assert library.findings == ()
    assert "Graded by you" in editor.get("/grade").text
