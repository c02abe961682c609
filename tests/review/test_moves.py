"""The steps of a review: the whole table of `cases/moves.yaml`, and what each step leaves in the entry."""

from __future__ import annotations

import datetime as dt
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from kb.accounts.roles import Role as AccountRole
from kb.errors import ReviewRefused
from kb.model import Claim, Status
from kb.review import Action, Actor, Details, Role, allowed, first_approved, is_own, move, refusal, settle
from tests.review.entries import APPROVER, AUTHOR, EDITOR, fields

TABLE = yaml.safe_load((Path(__file__).parent / "cases" / "moves.yaml").read_text(encoding="utf-8"))
TODAY = dt.date(2026, 1, 2)
REVIEWER = Actor("E. Reviewer", Role.REVIEWER)
DETAILS = Details(says="Because.", reason="error", evidence=(0,))


def entry(status: str, *, marked: bool = False, **others: Any) -> dict[str, Any]:
    """Return an entry in a state in which a file may be."""
    return fields(
        status=status,
        approved=status in {"published", "disputed"},
        marked=(0,) if marked else (),
        dispute=status == "disputed",
        withdrawal=status == "withdrawn",
        **others,
    )


def test_the_table_has_every_step() -> None:
    assert set(TABLE) == set(Action)


@pytest.mark.parametrize("action", list(Action))
def test_table(action: Action) -> None:
    row = TABLE[action]
    for status, role, whose in product(Status, Role, ("own", "other")):
        before = entry(status, marked=row.get("needs") == "recheck")
        actor = Actor(AUTHOR if whose == "own" else "E. Other", role)
        may = role in row[whose] and status in row["to"]
        assert (refusal(before, action, actor) is None) == may, (status, role, whose)
        assert (action in allowed(before, actor)) == may
        if may:
            after = move("claim", before, action, actor, today=TODAY, details=DETAILS)
            assert after["status"] == row["to"][status]
            Claim.model_validate(after)
        else:
            with pytest.raises(ReviewRefused):
                move("claim", before, action, actor, today=TODAY, details=DETAILS)


@pytest.mark.parametrize("action", [name for name, row in TABLE.items() if not row["own"]])
def test_who_changed_the_meaning_last_is_kept_out_like_the_author(action: str) -> None:
    status = next(iter(TABLE[action]["to"]))
    before = entry(status, review={"author": AUTHOR, "changed_by": EDITOR})
    assert is_own(before, "c.  EDITOR")
    assert refusal(before, Action(action), Actor(EDITOR, Role.ADMIN))
    assert refusal(before, Action(action), REVIEWER) is None


def test_approval_names_who_when_and_until_when() -> None:
    before = entry("in-review", review={"author": AUTHOR, "changed_by": EDITOR, "note": "Mind the dose."})
    after = move("claim", before, Action.APPROVE, REVIEWER, today=TODAY)
    assert after["review"] == {
        "author": AUTHOR,
        "approved_by": "E. Reviewer",
        "approved_on": "2026-01-02",
        "due": "2027-01-02",
    }


def test_a_due_date_in_the_future_stays() -> None:
    before = entry("in-review", review={"author": AUTHOR, "due": "2026-03-01"})
    assert move("claim", before, Action.APPROVE, REVIEWER, today=TODAY)["review"]["due"] == "2026-03-01"


def test_a_due_date_must_lie_ahead() -> None:
    with pytest.raises(ReviewRefused, match="after today"):
        move("claim", entry("in-review"), Action.APPROVE, REVIEWER, today=TODAY, details=Details(due=TODAY))


def test_marked_evidence_stands_in_the_way_of_an_approval() -> None:
    before = entry("in-review", marked=True)
    assert "still marked" in (refusal(before, Action.APPROVE, REVIEWER) or "")
    confirmed = move("claim", before, Action.CONFIRM, REVIEWER, today=TODAY, details=Details(evidence=(0,)))
    assert refusal(confirmed, Action.APPROVE, REVIEWER) is None


def test_a_dispute_shows_every_position_once() -> None:
    first = move("claim", entry("published"), Action.DISPUTE, REVIEWER, today=TODAY, details=Details(says="No."))
    editor = Actor(AUTHOR, Role.EDITOR)
    second = move("claim", first, Action.ANSWER, editor, today=TODAY, details=Details(says="Yes."))
    third = move("claim", second, Action.ANSWER, editor, today=TODAY, details=Details(says="Yes, see the trial."))
    assert [(one["by"], one["says"]) for one in third["dispute"]["positions"]] == [
        ("E. Reviewer", "No."),
        (AUTHOR, "Yes, see the trial."),
    ]
    assert list(third)[-2:] == ["dispute", "review"]


