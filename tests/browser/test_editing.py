"""Editing in a browser: a claim from nothing, its review, problems, likeness, picks, rename, raw YAML, deletion."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.forms import add_a_caveat, add_a_rule, fill_in_a_claim, press
from tests.browser.going import follow
from tests.browser.test_accessibility import faults

SLEEP = "entries/mood/better-sleep.yaml"


def test_a_claim_from_nothing_with_an_occurrence(open_as, edited):
    page = open_as("ada", "/new/claim")
    fill_in_a_claim(page)
    add_a_caveat(page)
    press(page, "Mark the words in the text")
    expect(page.locator("#marking-text")).not_to_have_value("")  # the words have come
    page.locator("#marking-text").evaluate(
        "(box, words) => { const at = box.value.indexOf(words); box.setSelectionRange(at, at + words.length); }",
        "testamine lifts their mood",
    )
    expect(page.locator("#marking-chosen")).to_contain_text("testamine lifts their mood")
    press(page, "Take these words")
    expect(page.locator("#f-occurrences-0 .words")).to_have_text("testamine lifts their mood")
    page.select_option("#f-occurrences-0-strength", "plain")
    add_a_rule(page)
    page.fill("#try-recognise", "With testamine your low mood goes.")
    press(page, "Try it")
    expect(page.locator(".tried")).to_contain_text("Rule 1 fires")
    press(page, "Add to those that must be recognised")
    expect(page.locator("#f-examples-match")).to_have_value("With testamine your low mood goes.")
    press(page, "Add")
    expect(page.locator("#saved-note")).to_contain_text(re.compile("Added.*committed to git as"))
    expect(page.locator("#saved-note")).to_contain_text("It can be searched now.")
    text = edited.text("entries/mood/calms-people.yaml")
    assert "status: draft" in text
    assert "section: Feel better" in text
    assert edited.git("log", "-1", "--format=%an: %s").strip() == "Ada: Add claim calms-people"
    page.goto("/?q=calms+people")
    expect(page.get_by_role("link", name="Testamine calms people who cannot rest.")).to_be_visible()


def test_two_people_approve_and_one_withdraws(open_as, edited):
    ada = open_as("ada", "/new/claim")
    fill_in_a_claim(ada, "for-review", "Testamine brings back a taste for salt.")
    ada.fill("#f-no_caveat-reason", "It is a test.")
    press(ada, "Add")
    ada.get_by_role("navigation", name="This entry").get_by_role("link", name="Review").click()
    expect(ada.get_by_role("button", name="Approve and publish")).to_have_count(0)
    press(ada, "Submit for review")
    expect(ada.get_by_role("button", name="Approve and publish")).to_have_count(0)
    bo = open_as("bo", "/review/claim/for-review")
    press(bo, "Approve and publish")
    expect(bo.get_by_text("Done:")).to_be_visible()
    text = edited.text("entries/mood/for-review.yaml")
    assert "status: published" in text
    assert "approved_by: Bo" in text
    ada.goto("/edit/claim/for-review")
    ada.fill("#f-claim", "Testamine brings back a taste for salt and sugar.")
    press(ada, "Save")
    expect(ada.locator(".kept")).to_contain_text("Not yet reviewed")
    bo.goto("/review/claim/for-review")
    bo.get_by_role("heading", name="Withdraw").click()
    bo.get_by_label("Why", exact=True).select_option("out-of-scope")
    follow(bo.get_by_role("button", name="Withdraw", exact=True))
    assert "status: withdrawn" in edited.text("entries/mood/for-review.yaml")
    bo.goto("/claims/for-review")
    expect(bo.get_by_text("Out of scope")).to_be_visible()


def test_what_is_wrong_stands_beside_its_field_while_typing(open_as):
    page = open_as("ada", "/edit/claim/better-sleep")
    page.fill("#f-claim", "Short")
    problem = page.locator("#part-claim .p-error")
    expect(problem).to_be_visible()
    box = page.locator("#f-claim")
    expect(box).to_have_attribute("aria-invalid", "true")
    assert problem.locator("xpath=..").get_attribute("id") in box.get_attribute("aria-describedby").split()
    expect(page.locator("#edit-state")).to_contain_text("1 error stands in the way of a save")
    page.fill("#f-claim", "Testamine improves sleep.")
    expect(problem).to_be_hidden()
    expect(page.locator("#edit-state")).not_to_contain_text("error")


def test_a_refused_save_leads_to_every_problem(open_as, edited):
    before = edited.text(SLEEP)
    page = open_as("ada", "/edit/claim/better-sleep")
    page.fill("#f-rationale", "")
    page.fill("#f-themes-0", "")
    press(page, "Save")
    summary = page.locator("#problems")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("2 errors stand in the way of a save")
    summary.get_by_role("link", name="Rationale").click()
    assert faults(page) == []
    assert edited.text(SLEEP) == before


def test_likeness_and_preview_follow_what_is_typed(open_as):
    page = open_as("ada", "/new/claim")
    page.fill("#f-claim", "Testamine can improve sleep.")
    expect(page.locator("#like")).to_contain_text("Testamine improves sleep.")
    page.goto("/edit/claim/better-sleep")
    press(page, "Preview")
    pane = page.locator("#preview-pane")
    expect(pane.locator(".statement")).to_have_text("Testamine improves sleep.")
    page.fill("#f-claim", "Testamine improves deep sleep.")
    expect(pane.locator(".statement")).to_have_text("Testamine improves deep sleep.")
    assert faults(page) == []
    press(page, "Close")
    expect(pane).to_be_hidden()


def test_ids_are_picked_by_keyboard(open_as):
    page = open_as("ada", "/edit/claim/better-sleep")
    spare = page.locator("#f-themes-1")
    spare.focus()
    page.keyboard.type("sickn")
    expect(page.locator("#pick-list").get_by_role("option")).to_have_count(1)
    expect(spare).to_have_attribute("role", "combobox")
    page.keyboard.press("ArrowDown")
    expect(spare).to_have_attribute("aria-activedescendant", "pick-0")
    assert faults(page) == []
    page.keyboard.press("Enter")
    expect(spare.locator("xpath=../../li[2]/input")).to_have_value("nausea")
    expect(page.locator("#pick-list")).to_be_hidden()
    expect(page.locator("[data-pick-all=theme] input")).to_have_count(3)


def test_a_former_id_leads_to_the_renamed_entry(open_as, edited):
    page = open_as("ada", "/edit/claim/cures-low-mood/rename")
    page.get_by_label("New id").fill("ends-low-mood")
    press(page, "Rename")
    expect(page.locator("#saved-note")).to_contain_text("Renamed.")
    assert "aliases: [cures-low-mood]" in edited.text("entries/mood/ends-low-mood.yaml")
    for path in ("/edit/claim/cures-low-mood", "/edit/claim/cures-low-mood/yaml", "/claims/cures-low-mood"):
        page.goto(path)
        assert "ends-low-mood" in page.url


def test_raw_yaml_is_checked_by_line_and_keeps_comments(open_as, edited):
    page = open_as("ada", "/edit/caveat/fades-soon/yaml")
    box = page.locator("#text")
    text = box.input_value()
    box.fill(text.replace("short:", "# why so short\nshrt:"))
    problems = page.locator("#raw-problems")
    expect(problems).to_contain_text("shrt")
    number = text.splitlines().index(next(line for line in text.splitlines() if line.startswith("short:"))) + 2
    problems.get_by_role("link", name=f"line {number}").first.click()
    expect(box).to_be_focused()
    chosen = box.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)")
    assert chosen.startswith("shrt:")
    assert faults(page) == []
    box.fill(text.replace("short:", "# why so short\nshort:"))
    expect(problems).not_to_contain_text("shrt")
    press(page, "Save")
    expect(page.locator("#saved-note")).to_contain_text("Saved.")
    assert "# why so short\nshort:" in edited.text("caveats/fades-soon.yaml")


def test_a_draft_that_nobody_needs_is_deleted(open_as, edited):
    page = open_as("ada", "/new/claim")
    fill_in_a_claim(page, "not-needed", "Testamine makes walls look blue.")
    page.fill("#f-no_caveat-reason", "It is a test.")
    press(page, "Add")
    follow(page.get_by_role("link", name="Delete"))
    assert faults(page) == []
    press(page, "Delete it")
    expect(page.locator("#saved-note")).to_contain_text("Deleted not-needed.")
    assert not (edited.root / "entries/mood/not-needed.yaml").exists()
