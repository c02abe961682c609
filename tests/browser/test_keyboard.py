"""Everything by keyboard: the box, suggestions, results, the list of keys, and switching single keys off."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE

SHIFTS = """() => new Promise(done => {
  const seen = [];
  new PerformanceObserver(list => seen.push(...list.getEntries().map(entry => entry.value)))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(seen.reduce((sum, value) => sum + value, 0)), 200);
})"""


def type_and_wait(page, text):
    page.locator("#q").fill(text)  # at once: nothing is suggested for its beginnings
    page.get_by_role("option").first.wait_for()


def active(page):
    return page.locator("#q").get_attribute("aria-activedescendant")


def test_slash_goes_to_the_box_and_types_nothing(open_page):
    page = open_page("/?q=relapse")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    assert page.locator("#q").input_value() == "relapse"
    page.keyboard.type("a/b?")
    assert page.locator("#q").input_value() == "a/b?"


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_box_in_the_header_is_searched_from_any_page(open_page, size):
    page = open_page("/about", viewport=size)
    page.keyboard.press("/")
    expect(page.locator("header #q")).to_be_focused()
    type_and_wait(page, "relap")
    suggestions = page.get_by_role("listbox").bounding_box()
    assert suggestions["x"] >= 0
    assert suggestions["x"] + suggestions["width"] <= size["width"]
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"\?q=relap$"))
    expect(page.locator("main #q")).to_have_value("relap")


def test_suggestions_are_a_combobox(open_page):
    page = open_page("/")
    box = page.get_by_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "false")
    type_and_wait(page, "depr")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).to_be_focused()
    assert active(page) is None
    page.keyboard.press("ArrowDown")
    assert active(page) == "completion-0"
    expect(page.locator("#completion-0")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    assert active(page) is None
    page.keyboard.press("ArrowUp")
    assert active(page) == page.get_by_role("option").last.get_attribute("id")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert page.locator("#q").input_value() == "depr"


def test_a_suggested_word_is_searched_for(open_page):
    page = open_page("/")
    type_and_wait(page, "depr")
    page.keyboard.press("ArrowDown")
    word = page.locator("#completion-0 > span").first.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"\?q="))
    assert page.locator("#q").input_value() == word


def test_a_suggested_claim_and_theme_open(open_page):
    page = open_page("/")
    for kind, where in (("claim", r"/claims/[a-z0-9-]+$"), ("theme", r"\?theme=[a-z0-9-]+$")):
        page.goto("/")
        type_and_wait(page, "anxiety")
        options = page.get_by_role("option")
        wanted = page.locator(f"li.c-{kind}").first.get_attribute("id")
        for _ in range(options.count()):
            page.keyboard.press("ArrowDown")
            if active(page) == wanted:
                break
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(where))


def test_a_suggestion_can_be_clicked(open_page):
    page = open_page("/")
    type_and_wait(page, "relap")
    page.get_by_role("option").first.click()
    page.wait_for_url(re.compile(r"\?q=relap"))


def test_arrows_go_from_result_to_result_and_back_to_the_box(open_page):
    page = open_page("/?q=relapse")
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    titles = page.locator("[data-result]")
    expect(titles.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(titles.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/caveats/"))  # the caveat that answers comes first


def test_enter_opens_the_claim_that_arrows_have_reached(open_page):
    page = open_page("/?q=relapse")
    claim = page.locator("ol.cards [data-result]").first
    page.keyboard.press("/")
    for _ in range(page.locator("[data-result]").count()):
        page.keyboard.press("ArrowDown")
        if page.evaluate("document.activeElement.pathname").startswith("/claims/"):
            break
    expect(claim).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/claims/"))


def test_question_mark_shows_the_keys_and_escape_closes_them(open_page):
    page = open_page("/themes")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("link", name="Keys").click()
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


def test_single_keys_can_be_switched_off_for_good(open_page):
    page = open_page("/themes")
    page.keyboard.press("?")
    page.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#q")).not_to_be_focused()


def test_a_whole_search_by_keyboard_alone(open_page):
    page = open_page("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("bladder harm")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("bladder"))
    filters = page.locator("button.choice[name=verdict]").first
    for _ in range(200):
        page.keyboard.press("Tab")
        if filters.evaluate("element => element === document.activeElement"):
            break
    expect(filters).to_be_focused()
    assert filters.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("verdict="))


def test_nothing_moves_while_typing(open_page):
    page = open_page("/")
    type_and_wait(page, "depr")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert page.evaluate(SHIFTS) == 0
