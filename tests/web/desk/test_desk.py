"""The desk: its lists, counts and filters, what is sent to it, and its words where it is empty."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from kb.accounts import Role
from kb.store import shipped_root
from tests.web.html import Page
from webapp.desk.pages import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask

    from kb.library import Library
    from tests.web.desk.conftest import Person


def counts(page: str) -> dict[str, str]:
    return dict(re.findall(r'show=(\w+)"[^>]*>[^<]*<span class="count[^>]*>([^<]+)<', page))


@pytest.mark.parametrize("show", NAMES)
def test_every_list_is_sound_and_says_so_where_it_is_empty(author: Person, show: str) -> None:
    page = author.get(f"/desk?show={show}").text
    assert ("desk-rows" in page) != ("nothing-here" in page)
    assert NAMES[show] in page


def test_lists_are_those_of_the_person(author: Person, reviewer: Person, editor: Person) -> None:
    assert counts(author.get("/desk").text)["mine"] == "1"
    assert "/review/claim/bare-draft" in author.get("/desk?show=mine").text
    assert counts(author.get("/desk").text)["waiting"] == "0"
    assert "/review/claim/better-sleep" in reviewer.get("/desk?show=waiting").text
    assert "Approving takes the role reviewer" in editor.get("/desk?show=waiting").text


def test_a_note_of_the_reviewer_stands_with_the_draft(library: Library, author: Person, reviewer: Person) -> None:
    reviewer.step(library, "better-sleep", "send-back", says="Name the dose.")
    assert "Name the dose." in author.get("/desk?show=mine").text


def test_filters(reviewer: Person) -> None:
    page = reviewer.get("/desk?show=waiting&kind=caveat").text
    assert "/review/caveat/makes-sick" in page
    assert "/review/claim/better-sleep" not in page
    assert "None of them fits" in reviewer.get("/desk?show=waiting&q=xylophone").text
    assert reviewer.get("/desk?show=waiting&page=99&kind=x&author=y").status_code == 200


def test_coverage_marks_what_nothing_accounts_for(author: Person) -> None:
    page = author.get("/desk?show=coverage").text
    assert "% of its prose is accounted for" in page
    assert re.search(r"<mark>[^<]+</mark>", page)


def test_findings_of_an_audit_come_to_the_desk_by_a_button(
    person: Callable[..., Person], author: Person, root: Path
) -> None:
    for name in ("vocabulary.yaml", "topics.yaml"):  # what the audit needs to see that copy makes a claim
        shutil.copy(shipped_root() / name, root / name)
    author.client.application.extensions["caveat"].library.reload_if_changed()
    reader = person("R. Reader", Role.READER)
    copy = "Ketamine cures back pain in two weeks.\n\nKetamine soon cures your back pain for good."
    report = reader.client.post("/audit", data={"text": copy}).text
    assert Page(report).faults == []
    form = report[report.index('class="send-desk"') :]
    texts = re.findall(r'name="text" value="([^"]+)"', form)
    assert texts
    assert counts(author.get("/desk").text)["unlisted"] == "0", "nothing is stored by itself"
    sent = reader.post("/desk/unlisted", text=texts)
    assert "on the editors' desk now" in sent.text.replace("&#39;", "'")
    page = author.get("/desk?show=unlisted").text
    assert texts[0] in page
    begin = re.search(r'href="(/new/claim\?[^"]+)"', page)
    assert begin
    assert "back pain" in author.client.get(begin[1].replace("&amp;", "&")).text
    author.post("/desk/done", text=texts)
    assert "Nobody has sent a finding here" in author.get("/desk?show=unlisted").text


def test_nothing_is_offered_to_who_is_not_signed_in(app: Flask) -> None:
    anybody = app.test_client()
    assert "send-desk" not in anybody.post("/audit", data={"text": "Testamine cures back pain in weeks."}).text
    page = anybody.get("/claims/better-sleep").text
    assert "/review/" not in page
    assert "/edit/" not in page
    assert "/history/claim/better-sleep" in page


def test_gaps_begin_entries(library: Library, author: Person) -> None:
    library.record_gap("testamine for <b>snoring</b>")
    page = author.get("/desk?show=gaps").text
    assert "testamine for &lt;b&gt;snoring&lt;/b&gt;" in page
    assert "/new/claim?claim=testamine" in page


def test_lint_findings_are_listed_gravest_first(author: Person) -> None:
    page = author.get("/desk?show=lint").text
    levels = re.findall(r'class="l-(\w+)"', page)
    assert levels == sorted(levels, key=["error", "warning", "note"].index)
    assert levels
