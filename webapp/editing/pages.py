"""The pages with forms: of an entry on file, and of a new one. One address takes whatever button was pressed."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import jsonify, redirect, render_template, request, url_for

from kb.errors import EntryNotFound, KbError, ReviewRefused
from kb.finding import Level
from kb.library.entry import EditConflict, EntryRefused, Problem
from kb.library.referring import recognised_by
from webapp.accounts import editor, record
from webapp.editing import conflicts, moves, noting
from webapp.editing.blueprint import blueprint
from webapp.editing.drawing import count, draw
from webapp.editing.finding import attached, words_at
from webapp.editing.kinds import Kind, initial, kind_of
from webapp.editing.picking import lists_for, meaning
from webapp.editing.posting import settled
from webapp.editing.preview import preview
from webapp.editing.sheet import RULES, Sheet, blank, handed_in, ids_missing, opened
from webapp.params import clean
from webapp.reading import knowledge_base, library

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from webapp.editing.drawing import Drawn, Row

LATER = ("check", "add", "remove", "up", "down", "find", "take", "mark", "try", "example")


@blueprint.get("/edit/<kind>/<entry_id>")
def edit(kind: str, entry_id: str) -> ResponseReturnValue:
    """Show the form of an entry; a former id leads to the present one."""
    if kind == "kb":
        return redirect(url_for("editing.raw", kind=kind, entry_id=entry_id))
    known = kind_of(kind)
    present = noting.present_id(known, entry_id)
    if present != entry_id:
        return redirect(url_for("editing.edit", kind=kind, entry_id=present), HTTPStatus.MOVED_PERMANENTLY)
    return show(opened(known, library().entry(kind, entry_id)))


@blueprint.post("/edit/<kind>/<entry_id>")
def edited(kind: str, entry_id: str) -> ResponseReturnValue:
    """Do what a button of the form says: check, try, rearrange, preview or save."""
    known = kind_of(kind)
    if request.form.get("do") in {"resolve", "merge"}:
        return _resolved(known, entry_id)
    return _done(handed_in(known, entry_id, creating=False))


@blueprint.get("/new/<kind>")
def new(kind: str) -> ResponseReturnValue:
    """Show the form of a new entry. Texts in the address fill in its fields, so that other pages can begin one."""
    known = kind_of(kind)
    base = initial(known, editor().name, dt.datetime.now().astimezone().date())
    simple = {part.name for part in known.parts if not part.parts and not part.kept}
    given = {name: clean(value) for name, value in request.args.items() if name in simple and clean(value)}
    return show(
        blank(known, base | given, base, clean(request.args.get("id", "")), clean(request.args.get("area", "")))
    )


@blueprint.post("/new/<kind>")
def created(kind: str) -> ResponseReturnValue:
    """Do what a button of the form of a new entry says."""
    return _done(handed_in(kind_of(kind), "", creating=True))


def show(sheet: Sheet, status: int = HTTPStatus.OK) -> ResponseReturnValue:
    """Return the page of a form."""
    kb = knowledge_base()
    texts: dict[str, str | None] = {}

    def place_words(row: Row, _: Drawn) -> str | None:
        source = sheet.id if sheet.kind.name == "source" else str(row.values.get("source", ""))
        return words_at(source, row.values, texts)

    page = render_template(
        "editing/form.html",
        sheet=sheet,
        saved=noting.saved(),
        lists=lists_for(sheet.kind.parts, kb, count(sheet.drawn)),
        meaning=lambda picks, value: meaning(kb, picks, value),
        place_words=place_words,
        attached=attached(),
        found=sheet.found,
        tried=sheet.tried,
        areas=noting.areas(),
        rules=tuple(RULES),
        resting=recognised_by(kb, sheet.id) if sheet.kind.name == "concept" and not sheet.creating else (),
    )
    return page, status


def _done(sheet: Sheet) -> ResponseReturnValue:
    do, _, rest = request.form.get("do", "check").partition(":")
    if do == "save":
        return _save(sheet)
    if do == "live":
        return _live(sheet)
    if do == "preview":
        return preview(sheet)
    if do == "check":
        sheet.check()
        sheet.focus = "problems" if sheet.summary else ""
        return show(sheet)
    moves.make(sheet, do, rest)
    return show(sheet)


def _live(sheet: Sheet) -> ResponseReturnValue:
    """Return what is wrong with what was typed so far, and what it is like, for the script of the page."""
    sheet.check()
    problems = [
        {
            "id": page_id,
            "label": label,
            "level": said.level,
            "message": said.message,
            "suggestion": said.suggestion,
        }
        for page_id, label, said in sheet.summary
    ]
    return jsonify(
        problems=problems,
        errors=sheet.errors,
        like=render_template("editing/_like.html", sheet=sheet),
    )


def _save(sheet: Sheet) -> ResponseReturnValue:
    missing = ids_missing(sheet) if sheet.creating else ()
    if missing:
        sheet.check()
        return show(sheet, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        saved = library().save_entry(
            sheet.kind.name,
            sheet.id,
            sheet.fields,
            revision=None if sheet.creating else sheet.revision,
            editor=editor(),
            area=sheet.area or None,
        )
    except EditConflict as conflict:
        return conflicts.show(sheet.kind, sheet.id, conflict, sheet.base)
    except EntryNotFound:
        return conflicts.gone(sheet.kind, sheet.id, sheet.fields)
    except KbError as error:
        return _refused(sheet, error)
    what = "created" if saved.created else "saved"
    record(what, sheet.kind.name, saved.entry.id, revision=saved.entry.revision, git=saved.commit or "")
    return noting.after(saved)


def _refused(sheet: Sheet, error: KbError) -> ResponseReturnValue:
    """Show the form again with all that was typed, and why it was not saved."""
    match error:
        case EntryRefused():
            sheet.problems(error.problems)
        case ReviewRefused():
            sheet.problems([Problem(error.field, Level.ERROR, "review", _sentence(error))])
        case _:
            if sheet.creating:  # its id or area cannot be, and what else is wrong should not come only after that
                sheet.check()
            if not sheet.errors:
                sheet.problems([Problem("id" if sheet.creating else "", Level.ERROR, "save", _sentence(error))])
    sheet.focus = "problems"
    return show(sheet, HTTPStatus.UNPROCESSABLE_ENTITY)


def _sentence(error: KbError) -> str:
    said = str(error)
    return f"{said[:1].upper()}{said[1:].rstrip('.')}."


def _resolved(kind: Kind, entry_id: str) -> ResponseReturnValue:
    """Save what was chosen from two versions, or fill in the form with it."""
    chosen = conflicts.chosen(kind)
    sheet = Sheet(kind, entry_id, False, chosen.revision, chosen.theirs, settled(dict(chosen.fields)))
    sheet.drawn = draw(kind.parts, chosen.fields)
    if request.form.get("do") == "resolve":
        return _save(sheet)
    sheet.said = "Both versions are put together below. Nothing is saved yet."
    return show(sheet)
