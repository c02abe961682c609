"""The pages of a review: who is shown and allowed which step, and what each leaves on file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.accounts import Role
from kb.library.editing import Editor
from tests.history.repository import git

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kb.library import Library
    from tests.web.desk.conftest import Person

ID = "better-sleep"


def test_an_entry_goes_from_draft_to_published_by_two_people(
    library: Library, author: Person, reviewer: Person, root: Path
) -> None:
    address = f"/review/claim/{ID}"
    assert "cannot approve it: nobody does this for an entry that they wrote" in author.get(address).text
    assert author.step(library, ID, "approve").status_code == 422
    assert "Approve and publish" in reviewer.get(address).text
    done = reviewer.step(library, ID, "approve", due="2099-01-01")
    assert "Done: Approve and publish" in done.text
    entry = library.claim(ID)
    assert (entry.status, entry.review.approved_by, str(entry.review.due)) == (
        "published",
        "B. Reviewer",
        "2099-01-01",
    )
    assert git(root, "log", "-1", "--format=%an: %s") == f"B. Reviewer: Approve claim {ID}"


def test_a_plain_edit_after_approval_returns_it_and_marks_evidence(library: Library, reviewer: Person) -> None:
    reviewer.step(library, ID, "approve")
    now = library.entry("claim", ID)
    fields = {**now.fields, "claim": "Testamine improves sleep at once."}
    library.save_entry("claim", ID, fields, revision=now.revision, editor=Editor("C. Writer"))
    entry = library.claim(ID)
    assert (entry.status, entry.review.approved_by, entry.review.changed_by) == ("in-review", None, "C. Writer")
    assert entry.evidence[0].recheck
    page = reviewer.get(f"/review/claim/{ID}").text
    assert "Does it still fit?" in page
    assert "still marked as perhaps no longer fitting" in page
    reviewer.step(library, ID, "confirm-evidence", evidence="0")
    assert library.claim(ID).evidence[0].recheck is None
    reviewer.step(library, ID, "approve")
    assert library.claim(ID).status == "published"


def test_two_reviews_at_once_do_not_overwrite_each_other(
    library: Library, reviewer: Person, person: Callable[..., Person]
) -> None:
    before = library.entry("claim", ID).revision
    reviewer.step(library, ID, "send-back", says="Name the dose.", revision=before)
    late = person("D. Admin", Role.ADMIN).step(library, ID, "approve", revision=before)
    assert late.status_code == 409
    assert "Somebody changed the entry since you read it" in late.text
    entry = library.claim(ID)
    assert (entry.status, entry.review.note) == ("draft", "Name the dose.")


def test_a_dispute_shows_both_positions_to_readers(
    library: Library, author: Person, editor: Person, reviewer: Person
) -> None:
    assert reviewer.step(library, ID, "approve").status_code == 200
    editor.step(library, ID, "dispute", says="The trial was not blinded.")
    author.step(library, ID, "answer", says="Its raters were.")
    page = editor.get(f"/claims/{ID}").text
    for words in ("What is in dispute", "The trial was not blinded.", "Its raters were.", "C. Writer", "A. Editor"):
        assert words in page
    assert editor.step(library, ID, "resolve", says="Enough.").status_code == 422
    reviewer.step(library, ID, "resolve", says="Raters count.", stands="yes")
    assert library.claim(ID).status == "published"
    assert "Raters count." in editor.get(f"/claims/{ID}").text
    assert editor.client.get(f"/api/v1/claims/{ID}").json["claim"]["dispute"]["resolved"]["by"] == "B. Reviewer"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "choose why the entry is withdrawn"),
        ({"reason": "duplicate"}, "name the entry to use instead"),
        ({"reason": "superseded", "replacement": "nowhere"}, "there is no entry"),
    ],
)
def test_a_withdrawal_without_what_it_needs(library: Library, reviewer: Person, fields: dict, said: str) -> None:
    refused = reviewer.step(library, ID, "withdraw", **fields)
    assert refused.status_code == 422
    assert said.casefold() in refused.text.casefold()
    assert library.claim(ID).status == "in-review"


@pytest.mark.parametrize(("action", "status"), [("withdraw", "withdrawn"), ("dispute", "disputed"), ("approve", "")])
def test_what_has_errors_can_be_withdrawn_but_not_approved(
    library: Library, reviewer: Person, action: str, status: str
) -> None:
    path = library.root / library.files["claim", ID]
    path.write_text(path.read_text(encoding="utf-8").replace("doe2020", "doe1999"), encoding="utf-8")
    library.reload_if_changed()
    answer = reviewer.step(library, ID, action, reason="error", says="The work is not on file.")
    assert answer.status_code == (200 if status else 422)
    assert library.claim(ID).status == (status or "in-review")
    assert ("unknown reference" in answer.text or "no reference" in answer.text) is not bool(status)


def test_a_withdrawal_shows_everywhere(library: Library, reviewer: Person) -> None:
    fields = {"reason": "superseded", "replacement": "split-opinions", "says": "A larger trial says more."}
    assert reviewer.step(library, ID, "withdraw", **fields).status_code == 200
    page = reviewer.get(f"/claims/{ID}").text
    for words in ("Withdrawn on", "Superseded", "A larger trial says more.", "/claims/split-opinions"):
        assert words in page
    found = reviewer.client.get(f"/api/v1/claims/{ID}").json["claim"]["withdrawal"]
    assert (found["reason"], found["replacement"], found["by"]) == ("superseded", "split-opinions", "B. Reviewer")
    reviewer.step(library, ID, "reinstate")
    assert library.claim(ID).withdrawal is None


def test_the_log_says_who_moved_what(library: Library, reviewer: Person, accounts) -> None:
    reviewer.step(library, ID, "approve")
    lines = accounts.log.latest(10)
    assert ("review: approve", "claim", ID) in [(line.what, line.kind, line.entry) for line in lines]


@pytest.mark.parametrize(
    ("address", "status"),
    [("/review/source/quiet-harbour", 404), ("/review/claim/nowhere", 404), ("/review/claim/raises-mood", 200)],
)
def test_what_has_no_review(reviewer: Person, address: str, status: int) -> None:
    assert reviewer.client.get(address, follow_redirects=True).status_code == status


@pytest.mark.parametrize("data", [{"action": "explode"}, {"action": "approve", "due": "soon"}, {}])
def test_a_form_that_says_nothing(library: Library, reviewer: Person, data: dict) -> None:
    revision = library.entry("claim", ID).revision
    answer = reviewer.post(f"/review/claim/{ID}", revision=revision, **data)
    assert answer.status_code == 422
    assert library.entry("claim", ID).revision == revision


def test_hostile_words_are_only_words(library: Library, editor: Person) -> None:
    editor.step(library, ID, "dispute", says="<script>alert(1)</script>\x00 & \u2028 so")
    page = editor.get(f"/claims/{ID}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
