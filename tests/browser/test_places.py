"""Phones, darkness, paper, no JavaScript: the same pages elsewhere."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.addresses import NOTHING
from tests.browser.conftest import PHONE
from tests.browser.going import follow
from tests.browser.test_accessibility import WIDER

BACKGROUND = "() => getComputedStyle(document.body).backgroundColor"


def test_suggestions_fit_on_a_phone(open_page):
    page = open_page("/", viewport=PHONE, has_touch=True)
    page.locator("#q").fill("depr")
    page.get_by_role("option").first.wait_for()
    assert page.evaluate(WIDER) <= 0
    page.get_by_role("option").first.tap()
    page.wait_for_url(re.compile("q="))


def test_dark_is_dark(open_page):
    page = open_page("/", color_scheme="light")
    light = page.evaluate(BACKGROUND)
    page.emulate_media(color_scheme="dark")
    assert (light, page.evaluate(BACKGROUND)) == ("rgb(247, 248, 246)", "rgb(17, 23, 27)")


@pytest.mark.parametrize("path", ["/?q=relapse", "/claims/eases-depression"])
def test_paper_has_the_claims_and_nothing_to_click(open_page, path):
    page = open_page(path, color_scheme="dark")
    page.emulate_media(media="print")
    for hidden in ("header.site nav", ".search", ".filters", ".take-away", "dialog"):
        for element in page.locator(hidden).all():
            expect(element).to_be_hidden()
    expect(page.locator("main h1")).to_be_visible()
    expect(page.get_by_role("complementary", name="Review")).to_be_visible()
    assert page.evaluate(BACKGROUND) == "rgb(255, 255, 255)"
    assert page.pdf().startswith(b"%PDF")


def test_without_javascript_everything_works(open_page):
    page = open_page("/", java_script_enabled=False)
    page.locator("#q").fill("relapse")
    follow(page.get_by_role("button", name="Search"))
    follow(page.locator("button.choice[name=verdict]").first)
    assert "verdict=" in page.url
    assert page.locator(".card").count() > 0
    follow(page.locator(".card h3 a").first)
    assert page.locator("main mark").count() > 0
    expect(page.locator("dialog")).to_be_hidden()
    page.get_by_role("link", name="Keys").click()
    expect(page.locator("h2#keys-help")).to_be_visible()
    page.goto("/about")
    page.locator("header #q").fill("relapse")
    follow(page.get_by_role("button", name="Search"))
    assert page.locator(".card").count() > 0
    page.goto(f"/?q={NOTHING}")
    page.get_by_role("button", name="Record this gap").click()
    expect(page.locator(".noted")).to_be_visible()


def test_a_script_that_is_not_ours_does_not_run(browser, address):
    page = browser.new_page()
    page.goto(address)
    seen = page.evaluate(
        """() => new Promise(done => {
          document.addEventListener("securitypolicyviolation", event => done(event.effectiveDirective));
          const script = document.createElement("script");
          script.textContent = "window.ran = true";
          document.head.append(script);
          setTimeout(() => done("it ran"), 1000);
        })"""
    )
    assert seen == "script-src-elem"
    assert page.evaluate("() => window.ran") is None
    page.close()
