"""Another id for an entry, and the end of a draft that nobody needs."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from kb.errors import KbError
from kb.library.entry import EditConflict, EntryRefused
from webapp.accounts import editor, record
from webapp.editing import noting
from webapp.editing.blueprint import blueprint
from webapp.editing.kinds import kind_of
from webapp.reading import library

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

RENAMED_KINDS = ("claim", "caveat")
"""Kinds whose entries have former ids, which lead to the new one."""


@blueprint.get("/edit/<kind>/<entry_id>/rename")
def rename(kind: str, entry_id: str) -> ResponseReturnValue:
    """Ask for the new id."""
    return _page("rename", kind, entry_id)


@blueprint.post("/edit/<kind>/<entry_id>/rename")
def renamed(kind: str, entry_id: str) -> ResponseReturnValue:
    """Rename an entry; its former id goes on leading to it."""
    new = request.form.get("id", "").strip()
    try:
        saved = library().rename_entry(kind, entry_id, new, revision=request.form.get("revision", ""), editor=editor())
    except KbError as error:
        return _page("rename", kind, entry_id, error, new)
    record("renamed", kind, new, revision=saved.entry.revision, git=saved.commit or "", note=f"formerly {entry_id}")
    return noting.after(saved, "Renamed")


@blueprint.get("/edit/<kind>/<entry_id>/delete")
def delete(kind: str, entry_id: str) -> ResponseReturnValue:
    """Ask whether the draft is to go."""
    return _page("delete", kind, entry_id)


@blueprint.post("/edit/<kind>/<entry_id>/delete")
def deleted(kind: str, entry_id: str) -> ResponseReturnValue:
    """Delete a draft that nothing refers to."""
    try:
        saved = library().delete_draft(kind, entry_id, revision=request.form.get("revision", ""), editor=editor())
    except KbError as error:
        return _page("delete", kind, entry_id, error)
    record("deleted", kind, entry_id, git=(saved.commit or "") if saved else "")
    return redirect(
        url_for("editing.entry_list", kind=kind, saved=noting.signed(saved, f"Deleted {entry_id}")),
        HTTPStatus.SEE_OTHER,
    )


def _page(what: str, kind: str, entry_id: str, error: KbError | None = None, new: str = "") -> ResponseReturnValue:
    known = kind_of(kind)
    entry = library().entry(kind, entry_id)
    problems = [problem.message for problem in error.problems] if isinstance(error, EntryRefused) else []
    page = render_template(
        f"editing/{what}.html",
        kind=known,
        entry=entry,
        new=new or entry_id,
        error=str(error) if error else "",
        problems=problems,
        can_rename=kind in RENAMED_KINDS,
    )
    if error is None:
        return page
    return page, HTTPStatus.CONFLICT if isinstance(error, EditConflict) else HTTPStatus.UNPROCESSABLE_ENTITY
