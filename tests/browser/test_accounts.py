"""Accounts in Chromium: the link of `kb serve --edit`, signing in and out, saved audits; by keys, without scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from kb.accounts import Accounts, Role, passwords
from kb.library import Library
from tests import lake
from tests.accounts.people import CHEAP, OTHER, PASSWORD
from tests.browser.conftest import PHONE
from tests.browser.going import follow
from tests.browser.serving import in_thread, kb_serve
from tests.browser.test_accessibility import COLOURS, WIDER, faults
from tests.web.auditing import CLAIMS, InProcess
from tests.web.signing import signed_in
from tests.web.test_saved_audits import audit as audited
from tests.web.test_saved_audits import save as handed_in
from webapp import audit_running, create_app
from webapp.accounts import RIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterator

COPY = "Ketamine works within hours. It is not addictive."
PAGES = {
    "accounts.sign_in_page": "/login",
    "accounts.account": "/account",
    "accounts.account_list": "/accounts",
    "accounts.log_list": "/log?verify=1",
    "audits.audit_list": "/audits",
    "audits.saved": "/audits/1",
}
"""Every page of accounts and saved audits, as an admin who saved one."""


@pytest.fixture(scope="module")
def accounts(tmp_path_factory) -> Iterator[Accounts]:
    """Return accounts of a reader and an admin; the admin has saved an audit."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "_HASHER", CHEAP)
        made = Accounts(tmp_path_factory.mktemp("people") / "accounts")
        made.users.add("rita", Role.READER, PASSWORD, display="Rita Reader")
        made.users.add("ada", Role.ADMIN, PASSWORD, display="Ada Admin", email="ada@example.org")
        yield made
    made.close()


@pytest.fixture(scope="module")
def address(accounts) -> Iterator[str]:
    """Serve the real entries to these people."""
    app = create_app(
        Library(CLAIMS, engine="memory", cache=False), reload_every=None, audits_per_minute=None, accounts=accounts
    )
    app.extensions[audit_running.EXTENSION] = InProcess()
    admin = signed_in(app, accounts, "ada")
    assert handed_in(admin, audited(admin)).headers["Location"] == PAGES["audits.saved"]
    with in_thread(app) as found:
        yield found


def sign_in(page, name="rita", password=PASSWORD):
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    follow(page.get_by_role("button", name="Sign in"))


def save(page, title, text=COPY):
    page.goto("/audit")
    page.get_by_label("Paste the copy").fill(text)
    follow(page.get_by_role("button", name="Audit", exact=True))
    page.get_by_label("Save it for yourself").fill(title)
    follow(page.get_by_role("button", name="Save", exact=True))
    assert re.search(r"/audits/\d+$", page.url)


def test_every_page_is_looked_at():
    served = create_app(Library(CLAIMS, engine="memory", cache=False), reload_every=None)
    rules = served.url_map.iter_rules()
    kinds = {
        rule.endpoint for rule in rules if rule.endpoint.startswith(("accounts.", "audits.")) and "GET" in rule.methods
    }
    assert kinds - {"accounts.start", "audits.report"} == set(PAGES)  # one leads on, the other is a file
    assert kinds <= set(RIGHTS)


@pytest.mark.parametrize("path", PAGES.values())
def test_axe_finds_nothing_in_light_and_in_dark_and_a_phone_scrolls_one_way_only(look, window, path):
    window.context.clear_cookies()
    page = look("/login")
    if path != "/login":
        sign_in(page, "ada")
        page.get_by_role("link", name="Ada Admin").first.wait_for()
        page.goto(path)
    assert page.locator("h1").count() == 1
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert faults(page, COLOURS) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate(WIDER) <= 0


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_somebody_signs_in_where_they_wanted_to_go_and_out_again(open_page, scripts):
    page = open_page("/audits", java_script_enabled=scripts)
    expect(page.locator("h1")).to_have_text("Sign in")
    sign_in(page, "rita", OTHER)
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    expect(page.get_by_label("Name")).to_have_value("rita")
    expect(page.get_by_label("Password")).to_have_value("")
    sign_in(page)
    expect(page.locator("h1")).to_have_text("Saved audits")
    page.get_by_role("link", name="Rita Reader").first.click()
    expect(page.get_by_text("this one", exact=True)).to_be_visible()
    page.get_by_role("button", name="Sign out here").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    page.go_back()
    expect(page.locator("h1")).to_have_text("Sign in")


