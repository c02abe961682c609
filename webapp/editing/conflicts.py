"""Two people changed one entry: what each of them changed, side by side, with the choice for each field."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import render_template, request
from werkzeug.exceptions import BadRequest

from webapp.editing.parts import Part, Widget, walk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from kb.library.entry import EditConflict
    from webapp.editing.kinds import Kind


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that is not the same in both versions."""

    path: str
    label: str
    before: str
    mine: str
    theirs: str
    choice: str
    """`mine` or `theirs`, where only one of the two changed it; "" where both did."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody chose on the page of a conflict."""

    fields: Mapping[str, Any]
    theirs: Mapping[str, Any]
    revision: str


def show(
    kind: Kind, entry_id: str, conflict: EditConflict, base: Mapping[str, Any] | None, text: str = ""
) -> ResponseReturnValue:
    """Return the page that shows both versions of an entry and what they started from."""
    if conflict.theirs is None:
        return gone(kind, entry_id, conflict.mine, text)
    before = conflict.base.fields if conflict.base is not None else base
    page = render_template(
        "editing/conflict.html",
        kind=kind,
        id=entry_id,
        differences=differences(kind.parts, before, conflict.mine, conflict.theirs.fields),
        mine=conflict.mine,
        theirs=conflict.theirs.fields,
        revision=conflict.theirs.revision,
        knows_before=before is not None,
        text=text,
    )
    return page, HTTPStatus.CONFLICT


def gone(kind: Kind, entry_id: str, mine: Mapping[str, Any], text: str = "") -> ResponseReturnValue:
    """Return the page that keeps what was typed where the entry is not there any more."""
    page = render_template(
        "editing/gone.html", kind=kind, id=entry_id, fields=list(mine.items()), text=text, plain=plain
    )
    return page, HTTPStatus.CONFLICT


def chosen(kind: Kind) -> Chosen:
    """Read what was chosen; raise `BadRequest` where the page's own fields are not whole.

    A field for which nothing was chosen stays as it is on file.
    """
    try:
        mine, theirs = json.loads(request.form["mine"]), json.loads(request.form["theirs"])
    except (KeyError, ValueError):
        mine = theirs = None
    if not isinstance(mine, dict) or not isinstance(theirs, dict):
        message = "the form is not whole; load the page again"
        raise BadRequest(message)
    fields = dict(theirs)
    for name, step in _paths(kind.parts, mine, theirs):
        path = f"{name}.{step}" if step else name
        if request.form.get(f"choose:{path}") == "mine":
            _take(fields, name, step, mine)
    return Chosen(_in_order(fields, kind.parts), theirs, request.form.get("revision", ""))


def differences(
    parts: Sequence[Part], before: Mapping[str, Any] | None, mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> list[Difference]:
    """Return the fields in which two versions differ, in the order of the form."""
    labels = {path: part.label for path, part in walk(parts)}
    found = []
    for name, step in _paths(parts, mine, theirs):
        here, there = _at(mine, name, step), _at(theirs, name, step)
        if here == there:
            continue
        was = _at(before, name, step) if before is not None else None
        choice = "" if before is None or was not in (here, there) else "mine" if was == there else "theirs"
        path = f"{name}.{step}" if step else name
        label = f"{labels.get(name, name)}: {labels[path]}" if step and path in labels else labels.get(path, path)
        found.append(Difference(path, label, plain(was), plain(here), plain(there), choice))
    return found


def plain(value: Any, indent: str = "") -> str:
    """Return a value of a field as lines that anybody can read."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return "\n".join(_line(str(name), inner, indent) for name, inner in value.items())
    if isinstance(value, list):
        if any(isinstance(item, dict) for item in value):
            return "\n".join(_line(str(number), item, indent) for number, item in enumerate(value, 1))
        return "\n".join(f"{indent}{item}" for item in value)
    return f"{indent}{value}"


def _line(name: str, value: Any, indent: str) -> str:
    if isinstance(value, dict) and not any(isinstance(inner, dict | list) for inner in value.values()):
        return f"{indent}{name}: " + ", ".join(f"{key} {inner}" for key, inner in value.items())
    if isinstance(value, dict | list) and value:
        inner = ", ".join(map(str, value)) if isinstance(value, list) and not isinstance(value[0], dict) else ""
        return f"{indent}{name}: {inner}" if inner else f"{indent}{name}:\n{plain(value, indent + '  ')}"
    return f"{indent}{name}: {plain(value)}"


def _paths(parts: Sequence[Part], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (field, "") or, for a group, (group, field) of all that can be chosen by itself.

    What a form only shows is not chosen here: it stays as it is on file.
    """
    known = {part.name: part for part in parts}
    found = []
    for name in dict.fromkeys([*known, *theirs, *mine]):
        part = known.get(name)
        if part is not None and part.widget is Widget.GROUP and not part.kept:
            found += [(name, inner.name) for inner in part.parts if not inner.kept]
        elif part is not None and not part.kept:
            found.append((name, ""))
    return found


def _at(fields: Mapping[str, Any], name: str, step: str) -> Any:
    value = fields.get(name)
    if not step:
        return value
    return value.get(step) if isinstance(value, dict) else None


def _take(fields: dict[str, Any], name: str, step: str, mine: Mapping[str, Any]) -> None:
    """Put my value of a field into the fields."""
    value = _at(mine, name, step)
    if not step:
        fields[name] = value
    else:
        group = fields.get(name)
        fields[name] = {**(group if isinstance(group, dict) else {}), step: value}
        if value is None:
            del fields[name][step]
    if fields[name] is None or fields[name] == {}:
        del fields[name]


def _in_order(fields: Mapping[str, Any], parts: Sequence[Part]) -> dict[str, Any]:
    """Return fields in the order of their file: what the form does not have first, then its parts."""
    names = [part.name for part in parts]
    first = {name: value for name, value in fields.items() if name not in names}
    return first | {name: fields[name] for name in names if name in fields}
