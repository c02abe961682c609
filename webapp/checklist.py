"""The ten disclosures as a list to print, tick off and copy from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from kb.model import DisclosureKey, Status
from webapp.reading import knowledge_base

if TYPE_CHECKING:
    from kb.model import Caveat

blueprint = Blueprint("checklist", __name__)

MOST = 3
"""Disclosures of one key that are offered; all of them stand on the page of caveats."""


@blueprint.get("/checklist")
def checklist() -> str:
    """Show the ten disclosures, each with the sentences that serve it for most claims."""
    kb = knowledge_base()
    by_key: dict[DisclosureKey, list[Caveat]] = {key: [] for key in DisclosureKey}
    for caveat in kb.caveats.values():
        if caveat.key and caveat.status is not Status.WITHDRAWN:
            by_key[caveat.key].append(caveat)
    owing = {caveat: len(kb.claims_by_caveat.get(caveat, ())) for caveat in kb.caveats}
    return render_template(
        "checklist.html",
        keys=[
            (key, sorted(caveats, key=lambda one: (-owing[one.id], one.id))[:MOST], len(caveats))
            for key, caveats in by_key.items()
        ],
        owing=owing,
    )
