"""Signing in and out, and what somebody can see and change of their own account."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from werkzeug.exceptions import NotFound, ServiceUnavailable

from kb.accounts import ROLE_HELP, Accounts
from kb.accounts.clock import moment
from kb.accounts.passwords import LONGEST, SHORTEST
from kb.accounts.sessions import IDLE
from kb.accounts.sessions import LONGEST as LONGEST_SESSION
from kb.errors import AccountRefused
from webapp.accounts.current import accounts, can_sign_in, current, current_session, record
from webapp.accounts.refusals import LinkSpent
from webapp.headers import forget_etag
from webapp.rate import Rate, TriedTooOften, who

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from kb.accounts import Account, Session

blueprint = Blueprint("accounts", __name__)

BY_ADDRESS, BY_NAME, WINDOW = 20, 10, 600.0
"""Passwords that may be tried in `WINDOW` seconds from one address, and for one name; right ones are forgotten."""
_RATES = "caveat-sign-in-rates"
_ELSEWHERE = frozenset({"/login", "/logout"})
"""Where nobody wants to go after signing in."""


@blueprint.record_once
def _prepare(state: object) -> None:
    state.app.extensions[_RATES] = (  # type: ignore[attr-defined]  # a BlueprintSetupState
        Rate(BY_ADDRESS, seconds=WINDOW, refusal=TriedTooOften),
        Rate(BY_NAME, seconds=WINDOW, refusal=TriedTooOften),
    )


@blueprint.get("/login")
def sign_in_page() -> ResponseReturnValue:
    """Show the form, or lead on who is signed in."""
    known = _accounts()
    if current() is not None:
        return redirect(local_address(request.args.get("next", "")), HTTPStatus.SEE_OTHER)
    if not known.users.any():
        raise NotFound
    forget_etag()
    return _sign_in_form()


@blueprint.post("/login")
def sign_in() -> ResponseReturnValue:
    """Sign in, under a new token, or say that it was the wrong name or password without saying which."""
    known = _accounts()
    name = request.form.get("name", "").strip()[:100].casefold()
    _spend(name)
    account = known.users.check(name, request.form.get("password", ""))
    if account is None:
        # A name that is none may be a password typed into the wrong field. It is as much work to log as another.
        record("was refused to sign in", "account", name if name in {one.name for one in known.users.all()} else "")
        page = _sign_in_form("This name and password do not belong together, or the account is disabled.", name)
        return page, HTTPStatus.UNAUTHORIZED
    _forgive(name)
    _begin(account)
    return redirect(local_address(request.form.get("next", "")), HTTPStatus.SEE_OTHER)


@blueprint.post("/logout")
def sign_out() -> ResponseReturnValue:
    """End this session, here and in the browser."""
    record("signed out")
    _accounts().sessions.end(session.token)  # type: ignore[attr-defined]  # a Visit
    session.drop()  # type: ignore[attr-defined]
    return redirect(url_for("search.results"), HTTPStatus.SEE_OTHER)


@blueprint.get("/start/<token>")
def start(token: str) -> ResponseReturnValue:
    """Sign in by a link that works once. What only looks ahead, such as a browser's preview, does not use it up."""
    known = _accounts()
    if request.method == "HEAD" or "prefetch" in request.headers.get("Sec-Purpose", ""):
        raise ServiceUnavailable
    account = known.sessions.redeem(token)
    if account is None:
        raise LinkSpent
    _begin(account)
    return redirect(url_for("search.results"), HTTPStatus.SEE_OTHER)


@blueprint.get("/account")
def account() -> str:
    """Show one's own account."""
    return _account_page()


@blueprint.post("/account/password")
def change_password() -> ResponseReturnValue:
    """Change one's own password: all other sessions end, and this one goes on under a new token."""
    known, mine = _accounts(), _me()
    if mine.local:
        raise NotFound
    wanted = request.form.get("new", "")
    _spend(mine.name)
    if known.users.check(mine.name, request.form.get("password", "")) is None:
        return _account_page("password", "This is not your password."), HTTPStatus.UNPROCESSABLE_ENTITY
    if wanted != request.form.get("again", ""):
        return _account_page("again", "The new password was typed in two ways."), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        known.users.set_password(mine.name, wanted, by=mine.name)
    except AccountRefused as error:
        return _account_page("new", f"{error}."), HTTPStatus.UNPROCESSABLE_ENTITY
    _forgive(mine.name)
    _begin(mine, noted=False)
    return redirect(url_for("accounts.account", changed=1), HTTPStatus.SEE_OTHER)


@blueprint.post("/account/sessions/<int:session_id>/end")
def end_session(session_id: int) -> ResponseReturnValue:
    """End one of one's own sessions."""
    if not _accounts().sessions.end_of(_me(), session_id):
        raise NotFound
    record("ended a session")
    return redirect(url_for("accounts.account"), HTTPStatus.SEE_OTHER)


def local_address(wanted: str) -> str:
    """Return an address of this site to go on to: the wanted one, or the start page where it leads anywhere else."""
    start_page = url_for("search.results")
    # Browsers take a backslash for a slash and pass over control characters, so that "/\evil.example" leads away.
    if not wanted.startswith("/") or wanted.startswith("//") or any(c == "\\" or ord(c) <= ord(" ") for c in wanted):
        return start_page
    parts = urlsplit(wanted)
    return start_page if parts.netloc or parts.scheme or parts.path in _ELSEWHERE else wanted


def _begin(account: Account, *, noted: bool = True) -> None:
    """Sign somebody in under a new token, whatever the browser had before."""
    known = _accounts()
    known.sessions.end(session.token)  # type: ignore[attr-defined]  # a Visit
    agent = str(request.user_agent)
    session.renew(known.sessions.start(account, address=request.remote_addr or "", agent=agent))  # type: ignore[attr-defined]
    if noted:
        known.log.add(account.name, "signed in", address=request.remote_addr or "")


def _sign_in_form(problem: str = "", name: str = "") -> str:
    wanted = local_address(request.values.get("next", ""))
    return render_template("accounts/sign_in.html", problem=problem, name=name, next=wanted)


def _account_page(field: str = "", problem: str = "") -> str:
    mine = _me()
    signed_in = current_session()
    return render_template(
        "accounts/account.html",
        mine=mine,
        role_help=ROLE_HELP,
        sessions=[(one, moment(one.started), moment(one.seen)) for one in _accounts().sessions.of(mine)],
        this=signed_in.id if signed_in else None,
        field=field,
        problem=problem,
        changed="changed" in request.args and not problem,
        shortest=SHORTEST,
        longest=LONGEST,
        idle_hours=IDLE // 3600,
        days=LONGEST_SESSION // 86400,
        can_leave=can_sign_in() or mine.local,
    )


def _accounts() -> Accounts:
    found = accounts()
    if found is None:
        raise NotFound
    return found


def _me() -> Account:
    found: Session | None = current_session()
    if found is None:  # the table of rights lets nobody come here
        raise NotFound
    return found.account


def _spend(name: str) -> None:
    by_address, by_name = current_app.extensions[_RATES]
    by_address.spend(who(request.remote_addr or ""))
    by_name.spend(name)


def _forgive(name: str) -> None:
    by_address, by_name = current_app.extensions[_RATES]
    by_address.forget(who(request.remote_addr or ""))
    by_name.forget(name)
