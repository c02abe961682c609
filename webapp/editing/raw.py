"""The raw YAML of an entry: checked as the form is, with lines, and saved as it is typed, comments and all."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import jsonify, redirect, render_template, request, url_for

from kb.errors import EntryNotFound, KbError, ReviewRefused
from kb.finding import Level
from kb.library.entry import EditConflict, EntryRefused, Problem
from webapp.accounts import editor, record
from webapp.editing import conflicts, noting
from webapp.editing.blueprint import blueprint
from webapp.editing.kinds import KINDS, kind_of
from webapp.reading import library

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask.typing import ResponseReturnValue


@dataclass(slots=True)
class RawSheet:
    """What the page shows."""

    kind: str
    id: str
    text: str
    revision: str
    problems: tuple[Problem, ...] = ()
    checked: bool = False

    @property
    def lines(self) -> list[str]:
        """The text, line by line."""
        return self.text.splitlines()

    @property
    def errors(self) -> int:
        """How many problems stand in the way of a save."""
        return sum(problem.level is Level.ERROR for problem in self.problems)


@blueprint.get("/edit/<kind>/<entry_id>/yaml")
def raw(kind: str, entry_id: str) -> ResponseReturnValue:
    """Show the text of an entry as its file has it."""
    if kind != "kb":
        present = noting.present_id(kind_of(kind), entry_id)
        if present != entry_id:
            return redirect(url_for("editing.raw", kind=kind, entry_id=present), HTTPStatus.MOVED_PERMANENTLY)
    entry = library().entry(kind, entry_id)
    return _show(RawSheet(kind, entry_id, entry.text, entry.revision))


@blueprint.post("/edit/<kind>/<entry_id>/yaml")
def raw_edited(kind: str, entry_id: str) -> ResponseReturnValue:
    """Check what was typed, or save it."""
    text = request.form.get("text", "").replace("\r\n", "\n")
    sheet = RawSheet(kind, entry_id, text, request.form.get("revision", ""))
    if request.form.get("do") == "save":
        return _save(sheet)
    sheet.problems = _ordered(library().check_entry(kind, entry_id, text))
    sheet.checked = True
    if request.form.get("do") != "live":
        return _show(sheet)
    return jsonify(errors=sheet.errors, problems=render_template("editing/_lines.html", sheet=sheet))


def _show(sheet: RawSheet, status: int = HTTPStatus.OK) -> ResponseReturnValue:
    kind = KINDS.get(sheet.kind)
    page = render_template("editing/raw.html", sheet=sheet, kind=kind, saved=noting.saved())
    return page, status


def _save(sheet: RawSheet) -> ResponseReturnValue:
    try:
        saved = library().save_entry(sheet.kind, sheet.id, sheet.text, revision=sheet.revision or "0", editor=editor())
    except EditConflict as conflict:
        if sheet.kind == "kb":
            return _overtaken(sheet, conflict)
        return conflicts.show(kind_of(sheet.kind), sheet.id, conflict, None, sheet.text)
    except EntryNotFound:
        return conflicts.gone(kind_of(sheet.kind), sheet.id, {}, sheet.text)
    except KbError as error:
        sheet.problems, sheet.checked = _ordered(_reasons(error)), True
        return _show(sheet, HTTPStatus.UNPROCESSABLE_ENTITY)
    record("saved", sheet.kind, sheet.id, revision=saved.entry.revision, git=saved.commit or "")
    address = url_for("editing.raw", kind=sheet.kind, entry_id=sheet.id, saved=noting.signed(saved))
    return redirect(address, HTTPStatus.SEE_OTHER)


def _reasons(error: KbError) -> tuple[Problem, ...]:
    """Return why a save was refused, as problems."""
    if isinstance(error, EntryRefused):
        return error.problems
    field = error.field if isinstance(error, ReviewRefused) else ""
    return (Problem(field, Level.ERROR, "save", str(error)),)


def _overtaken(sheet: RawSheet, conflict: EditConflict) -> ResponseReturnValue:
    """Keep what was typed, beside what is on file now; a second save then goes over it knowingly."""
    if conflict.theirs is not None:
        sheet.revision = conflict.theirs.revision
    sheet.problems = (
        Problem(
            "", Level.ERROR, "conflict", f"{conflict}. What is on file now: {conflict.theirs and conflict.theirs.text}"
        ),
    )
    sheet.checked = True
    return _show(sheet, HTTPStatus.CONFLICT)


def _ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.level.rank, problem.line or 0)))
