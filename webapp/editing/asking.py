"""What programs, and the scripts of the forms, ask while somebody writes an entry: ids, likenesses, trying rules.

Nothing of it changes anything, so that anybody may ask.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from flask import jsonify, request, url_for

from kb.errors import EntryNotFound
from kb.library.trying import like, try_rules
from kb.model import Rule
from webapp import api
from webapp.bodies import json_body
from webapp.editing.kinds import KINDS
from webapp.editing.picking import nearest
from webapp.params import MAX_TEXT, BadParameters, FieldError, clean, only
from webapp.reading import knowledge_base
from webapp.shapes.trying import RulesToTry

if TYPE_CHECKING:
    from flask import Response

MAX_BODY = 100_000
"""Bytes of a request's body that are read."""


@api.blueprint.get("/picks/<kind>")
def picks(kind: str) -> Response:
    """Return the entries of a kind that somebody who has typed so far may mean."""
    if kind not in KINDS:
        raise EntryNotFound("kind of entry", kind)
    _refuse(only(request.args, ("q",)))
    found = nearest(knowledge_base(), kind, clean(request.args.get("q", "")))
    return jsonify(ok=True, options=[{"id": option.id, "text": option.text} for option in found])


@api.blueprint.get("/like")
def like_this() -> Response:
    """Return the claims that say nearly the same as a sentence."""
    errors = only(request.args, ("q", "except"))
    text = request.args.get("q", "")
    if not text:
        errors.append(FieldError("q", "must not be left out"))
    elif len(text) > MAX_TEXT:
        errors.append(FieldError("q", f"must have at most {MAX_TEXT:,} characters, not {len(text):,}"))
    _refuse(errors)
    found = like(knowledge_base(), clean(text), apart_from=request.args.get("except", ""))
    claims = [
        {
            "id": one.claim.id,
            "claim": one.claim.claim,
            "share": one.share,
            "page": url_for("claims.claim", claim_id=one.claim.id),
        }
        for one in found
    ]
    return jsonify(ok=True, claims=claims)


@api.blueprint.post("/try-rule")
def try_rule() -> Response:
    """Return what rules make of a sentence, and why."""
    _refuse(only(request.args, ()))
    asked = json_body(RulesToTry, MAX_BODY)
    # Not validated as an entry's rules are: one that asks for nothing fires for nothing, and that is an answer, too.
    rules = [
        Rule.model_construct(all=tuple(rule.all), any=tuple(rule.any), unless=tuple(rule.unless), within=rule.within)
        for rule in asked.rules
    ]
    tried = try_rules(knowledge_base(), rules, clean(asked.text))
    return jsonify(
        ok=True,
        fires=tried.fires,
        rules=[
            asdict(rule)
            | {
                "words": [{"concept": concept, "text": text} for concept, text in rule.words],
                "stopped_by": [{"concept": concept, "text": text} for concept, text in rule.stopped_by],
            }
            for rule in tried.rules
        ],
        others=[{"kind": kind, "id": entry_id} for kind, entry_id in tried.others],
    )


def _refuse(errors: list[FieldError]) -> None:
    if errors:
        raise BadParameters(errors)
