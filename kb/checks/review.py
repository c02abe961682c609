"""Review: who vouches for an entry, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.checks.base import Problem
from kb.checks.fields import entries
from kb.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.checks.base import Context


def review_due(context: Context) -> Iterator[Problem]:
    """Report an entry past its review date.

    Why: evidence moves on; a verdict that nobody has looked at since may be wrong.

    Fix: look for newer evidence, correct the entry, and set `review.due` to the next date.
    """
    for kind, entry in entries(context.kb):
        due = entry.review.due
        if due is not None and due < context.today:
            message = f"the review was due on {due.isoformat()}"
            yield Problem(kind, entry.id, "review.due", message, "Review the entry, then set the next date.")


def approval_missing(context: Context) -> Iterator[Problem]:
    """Report a published entry that nobody has approved.

    Why: `published` tells readers that a second person has checked the entry.

    Fix: have it approved and fill in `review.approved_by` and `review.approved_on`, or set the status back to
    in-review.
    """
    for kind, entry in entries(context.kb):
        lacking = [name for name in ("approved_by", "approved_on") if getattr(entry.review, name) is None]
        if entry.status is Status.PUBLISHED and lacking:
            message = f"the entry is published, but its review has no {' and no '.join(lacking)}"
            yield Problem(kind, entry.id, "review", message, "Have it approved, or set the status to in-review.")


def approval_own(context: Context) -> Iterator[Problem]:
    """Report an entry that its author approved.

    Why: a second pair of eyes is the point of an approval.

    Fix: have somebody else approve it.
    """
    for kind, entry in entries(context.kb):
        author, approver = entry.review.author, entry.review.approved_by
        if approver is not None and _same_person(author, approver):
            message = f"{approver} wrote this entry and approved it"
            yield Problem(kind, entry.id, "review.approved_by", message, "Have somebody else approve it.")


def _same_person(one: str, other: str) -> bool:
    return one.casefold().split() == other.casefold().split()
