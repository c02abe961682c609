"""Editing in a browser: a claim from nothing, drafts, conflicts, rename, raw YAML, without scripts, by keyboard."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.editing import served

ALL = {"resultTypes": ["violations"]}
COLOURS = ALL | {"runOnly": ["color-contrast", "link-in-text-block"]}
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SLEEP = "entries/mood/better-sleep.yaml"


@pytest.fixture(scope="module")
def monkey():
    with pytest.MonkeyPatch.context() as found:
        yield found


@pytest.fixture(scope="module")
def edited(tmp_path_factory, monkey):
    """One server for all tests of this module; each edits an entry of its own, or puts back what it changed."""
    with served(tmp_path_factory.mktemp("edited"), monkey) as found:
        yield found


@pytest.fixture
def open_as(browser, edited):
    """Return a function that opens a page as somebody; nothing may go wrong unseen."""
    contexts, complaints = [], []

    def opened(name, path, **options):
        context = browser.new_context(
            base_url=edited.address, **{"viewport": DESKTOP, "reduced_motion": "reduce", **options}
        )
        context.add_cookies([edited.session(name)])
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda said: complaints.append(said.text) if unexpected(said) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def unexpected(said):
    return said.type in {"error", "warning"} and "Failed to load resource" not in said.text


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def faults(page, options=ALL):
    found = Axe().run(page, options=options).response["violations"]
    return [(rule["id"], [node["target"] for node in rule["nodes"]][:5]) for rule in found]


def fill_in_a_claim(page, claim_id="calms-people", sentence="Testamine calms people who cannot rest."):
    page.fill("#f-id", claim_id)
    page.fill("#f-area", "mood")
    page.fill("#f-claim", sentence)
    page.select_option("#f-type", "efficacy")
    page.fill("#f-themes-0", "mood")
    page.get_by_role("radio", name=re.compile("^Unproven")).check()
    page.select_option("#f-certainty-level", "very-low")
    page.get_by_role("checkbox", name="Imprecision").check()
    page.fill("#f-rationale", "Nobody has looked.")


def add_a_caveat(page):
    press(page, "Add a caveat")
    page.fill("#f-caveats-0-caveat", "fades-soon")
    page.select_option("#f-caveats-0-near", "section")


def add_a_rule(page):
    press(page, "Add a rule")
    page.fill("#f-recognise-0-all-0", "testamine")
    page.fill("#f-recognise-0-any-0", "low-mood")


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
    press(bo, "Withdraw")
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
    page.get_by_role("link", name="Delete").click()
    assert faults(page) == []
    press(page, "Delete it")
    expect(page.locator("#saved-note")).to_contain_text("Deleted not-needed.")
    assert not (edited.root / "entries/mood/not-needed.yaml").exists()


def test_everything_without_scripts(open_as, edited):
    page = open_as("ada", "/new/claim", java_script_enabled=False)
    fill_in_a_claim(page, "no-scripts", "Testamine warms cold feet in an hour.")
    add_a_caveat(page)
    assert page.locator("#f-claim").input_value() == "Testamine warms cold feet in an hour."
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
    assert page.locator("#f-examples-no_match").input_value() == "Testamine never lifts a low mood."
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
def test_axe_finds_nothing_and_a_phone_scrolls_one_way_only(open_as, path):
    page = open_as("ada", path, color_scheme="light")
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert faults(page, COLOURS) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate(WIDER) <= 0
