"""What the page says after a save, signed so that no link can say it; and where a former id leads."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import current_app, redirect, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from kb.errors import EntryNotFound
from webapp.reading import knowledge_base, library

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from kb.library.entry import Saved
    from webapp.editing.kinds import Kind

_SHORT = 12


@dataclass(frozen=True, slots=True)
class Note:
    """What a save did, as the next page says it."""

    what: str
    path: str
    changed: bool
    commit: str
    commit_problem: str
    searchable: bool
    also: tuple[str, ...] = ()
    """Warnings that did not stand in the way."""


def after(saved: Saved, what: str = "") -> ResponseReturnValue:
    """Lead to the form of the entry that was saved, with what the save did."""
    return redirect(
        url_for("editing.edit", kind=saved.entry.kind, entry_id=saved.entry.id, saved=signed(saved, what)),
        HTTPStatus.SEE_OTHER,
    )


def signed(saved: Saved, what: str = "") -> str:
    """Return what a save did as it stands in an address."""
    told: dict[str, Any] = {
        "what": what or ("Added" if saved.created else "Saved" if saved.changed else "Nothing to save"),
        "path": saved.entry.path,
        "changed": saved.changed,
        "commit": (saved.commit or "")[:_SHORT],
        "commit_problem": saved.commit_problem or "",
        "searchable": saved.searchable,
        "also": [problem.message for problem in saved.problems[:5]],
    }
    return str(_serializer().dumps(told))


def saved() -> Note | None:
    """Return what the save before this page did; `None` where there was none, or the address was made up."""
    try:
        told = _serializer().loads(request.args.get("saved", ""))
    except BadSignature:
        return None
    return Note(**told | {"also": tuple(told["also"])})


def present_id(kind: Kind, entry_id: str) -> str:
    """Return the present id of an entry; the same where it is not a former one, or there is no such entry."""
    kb = knowledge_base()
    try:
        if kind.name == "claim":
            return kb.claim(entry_id).id
        if kind.name == "caveat":
            return kb.caveat(entry_id).id
    except EntryNotFound:
        pass
    return entry_id


def areas() -> tuple[str, ...]:
    """Return the folders that hold claims."""
    return tuple(sorted({path.split("/")[1] for (kind, _), path in library().files.items() if kind == "claim"}))


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="saved")
