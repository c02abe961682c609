"""The page that says how to read everything else."""

from __future__ import annotations

from flask import Blueprint, render_template

from webapp.reading import crossings

blueprint = Blueprint("about", __name__)


@blueprint.get("/about")
def about() -> str:
    """Explain verdicts, certainty, statuses, the licence, and what this is not."""
    known = crossings()
    return render_template("about.html", published=known.published)
