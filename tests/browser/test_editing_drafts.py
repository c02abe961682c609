"""What was typed is not lost: drafts kept in the browser, and two people who edit one entry."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.forms import press
from tests.browser.test_accessibility import faults

SLEEP = "entries/mood/better-sleep.yaml"


def test_a_draft_comes_back_after_a_crash_and_goes_with_a_save(open_as, edited):
    page = open_as("ada", "/edit/claim/split-opinions")
    page.fill("#f-rationale", "Typed before the crash.")
    press(page, "Add a line of evidence")
    page.fill("#f-evidence-1-finding", "A row before the crash.")
    expect(page.locator("#edit-state")).to_contain_text("Kept in this browser")
    other = page.context.new_page()
    page.close()  # nothing was sent
    other.goto("/edit/claim/split-opinions")
    expect(other.locator("#f-rationale")).not_to_have_value("Typed before the crash.")
    offer = other.locator("#draft-offer")
    expect(offer).to_contain_text("did not save")
    assert faults(other) == []
    offer.get_by_role("button", name="Take it back").click()
    expect(other.locator("#f-rationale")).to_have_value("Typed before the crash.")
    expect(other.locator("#f-evidence-1-finding")).to_have_value("A row before the crash.")
    press(other, "Remove line of evidence 2")
    expect(other.locator("#f-evidence-1")).to_have_count(0)
    press(other, "Save")
    expect(other.locator("#saved-note")).to_contain_text("Saved.")
    assert "Typed before the crash." in edited.text("entries/mood/split-opinions.yaml")
    other.goto("/edit/claim/split-opinions")
    expect(other.locator("#draft-offer")).to_be_hidden()


def test_a_draft_is_its_author_s_alone_and_goes_at_sign_out(open_as, edited):
    page = open_as("ada", "/edit/caveat/fades-soon")
    other_tab = page.context.new_page()
    page.fill("#f-short", "Fades")
    expect(page.locator("#edit-state")).to_contain_text("Kept in this browser")
    page.context.add_cookies([edited.session("bo")])
    other_tab.goto("/edit/caveat/fades-soon")
    expect(other_tab.locator("#f-short")).to_be_editable()
    expect(other_tab.locator("#draft-offer")).to_be_hidden()
    page.context.add_cookies([edited.session("ada")])
    other_tab.goto("/edit/caveat/fades-soon")
    expect(other_tab.locator("#draft-offer")).to_be_visible()
    other_tab.goto("/account")
    press(other_tab, "Sign out here")
    expect(other_tab.get_by_role("link", name="Sign in")).to_be_visible()
    page.goto("/about")  # the form that was still open keeps nothing any more
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('caveat-draft'))") == []
    page.context.add_cookies([edited.session("ada")])
    page.goto("/edit/caveat/fades-soon")
    expect(page.locator("#draft-offer")).to_be_hidden()


def test_a_draft_can_be_thrown_away(open_as):
    page = open_as("ada", "/edit/caveat/makes-sick")
    page.fill("#f-short", "Sick")
    expect(page.locator("#edit-state")).to_contain_text("Kept in this browser")
    page.goto("/edit/caveat/makes-sick")
    press(page, "Throw it away")
    page.goto("/edit/caveat/makes-sick")
    expect(page.locator("#draft-offer")).to_be_hidden()


def test_of_two_who_edit_at_once_nobody_loses_a_word(open_as, edited):
    ada = open_as("ada", "/edit/claim/better-sleep")
    bo = open_as("bo", "/edit/claim/better-sleep")
    bo.fill("#f-rationale", "As Bo sees it.")
    bo.fill("#f-scope-drug", "testamine")
    press(bo, "Save")
    expect(bo.locator("#saved-note")).to_contain_text("Saved.")
    ada.fill("#f-rationale", "As Ada sees it.")
    ada.fill("#f-scope-route", "oral")
    press(ada, "Save")
    expect(ada.get_by_role("heading", level=1)).to_have_text("Somebody else changed it meanwhile")
    assert "As Ada sees it." not in edited.text(SLEEP)
    both = ada.get_by_role("group", name="Rationale")
    for words in ("As Ada sees it.", "As Bo sees it.", "Both of you changed it."):
        expect(both).to_contain_text(words)
    expect(ada.get_by_role("group", name="Scope: Route").get_by_role("radio", name="Yours")).to_be_checked()
    expect(ada.get_by_role("group", name="Scope: Drug").get_by_role("radio", name="On file now")).to_be_checked()
    assert faults(ada) == []
    both.get_by_role("radio", name="On file now").check()
    press(ada, "Save what is chosen")
    expect(ada.locator("#saved-note")).to_contain_text("Saved.")
    text = edited.text(SLEEP)
    assert "As Bo sees it." in text
    assert "drug: testamine" in text
    assert "route: oral" in text


def test_both_versions_can_be_put_together_before_a_save(open_as, edited):
    ada = open_as("ada", "/edit/caveat/makes-sick")
    bo = open_as("bo", "/edit/caveat/makes-sick")
    bo.fill("#f-short", "Feels sick")
    press(bo, "Save")
    expect(bo.locator("#saved-note")).to_be_visible()
    ada.fill("#f-caveat", "Some people feel sick for hours afterwards.")
    press(ada, "Save")
    press(ada, "Put together, and go on editing")
    expect(ada.locator("#f-short")).to_have_value("Feels sick")
    expect(ada.locator("#f-caveat")).to_have_value("Some people feel sick for hours afterwards.")
    press(ada, "Save")
    expect(ada.locator("#saved-note")).to_contain_text("Saved.")
    assert "short: Feels sick" in edited.text("caveats/makes-sick.yaml")
