"""The page of themes: every theme with its claims."""

from __future__ import annotations

from flask import Blueprint, render_template

from kb import words
from webapp.reading import crossings

blueprint = Blueprint("themes", __name__)

SHOWN_CLAIMS = 5
"""Claims named under each theme; the search page has the rest."""


@blueprint.get("/themes")
def theme_list() -> str:
    """Show the themes in their groups, each with its first claims."""
    known = crossings()
    return render_template(
        "themes.html",
        groups=[
            (group, words.group_label(group), [(theme, known.claims_by_theme.get(theme, [])) for theme in themes])
            for group, themes in known.kb.themes.items()
        ],
        shown=SHOWN_CLAIMS,
    )
