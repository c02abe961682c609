"""Review: who vouches for an entry, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.checks.base import Problem
from kb.checks.fields import entries
from kb.model import REPLACED, Status, same_person

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kb.checks.base import Context
    from kb.model import Caveat, Claim


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
    """Report an entry that its author, or whoever last changed what it means, approved.

    Why: a second pair of eyes is the point of an approval.

    Fix: have somebody else approve it.
    """
    for kind, entry in entries(context.kb):
        approver = entry.review.approved_by
        if approver is None:
            continue
        if same_person(entry.review.author, approver):
            message = f"{approver} wrote this entry and approved it"
        elif same_person(entry.review.changed_by or "", approver):
            message = f"{approver} changed what this entry says and approved it"
        else:
            continue
        yield Problem(kind, entry.id, "review.approved_by", message, "Have somebody else approve it.")


def withdrawal_missing(context: Context) -> Iterator[Problem]:
    """Report a withdrawn entry that does not say since when and why.

    Why: whoever relied on it has to know whether what they wrote was wrong, or only out of date.

    Fix: fill in `withdrawal` with `date`, `by` and a `reason`; add `replacement` where another entry takes its place.
    """
    for kind, entry in entries(context.kb):
        if entry.status is Status.WITHDRAWN and entry.withdrawal is None:
            message = "the entry is withdrawn, and nothing says since when and why"
            yield Problem(kind, entry.id, "status", message, "Fill in `withdrawal`.")


def withdrawal_unwanted(context: Context) -> Iterator[Problem]:
    """Report a withdrawal in an entry that is not withdrawn.

    Why: readers are told that it stands and that it does not.

    Fix: set the status to withdrawn, or delete `withdrawal`.
    """
    for kind, entry in entries(context.kb):
        if entry.withdrawal is not None and entry.status is not Status.WITHDRAWN:
            message = f"the entry has a withdrawal, and its status is {entry.status}"
            yield Problem(kind, entry.id, "withdrawal", message, "Set the status to withdrawn, or delete it.")


def replacement_unsound(context: Context) -> Iterator[Problem]:
    """Report a replacement that cannot be used: it is missing, not there, withdrawn, or the entry itself.

    Why: the page of a withdrawn entry and the audit send people to its replacement.

    Fix: name an entry of the same kind that stands; an entry that is superseded or a duplicate always names one.
    """
    stores: Mapping[str, Mapping[str, Claim | Caveat]] = {"claim": context.kb.claims, "caveat": context.kb.caveats}
    for kind, entry in entries(context.kb):
        message = _unsound(entry, stores[kind]) if entry.withdrawal else ""
        if message:
            yield Problem(kind, entry.id, "withdrawal.replacement", message, f"Name a {kind} that stands.")


def _unsound(entry: Claim | Caveat, known: Mapping[str, Claim | Caveat]) -> str:
    """Return what is wrong with the replacement of a withdrawn entry; "" where nothing is."""
    withdrawal = entry.withdrawal
    if withdrawal is None:
        return ""
    if withdrawal.replacement is None:
        wanted = withdrawal.reason in REPLACED
        return f"an entry that is withdrawn as {withdrawal.reason} names no replacement" if wanted else ""
    if withdrawal.replacement == entry.id:
        return "the entry is named as its own replacement"
    other = known.get(withdrawal.replacement)
    if other is None:
        return f"there is no entry '{withdrawal.replacement}' of this kind"
    return f"'{other.id}' is withdrawn itself" if other.status is Status.WITHDRAWN else ""


def dispute_missing(context: Context) -> Iterator[Problem]:
    """Report a disputed entry that does not say what the dispute is about.

    Why: readers are warned, and cannot see against what; nobody can answer.

    Fix: fill in `dispute.positions`, each with `by`, `says` and `date`, or set the status back once it is resolved.
    """
    for kind, entry in entries(context.kb):
        is_open = entry.dispute is not None and entry.dispute.resolved is None
        if entry.status is Status.DISPUTED and not is_open:
            message = "the entry is disputed, and no open dispute says why"
            yield Problem(kind, entry.id, "status", message, "Fill in `dispute.positions`.")


def evidence_recheck(context: Context) -> Iterator[Problem]:
    """Report evidence that was written for another wording of the entry.

    Why: a study that bears out one wording may say nothing about the next.

    Fix: compare it with the entry as it is worded now, correct `finding`, `direction` and `directness` where they no
    longer fit, and delete `recheck`.
    """
    for kind, entry in entries(context.kb):
        for index, line in enumerate(entry.evidence):
            if line.recheck is not None:
                message = f"this evidence may no longer fit: {line.recheck}"
                yield Problem(kind, entry.id, f"evidence[{index}].recheck", message, "Look at it, then delete this.")
