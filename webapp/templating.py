"""What every template can use: words for values, pieces of highlights, dates, and what the frame of a page shows."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import request, url_for
from markupsafe import Markup

import kb
from kb import words
from kb.model import CertaintyLevel
from webapp.errors import API_PREFIX
from webapp.headers import build
from webapp.narrowing import source_label
from webapp.reading import crossings

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from flask import Flask
    from jinja2.runtime import Macro

    from kb.search.base import Fragment

_ADDRESSES = 2_048
"""How many addresses are remembered: with the longest texts of searches in them, a few megabytes."""

_PIECES = 8_192
"""How many drawn pieces of pages are kept (some 600 bytes each): those of all claims of a small knowledge base."""

_DOTS = {CertaintyLevel.HIGH: 4, CertaintyLevel.MODERATE: 3, CertaintyLevel.LOW: 2, CertaintyLevel.VERY_LOW: 1}


def install(app: Flask) -> None:
    """Give the application's templates their filters and the variables of the page's frame."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {"count": count, "day": day, "pieces": pieces, "sentence": words.sentence_case}
    app.jinja_env.globals |= {"words": words, "dots": _DOTS, "style_sheet": _static_file, "url_for": _remembering()}
    app.jinja_env.globals["kept"] = _keeping()
    app.context_processor(_frame)


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: "1 claim", "12 claims", "1,204 claims"."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def day(date: dt.date) -> str:
    """Return a date as "22 November 2026", the same in every locale."""
    return f"{date.day} {date:%B %Y}"


def pieces(fragment: Fragment) -> Iterator[tuple[str, bool]]:
    """Yield a fragment's text in order as (text, whether it matched); nothing is marked up or escaped here."""
    reached = 0
    for start, end in fragment.spans:
        if start > reached:
            yield fragment.text[reached:start], False
        yield fragment.text[start:end], True
        reached = end
    if reached < len(fragment.text):
        yield fragment.text[reached:], False


def _remembering() -> Callable[..., str]:
    """Return `url_for` for pages, which name the same hundred addresses again and again."""

    @lru_cache(_ADDRESSES)
    def built(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
        return url_for(endpoint, **dict(values))

    def address(endpoint: str, **values: Any) -> str:
        several = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        return built(request.script_root, endpoint, tuple(several.items()))

    return address


def _keeping() -> Callable[..., Markup]:
    """Return what calls a macro once for each entry: what it draws depends on nothing but the files and the address."""
    drawn: dict[tuple[str, str, str, str], Markup] = {}

    def kept(macro: Macro, entry_id: str, *arguments: Any) -> Markup:
        key = (crossings().kb.digest, request.script_root, macro.name, entry_id)
        piece = drawn.get(key)
        if piece is None:
            if len(drawn) >= _PIECES:
                drawn.clear()
            piece = drawn[key] = Markup(macro(*arguments))  # noqa: S704 - what a macro returns is escaped
        return piece

    return kept


def _static_file(name: str) -> str:
    return url_for("static", filename=name, v=build())


def _frame() -> dict[str, Any]:
    """Return what the frame of every page shows, and words that depend on the knowledge base."""
    known = crossings()
    return {
        "kb": known.kb,
        "notice": words.review_notice(known.published),
        "api_complete": f"{request.script_root}{API_PREFIX}/complete",
        "program": f"caveat-kb {kb.__version__}",
        "theme_label": lambda theme: words.theme_label(known.kb, theme),
        "source_label": lambda source_id: source_label(known.kb, source_id),
    }
