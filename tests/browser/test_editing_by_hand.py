"""A whole claim without scripts, and by keyboard alone; axe-core on every page of editing, and a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.forms import add_a_caveat, add_a_rule, fill_in_a_claim, press
from tests.browser.test_accessibility import COLOURS, WIDER, faults


def test_everything_without_scripts(open_as, edited):
    page = open_as("ada", "/new/claim", java_script_enabled=False)
    fill_in_a_claim(page, "no-scripts", "Testamine warms cold feet in an hour.")
    add_a_caveat(page)
    expect(page.locator("#f-claim")).to_have_value("Testamine warms cold feet in an hour.")
    page.fill("#find-occurrences-words", "no such words")
    press(page, "Find these words")
    expect(page.locator(".found")).to_contain_text("does not have these words")
    page.fill("#find-occurrences-words", "testamine")
    press(page, "Find these words")
    expect(page.locator(".found")).to_contain_text("2 places have these words")
    page.locator(".found").get_by_role("button", name="Take this place").last.click()
    expect(page.locator("#f-occurrences-0 .words")).to_have_text("testamine")
    page.select_option("#f-occurrences-0-strength", "plain")
    add_a_rule(page)
    page.fill("#f-recognise-0-unless-0", "negation, vomit")
    page.fill("#try-recognise", "Testamine never lifts a low mood.")
    press(page, "Add to those that must not")
    expect(page.locator(".tried")).to_contain_text("Stopped by: negation")
    expect(page.locator("#f-examples-no_match")).to_have_value("Testamine never lifts a low mood.")
    page.fill("#f-examples-match", "Testamine lifts a low mood.")
    press(page, "Check")
    expect(page.locator(".note-box.good")).to_contain_text("Nothing is wrong with it.")
    press(page, "Add")
    expect(page.locator("#saved-note")).to_contain_text("committed to git")
    assert "unless: [negation, vomit]" in edited.text("entries/mood/no-scripts.yaml")


def test_a_claim_by_keyboard_alone(open_as, edited):
    page = open_as("ada", "/new/claim")

    def go_to(selector):
        for _ in range(150):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"the keyboard does not come to {selector}")

    for selector, keys in (
        ("#f-id", "by-keyboard"),
        ("#f-area", "mood"),
        ("#f-claim", "Testamine keeps people awake at night."),
        ("#f-type", "Safety"),
        ("#f-themes-0", "sleep"),
        ("input[name=verdict]", " "),
    ):
        go_to(selector)
        page.keyboard.type(keys)
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name=re.compile("^Not checkable"))).to_be_checked()
    go_to("#f-rationale")
    page.keyboard.type("It was never looked at.")
    go_to("button[value='add:caveats']")
    page.keyboard.press("Enter")
    expect(page.locator("#f-caveats-0")).to_be_focused()
    go_to("#f-caveats-0-caveat")
    page.keyboard.type("fades-soon")
    go_to("#f-caveats-0-near")
    page.keyboard.press("ArrowDown")
    go_to("#part-occurrences .finder button[type=button]")
    page.keyboard.press("Enter")
    expect(page.locator("#marking-text")).to_be_focused()
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Take these words")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#f-occurrences-0")).to_be_focused()
    expect(page.locator("#f-occurrences-0 .words")).to_have_text("Feel")
    go_to("#f-occurrences-0-strength")
    page.keyboard.type("Plain")
    page.keyboard.press("Control+s")
    expect(page.locator("#saved-note")).to_contain_text("Added.")
    assert "near: " in edited.text("entries/mood/by-keyboard.yaml")


PAGES = (
    "/edit",
    "/edit/concept",
    "/new/claim",
    "/new/theme",
    "/edit/claim/better-sleep",
    "/edit/caveat/makes-sick",
    "/edit/source/quiet-harbour",
    "/edit/reference/doe2020",
    "/edit/theme/mood",
    "/edit/concept/vomit",
    "/edit/claim/better-sleep/yaml",
    "/edit/kb/kb/yaml",
    "/edit/claim/better-sleep/rename",
    "/edit/claim/better-sleep/delete",
)


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_a_phone_scrolls_one_way_only(look_as, path):
    page = look_as("ada", path)
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert faults(page, COLOURS) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate(WIDER) <= 0
