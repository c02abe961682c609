"""Every request is held against the table of rights before anything else happens, and against its CSRF token."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import current_app, g, redirect, request, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect

from webapp.accounts.current import EXTENSION, accounts, can_sign_in, current, may, offers_to_sign_in
from webapp.accounts.refusals import NotSignedIn, ReadOnly, RoleMissing, StaleForm
from webapp.accounts.rights import FOR_NOBODY, LARGE_FORMS, RIGHTS, allows
from webapp.accounts.visits import Visits
from webapp.audit_limits import MAX_FORM, MAX_PARTS
from webapp.bodies import read_form
from webapp.errors import is_api

if TYPE_CHECKING:
    from typing import Any, NoReturn

    from flask import Flask
    from flask.typing import ResponseReturnValue

    from kb.accounts import Accounts

_STATIC = "static"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_SECRET = "csrf"  # noqa: S105  (its name)


class _Csrf(CSRFProtect):
    """Flask-WTF's check, which reads forms of audits as they are read everywhere: never onto the disk."""

    def _get_csrf_token(self) -> str | None:
        if request.endpoint not in LARGE_FORMS:
            found: str | None = super()._get_csrf_token()
            return found
        g.form_read = read_form(MAX_FORM, MAX_PARTS)
        return str(g.form_read[0].get("csrf_token", ""))

    def _error_response(self, reason: str) -> NoReturn:
        raise StaleForm from CSRFError(reason)


def install(app: Flask, known: Accounts | None) -> None:
    """Let the application know its accounts, and refuse what is not in the table of rights or not for whoever asks."""
    app.extensions[EXTENSION] = known
    if known is not None:
        secret = known.secret(_SECRET)
        app.secret_key = secret
        app.session_interface = Visits(secret)
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # `_enforce` asks for it, where somebody acts for themselves
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a form is good for as long as the session that it belongs to
    _Csrf(app)
    app.before_request(_enforce)
    app.context_processor(_frame)


def _enforce() -> ResponseReturnValue | None:
    endpoint = request.endpoint
    if endpoint is None or endpoint == _STATIC:
        return None  # there is no such page; or a file that everybody may have
    if endpoint not in RIGHTS:
        message = f"{endpoint} is not in the table of rights"
        raise LookupError(message)
    account = current()
    if not allows(account, endpoint):
        return _refuse(endpoint)
    if accounts() is not None and request.method not in _SAFE and endpoint not in FOR_NOBODY:
        current_app.extensions["csrf"].protect()
    return None


def _refuse(endpoint: str) -> ResponseReturnValue:
    if current() is not None:
        raise RoleMissing(str(RIGHTS[endpoint]))
    if not can_sign_in():
        raise ReadOnly
    if request.method not in _SAFE or is_api(request.path):
        raise NotSignedIn
    return redirect(url_for("accounts.sign_in_page", next=request.full_path.rstrip("?")), HTTPStatus.SEE_OTHER)


def _frame() -> dict[str, Any]:
    """Return what the frame of every page shows of accounts."""
    return {"account": current(), "may": may, "can_sign_in": offers_to_sign_in}
