"""The page of an entry's review: where it stands, and the steps that this person may take with it."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for

from kb import words
from kb.errors import EntryNotFound, KbError, ReviewRefused
from kb.library.entry import EditConflict, EntryRefused
from kb.library.reviewing import take
from kb.model import WithdrawalReason
from kb.review import Action, Actor, Details, allowed, is_own, refusal
from kb.review.base import open_rechecks
from webapp.accounts import current, editor, record
from webapp.headers import forget_etag
from webapp.params import clean
from webapp.reading import knowledge_base, library

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from kb.model import Caveat, Claim

blueprint = Blueprint("review", __name__)

STEPS = {
    Action.SUBMIT: ("Submit for review", "It is complete; somebody else should look at it."),
    Action.TAKE_BACK: ("Take back", "Make it a draft again, and go on writing."),
    Action.CONFIRM: ("This evidence still fits", "You compared each chosen item with the entry as it is worded now."),
    Action.APPROVE: ("Approve and publish", "You checked wording, verdict, certainty, evidence and caveats."),
    Action.RENEW: ("Reviewed again, still right", "You looked for newer evidence, and the entry stands as it is."),
    Action.SEND_BACK: ("Send back", "It becomes a draft again, with your note for its author."),
    Action.DISPUTE: ("Dispute", "Readers are told, and see your position beside the entry's."),
    Action.ANSWER: ("Add your position", "It stands beside the others. A position that you took before is replaced."),
    Action.RESOLVE: ("Resolve the dispute", "Decide whether the entry stands. All positions stay in the file."),
    Action.WITHDRAW: ("Withdraw", "It stays, so that old links lead somewhere, and says why it no longer stands."),
    Action.REINSTATE: ("Reinstate", "It goes back to review, without the withdrawal and without an approval."),
}
"""What each step is called, and what it says about the entry."""

_KINDS = frozenset({"claim", "caveat"})


@blueprint.get("/review/<kind>/<entry_id>")
def review(kind: str, entry_id: str) -> ResponseReturnValue:
    """Show where an entry stands; a former id leads to the present one."""
    entry = _entry(kind, entry_id)
    if entry.id != entry_id:
        return redirect(url_for("review.review", kind=kind, entry_id=entry.id))
    return _page(kind, entry.id)


@blueprint.post("/review/<kind>/<entry_id>")
def moved(kind: str, entry_id: str) -> ResponseReturnValue:
    """Take one step, on the entry as the form showed it."""
    entry = _entry(kind, entry_id)
    form, who = request.form, editor()
    try:
        action, details = Action(form.get("action", "")), _details()
        saved = take(
            library(),
            kind,
            entry.id,
            action,
            actor(),
            revision=form.get("revision", ""),
            editor=who,
            details=details,
        )
    except EditConflict:
        return _page(kind, entry.id, "Somebody changed the entry since you read it. Nothing was done; look again.", 409)
    except EntryRefused as error:
        named = "; ".join(
            f"{one.field or 'the entry'}: {one.message}" for one in error.problems if one.level == "error"
        )
        return _page(kind, entry.id, f"The entry has errors: {named}", HTTPStatus.UNPROCESSABLE_ENTITY)
    except ReviewRefused as error:
        return _page(kind, entry.id, str(error), HTTPStatus.UNPROCESSABLE_ENTITY)
    except ValueError:
        return _page(kind, entry.id, "There is no such step, or a date is no date.", HTTPStatus.UNPROCESSABLE_ENTITY)
    record(f"review: {action}", kind, entry.id, revision=saved.entry.revision, git=saved.commit or "")
    return redirect(url_for("review.review", kind=kind, entry_id=entry.id, done=action.value), HTTPStatus.SEE_OTHER)


def actor() -> Actor:
    """Return who moves entries in this request: the name that stands in the review, and the role."""
    account = current()
    if account is None:
        raise KbError("nobody is signed in")
    return Actor(account.display, account.role)


def _entry(kind: str, entry_id: str) -> Claim | Caveat:
    if kind not in _KINDS:
        raise EntryNotFound(clean(kind) or "entry", entry_id)
    return knowledge_base().claim(entry_id) if kind == "claim" else knowledge_base().caveat(entry_id)


def _details() -> Details:
    """Return what the form says; raise `ValueError` for a date or number that is none."""
    form = request.form
    due = form.get("due", "").strip()
    return Details(
        says=clean(form.get("says", "")),
        due=dt.date.fromisoformat(due) if due else None,
        evidence=tuple(int(place) for place in form.getlist("evidence")),
        stands=form.get("stands", "yes") == "yes",
        reason=form.get("reason", ""),
        replacement=form.get("replacement", "").strip(),
    )


def _page(kind: str, entry_id: str, problem: str = "", status: int = HTTPStatus.OK) -> ResponseReturnValue:
    forget_etag()
    on_file, who = library().entry(kind, entry_id), actor()
    entry = _entry(kind, entry_id)
    steps = [(action, *STEPS[action]) for action in allowed(on_file.fields, who)]
    page = render_template(
        "desk/review.html",
        kind=kind,
        entry=entry,
        on_file=on_file,
        fields=on_file.fields,
        steps=steps,
        done=_done(),
        problem=problem,
        own=is_own(on_file.fields, who.name),
        why_not=_why_not(on_file.fields, who),
        rechecks=open_rechecks(on_file.fields),
        withdrawals=[(reason.value, words.WITHDRAWALS[reason]) for reason in WithdrawalReason],
        others=_others(kind, entry_id),
        typed=request.form,
        text=entry.claim if kind == "claim" else entry.caveat,  # type: ignore[union-attr]  # the kind says which
    )
    return page, status


def _done() -> str:
    """Return the name of the step that was just taken."""
    done = request.args.get("done", "")
    return STEPS[Action(done)][0] if done in set(Action) else ""


def _why_not(fields: Any, who: Actor) -> str | None:
    """Say why this person cannot approve an entry that waits for it."""
    waits = fields.get("status") == "in-review"
    return refusal(fields, Action.APPROVE, who) if waits else None


def _others(kind: str, entry_id: str) -> list[tuple[str, str]]:
    """Return (id, words) of the entries that could take the place of this one."""
    kb = knowledge_base()
    if kind == "claim":
        return [(one.id, one.claim) for one in kb.claims.values() if one.id != entry_id and one.status != "withdrawn"]
    return [(one.id, one.short) for one in kb.caveats.values() if one.id != entry_id and one.status != "withdrawn"]
