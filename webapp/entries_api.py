"""Entries through the API: read one as its file has it, check a change, save it. Who may, says the table of rights."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import jsonify, request

from kb.errors import EntryExists, KbError, ReviewRefused
from kb.finding import Level
from kb.library.addresses import KINDS
from kb.library.entry import EditConflict, EntryRefused, Problem
from webapp.accounts import editor, record
from webapp.api import blueprint
from webapp.bodies import json_body
from webapp.errors import Failure, body
from webapp.operations import operation
from webapp.params import BadBody, BadParameters, FieldError, only, shown
from webapp.reading import library
from webapp.shapes import EntryCheck, EntryEdit, EntryNew

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Response
    from flask.typing import ResponseReturnValue

    from kb.library.entry import Entry, Saved

    Json = dict[str, Any]

MAX_BODY = 4 * 1024 * 1024
"""Bytes of a request's body that are read: the longest file, were every character of it escaped."""


@blueprint.get("/entries/<kind>/<entry_id>")
def entry(kind: str, entry_id: str) -> ResponseReturnValue:
    """Return an entry as its file has it."""
    _refuse_slips(kind)
    return jsonify({"ok": True, "entry": raw(library().entry(kind, entry_id))})


@blueprint.put("/entries/<kind>/<entry_id>")
def save_entry(kind: str, entry_id: str) -> ResponseReturnValue:
    """Save an entry that is there."""
    _refuse_slips(kind)
    asked = json_body(EntryEdit, MAX_BODY)
    revision = asked.revision or (request.headers.get("If-Match") or "").strip().removeprefix("W/").strip('"')
    if not revision:
        raise BadBody([FieldError("revision", "must not be left out; it is the one that the edit started from")])
    return _save(kind, entry_id, _given(asked), revision=revision, message=asked.message)


@blueprint.post("/entries/<kind>")
def create_entry(kind: str) -> ResponseReturnValue:
    """Save a new entry."""
    _refuse_slips(kind)
    asked = json_body(EntryNew, MAX_BODY)
    return _save(kind, asked.id, _given(asked), revision=None, message=asked.message, area=asked.area or None)


@blueprint.post("/check/<kind>/<entry_id>")
def check_entry(kind: str, entry_id: str) -> ResponseReturnValue:
    """Say what is wrong with a change of an entry that is there."""
    _refuse_slips(kind)
    return _checked(library().check_entry(kind, entry_id, _given(json_body(EntryCheck, MAX_BODY))))


@blueprint.post("/check/<kind>")
def check_new_entry(kind: str) -> ResponseReturnValue:
    """Say what is wrong with an entry that is not there yet."""
    _refuse_slips(kind)
    asked = json_body(EntryCheck, MAX_BODY)
    if not asked.id:
        raise BadBody([FieldError("id", "must not be left out")])
    try:
        return _checked(library().check_entry(kind, asked.id, _given(asked), creating=True))
    except EntryExists as error:
        return _checked([Problem("id", Level.ERROR, "id-taken", str(error))])
    except KbError as error:
        if type(error) is not KbError:
            raise
        return _checked([Problem("id", Level.ERROR, "id", str(error))])


def raw(found: Entry) -> Json:
    """Return an entry as the API shows it."""
    return {
        "kind": found.kind,
        "id": found.id,
        "path": found.path,
        "text": found.text,
        "fields": dict(found.fields),
        "revision": found.revision,
    }


def _save(
    kind: str, entry_id: str, given: Json | str, *, revision: str | None, message: str, area: str | None = None
) -> ResponseReturnValue:
    try:
        saved = library().save_entry(
            kind, entry_id, given, revision=revision, editor=editor(), message=message or None, area=area
        )
    except EditConflict as conflict:
        return _overtaken(str(conflict), conflict)
    except EntryExists as error:
        return _overtaken(str(error), None)
    except EntryRefused as refused:
        return _refused(str(refused), refused.problems)
    except ReviewRefused as error:
        return _refused("this cannot be done", [Problem(error.field, Level.ERROR, "review", str(error))])
    except KbError as error:
        if type(error) is not KbError:
            raise
        return _refused(
            "this cannot be done", [Problem("area" if "area" in str(error) else "id", Level.ERROR, "id", str(error))]
        )
    what = "created" if saved.created else "saved"
    record(what, kind, entry_id, revision=saved.entry.revision, git=saved.commit or "")
    return _saved(saved), HTTPStatus.CREATED if saved.created else HTTPStatus.OK


def _saved(saved: Saved) -> Response:
    return jsonify(
        {
            "ok": True,
            "entry": raw(saved.entry),
            "created": saved.created,
            "changed": saved.changed,
            "commit": saved.commit,
            "commit_problem": saved.commit_problem,
            "searchable": saved.searchable,
            "problems": [_problem(found) for found in saved.problems],
        }
    )


def _checked(problems: Iterable[Problem]) -> Response:
    found = list(problems)
    valid = not any(problem.level is Level.ERROR for problem in found)
    return jsonify({"ok": True, "valid": valid, "problems": [_problem(problem) for problem in found]})


def _overtaken(message: str, conflict: EditConflict | None) -> ResponseReturnValue:
    versions = None
    if conflict is not None:
        versions = {
            "mine": dict(conflict.mine),
            "theirs": conflict.theirs and raw(conflict.theirs),
            "base": conflict.base and raw(conflict.base),
        }
    return {**body(Failure(HTTPStatus.CONFLICT, message)), "versions": versions}, HTTPStatus.CONFLICT


def _refused(message: str, problems: Iterable[Problem]) -> ResponseReturnValue:
    found = list(problems)
    errors = tuple(FieldError(problem.field, problem.message) for problem in found if problem.level is Level.ERROR)
    failure = Failure(HTTPStatus.UNPROCESSABLE_ENTITY, message, errors)
    return {**body(failure), "problems": [_problem(problem) for problem in found]}, HTTPStatus.UNPROCESSABLE_ENTITY


def _problem(problem: Problem) -> Json:
    return {
        "field": problem.field,
        "level": problem.level.value,
        "rule": problem.rule,
        "message": problem.message,
        "suggestion": problem.suggestion,
        "line": problem.line,
    }


def _refuse_slips(kind: str) -> None:
    """Raise for a parameter that the route has not, and for a kind that there is not."""
    asked = operation(str(request.endpoint).removeprefix("api."))
    errors = only(request.args, asked.query_names)
    if kind not in KINDS:
        errors.append(FieldError("kind", f"unknown kind {shown(kind)}; it must be one of: {', '.join(KINDS)}"))
    if errors:
        raise BadParameters(errors)


def _given(asked: EntryEdit | EntryNew | EntryCheck) -> Json | str:
    """Return the fields or the text; raise where there are both or neither."""
    named = asked.model_fields_set & {"fields", "text"}
    if len(named) != 1:
        raise BadBody([FieldError("fields", "there must be either `fields` or `text`")])
    return asked.text if named == {"text"} else asked.fields
