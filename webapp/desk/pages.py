"""The page of the desk, and the two buttons that change its list of unlisted claims."""

from __future__ import annotations

import datetime as dt
import re
import threading
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from kb.library import unlisted
from kb.review import Role
from webapp.accounts import editor, record
from webapp.desk.lists import Lists, filtered, gravest_first, lists, sources
from webapp.headers import forget_etag
from webapp.params import clean
from webapp.reading import knowledge_base, library
from webapp.review import actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.blueprints import BlueprintSetupState
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("desk", __name__)

PER_PAGE = 40
MOST_SENT = 100
"""How many findings one audit sends at once."""

NAMES = {
    "mine": "My drafts",
    "waiting": "Waiting for my review",
    "recheck": "Evidence to look at again",
    "disputed": "Disputed",
    "due": "Due soon",
    "stale": "Overdue",
    "gaps": "Looked for in vain",
    "unlisted": "Unlisted claims",
    "lint": "Lint findings",
    "coverage": "Coverage of the articles",
}
EMPTY = {
    "mine": "You have no drafts. What you begin and have not handed in for review is listed here.",
    "waiting": "Nothing waits for you. Entries that others hand in for review are listed here.",
    "recheck": "No evidence is marked. When an approved entry is reworded, its evidence is listed here.",
    "disputed": "Nothing is disputed.",
    "due": "No review is due within the next 60 days.",
    "stale": "No entry is past its review date.",
    "gaps": "Readers have recorded nothing that they looked for in vain.",
    "unlisted": "Nobody has sent a finding here. The page of an audit offers it to whoever is signed in.",
    "lint": "No rule finds anything wrong.",
    "coverage": "There are no articles on file.",
}
_FEW_DIGITS = re.compile(r"[0-9]{1,5}")
_BETWEEN = re.compile(r"[^a-z0-9]+")


class _Kept:
    """What takes long to find out, kept for as long as the files stay the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, tuple[Any, Any]] = {}

    def get(self, name: str, state: Any, find_out: Callable[[], Any]) -> Any:
        """Return what was found out about this state of things, or find it out."""
        with self._lock:
            if name not in self._known or self._known[name][0] != state:
                self._known[name] = (state, find_out())
            return self._known[name][1]

    def known(self, name: str, state: Any) -> Any:
        """Return what was found out about this state of things, or `None`."""
        kept = self._known.get(name)
        return kept[1] if kept and kept[0] == state else None


@blueprint.record_once
def _remember(state: BlueprintSetupState) -> None:
    state.app.extensions["caveat-desk"] = _Kept()


@blueprint.app_template_filter("as_id")
def as_id(text: str) -> str:
    """Return the beginning of a sentence as an id that an editor may keep."""
    words = _BETWEEN.sub("-", text.casefold()).strip("-").split("-")[:6]
    return "-".join(words)[:60].strip("-")


@blueprint.get("/desk")
def desk() -> str:
    """Show one list of the desk; without a choice, the first that has something on it."""
    forget_etag()
    who, today = actor(), _today()
    found = lists(knowledge_base(), who, today)
    others = _others(request.args.get("show", ""))
    counts = {name: len(getattr(found, name)) for name in Lists.__dataclass_fields__} | _counted(others)
    show = request.args.get("show", "")
    if show not in NAMES:
        show = next((name for name, count in counts.items() if count), "mine")
        others = _others(show)
    return render_template(
        "desk/desk.html",
        names=NAMES,
        counts=counts,
        show=show,
        empty=_empty(show, who.role),
        today=today,
        **_shown(show, found, others),
    )


@blueprint.post("/desk/unlisted")
def send() -> ResponseReturnValue:
    """Put findings that somebody chose on the list of unlisted claims."""
    texts = request.form.getlist("text")[:MOST_SENT]
    sent = unlisted.send(_file(), texts, editor().name, _today())
    record("sent to the desk", note=f"{sent} findings")
    return redirect(url_for("desk.sent", number=sent), HTTPStatus.SEE_OTHER)


@blueprint.get("/desk/sent")
def sent() -> str:
    """Say that findings are on the desk now."""
    forget_etag()
    number = request.args.get("number", "0")
    return render_template("desk/sent.html", number=int(number) if _FEW_DIGITS.fullmatch(number) else 0)


@blueprint.post("/desk/done")
def dismiss() -> ResponseReturnValue:
    """Take a group of unlisted claims off the list."""
    texts = request.form.getlist("text")[:MOST_SENT]
    unlisted.dismiss(_file(), texts, editor().name, _today())
    record("taken off the desk", note=f"{len(texts)} findings")
    return redirect(url_for("desk.desk", show="unlisted"), HTTPStatus.SEE_OTHER)


def _shown(show: str, found: Lists, others: dict[str, Any]) -> dict[str, Any]:
    """Return what the page needs for one list: its rows, filtered and by the page."""
    args = request.args
    kind, author, words = args.get("kind", ""), args.get("author", ""), clean(args.get("q", ""))
    everything = list(getattr(found, show)) if hasattr(found, show) else list(others[show])
    rows = filtered(everything, kind, author, words) if hasattr(found, show) else everything
    asked = args.get("page", "1")
    pages = max((len(rows) - 1) // PER_PAGE + 1, 1)
    page = min(max(int(asked), 1), pages) if _FEW_DIGITS.fullmatch(asked) else 1
    return {
        "rows": rows[(page - 1) * PER_PAGE : page * PER_PAGE],
        "total": len(rows),
        "everything": len(everything),
        "page": page,
        "pages": pages,
        "kind": kind,
        "author": author,
        "q": words,
        "authors": sorted({row.author for row in everything}) if hasattr(found, show) else [],
        "of_entries": hasattr(found, show),
    }


def _others(show: str) -> dict[str, Any]:
    """Return the lists that are not of entries; what takes long only where it is shown or known already."""
    shelf, kept = library(), current_app.extensions["caveat-desk"]
    digest, today = shelf.kb.digest, _today()
    slow: dict[str, tuple[Any, Callable[[], Any]]] = {
        "lint": ((digest, today), lambda: gravest_first(shelf.lint(today=today).findings)),
        "coverage": (digest, lambda: tuple(sources(shelf))),
    }
    found: dict[str, Any] = {"gaps": shelf.gaps(), "unlisted": unlisted.groups(_file())}
    for name, (state, find_out) in slow.items():
        found[name] = kept.get(name, state, find_out) if name == show else kept.known(name, state)
    return found


def _counted(others: dict[str, Any]) -> dict[str, int | None]:
    """Return how much is on each list; `None` where nobody has looked yet."""
    counts: dict[str, int | None] = {
        name: None if found is None else len(found) for name, found in others.items() if name != "coverage"
    }
    coverage = others["coverage"]
    wanting = None if coverage is None else sum(bool(one.stretches or one.coverage.orphans) for one in coverage)
    return counts | {"coverage": wanting}


def _empty(show: str, role: Role) -> str:
    if show == "waiting" and not role.covers(Role.REVIEWER):
        return "Approving takes the role reviewer, and yours is editor. What you handed in waits for somebody else."
    return EMPTY[show]


def _file() -> Any:
    return unlisted.file_of(knowledge_base().about.name)


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()
