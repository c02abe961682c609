"""Recording what is missing: the form, who may send it, how much of it, and the list."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

import pytest
import yaml

from kb.errors import GapsFull
from kb.library.gaps import MAX_CHARS
from tests.web.html import Page
from webapp.gaps import MOST

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "gaps.yaml").read_text(encoding="utf-8"))
HERE = {"Origin": "http://localhost"}


def send(client, text, headers=HERE):
    return client.post("/gaps", data={"text": text}, headers=headers)


def test_what_is_recorded_stands_in_the_list(client):
    assert "Nothing has been recorded yet." in Page(client.get("/gaps").text).text
    answer = send(client, "does it help <b>stuttering</b>?")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/gaps?noted=1")
    shown = client.get("/gaps?noted=1")
    found = Page(shown.text)
    assert found.faults == []
    assert "Recorded. Thank you." in found.text
    assert "does it help <b>stuttering</b>? 1 2 January 2026" in found.text
    assert "/?q=does+it+help+%3Cb%3Estuttering%3C/b%3E?" in found.links
    assert shown.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("case", CASES["senders"], ids=lambda case: case["why"])
def test_only_pages_of_this_site_may_send(shelf, client, case):
    answer = send(client, "stuttering", case["headers"])
    assert answer.status_code == (303 if case["taken"] else HTTPStatus.FORBIDDEN)
    assert len(shelf.recorded) == case["taken"]


@pytest.mark.parametrize("text", ["", " \n\t", "x" * (MAX_CHARS + 1)])
def test_nothing_and_too_much_are_refused(shelf, client, text):
    answer = send(client, text)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "text" in Page(answer.text).text
    assert shelf.recorded == []


def test_nobody_can_flood_the_list(shelf, client):
    answers = [send(client, f"gap {number}").status_code for number in range(MOST + 2)]
    assert answers == [303] * MOST + [HTTPStatus.TOO_MANY_REQUESTS] * 2
    assert len(shelf.recorded) == MOST


def test_a_full_list_says_so(shelf, client, monkeypatch):
    def full(_):
        raise GapsFull("the list of gaps is full")

    monkeypatch.setattr(shelf, "record_gap", full)
    assert send(client, "stuttering").status_code == HTTPStatus.INSUFFICIENT_STORAGE
