"""From an exception to an answer: one table of statuses, a friendly page for people, one JSON shape for programs."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response, current_app, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError

from kb import errors as kb_errors
from kb.audit.rules.registry import RULES
from kb.library.entry import EditConflict
from webapp.accounts.refusals import Refusal
from webapp.audit_running import AuditsBusy
from webapp.params import BadParameters, FieldError, NotDone, shown
from webapp.rate import AskedTooOften, TriedTooOften
from webapp.reading import knowledge_base

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask import Flask
    from flask.typing import ResponseReturnValue

STATUS_OF: Mapping[type[Exception], HTTPStatus] = {
    BadParameters: HTTPStatus.BAD_REQUEST,
    NotDone: HTTPStatus.UNPROCESSABLE_ENTITY,
    AskedTooOften: HTTPStatus.TOO_MANY_REQUESTS,
    AuditsBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    kb_errors.EntryNotFound: HTTPStatus.NOT_FOUND,
    kb_errors.SourceNotAttached: HTTPStatus.NOT_FOUND,
    kb_errors.EntryExists: HTTPStatus.CONFLICT,
    EditConflict: HTTPStatus.CONFLICT,
    kb_errors.ReviewRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    kb_errors.NotDeletable: HTTPStatus.CONFLICT,
    kb_errors.Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    kb_errors.NotWritten: HTTPStatus.INTERNAL_SERVER_ERROR,
    kb_errors.InvalidEntry: HTTPStatus.UNPROCESSABLE_ENTITY,
    kb_errors.SourceMismatch: HTTPStatus.UNPROCESSABLE_ENTITY,
    kb_errors.CopyUnreadable: HTTPStatus.UNPROCESSABLE_ENTITY,
    kb_errors.UnknownProfile: HTTPStatus.BAD_REQUEST,
    kb_errors.NotPrivate: HTTPStatus.INTERNAL_SERVER_ERROR,
    kb_errors.FormatNotStable: HTTPStatus.INTERNAL_SERVER_ERROR,
    kb_errors.AccountRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    kb_errors.AccountsUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    kb_errors.SavedAuditsFull: HTTPStatus.CONFLICT,
    kb_errors.GapsFull: HTTPStatus.INSUFFICIENT_STORAGE,
    kb_errors.IndexUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    kb_errors.IndexUnreachable: HTTPStatus.SERVICE_UNAVAILABLE,
    kb_errors.GitUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    kb_errors.KnowledgeBaseNotFound: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The only place where an exception is given an HTTP status; any other exception is our own fault (500)."""

API_PREFIX = "/api/v1"

_TITLES: Mapping[int, str] = {
    400: "This address cannot be read",
    403: "This was not sent from here",
    404: "There is no such page",
    405: "This page can only be read",
    429: "Too much at once",
    503: "Search is out of order",
}
_ADVICE: Mapping[int, str] = {
    400: "Nothing is broken. Correct what is named below, or start again from the search page.",
    403: "Only a page of this very site may send that. Go back, load the page again, and try once more.",
    404: "It may have been renamed or never existed. Former names of entries lead to the new ones by themselves.",
    405: "It takes no input other than its address.",
    429: "More was recorded in the last minutes than editors can read. Please try again later.",
    503: "The search index cannot be read just now. Every entry can still be read by theme, caveat or article.",
}
_OF_ERRORS: Mapping[type[Exception], tuple[str, str]] = {
    kb_errors.AccountsUnavailable: (
        "Accounts are out of order",
        "Nothing was changed. Everything that needs no account can be read as before.",
    ),
    kb_errors.NotWritten: (
        "This could not be written",
        "Nothing was changed. Go back, where what you typed still is, and try again once there is room.",
    ),
    kb_errors.SavedAuditsFull: (
        "There is no room for another audit",
        "Nothing was saved. Go back: the page is still there.",
    ),
    TriedTooOften: ("Too many passwords", "Nobody is locked out: the wait ends by itself, and sessions go on."),
    AskedTooOften: (
        "Too many audits at once",
        "Each takes a while, and others wait. Nothing that you handed in is kept.",
    ),
    AuditsBusy: ("Others are being audited", "Go back and send it again. Nothing that you handed in is kept."),
}
"""Title and advice where those of the status would speak of something else."""
_IN_WORDS: Mapping[int, str] = {
    413: "the body of the request is larger than any text that is read",
    415: "the body of the request must be JSON, and its Content-Type application/json",
}
"""What is said instead of a status's own phrase where that would leave a program's author guessing, unless the route
says it in words of its own."""

