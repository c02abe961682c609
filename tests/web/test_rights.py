"""Every route, as everybody, with and without a CSRF token: the answer is the one that the table of rights says.

The views themselves are taken out, so that the walk changes nothing: what is asked is who gets as far as a view.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kb.accounts import ROLE_HELP, Accounts, Role
from tests.accounts.people import accounts, cheap, clock
from tests.web.shelf import Shelf
from tests.web.signing import signed_in
from webapp import create_app
from webapp.accounts import FOR_NOBODY, RIGHTS
from webapp.errors import is_api

__all__ = ["accounts", "cheap", "clock"]

ROLES = [None, *Role]
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
VALUES = {"int": 1}
PAGE = Path(__file__).parents[2] / "docs" / "accounts.md"


def rules(app):
    """Yield (endpoint, method, rule) of every route."""
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, rule.rule


def routes(app):
    """Yield the same with made-up values in the path."""
    for endpoint, method, rule in rules(app):
        yield (
            endpoint,
            method,
            re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda found: str(VALUES.get(found[1], "x")), rule),
        )


def without_views(app):
    """Let every view say only that it was reached."""
    app.view_functions = dict.fromkeys(app.view_functions, lambda **_: "reached")
    return app


def answered(response):
    """Return what became of a request, in one word."""
    if response.text == "reached":
        return "reached"
    if response.status_code == 303 and response.headers["Location"].startswith("/login?next="):
        return "asked to sign in"
    named = {400: "stale", 401: "not signed in", 403: "forbidden", 500: "not in the table"}
    return named[response.status_code]


def expected(endpoint, method, path, role, token):
    """Return what the table says."""
    least = RIGHTS[endpoint]
    if least is not None and role is None:
        return "not signed in" if method in UNSAFE or is_api(path) else "asked to sign in"
    if least is not None and not role.covers(least):
        return "forbidden"
    if method in UNSAFE and endpoint not in FOR_NOBODY and not token:
        return "stale"
    return "reached"


@pytest.fixture
def app(accounts):
    return create_app(Shelf(), reload_every=None, accounts=accounts)


def test_the_table_names_every_endpoint_and_no_other(app):
    assert sorted(RIGHTS) == sorted({endpoint for endpoint, _, _ in routes(app)})


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("token", [True, False], ids=["with token", "without"])
def test_every_route_answers_as_the_table_says(app, accounts, role, token):
    client = app.test_client()
    csrf = ""
    if role:
        client = signed_in(app, accounts, f"some-{role}")
        csrf = client.csrf
    elif token:
        csrf = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)[1]
    without_views(app)
    wrong = {}
    for endpoint, method, path in routes(app):
        headers = {"X-CSRF-Token": csrf} if token else {}
        data = {"csrf_token": csrf} if token and method == "POST" else None
        found = answered(client.open(path, method=method, headers=headers, data=data))
        if found != expected(endpoint, method, path, role, token):
            wrong[method, path] = (found, expected(endpoint, method, path, role, token))
    assert wrong == {}


@pytest.mark.parametrize("with_accounts", [True, False], ids=["no account yet", "no accounts at all"])
def test_without_accounts_everything_is_for_reading_alone(tmp_path, clock, with_accounts):
    nobody = Accounts(tmp_path / "nobody", clock) if with_accounts else None
    app = without_views(create_app(Shelf(), reload_every=None, accounts=nobody))
    client = app.test_client()
    for endpoint, method, path in routes(app):
        response = client.open(path, method=method)
        if RIGHTS[endpoint] is None:
            reached = {"reached", "stale"} if endpoint == "accounts.sign_in" else {"reached"}
            assert answered(response) in reached, path
        else:
            assert response.status_code == 403, path
            assert "reading alone" in response.text, path


def test_another_session_s_token_is_no_token(app, accounts):
    editor, admin = signed_in(app, accounts, "some-editor"), signed_in(app, accounts, "some-admin")
    without_views(app)
    assert answered(admin.post("/logout", data={"csrf_token": editor.csrf})) == "stale"
    assert answered(admin.post("/logout", data={"csrf_token": "x" * 90})) == "stale"
    assert answered(admin.post("/logout", data={"csrf_token": admin.csrf})) == "reached"
    assert answered(admin.post("/logout", headers={"X-CSRF-Token": admin.csrf})) == "reached"


def test_an_endpoint_that_nobody_decided_about_is_refused_to_everybody(app, accounts, caplog):
    app.add_url_rule("/forgotten", "forgotten", lambda: "reached")
    for client in (app.test_client(), signed_in(app, accounts, "some-admin")):
        assert answered(client.get("/forgotten")) == "not in the table"
    assert "forgotten is not in the table of rights" in caplog.text


def test_whoever_comes_without_an_account_changes_nothing_but_what_is_for_nobody(app):
    """Written out, so that nobody opens another way in passing."""
    taking = {endpoint for endpoint, method, _ in routes(app) if method in UNSAFE}
    assert {endpoint for endpoint in taking if RIGHTS[endpoint] is None} == {
        "accounts.sign_in",
        "api.audit",
        "api.match_posted",
        "audit.audit",
        "audit.download",
        "gaps.record",
    }


def test_what_admins_alone_see_is_written_out():
    assert {endpoint for endpoint, least in RIGHTS.items() if least is Role.ADMIN} == {
        "accounts.account_list",
        "accounts.act_on_account",
        "accounts.log_list",
    }


def test_the_manual_has_the_roles_and_the_rights_as_they_are(app, golden):
    """`pytest --update-golden` writes both tables of docs/accounts.md anew."""
    roles = "".join(f"| {role} | {words} |\n" for role, words in ROLE_HELP.items())
    rights = "".join(
        f"| `{method} {path}` | {RIGHTS[endpoint] or 'anybody'} |\n"
        for path, method, endpoint in sorted((rule, method, endpoint) for endpoint, method, rule in rules(app))
        if RIGHTS[endpoint] is not None or endpoint.startswith("accounts.")
    )
    text = PAGE.read_text(encoding="utf-8")
    for head, rows in (("| Role | What it may do |", roles), ("| Route | Least role |", rights)):
        text, changed = re.subn(rf"({re.escape(head)}\n\|---\|---\|\n)(?:\|.*\n)*", lambda found: found[1] + rows, text)  # noqa: B023
        assert changed == 1
    golden(PAGE, text)
