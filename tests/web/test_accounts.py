"""Signing in and out, one's own account, and what admins see."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from werkzeug.middleware.proxy_fix import ProxyFix

from kb.accounts.sessions import IDLE
from tests.accounts.people import OTHER, PASSWORD, accounts, cheap, clock
from tests.web.html import Page
from tests.web.shelf import Shelf
from tests.web.signing import COOKIE, sign_in, signed_in, token_in
from webapp import create_app
from webapp.accounts import pages
from webapp.accounts.pages import local_address

__all__ = ["accounts", "cheap", "clock"]


@pytest.fixture
def app(accounts):
    return create_app(Shelf(), reload_every=None, audits_per_minute=None, accounts=accounts)


@pytest.fixture
def client(app):
    return app.test_client()


def cookie_of(response):
    (found,) = response.headers.getlist("Set-Cookie")
    name, _, rest = found.partition("=")
    value, *flags = rest.split("; ")
    return name, value, {flag.partition("=")[0]: flag.partition("=")[2] for flag in flags}


def told(accounts, most=1):
    return [(one.who, one.what, one.entry) for one in accounts.log.latest(most)]


def test_who_only_reads_gets_no_cookie(client):
    for address in ("/", "/audit", "/about", "/claims/lifts-mood", "/nowhere", "/api/v1/status"):
        assert "Set-Cookie" not in client.get(address).headers


def test_signing_in_leads_to_where_somebody_wanted_to_go(client, accounts):
    asked = client.get("/account?x=1")
    assert (asked.status_code, asked.headers["Location"]) == (303, "/login?next=/account?x%3D1")
    form = Page(client.get(asked.headers["Location"]).text)
    assert form.faults == []
    response = sign_in(client, " Some-Editor ", next="/account?x=1")
    assert (response.status_code, response.headers["Location"]) == (303, "/account?x=1")
    page = Page(client.get("/account").text)
    assert page.faults == []
    assert "Some Editor" in page.text
    assert told(accounts) == [("some-editor", "signed in", "")]
    assert client.get("/login?next=/themes").headers["Location"] == "/themes"


@pytest.mark.parametrize(
    ("name", "password"),
    [("some-editor", OTHER), ("nobody-here", PASSWORD), ("", ""), ("local", ""), ("some-editor", "x" * 5000)],
)
def test_every_refusal_says_the_same(client, name, password):
    refused = sign_in(client, name, password)
    assert refused.status_code == 401
    assert "This name and password do not belong together, or the account is disabled." in refused.text
    assert Page(refused.text).faults == []
    assert "Set-Cookie" not in refused.headers
    assert client.get("/account").status_code == 303


def test_a_disabled_account_is_refused_in_the_same_words(client, accounts):
    accounts.users.disable("some-editor")
    refused = sign_in(client, "some-editor")
    assert (refused.status_code, "This name and password do not belong together" in refused.text) == (401, True)


def test_the_log_names_accounts_and_not_what_else_was_typed_for_a_name(client, accounts):
    sign_in(client, "some-editor", OTHER)
    assert told(accounts) == [("", "was refused to sign in", "some-editor")]
    sign_in(client, "my secret password")
    assert told(accounts) == [("", "was refused to sign in", "")]


def test_the_cookie_cannot_be_read_by_scripts_nor_sent_from_elsewhere(client):
    name, value, flags = cookie_of(sign_in(client, "some-editor"))
    assert name == COOKIE
    assert flags == {"HttpOnly": "", "Path": "/", "SameSite": "Lax"}
    assert len(value) == 43


def test_under_https_it_is_for_this_very_host_alone(client):
    secure = {"base_url": "https://localhost", "headers": {"Referer": "https://localhost/login"}}
    form = client.get("/login", **secure)
    name, _, flags = cookie_of(form)
    assert (name, flags) == ("__Host-caveat", {"Secure": "", "HttpOnly": "", "Path": "/", "SameSite": "Lax"})
    data = {"name": "some-editor", "password": PASSWORD, "csrf_token": token_in(form)}
    elsewhere = {"base_url": "https://localhost", "headers": {"Referer": "https://evil.example/"}}
    assert client.post("/login", data=data, **elsewhere).status_code == 400
    signed = client.post("/login", data=data, **secure)
    assert (signed.status_code, cookie_of(signed)[0]) == (303, "__Host-caveat")
    assert client.get("/account", base_url="https://localhost").status_code == 200


def test_two_servers_on_one_machine_have_cookies_of_their_own(client):
    assert cookie_of(client.get("/login", base_url="http://localhost:8000"))[0] == "caveat-8000"
    assert cookie_of(client.get("/login", base_url="http://[::1]:8001"))[0] == "caveat-8001"
    assert cookie_of(client.get("/login", base_url="http://[::1]"))[0] == "caveat"


def test_a_token_that_somebody_planted_names_no_session_afterwards(app, accounts):
    planted = "A" * 43
    victim = app.test_client()
    victim.set_cookie(COOKIE, planted)
    _, given, _ = cookie_of(sign_in(victim, "some-editor"))
    assert given != planted
    assert accounts.sessions.find(planted) is None
    assert accounts.sessions.find(given)


def test_signing_in_again_ends_the_session_before(client, app, accounts):
    _, first, _ = cookie_of(sign_in(client, "some-editor"))
    other = app.test_client()
    form = other.get("/login")
    other.set_cookie(COOKIE, first)
    token = token_in(other.get("/account"))
    data = {"name": "some-admin", "password": PASSWORD, "csrf_token": token}
    assert other.post("/login", data=data).status_code == 303
    assert form.status_code == 200
    assert accounts.sessions.find(first) is None


@pytest.mark.parametrize("cookie", ["", "x", "A" * 43, "A" * 42 + "\u00e9", "'; DROP TABLE users; --", "A" * 3000])
def test_a_made_up_cookie_is_nobody_s(client, cookie):
    client.set_cookie(COOKIE, cookie)
    assert client.get("/account").status_code == 303
    assert client.get("/").status_code == 200


def test_a_login_form_of_another_site_is_refused(client):
    refused = client.post("/login", data={"name": "some-editor", "password": PASSWORD})
    assert refused.status_code == 400
    page = Page(refused.text)
    assert page.faults == []
    assert "This form is out of date" in page.text


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "/\n//evil.example",
        "///evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "evil.example",
        " /audits",
        "/login",
        "/logout",
        "",
    ],
)
def test_nobody_is_led_away(client, app, wanted):
    with app.test_request_context():
        assert local_address(wanted) == "/"
    assert sign_in(client, "some-editor", next=wanted).headers["Location"] == "/"


@pytest.mark.parametrize(
    "wanted", ["/audits", "/?q=mood&page=2", "/claims/lifts-mood#evidence", "/edit/claim/x?next=//y"]
)
def test_addresses_of_this_site_are_led_to(app, wanted):
    with app.test_request_context():
        assert local_address(wanted) == wanted


def test_signing_out_ends_the_session_here_and_there(app, accounts):
    client = signed_in(app, accounts, "some-editor")
    token = client.get_cookie(COOKIE).value
    assert client.get("/logout").status_code == 405
    response = client.post("/logout", data={"csrf_token": client.csrf})
    assert (response.status_code, response.headers["Location"]) == (303, "/")
    assert client.get_cookie(COOKIE) is None
    assert accounts.sessions.find(token) is None
    assert told(accounts) == [("some-editor", "signed out", "")]


def test_an_idle_session_asks_to_sign_in_again(app, accounts, clock):
    client = signed_in(app, accounts, "some-editor")
    clock.now += timedelta(seconds=IDLE).total_seconds()
    assert client.get("/account").headers["Location"] == "/login?next=/account"
    refused = client.post("/account/password", data={"csrf_token": client.csrf})
    assert (refused.status_code, "Please sign in" in refused.text) == (401, True)


@pytest.mark.parametrize("address", ["/", "/about", "/account", "/claims/lifts-mood", "/api/v1/claims"])
def test_what_somebody_signed_in_sees_is_kept_nowhere(app, accounts, address):
    client = signed_in(app, accounts, "some-editor")
    response = client.get(address)
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_a_page_is_another_one_for_who_signs_in_and_when_the_first_account_is_made(app, accounts):
    client = app.test_client()
    before = client.get("/about")
    known = {"If-None-Match": before.headers["ETag"]}
    assert client.get("/about", headers=known).status_code == 304
    sign_in(client, "some-editor")
    signed = client.get("/about", headers=known)
    assert signed.status_code == 200
    assert "Some Editor" in signed.text
    fresh = app.test_client()
    assert "Sign in" in fresh.get("/about").text
    for one in accounts.users.all():
        accounts.remove(one.name)
    assert "Sign in" not in fresh.get("/about", headers=known).text


def test_too_many_passwords_for_one_name_wait_wherever_they_come_from(client):
    for number in range(pages.BY_NAME):
        assert sign_in_from(client, f"192.0.2.{number}", "some-editor").status_code == 401
    refused = sign_in_from(client, "192.0.2.99", "some-editor", PASSWORD)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 1
    assert "Too many passwords" in refused.text
    assert sign_in_from(client, "192.0.2.99", "some-admin", PASSWORD).status_code == 303


def test_too_many_passwords_from_one_address_wait_whatever_the_name(client):
    for number in range(pages.BY_ADDRESS):
        assert sign_in_from(client, "192.0.2.1", f"name-{number}").status_code == 401
    assert sign_in_from(client, "192.0.2.1", "some-editor", PASSWORD).status_code == 429
    assert sign_in_from(client, "192.0.2.2", "some-editor", PASSWORD).status_code == 303


def test_who_signs_in_has_all_tries_back(client):
    for _ in range(3):
        for _ in range(pages.BY_NAME - 1):
            assert sign_in_from(client, "192.0.2.1", "some-editor").status_code == 401
        assert sign_in_from(client, "192.0.2.1", "some-editor", PASSWORD).status_code == 303
        client.delete_cookie(COOKIE)


def sign_in_from(client, address, name, password=OTHER):
    source = {"REMOTE_ADDR": address}
    token = token_in(client.get("/login", environ_base=source))
    data = {"name": name, "password": password, "csrf_token": token}
    return client.post("/login", data=data, environ_base=source)


@pytest.mark.parametrize(("proxies", "tried"), [(1, 401), (0, 429)], ids=["behind a proxy", "not told of it"])
def test_behind_a_proxy_each_visitor_is_counted_alone(app, monkeypatch, proxies, tried):
    monkeypatch.setattr(pages, "BY_ADDRESS", 2)
    app = create_app(Shelf(), reload_every=None, accounts=app.extensions["caveat-accounts"])
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)
    answers = []
    for visitor in ("198.51.100.1", "198.51.100.2", "198.51.100.3"):
        client = app.test_client()
        # What a visitor makes up stands before what the proxy adds, and is not believed.
        headers = {"X-Forwarded-For": f"203.0.113.9, {visitor}"}
        token = token_in(client.get("/login", headers=headers))
        data = {"name": visitor, "password": OTHER, "csrf_token": token}
        answers.append(client.post("/login", data=data, headers=headers).status_code)
    assert answers == [401, 401, tried]


def test_a_password_is_changed_by_who_knows_it(app, accounts):
    client, elsewhere = signed_in(app, accounts, "some-editor"), signed_in(app, accounts, "some-editor")
    before = client.get_cookie(COOKIE).value
    data = {"csrf_token": client.csrf, "password": PASSWORD, "new": OTHER, "again": OTHER}
    assert client.post("/account/password", data=data).headers["Location"] == "/account?changed=1"
    assert "Password changed" in client.get("/account?changed=1").text
    assert client.get_cookie(COOKIE).value != before
    assert elsewhere.get("/account").status_code == 303
    assert accounts.users.check("some-editor", PASSWORD) is None
    assert accounts.users.check("some-editor", OTHER)
    assert told(accounts) == [("some-editor", "changed password of", "some-editor")]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"password": OTHER}, "This is not your password."),
        ({"again": "something else here"}, "The new password was typed in two ways."),
        ({"new": "short", "again": "short"}, "The password has 5 characters and needs 15"),
        ({"new": "some-editor some-editor", "again": "some-editor some-editor"}, "words that everybody tries first"),
    ],
)
def test_what_a_new_password_is_refused_for(app, accounts, change, said):
    client = signed_in(app, accounts, "some-editor")
    data = {"csrf_token": client.csrf, "password": PASSWORD, "new": OTHER, "again": OTHER} | change
    refused = client.post("/account/password", data=data)
    page = Page(refused.text)
    assert (refused.status_code, page.faults) == (422, [])
    assert said in page.text
    assert accounts.users.check("some-editor", PASSWORD)
    assert OTHER not in refused.text


def test_sessions_are_listed_and_ended_one_by_one(app, accounts):
    elsewhere = app.test_client()
    elsewhere.set_cookie(COOKIE, accounts.sessions.start(accounts.users.get("some-editor"), agent="<b>Phone</b>"))
    client = signed_in(app, accounts, "some-editor")
    page = client.get("/account")
    assert "&lt;b&gt;Phone&lt;/b&gt;" in page.text
    (end,) = re.findall(r'action="(/account/sessions/\d+/end)"', page.text)
    assert client.post(end, data={"csrf_token": client.csrf}).status_code == 303
    assert elsewhere.get("/account").status_code == 303
    assert client.get("/account").status_code == 200
    assert client.post(end, data={"csrf_token": client.csrf}).status_code == 404


def test_admins_see_accounts_and_end_what_others_may_do(app, accounts):
    admin, editor = signed_in(app, accounts, "some-admin"), signed_in(app, accounts, "some-editor")
    page = Page(admin.get("/accounts").text)
    assert page.faults == []
    assert "Some Reviewer" in page.text

    def act(name, what):
        return admin.post(f"/accounts/{name}", data={"csrf_token": admin.csrf, "do": what}).status_code

    assert act("some-editor", "end-sessions") == 303
    assert editor.get("/account").status_code == 303
    assert act("some-editor", "disable") == 303
    assert accounts.users.get("some-editor").disabled
    assert act("some-editor", "enable") == 303
    assert told(accounts, 3) == [
        ("some-admin", "enabled", "some-editor"),
        ("some-admin", "disabled", "some-editor"),
        ("some-admin", "ended sessions of", "some-editor"),
    ]
    assert act("some-admin", "disable") == 400
    assert act("some-editor", "promote") == 400
    assert act("nobody-here", "disable") == 404


def test_admins_read_the_log_page_by_page_and_verify_it(app, accounts):
    for number in range(130):
        accounts.log.add("some-editor", "saved", kind="claim", entry=f"<i>entry-{number}</i>", revision="a" * 64)
    admin = signed_in(app, accounts, "some-admin")
    first = admin.get("/log")
    assert Page(first.text).faults == []
    assert "&lt;i&gt;entry-129&lt;/i&gt;" in first.text
    (older,) = re.findall(r'href="(/log\?before=\d+)"', first.text)
    assert "entry-0&lt;" in admin.get(older).text
    assert "Whole:" in admin.get("/log?verify=1").text
    assert "entry-" not in admin.get("/log?who=some-admin").text
    assert admin.get("/log?before=x").status_code == 400


def test_a_link_signs_in_once(app, accounts):
    me = accounts.users.local("Ada", None)
    link = f"/start/{accounts.sessions.link(me)}"
    client = app.test_client()
    assert client.head(link).status_code == 503
    assert client.get(link, headers={"Sec-Purpose": "prefetch;prerender"}).status_code == 503
    opened = client.get(link)
    assert (opened.status_code, opened.headers["Location"], opened.headers["Cache-Control"]) == (303, "/", "no-store")
    page = Page(client.get("/account").text)
    assert page.faults == []
    assert "kb serve --edit" in page.text
    assert client.post("/account/password", data={"csrf_token": token_in(client.get("/account"))}).status_code == 404
    spent = app.test_client().get(link)
    assert spent.status_code == 410
    assert "This link works no more" in Page(spent.text).text
    assert told(accounts) == [("local", "signed in", "")]


def test_without_accounts_there_is_nowhere_to_sign_in(shelf):
    client = create_app(shelf, reload_every=None).test_client()
    assert client.get("/login").status_code == 404
    assert client.post("/login", data={}).status_code == 404
    assert client.get("/start/x").status_code == 404
    assert "Sign in" not in client.get("/").text
