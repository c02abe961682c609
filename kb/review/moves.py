"""The steps of a review: who may take which from where, and what each leaves in the entry."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from kb.errors import ReviewRefused
from kb.model import REPLACED, Status, WithdrawalReason, same_person
from kb.review.base import (
    REVIEWED,
    Actor,
    Fields,
    Role,
    evidence_of,
    first_approved,
    is_own,
    open_rechecks,
    review_of,
    with_review,
    without_approval,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

YEAR = dt.timedelta(days=365)
"""How long an approval lasts unless another date is given."""


class Action(StrEnum):
    """A step of a review."""

    SUBMIT = "submit"
    TAKE_BACK = "take-back"
    CONFIRM = "confirm-evidence"
    APPROVE = "approve"
    SEND_BACK = "send-back"
    RENEW = "renew"
    DISPUTE = "dispute"
    ANSWER = "answer"
    RESOLVE = "resolve"
    WITHDRAW = "withdraw"
    REINSTATE = "reinstate"


class Who(StrEnum):
    """Whose entries a step is for: `own` is by the author or by whoever last changed its meaning."""

    ANYONE = "anyone"
    OWN = "own"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Details:
    """What somebody fills in with a step; what the step does not ask for is not looked at."""

    says: str = ""
    """What is asked for, objected to, decided; or why an entry is withdrawn."""
    due: dt.date | None = None
    """When an approved entry must be looked at again."""
    evidence: tuple[int, ...] = ()
    """Places of the evidence that still fits."""
    stands: bool = True
    """Whether the entry stands after a dispute."""
    reason: str = ""
    """A `WithdrawalReason`."""
    replacement: str = ""


@dataclass(frozen=True, slots=True)
class _Step:
    states: frozenset[Status]
    least: Role
    who: Who
    take: Callable[[Fields, Actor, dt.date, Details], Fields]


def refusal(fields: Mapping[str, Any], action: Action, actor: Actor) -> str | None:
    """Return why somebody cannot take a step with an entry now; `None` where they can."""
    step = _STEPS[action]
    own = is_own(fields, actor.name)
    if not actor.role.covers(step.least):
        return f"this takes the role {step.least}; yours is {actor.role}"
    if fields.get("status") not in step.states:
        return f"an entry that is {fields.get('status')} cannot be moved by “{action}”"
    if step.who is Who.OTHER and own:
        return "nobody does this for an entry that they wrote or last changed"
    if step.who is Who.OWN and not own:
        return "only who wrote or last changed the entry does this"
    return _hindrance(fields, action, actor)


def _hindrance(fields: Mapping[str, Any], action: Action, actor: Actor) -> str | None:
    """Return what in the entry itself stands in the way of a step."""
    if action is Action.RESOLVE and any(same_person(one["by"], actor.name) for one in _positions(fields)):
        return "nobody decides a dispute in which they took a position"
    if action in {Action.APPROVE, Action.RENEW} and open_rechecks(fields):
        return "some evidence is still marked as perhaps no longer fitting; confirm or correct it first"
    if action is Action.CONFIRM and not open_rechecks(fields):
        return "no evidence is marked"
    return None


def allowed(fields: Mapping[str, Any], actor: Actor) -> tuple[Action, ...]:
    """Return the steps that somebody can take with an entry now."""
    return tuple(action for action in Action if refusal(fields, action, actor) is None)


def move(
    kind: str,
    fields: Mapping[str, Any],
    action: Action,
    actor: Actor,
    *,
    today: dt.date,
    details: Details | None = None,
) -> Fields:
    """Return the fields of an entry after a step; raise `ReviewRefused` where it cannot be taken."""
    if kind not in REVIEWED:
        raise ReviewRefused(f"a {kind} is not reviewed")
    reason = refusal(fields, action, actor)
    if reason:
        raise ReviewRefused(reason, "status")
    return _STEPS[action].take(dict(fields), actor, today, details or Details())


def _submit(fields: Fields, _actor: Actor, _today: dt.date, _details: Details) -> Fields:
    return _with(fields, Status.IN_REVIEW, note=None)


def _take_back(fields: Fields, _actor: Actor, _today: dt.date, _details: Details) -> Fields:
    return _with(fields, Status.DRAFT, **without_approval(fields))


def _confirm(fields: Fields, _actor: Actor, _today: dt.date, details: Details) -> Fields:
    chosen = set(details.evidence) & set(open_rechecks(fields))
    if not chosen:
        raise ReviewRefused("choose the evidence that still fits", "evidence")
    evidence = [
        {key: value for key, value in item.items() if key != "recheck"} if place in chosen else item
        for place, item in enumerate(evidence_of(fields))
    ]
    return fields | {"evidence": evidence}


def _approve(fields: Fields, actor: Actor, today: dt.date, details: Details) -> Fields:
    due = details.due or _date(review_of(fields).get("due"))
    if details.due and details.due <= today:
        raise ReviewRefused("the next review must be after today", "review.due")
    if due is None or due <= today:
        due = today + YEAR
    approval = {"approved_by": actor.name, "approved_on": today.isoformat(), "due": due.isoformat()}
    first = first_approved(fields)
    return _with(fields, Status.PUBLISHED, changed_by=None, note=None, first_approved=first, **approval)


def _send_back(fields: Fields, _actor: Actor, _today: dt.date, details: Details) -> Fields:
    note = _said(details, "say what the entry needs before it can be approved")
    return _with(fields, Status.DRAFT, note=note, **without_approval(fields))


def _dispute(fields: Fields, actor: Actor, today: dt.date, details: Details) -> Fields:
    position = _position(actor, today, _said(details, "say what is wrong with the entry, and why"))
    return _before_review(fields | {"status": "disputed"}, dispute={"positions": [position]})


def _answer(fields: Fields, actor: Actor, today: dt.date, details: Details) -> Fields:
    """Add a position, or put it in place of the one that this person took before."""
    position = _position(actor, today, _said(details, "say what you hold, and why"))
    positions = _positions(fields)
    places = [place for place, one in enumerate(positions) if same_person(one["by"], actor.name)]
    if places:
        positions[places[0]] = position
    else:
        positions.append(position)
    return _before_review(fields, dispute=dict(fields.get("dispute") or {}) | {"positions": positions})


def _resolve(fields: Fields, actor: Actor, today: dt.date, details: Details) -> Fields:
    outcome = _said(details, "say how the dispute ends, and why")
    if fields.get("dispute"):
        resolved = dict(fields["dispute"]) | {"resolved": _position(actor, today, outcome)}
        fields = _before_review(fields, dispute=resolved)
    if details.stands:
        published = bool(review_of(fields).get("approved_by")) and not open_rechecks(fields)
        return _with(fields, Status.PUBLISHED if published else Status.IN_REVIEW)
    return _with(fields, Status.IN_REVIEW, note=outcome, **without_approval(fields))


def _withdraw(fields: Fields, actor: Actor, today: dt.date, details: Details) -> Fields:
    if details.reason not in set(WithdrawalReason):
        raise ReviewRefused("choose why the entry is withdrawn", "withdrawal.reason")
    if details.replacement and details.replacement == fields.get("id"):
        raise ReviewRefused("an entry cannot stand in its own place", "withdrawal.replacement")
    if details.reason in REPLACED and not details.replacement:
        raise ReviewRefused(f"{details.reason}: name the entry to use instead", "withdrawal.replacement")
    withdrawal = {"date": today.isoformat(), "by": actor.name, "reason": details.reason}
    withdrawal |= {"note": details.says.strip()} if details.says.strip() else {}
    withdrawal |= {"replacement": details.replacement} if details.replacement else {}
    return _before_review(fields | {"status": "withdrawn"}, withdrawal=withdrawal)


def _reinstate(fields: Fields, _actor: Actor, _today: dt.date, _details: Details) -> Fields:
    kept = {key: value for key, value in fields.items() if key != "withdrawal"}
    return _with(kept, Status.IN_REVIEW, **without_approval(kept))


def _with(fields: Fields, status: Status, **review: Any) -> Fields:
    """Return the fields with another status and these fields of the review; `None` takes one out."""
    return with_review(fields | {"status": status.value}, review_of(fields) | review)


def _before_review(fields: Fields, **added: Any) -> Fields:
    """Put fields where the canonical order has them: just before the review."""
    kept = {key: value for key, value in fields.items() if key not in added and key != "review"}
    return kept | added | {"review": review_of(fields)}


def _positions(fields: Mapping[str, Any]) -> list[Any]:
    dispute = fields.get("dispute")
    return list(dispute["positions"]) if isinstance(dispute, dict) else []


def _position(actor: Actor, today: dt.date, says: str) -> dict[str, str]:
    return {"by": actor.name, "says": says, "date": today.isoformat()}


def _said(details: Details, request: str) -> str:
    says = details.says.strip()
    if not says:
        raise ReviewRefused(request, "says")
    return says


def _date(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


_D, _R, _P, _X, _W = Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED, Status.DISPUTED, Status.WITHDRAWN
_STEPS: Mapping[Action, _Step] = {
    Action.SUBMIT: _Step(frozenset({_D}), Role.EDITOR, Who.ANYONE, _submit),
    Action.TAKE_BACK: _Step(frozenset({_R}), Role.EDITOR, Who.OWN, _take_back),
    Action.CONFIRM: _Step(frozenset({_D, _R, _X}), Role.EDITOR, Who.ANYONE, _confirm),
    Action.APPROVE: _Step(frozenset({_R}), Role.REVIEWER, Who.OTHER, _approve),
    Action.SEND_BACK: _Step(frozenset({_R}), Role.REVIEWER, Who.OTHER, _send_back),
    Action.RENEW: _Step(frozenset({_P}), Role.REVIEWER, Who.OTHER, _approve),
    Action.DISPUTE: _Step(frozenset({_R, _P}), Role.EDITOR, Who.ANYONE, _dispute),
    Action.ANSWER: _Step(frozenset({_X}), Role.EDITOR, Who.ANYONE, _answer),
    Action.RESOLVE: _Step(frozenset({_X}), Role.REVIEWER, Who.OTHER, _resolve),
    Action.WITHDRAW: _Step(frozenset({_R, _P, _X}), Role.REVIEWER, Who.ANYONE, _withdraw),
    Action.REINSTATE: _Step(frozenset({_W}), Role.REVIEWER, Who.ANYONE, _reinstate),
}
