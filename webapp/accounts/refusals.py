"""Why somebody may not do something, in words; `webapp.errors` makes pages and JSON of it."""

from __future__ import annotations

from http import HTTPStatus

from werkzeug.exceptions import HTTPException


class Refusal(HTTPException):
    """Something that is refused for who asks, not for what is asked."""

    title = ""
    advice = ""


class ReadOnly(Refusal):
    """Nothing can be changed on this server, whoever asks."""

    code = HTTPStatus.FORBIDDEN
    description = "this server is for reading alone"
    title = "This server is for reading alone"
    advice = "Entries are edited where the server was started with accounts, or with kb serve --edit."


class RoleMissing(Refusal):
    """Somebody is signed in, and this takes another role."""

    code = HTTPStatus.FORBIDDEN
    title = "Your account may not do this"
    advice = "Whoever runs this server can give you another role."

    def __init__(self, least: str) -> None:
        super().__init__(f"this takes the role {least}")


class NotSignedIn(Refusal):
    """This takes an account."""

    code = HTTPStatus.UNAUTHORIZED
    description = "this takes an account; please sign in"
    title = "Please sign in"
    advice = "Your session may have ended. Sign in on another tab; then go back to the form and send it again."


class StaleForm(Refusal):
    """A form or a call came without the token of the session that it would act for."""

    code = HTTPStatus.BAD_REQUEST
    description = "the CSRF token is missing or belongs to another session"
    title = "This form is out of date"
    advice = "Somebody signed in or out in this browser since it was loaded. Go back, load the page again and send it."


class LinkSpent(Refusal):
    """A link that signs in once was used, or is too old."""

    code = HTTPStatus.GONE
    description = "this link was used already, or is too old"
    title = "This link works no more"
    advice = "It works once, for ten minutes. Stop kb serve --edit and start it again for a new one."
