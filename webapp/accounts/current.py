"""Who this request is from, and what they may do."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from flask import current_app, g, request, session
from werkzeug.exceptions import Forbidden

from kb.errors import AccountsUnavailable
from webapp.accounts.rights import allows
from webapp.accounts.visits import Visit
from webapp.running import counting

if TYPE_CHECKING:
    from kb.accounts import Account, Accounts, Session
    from kb.library.editing import Editor

EXTENSION = "caveat-accounts"


def accounts() -> Accounts | None:
    """Return the accounts of the running application; `None` where it is for reading alone."""
    found: Accounts | None = current_app.extensions.get(EXTENSION)
    return found


def current() -> Account | None:
    """Return who is signed in."""
    found = current_session()
    return found.account if found else None


def current_session() -> Session | None:
    """Return the session of this request; looked up once. What everybody may read needs no file of accounts."""
    if "signed_in" not in g:
        known = accounts()
        sent = known is not None and isinstance(session, Visit) and session.known
        g.signed_in = None  # should this fail, the page that says so is nobody's
        try:
            g.signed_in = known.sessions.find(session.token) if known and sent else None
        except AccountsUnavailable as error:
            if not allows(None, request.endpoint or ""):
                raise
            current_app.logger.error("%s; whoever is signed in is shown what everybody may read", error)  # noqa: TRY400
    found: Session | None = g.signed_in
    return found


def editor() -> Editor:
    """Return in whose name this request saves; raise `Forbidden` where nobody is signed in."""
    from kb.library.editing import Editor  # noqa: PLC0415  (reading needs no saving)

    account = current()
    if account is None:
        raise Forbidden
    return Editor(account.display, account.email)


def may(endpoint: str) -> bool:
    """Say whether whoever asks may use an endpoint; for templates, which show no link that would be refused."""
    return allows(current(), endpoint)


def offers_to_sign_in() -> bool:
    """Say whether a page has a link for signing in: not while the file of accounts cannot be read."""
    with contextlib.suppress(AccountsUnavailable):
        return can_sign_in()
    return False


def can_sign_in() -> bool:
    """Say whether there is anybody who could sign in."""
    known = accounts()
    return known is not None and known.users.any()


def record(what: str, kind: str = "", entry: str = "", *, revision: str = "", git: str = "", note: str = "") -> None:
    """Write into the log that whoever is signed in did something just now, such as "saved" a "claim"."""
    account, known = current(), accounts()
    counting.done(what)
    if known is not None:
        known.log.add(
            account.name if account else "",
            what,
            kind=kind,
            entry=entry,
            revision=revision,
            git=git,
            note=note,
            address=request.remote_addr or "",
        )
