"""Where an editor begins: the kinds of entry, and every entry of a kind, by words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import jsonify, render_template, request

from kb.errors import SourceNotAttached
from webapp.editing import noting
from webapp.editing.blueprint import blueprint
from webapp.editing.kinds import KINDS, kind_of
from webapp.editing.picking import nearest, options
from webapp.params import BadParameters, clean, whole_number
from webapp.reading import knowledge_base, library

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from webapp.params import FieldError

PER_PAGE = 100


@blueprint.get("/edit")
def index() -> ResponseReturnValue:
    """List the kinds of entry, with how many there are of each."""
    kb = knowledge_base()
    kinds = [(kind, len(kind.texts(kb))) for kind in KINDS.values()]
    return render_template("editing/index.html", kinds=kinds)


@blueprint.get("/edit/<kind>")
def entry_list(kind: str) -> ResponseReturnValue:
    """List the entries of a kind, all or those with some words."""
    known, kb = kind_of(kind), knowledge_base()
    errors: list[FieldError] = []
    page = whole_number(request.args, "page", default=1, most=9_999, errors=errors)
    if errors:
        raise BadParameters(errors)
    typed = clean(request.args.get("q", ""))
    found = nearest(kb, kind, typed, limit=100_000) if typed else options(kb, kind)
    return render_template(
        "editing/list.html",
        kind=known,
        typed=typed,
        total=len(found),
        entries=found[(page - 1) * PER_PAGE : page * PER_PAGE],
        page=page,
        pages=max(1, -(-len(found) // PER_PAGE)),
        saved=noting.saved(),
    )


@blueprint.get("/edit/source/<source_id>/text")
def source_text(source_id: str) -> ResponseReturnValue:
    """Return the words of an attached article, for the script that lets an editor mark some of them."""
    text = library().source_text(source_id)
    if text is None:
        raise SourceNotAttached(f"no copy of {source_id!r} is attached here")
    return jsonify(text=text)
