"""Signing in by test clients: quickly by a session of its own, or as a person does, by the form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.accounts.people import PASSWORD

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from kb.accounts import Accounts

COOKIE = "caveat"
_TOKEN = re.compile(r'name="csrf[_-]token" (?:value|content)="([^"]+)"')


def token_in(response: TestResponse) -> str:
    """Return the CSRF token of a page."""
    found = _TOKEN.search(response.text)
    assert found, response.text[:500]
    return found[1]


def signed_in(app: Flask, accounts: Accounts, name: str) -> FlaskClient:
    """Return a client with a session of an account, such as `some-editor`; its token is in `client.csrf`."""
    client = app.test_client()
    client.set_cookie(COOKIE, accounts.sessions.start(accounts.users.get(name)))
    client.csrf = token_in(client.get("/account"))
    return client


def sign_in(client: FlaskClient, name: str, password: str = PASSWORD, **fields: str) -> TestResponse:
    """Fill in the form and send it."""
    form = client.get("/login")
    return client.post("/login", data={"name": name, "password": password, "csrf_token": token_in(form)} | fields)
