"""What a plain edit does to the review of an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.errors import ReviewRefused
from kb.model import same_person
from kb.review.base import (
    APPROVAL,
    REVIEWED,
    Fields,
    evidence_of,
    is_approved,
    open_rechecks,
    review_of,
    with_review,
    without_approval,
)
from kb.review.meaning import WORDING, changed_meaning, core

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

_GUARDED = ("author", "changed_by", *APPROVAL, "first_approved")
_LABELS = {"author": "the author", "changed_by": "who changed it last"} | dict.fromkeys(APPROVAL, "the approval")
_LABELS |= {"first_approved": "the date of the first approval"}


def settle(
    kind: str, before: Mapping[str, Any] | None, after: Mapping[str, Any], editor_name: str, today: dt.date
) -> Mapping[str, Any]:
    """Return the fields to write when somebody saves an edit; raise `ReviewRefused` where they may not.

    A plain edit never approves, publishes, disputes or withdraws; the pages and functions of the review do. A change
    of meaning after an approval takes the approval back, returns the entry to in-review, and marks evidence that the
    new wording may no longer fit.
    """
    if kind not in REVIEWED:
        return after
    fields = dict(after)
    if before is None:
        return _created(fields, editor_name)
    _refuse_guarded(before, fields)
    _refuse_status(before, fields, editor_name)
    changed = changed_meaning(kind, before, fields)
    if changed and before.get("status") == "withdrawn":
        message = "a withdrawn entry is kept as it was; reinstate it before you change what it says"
        raise ReviewRefused(message, changed[0])
    was_approved = is_approved(before)
    review = review_of(fields)
    if was_approved and (changed or fields.get("status") in {"draft", "in-review"}):
        review |= without_approval(before)
        if fields.get("status") == "published":
            fields["status"] = "in-review"
    if changed:
        author = review.get("author")
        own = isinstance(author, str) and same_person(author, editor_name)
        review["changed_by"] = None if own else editor_name
        if was_approved or before.get("status") == "disputed" or open_rechecks(before):
            fields = _marked(kind, before, fields, changed, today)
    return with_review(fields, review) if review != review_of(fields) else fields


def _created(fields: Fields, editor_name: str) -> Fields:
    if fields.get("status", "draft") not in {"draft", "in-review"}:
        raise ReviewRefused("a new entry is a draft or in review", "status")
    for name in ("dispute", "withdrawal"):
        if fields.get(name):
            raise ReviewRefused(f"a new entry has no {name}", name)
    review = review_of(fields)
    for name in (*APPROVAL, "first_approved"):
        if review.get(name):
            raise ReviewRefused("a new entry has no approval", f"review.{name}")
    author = review.setdefault("author", editor_name) or editor_name
    review["author"] = author
    by_another = isinstance(author, str) and not same_person(author, editor_name)
    review["changed_by"] = editor_name if by_another else None
    return with_review(fields, review)


def _refuse_guarded(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Refuse an edit of what only the review may change; giving up an approval is always possible."""
    old, new = review_of(before), review_of(after)
    gives_up = after.get("status") in {"draft", "in-review"} and not any(new.get(name) for name in APPROVAL)
    for name in _GUARDED:
        if old.get(name) != new.get(name) and not (name in APPROVAL and gives_up):
            message = f"an edit cannot change {_LABELS[name]}; that is done on the review page"
            raise ReviewRefused(message, f"review.{name}")
    for name in ("dispute", "withdrawal"):
        if (before.get(name) or None) != (after.get(name) or None):
            raise ReviewRefused(f"an edit cannot change the {name}; that is done on the review page", name)


def _refuse_status(before: Mapping[str, Any], after: Mapping[str, Any], editor_name: str) -> None:
    old, new = before.get("status"), after.get("status")
    if old == new or (old, new) in {("draft", "in-review"), ("published", "in-review")}:
        return
    author = review_of(before).get("author")
    if (old, new) == ("in-review", "draft") and isinstance(author, str) and same_person(author, editor_name):
        return
    raise ReviewRefused(f"an edit cannot make a {old} entry {new}; that is done on the review page", "status")


def _marked(kind: str, before: Mapping[str, Any], fields: Fields, changed: tuple[str, ...], today: dt.date) -> Fields:
    """Mark evidence that was written for the former wording, unless this very edit wrote or confirmed it."""
    reworded = [name for name in WORDING[kind] if name in changed]
    if not reworded:
        return fields
    reason = f"changed on {today.isoformat()}: {', '.join(reworded)}"
    former = [(core(item), bool(item.get("recheck"))) for item in evidence_of(before) if isinstance(item, dict)]
    evidence = []
    for item in evidence_of(fields):
        untouched = isinstance(item, dict) and (core(item), bool(item.get("recheck"))) in former
        evidence.append(item | {"recheck": reason} if untouched else item)
    return fields | {"evidence": evidence} if evidence else fields
