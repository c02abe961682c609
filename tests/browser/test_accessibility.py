"""axe-core finds nothing on any page, in light and in dark; every kind of page is among them."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from kb.library import Library
from tests.browser.addresses import PAGES, STATES
from tests.browser.conftest import PHONE
from tests.browser.serving import ROOT
from webapp import create_app
from webapp.accounts import RIGHTS

AXE = Axe()
ALL = {"resultTypes": ["violations"]}
COLOURS = ALL | {"runOnly": ["color-contrast", "link-in-text-block"]}
"""All that darkness can change: the rest of a page is the same elements."""
RUN = """options => axe.run(options).then(found =>
    found.violations.map(rule => [rule.id, rule.nodes.map(node => node.target).slice(0, 5)]))"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def faults(page, options=ALL):
    """Return what axe-core finds: rule, and the elements that break it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    return page.evaluate(RUN, options)


@pytest.mark.parametrize("path", [*PAGES.values(), *STATES.values()])
def test_axe_finds_nothing_in_light_and_in_dark_and_a_phone_scrolls_one_way_only(look, path):
    page = look(path)
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert faults(page, COLOURS) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate(WIDER) <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_suggestions_or_keys_are_shown(open_page, scheme):
    page = open_page("/", color_scheme=scheme)
    page.locator("#q").fill("depr")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    assert faults(page) == []


@pytest.mark.parametrize("path", ["/", "/claims/eases-depression"])
def test_axe_finds_nothing_on_a_phone(look, path):
    page = look(path)
    page.set_viewport_size(PHONE)
    assert faults(page) == []


def test_every_kind_of_page_is_looked_at():
    app = create_app(Library(ROOT / "claims", engine="memory", cache=False), reload_every=None)
    matched = app.url_map.bind("127.0.0.1")
    seen = {matched.match(path.partition("?")[0], method="GET")[0] for path in PAGES.values()}
    kinds = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods
        and not rule.endpoint.startswith(("api.", "exports.", "static", "accounts.", "health."))
        and RIGHTS[rule.endpoint] is None  # the others are looked at by somebody signed in, in tests of their own
    }
    leads_elsewhere = {"claims.claim_list", "overview.claims_of_group", "overview.claims_owing"}
    assert kinds - seen <= leads_elsewhere | {kind for kind in kinds if kind.startswith("tryout.")}