def test_signing_in_by_keys_alone(open_page):
    page = open_page("/login")
    page.get_by_label("Name").focus()
    page.keyboard.type("rita")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Rita Reader").first).to_be_visible()


def test_scripts_cannot_read_the_cookie(open_page):
    page = open_page("/login")
    sign_in(page)
    page.get_by_role("link", name="Rita Reader").first.wait_for()
    assert page.evaluate("document.cookie") == ""
    (cookie,) = page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["expires"]) == (True, "Lax", -1)


def test_a_form_that_another_page_sends_for_somebody_does_nothing(open_page, address):
    page = open_page("/login")
    sign_in(page)
    page.get_by_role("link", name="Rita Reader").first.wait_for()
    answer = page.evaluate("fetch('/logout', {method: 'POST', redirect: 'manual'}).then(answer => answer.status)")
    assert answer == 400
    token = page.locator("meta[name='csrf-token']").get_attribute("content")
    ours = """token => fetch("/logout", {method: "POST", redirect: "manual", headers: {"X-CSRF-Token": token}})
        .then(answer => answer.type)"""
    assert page.evaluate(ours, token) == "opaqueredirect"
    page.goto(f"{address}/account")
    expect(page.locator("h1")).to_have_text("Sign in")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
@pytest.mark.parametrize("size", [None, PHONE], ids=["desktop", "phone"])
def test_an_audit_is_saved_opened_renamed_and_deleted(open_page, scripts, size):
    page = open_page("/login", java_script_enabled=scripts, **({"viewport": size} if size else {}))
    sign_in(page)
    page.get_by_role("link", name="Rita Reader").first.wait_for()
    save(page, "Front page of May")
    expect(page.get_by_text("Saved on")).to_contain_text("nothing has changed since")
    assert page.locator("mark[data-n]").count() > 0
    page.get_by_role("link", name="All saved audits").click()
    row = page.get_by_role("listitem").filter(has_text="Front page of May")
    row.locator("summary").click()
    row.get_by_label("Name").fill("Front page of June")
    row.get_by_role("button", name="Rename").click()
    row = page.get_by_role("listitem").filter(has_text="Front page of June")
    follow(row.get_by_role("link", name="Front page of June"))
    with page.expect_download() as started:
        page.get_by_role("link", name="The report as it was").click()
    assert "works within hours" in started.value.path().read_text(encoding="utf-8")
    page.goto("/audits")
    row.locator("summary").click()
    row.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("status").filter(has_text="Deleted.")).to_be_visible()
    expect(page.get_by_text("Front page of June")).to_have_count(0)


def test_the_summary_opens_by_keys_and_names_what_it_is_about(open_page):
    page = open_page("/login")
    sign_in(page)
    page.get_by_role("link", name="Rita Reader").first.wait_for()
    save(page, "By keys")
    page.goto("/audits")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("Delete for good.*By keys"))).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name=re.compile("Delete for good.*By keys")).press("Enter")
    expect(page.get_by_role("status").filter(has_text="Deleted.")).to_be_visible()


def test_a_link_of_kb_serve_edit_works_once(browser, tmp_path):
    with kb_serve(lake.write_lake(tmp_path / "claims"), tmp_path / "home", "--edit") as (_, server):
        link = re.search(r"http://\S+/start/\S+", server.stdout.readline())[0]
        mine, other = browser.new_context(), browser.new_context()
        page = mine.new_page()
        page.goto(link)
        expect(page.get_by_text("Signed in as")).to_contain_text("(admin)")
        assert "/start/" not in page.url
        late = other.new_page()
        late.goto(link)
        expect(late.locator("h1")).to_have_text("This link works no more")
        expect(late.get_by_text("Signed in as")).to_have_count(0)
        page.reload()
        expect(page.get_by_text("Signed in as")).to_be_visible()
        mine.close()
        other.close()
