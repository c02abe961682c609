"""The pages of histories and changes, for everybody."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.web.html import Page

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from kb.library import Library
    from tests.web.desk.conftest import Person

ID = "better-sleep"


def test_a_history_shows_each_field_before_and_after(app: Flask, library: Library, reviewer: Person) -> None:
    reviewer.step(library, ID, "approve")
    page = app.test_client().get(f"/history/claim/{ID}").text
    assert Page(page).faults == []
    for words in ("B. Reviewer: Approve claim better-sleep", "<code>status</code>", "in-review", "published", "Added"):
        assert words in page


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/history/claim/nowhere", 404),
        ("/history/nothing/x", 404),
        ("/history/claim/raises-mood", 302),
        ("/history/kb/kb", 200),
        ("/history/concept/vomit", 200),
        ("/history/reference/doe2020", 200),
        ("/history/theme/mood", 200),
        ("/history/source/quiet-harbour", 200),
        ("/changes", 200),
        ("/changes?since=2026-01-01", 200),
        ("/changes?since=HEAD&until=HEAD&kind=claim", 200),
        ("/changes?since=nonsense", 422),
        ("/changes?since=2020-01-01", 422),
        ("/changes?since=--output=x", 422),
        ("/changes?since=HEAD..HEAD", 422),
        ("/changes?since=:/Begin", 422),
        ("/changes?since=HEAD@{1}", 422),
    ],
)
def test_answers(app: Flask, address: str, status: int) -> None:
    response = app.test_client().get(address)
    assert response.status_code == status
    if status != 302:
        assert Page(response.text).faults == []


def test_changes_since_a_revision(app: Flask, library: Library, reviewer: Person) -> None:
    reviewer.step(library, ID, "withdraw", reason="error")
    page = app.test_client().get("/changes?since=HEAD~1").text
    assert "Withdrawn: " in page
    assert "1 change from 1 January 2026" in page


def test_many_changes_stand_on_several_pages(app: Flask, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.history.CHANGES", 1)
    for entry in sorted((root / "entries").rglob("*.yaml"))[:2]:
        entry.write_text(entry.read_text(encoding="utf-8").replace("claim: ", "claim: In short, ", 1), encoding="utf-8")
    client = app.test_client()
    first, second = (Page(client.get(f"/changes?since=HEAD&page={number}").text) for number in (1, 2))
    assert "2 changes from" in first.text
    assert "Changes 1 to 1 of 2" in first.text
    assert "/changes?since=HEAD&page=2" in first.links
    assert "Changes 2 to 2 of 2" in second.text
    assert client.get("/changes?since=HEAD&page=3").status_code == 400


def test_changes_in_a_history_of_less_than_a_month_begin_with_its_first_commit(app: Flask, root: Path) -> None:
    git = ["git", "-C", str(root.parent), "-c", "user.name=A", "-c", "user.email=a@b.example"]
    shutil.rmtree(root.parent / ".git")
    for step in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Begin"]):
        subprocess.run([*git, *step], check=True)
    page = app.test_client().get("/changes")
    assert "Git cannot say what changed" not in page.text
    assert "Nothing" in Page(page.text).text or "0 changes" in Page(page.text).text


def test_without_git_it_says_so(app: Flask, root: Path) -> None:
    shutil.rmtree(root.parent / ".git")
    client = app.test_client()
    assert "There is no history to show" in client.get(f"/history/claim/{ID}").text
    page = client.get("/changes")
    assert page.status_code == 200
    assert "Git cannot say what changed" in page.text
