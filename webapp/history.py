"""The history of an entry, field by field, and what changed in the knowledge base since a day or revision.

Git is asked, which takes a moment: one question at a time, and the latest answers are remembered.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
import time
from collections import OrderedDict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from kb.errors import EntryNotFound, GitUnavailable
from kb.export.changes import short
from kb.history import changes as compare
from kb.history import entry_history, first_day
from kb.history.reading import COLLECTIONS
from webapp.headers import forget_etag
from webapp.reading import knowledge_base, library
from webapp.windows import CHANGES, window

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.blueprints import BlueprintSetupState
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("history", __name__)

MOST_SHOWN = 100
"""How many commits a page shows."""

_REMEMBERED, _SECONDS = 64, 60.0
_KINDS = frozenset({"claim", "caveat", "source", *COLLECTIONS})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_REVISION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{0,79}(?:~\d{1,4})?")
"""Days, commits, tags and branches, and how many commits before; nothing that makes git search through messages."""


class _Answers:
    """What git said lately."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, ...], tuple[float, Any]] = OrderedDict()

    def get(self, key: tuple[str, ...], ask: Callable[[], Any]) -> Any:
        """Return the answer to a question, asking at most once a minute for each state of the files."""
        with self._lock:
            known = self._known.get(key)
            if known and time.monotonic() - known[0] < _SECONDS:
                return known[1]
            answer = ask()
            self._known[key] = (time.monotonic(), answer)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
            return answer


@blueprint.record_once
def _remember(state: BlueprintSetupState) -> None:
    state.app.extensions["caveat-answers"] = _Answers()


@blueprint.app_template_filter("short_value")
def short_value(value: Any) -> str:
    """Return a value of a field on one line."""
    return short(value)


@blueprint.get("/history/<kind>/<entry_id>")
def history(kind: str, entry_id: str) -> ResponseReturnValue:
    """Show every commit that changed an entry; a former id leads to the present one."""
    forget_etag()
    if kind not in _KINDS:
        raise EntryNotFound("entry", entry_id)
    present = _present(kind, entry_id)
    if present != entry_id:
        return redirect(url_for("history.history", kind=kind, entry_id=present))
    shelf, base = library(), knowledge_base()
    path = shelf.files.get((kind, entry_id))
    found = _answers().get(
        ("entry", base.digest, kind, entry_id), lambda: entry_history(shelf.root, kind, entry_id, path)
    )
    if path is None and not found.events and not _is_on_file(kind, entry_id):
        raise EntryNotFound(kind, entry_id)
    return render_template(
        "desk/history.html", kind=kind, id=entry_id, history=found, most=MOST_SHOWN, page=_page_of(kind, entry_id)
    )


@blueprint.get("/changes")
def changes() -> ResponseReturnValue:
    """Show what differs between two states, from a month ago to the files as they are unless others are named."""
    forget_etag()
    since = request.args.get("since", "").strip() or _lately()
    until = request.args.get("until", "").strip()
    found, problem = None, ""
    shelf = library()
    for name in filter(None, (since, until)):
        if not (_DAY.fullmatch(name) or _REVISION.fullmatch(name)) or ".." in name:
            problem = "Write a day such as 2026-01-31, or a commit or tag."
    if not problem:
        try:
            found = _answers().get(
                ("changes", knowledge_base().digest, since, until), lambda: compare(shelf.root, since, until or None)
            )
        except GitUnavailable as error:
            problem = f"Git cannot say what changed: {error}."
    kind = request.args.get("kind", "")
    listed = [one for one in found.changes if kind in {"", one.entry_kind}] if found else []
    part = window("page", len(listed), CHANGES)
    page = render_template(
        "desk/changes.html",
        since=since,
        until=until,
        found=found,
        listed=listed[part.slice],
        window=part,
        kind=kind,
        kinds=sorted({one.entry_kind for one in found.changes}) if found else [],
        problem=problem,
        page_of=_page_of,
    )
    wrong = bool(problem) and ("since" in request.args or "until" in request.args)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK


def _lately() -> str:
    """Return the day a month ago, or that of the first commit where the history is younger."""
    a_month_ago = (dt.datetime.now().astimezone().date() - dt.timedelta(days=30)).isoformat()
    try:
        return max(a_month_ago, first_day(library().root))
    except GitUnavailable:
        return a_month_ago  # the page says what git cannot


def _answers() -> _Answers:
    answers: _Answers = current_app.extensions["caveat-answers"]
    return answers


def _present(kind: str, entry_id: str) -> str:
    """Return the present id of an entry; one that is gone keeps its own."""
    try:
        if kind == "claim":
            return knowledge_base().claim(entry_id).id
        if kind == "caveat":
            return knowledge_base().caveat(entry_id).id
    except EntryNotFound:
        pass
    return entry_id


def _is_on_file(kind: str, entry_id: str) -> bool:
    base = knowledge_base()
    known: dict[str, Any] = {
        "claim": base.claims,
        "caveat": base.caveats,
        "source": base.sources,
        "concept": base.concepts,
        "topic": base.topics,
        "reference": base.references,
        "theme": base.theme_descriptions,
        "kb": {"kb": base.about},
    }
    return entry_id in known[kind]


def _page_of(kind: str, entry_id: str) -> str | None:
    """Return the address of an entry's page, where it has one."""
    if not _is_on_file(kind, entry_id):
        return None
    addresses = {
        "claim": ("claims.claim", "claim_id"),
        "caveat": ("caveats.caveat", "caveat_id"),
        "source": ("sources.source", "source_id"),
        "reference": ("references.reference", "key"),
    }
    if kind not in addresses:
        return None
    endpoint, name = addresses[kind]
    values: dict[str, Any] = {name: entry_id}
    return url_for(endpoint, **values)
