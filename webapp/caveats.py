"""The pages of caveats: what must be said beside claims, and the sentence to paste."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from kb.model import DisclosureKey, Status
from webapp.cards import card, lines, replacement
from webapp.places import places
from webapp.reading import crossings, library
from webapp.windows import BRIEFS, LISTED, window

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from kb.model import Caveat, Claim, Near

blueprint = Blueprint("caveats", __name__)


@blueprint.get("/caveats")
def caveat_list() -> str:
    """Show all caveats by the disclosure that they serve."""
    known = crossings()
    keys = (*DisclosureKey, None)
    caveats = sorted(known.kb.caveats.values(), key=lambda caveat: keys.index(caveat.key))
    shown = window("page", len(caveats), LISTED)
    by_key: dict[DisclosureKey | None, list[Caveat]] = {}
    for caveat in caveats[shown.slice]:
        by_key.setdefault(caveat.key, []).append(caveat)
    return render_template(
        "caveats.html",
        groups=by_key.items(),
        window=shown,
        owing={caveat_id: len(claims) for caveat_id, claims in known.kb.claims_by_caveat.items()},
    )


@blueprint.get("/caveats/<caveat_id>")
def caveat(caveat_id: str) -> ResponseReturnValue:
    """Show a caveat; a former id leads to the present one."""
    known = crossings()
    found = known.kb.caveat(caveat_id)
    if found.id != caveat_id:
        return redirect(url_for("caveats.caveat", caveat_id=found.id, was=caveat_id), 301)
    was = request.args.get("was")
    claims = known.kb.claims_by_caveat.get(found.id, ())
    shown = window("page", len(claims), BRIEFS)
    return render_template(
        "caveat.html",
        caveat=found,
        replacement=replacement(known.kb, found),
        was=was if was in found.aliases else None,
        withdrawn=found.status is Status.WITHDRAWN,
        lines=lines(known.kb, found.evidence),
        places=places(library(), known.kb, found.occurrences),
        owing=[(card(known.kb, claim), nearness(claim, found.id)) for claim in claims[shown.slice]],
        window=shown,
    )


def nearness(claim: Claim, caveat_id: str) -> Near:
    """Return how near to the claim this caveat must stand."""
    return next(owed.near for owed in claim.caveats if owed.caveat == caveat_id)
