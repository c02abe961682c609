"""The page of a claim or caveat as it would look, before anything is saved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import render_template
from pydantic import ValidationError

from kb.crossings import Crossings
from kb.model import Claim
from webapp.cards import card, lines, related
from webapp.places import places
from webapp.reading import knowledge_base, library

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from webapp.editing.sheet import Sheet


def preview(sheet: Sheet) -> ResponseReturnValue:
    """Return the page of a claim as it is typed, without what is wrong; where that is too much, say what is missing."""
    sheet.check()
    claim, left_out = _claim(sheet)
    if claim is None:
        return render_template("editing/no_preview.html", sheet=sheet)
    kb = knowledge_base()
    kb = replace(kb, claims={**kb.claims, claim.id: claim})
    return render_template(
        "editing/preview.html",
        claim=claim,
        card=card(kb, claim),
        lines=lines(kb, claim.evidence),
        places=places(library(), kb, claim.occurrences),
        related=related(kb, Crossings(kb).relations(claim)),
        sheet=sheet,
        left_out=left_out,
    )


def _claim(sheet: Sheet) -> tuple[Claim | None, list[str]]:
    """Return what can be shown of a claim, and the fields that had to be left out."""
    fields: dict[str, Any] = {**sheet.fields, "id": sheet.id or "not-named-yet"}
    left_out: dict[str, None] = {}
    for _ in range(50):
        try:
            return Claim.model_validate(fields), list(left_out)
        except ValidationError as wrong:
            for error in sorted(wrong.errors(include_url=False), key=lambda error: str(error["loc"]), reverse=True):
                top = str(error["loc"][0]) if error["loc"] else ""
                if top not in fields or Claim.model_fields[top].is_required():
                    return None, []
                left_out[top] = None
                fields = _without(fields, error["loc"])
    return None, []


def _without(fields: Mapping[str, Any], place: tuple[int | str, ...]) -> dict[str, Any]:
    """Return fields without the group of a list that has an error, or without the whole field."""
    name = str(place[0])
    value = fields.get(name)
    if isinstance(value, list) and len(place) > 1 and isinstance(place[1], int) and place[1] < len(value):
        return {**fields, name: [*value[: place[1]], *value[place[1] + 1 :]]}
    return {key: inner for key, inner in fields.items() if key != name}
