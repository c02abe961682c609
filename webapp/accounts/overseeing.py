"""What admins see: the accounts, and the log of who did what."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound

from kb.accounts import ROLE_HELP
from kb.accounts.clock import moment
from webapp.accounts.current import accounts, current, record
from webapp.accounts.pages import blueprint
from webapp.params import BadParameters, FieldError, whole_number

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from kb.accounts import Account, Accounts

LOG_PAGE = 100
_HIGHEST = 2**53


@blueprint.get("/accounts")
def account_list() -> str:
    """List all accounts."""
    known, _ = _known()
    found = known.users.all()
    return render_template(
        "accounts/account_list.html",
        accounts=[(one, moment(one.added), len(known.sessions.of(one))) for one in found],
        role_help=ROLE_HELP,
    )


@blueprint.post("/accounts/<name>")
def act_on_account(name: str) -> ResponseReturnValue:
    """End the sessions of an account, disable it or enable it again. Nobody disables their own."""
    known, admin = _known()
    account, wanted = known.users.get(name), request.form.get("do", "")
    if wanted == "disable" and account.id == admin.id:
        raise BadParameters([FieldError("do", "nobody disables their own account")])
    if wanted == "end-sessions":
        known.sessions.end_all(account)
        record("ended sessions of", "account", name)
    elif wanted == "disable":
        known.users.disable(name, by=admin.name)
    elif wanted == "enable":
        known.users.enable(name, by=admin.name)
    else:
        raise BadParameters([FieldError("do", "must be end-sessions, disable or enable")])
    return redirect(url_for("accounts.account_list"), HTTPStatus.SEE_OTHER)


@blueprint.get("/log")
def log_list() -> str:
    """Show the log, newest first, and whether it is whole."""
    known, _ = _known()
    errors: list[FieldError] = []
    before = whole_number(request.args, "before", default=0, most=_HIGHEST, errors=errors)
    if errors:
        raise BadParameters(errors)
    name = request.args.get("who", "")
    records = known.log.latest(LOG_PAGE + 1, before or None, who=name)
    return render_template(
        "accounts/log.html",
        records=records[:LOG_PAGE],
        older=records[LOG_PAGE - 1].number if len(records) > LOG_PAGE else None,
        who=name,
        verified=known.log.verify() if "verify" in request.args else None,
    )


def _known() -> tuple[Accounts, Account]:
    found, admin = accounts(), current()
    if found is None or admin is None:  # the table of rights lets nobody come here
        raise NotFound
    return found, admin