_OUR_FAULT = "Something went wrong on our side"
_OUR_FAULT_ADVICE = "It has been written to the log. The address was fine; trying again later may help."


@dataclass(frozen=True, slots=True)
class Failure:
    """What is said about an error, to people and programs alike."""

    status: int
    message: str
    errors: tuple[FieldError, ...] = ()
    suggestions: tuple[tuple[str, str], ...] = ()
    """(kind, id) of entries whose ids look like the one that was asked for."""


def install(app: Flask) -> None:
    """Answer every exception of the application."""
    app.register_error_handler(Exception, answer)


def answer(error: Exception) -> ResponseReturnValue:
    """Return the page or JSON body for an exception, with its status."""
    if isinstance(error, HTTPException) and (error.code is None or error.code < HTTPStatus.BAD_REQUEST):
        return error  # a redirect
    failure = failure_of(error)
    if failure.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, AuditsBusy):
        # The route and not the address, which may be a link that signs in or hold what somebody pasted.
        route = request.url_rule.rule if request.url_rule else "no route"
        current_app.logger.error("%s %s failed", request.method, route, exc_info=error)
    if is_api(request.path):
        response = jsonify(body(failure))
    elif isinstance(error, SecurityError):
        # A host that is not trusted: no address can be built for it, so it gets no page.
        response = Response(f"{failure.message}\n", mimetype="text/plain")
    else:
        own = (error.title, error.advice) if isinstance(error, Refusal) else _OF_ERRORS.get(type(error), ("", ""))
        response = make_response(_page(failure, *own))
    response.status_code = failure.status
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if isinstance(error, AskedTooOften | AuditsBusy):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def failure_of(error: Exception) -> Failure:
    """Return what to say about an exception. Messages of unforeseen exceptions stay in the log."""
    if isinstance(error, HTTPException):
        code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
        own = error.description if code in _IN_WORDS and error.description != type(error).description else None
        own = error.description if isinstance(error, Refusal) else own
        return Failure(code, own or _IN_WORDS.get(code, HTTPStatus(code).phrase))
    status = _status(error)
    match error:
        case BadParameters():
            return Failure(status, error.message, error.errors)
        case kb_errors.EntryNotFound():
            message = f"no {error.kind} has the id {shown(error.entry_id)}"
            return Failure(status, message, suggestions=_suggestions(error.kind, error.entry_id))
        case kb_errors.KbError():
            return Failure(status, str(error))
        case _:
            return Failure(status, "internal error")


def is_api(path: str) -> bool:
    """Whether a path belongs to the JSON API."""
    return path == API_PREFIX or path.startswith(f"{API_PREFIX}/")


def body(failure: Failure) -> dict[str, object]:
    """Return the JSON body of an error."""
    return {
        "ok": False,
        "error": failure.message,
        "errors": [{"field": error.field, "message": error.message} for error in failure.errors],
        "status": failure.status,
    }


def _status(error: Exception) -> HTTPStatus:
    return next(
        (STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF), HTTPStatus.INTERNAL_SERVER_ERROR
    )


def _page(failure: Failure, title: str, advice: str) -> str:
    ours = failure.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return render_template(
        "error.html",
        failure=failure,
        title=title or _TITLES.get(failure.status, _OUR_FAULT if ours else HTTPStatus(failure.status).phrase),
        advice=advice or _ADVICE.get(failure.status, _OUR_FAULT_ADVICE if ours else ""),
    )


def _suggestions(kind: str, entry_id: str) -> tuple[tuple[str, str], ...]:
    base = knowledge_base()
    known: Mapping[str, Sequence[str]] = {
        "claim": tuple(base.claims),
        "caveat": tuple(base.caveats),
        "source": tuple(base.sources),
        "reference": tuple(base.references),
        "rule": tuple(rule.id for rule in RULES),
    }
    near = difflib.get_close_matches(entry_id[:80], known.get(kind, ()), n=3)
    return tuple((kind, found) for found in near)
