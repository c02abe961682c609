"""What people looked for and did not find: a form on a page without results, and the list that editors read.

The form is the only thing that these pages take in. Nobody is asked who they are and no cookie is set, so there is no
session to abuse; a page elsewhere is still kept from filling the list (`_refuse_other_sites`), and so is a hurried
program (`_Throttle`).
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.exceptions import Forbidden, TooManyRequests

from kb.library.gaps import MAX_CHARS, cleaned
from webapp.headers import forget_etag
from webapp.params import BadParameters, FieldError
from webapp.reading import library

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("gaps", __name__)

MOST, WINDOW = 20, 600.0
"""How many gaps are taken in within how many seconds, from everybody together."""


class _Throttle:
    """Counts what was taken in lately, in memory and without saying from whom."""

    def __init__(self) -> None:
        self._taken: deque[float] = deque()
        self._lock = threading.Lock()

    def admit(self) -> bool:
        """Say whether one more may be taken in now, and count it if so."""
        now = time.monotonic()
        with self._lock:
            while self._taken and now - self._taken[0] > WINDOW:
                self._taken.popleft()
            if len(self._taken) >= MOST:
                return False
            self._taken.append(now)
            return True


@blueprint.record_once
def _prepare(state: object) -> None:
    state.app.extensions["caveat-gaps"] = _Throttle()  # type: ignore[attr-defined]  # a BlueprintSetupState


@blueprint.get("/gaps")
def gap_list() -> str:
    """Show what was looked for in vain; it is not kept by browsers, since it changes by itself."""
    forget_etag()
    return render_template("gaps.html", gaps=library().gaps(), noted="noted" in request.args)


@blueprint.post("/gaps")
def record() -> ResponseReturnValue:
    """Take in one gap and lead to the list."""
    _refuse_other_sites()
    text = request.form.get("text", "")
    if len(text) > MAX_CHARS:
        raise BadParameters([FieldError("text", f"must have at most {MAX_CHARS} characters, not {len(text):,}")])
    if not cleaned(text):
        raise BadParameters([FieldError("text", "must say what was looked for")])
    throttle: _Throttle = current_app.extensions["caveat-gaps"]
    if not throttle.admit():
        raise TooManyRequests
    library().record_gap(text)
    return redirect(url_for("gaps.gap_list", noted=1), 303)


def _refuse_other_sites() -> None:
    """Raise `Forbidden` unless the form was sent from a page of this very site.

    Browsers say where a form comes from in `Origin`, and no page can change that. Only the host is compared: a proxy
    may have taken the encryption off on the way.
    """
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    elsewhere = request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin"
    if elsewhere or urlsplit(origin).netloc != request.host:
        raise Forbidden
