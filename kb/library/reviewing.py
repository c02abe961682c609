"""One step of a review, taken through the same door as every other save."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from kb.review import Action, move

if TYPE_CHECKING:
    from kb.library.entry import Editor, Saved
    from kb.library.front import Library
    from kb.review import Actor, Details

_DONE = {
    Action.SUBMIT: "Submit",
    Action.TAKE_BACK: "Take back",
    Action.CONFIRM: "Confirm evidence of",
    Action.APPROVE: "Approve",
    Action.SEND_BACK: "Send back",
    Action.RENEW: "Review again",
    Action.DISPUTE: "Dispute",
    Action.ANSWER: "Answer the dispute of",
    Action.RESOLVE: "Resolve the dispute of",
    Action.WITHDRAW: "Withdraw",
    Action.REINSTATE: "Reinstate",
}
"""How the message of a commit begins."""

_FOR_LESS = frozenset({Action.WITHDRAW, Action.SEND_BACK, Action.TAKE_BACK, Action.DISPUTE, Action.ANSWER})
"""Steps that vouch for nothing: what is wrong with an entry must not keep anybody from saying so."""


def take(
    library: Library,
    kind: str,
    entry_id: str,
    action: Action,
    actor: Actor,
    *,
    revision: str,
    editor: Editor,
    details: Details,
) -> Saved:
    """Take a step with an entry as it was at `revision`, and save it.

    Raise `ReviewRefused` where this person may not, `EditConflict` where the entry was changed since, and what
    `Library.save_entry` raises besides. Who may is looked at again on what the file says now.
    """
    now = library.entry(kind, entry_id)
    today = dt.datetime.now().astimezone().date()
    fields = (
        now.fields if now.revision != revision else move(kind, now.fields, action, actor, today=today, details=details)
    )
    message = f"{_DONE[action]} {kind} {entry_id}"
    return library.save_entry(
        kind,
        entry_id,
        fields,
        revision=revision,
        editor=editor,
        message=message,
        review_move=True,
        as_it_was=action in _FOR_LESS,
    )