def test_nobody_decides_their_own_dispute() -> None:
    disputed = move("claim", entry("published"), Action.DISPUTE, REVIEWER, today=TODAY, details=Details(says="No."))
    assert "took a position" in (refusal(disputed, Action.RESOLVE, REVIEWER) or "")
    assert refusal(disputed, Action.RESOLVE, Actor(APPROVER, Role.REVIEWER)) is None


def test_an_entry_that_does_not_stand_after_a_dispute_goes_back_to_review() -> None:
    details = Details(says="The trial was retracted.", stands=False)
    after = move("claim", entry("disputed"), Action.RESOLVE, REVIEWER, today=TODAY, details=details)
    assert after["status"] == "in-review"
    assert after["review"] == {
        "author": AUTHOR,
        "first_approved": "2025-01-01",
        "note": "The trial was retracted.",
    }
    assert after["dispute"]["resolved"]["by"] == "E. Reviewer"


def test_a_dispute_about_what_nobody_approved_ends_in_review() -> None:
    before = fields(status="disputed", dispute=True)
    after = move("claim", before, Action.RESOLVE, REVIEWER, today=TODAY, details=Details(says="Fine."))
    assert after["status"] == "in-review"


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (Details(), "withdrawal.reason"),
        (Details(reason="mood"), "withdrawal.reason"),
        (Details(reason="superseded"), "withdrawal.replacement"),
        (Details(reason="duplicate"), "withdrawal.replacement"),
        (Details(reason="duplicate", replacement="lifts-mood"), "withdrawal.replacement"),
    ],
)
def test_a_withdrawal_is_refused(details: Details, field: str) -> None:
    with pytest.raises(ReviewRefused) as refused:
        move("claim", entry("published"), Action.WITHDRAW, REVIEWER, today=TODAY, details=details)
    assert refused.value.field == field


def test_a_withdrawal_and_back() -> None:
    details = Details(reason="superseded", replacement="lifts-mood-slowly", says="A larger trial. ")
    gone = move("claim", entry("published"), Action.WITHDRAW, REVIEWER, today=TODAY, details=details)
    assert gone["withdrawal"] == {
        "date": "2026-01-02",
        "by": "E. Reviewer",
        "reason": "superseded",
        "note": "A larger trial.",
        "replacement": "lifts-mood-slowly",
    }
    back = move("claim", gone, Action.REINSTATE, REVIEWER, today=TODAY)
    assert "withdrawal" not in back
    assert back["review"] == {"author": AUTHOR, "first_approved": "2025-01-01"}


@pytest.mark.parametrize("action", [Action.TAKE_BACK, Action.SEND_BACK])
def test_that_there_was_an_approval_is_never_forgotten(action: Action) -> None:
    edited = settle("claim", entry("published"), entry("published") | {"claim": "Testamine sinks it."}, AUTHOR, TODAY)
    assert edited["review"] == {"author": AUTHOR, "first_approved": "2025-01-01"}
    actor = Actor(AUTHOR, Role.EDITOR) if action is Action.TAKE_BACK else REVIEWER
    draft = move("claim", dict(edited), action, actor, today=TODAY, details=DETAILS)
    again = move("claim", draft, Action.SUBMIT, actor, today=TODAY)
    confirmed = move("claim", again, Action.CONFIRM, actor, today=TODAY, details=Details(evidence=(0, 1)))
    approved = move("claim", confirmed, Action.APPROVE, REVIEWER, today=TODAY)
    assert [first_approved(one) for one in (draft, again, approved)] == ["2025-01-01"] * 3


@pytest.mark.parametrize("action", [Action.SEND_BACK, Action.DISPUTE, Action.ANSWER, Action.RESOLVE])
def test_these_steps_need_words(action: Action) -> None:
    status = next(iter(TABLE[action]["to"]))
    with pytest.raises(ReviewRefused) as refused:
        move("claim", entry(status), action, REVIEWER, today=TODAY, details=Details(says="  "))
    assert refused.value.field == "says"


def test_only_claims_and_caveats_are_reviewed() -> None:
    with pytest.raises(ReviewRefused, match="not reviewed"):
        move("source", {"status": "in-review"}, Action.APPROVE, REVIEWER, today=TODAY)


def test_roles_are_those_of_accounts() -> None:
    assert AccountRole is Role
