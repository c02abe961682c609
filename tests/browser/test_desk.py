"""Reviews, second readings and the desk in Chromium: two people, keys, no scripts, a phone, axe-core."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from kb.library import Library
from kb.library.editing import Editor
from tests.browser.conftest import PHONE
from tests.browser.going import follow
from tests.browser.test_accessibility import COLOURS, WIDER, faults

ID = "split-opinions"
PAGES = [
    "/desk",
    *(f"/desk?show={name}" for name in ("mine", "waiting", "gaps", "unlisted", "lint", "coverage")),
    f"/review/claim/{ID}",
    "/review/caveat/fades-soon",
    "/grade",
    f"/grade/{ID}",
    f"/history/claim/{ID}",
    "/changes?since=HEAD",
]


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_a_phone_scrolls_one_way_only(look_as, path):
    page = look_as("bo", path)
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert faults(page, COLOURS) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate(WIDER) <= 0


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_claim_is_approved_disputed_and_withdrawn_by_several_people(open_as, edited, scripts):
    claim = "better-sleep" if scripts else "cures-low-mood"
    bo = open_as("bo", f"/review/claim/{claim}", java_script_enabled=scripts)
    follow(bo.get_by_role("button", name="Approve and publish"))
    expect(bo.get_by_role("status").filter(has_text="Done: Approve and publish")).to_be_visible()
    ada = open_as("ada", f"/review/claim/{claim}", java_script_enabled=scripts)
    expect(ada.get_by_role("button", name="Approve and publish")).to_have_count(0)
    ada.locator("summary", has_text="Dispute").click()
    ada.get_by_label("What is wrong with it").fill("The trial was not blinded.")
    follow(ada.get_by_role("button", name="Dispute"))
    bo.goto(f"/claims/{claim}")
    expect(bo.get_by_role("heading", name="What is in dispute")).to_be_visible()
    expect(bo.get_by_text("The trial was not blinded.")).to_be_visible()
    bo.goto(f"/review/claim/{claim}")
    bo.locator("summary", has_text="Withdraw").click()
    bo.get_by_label("Why", exact=True).select_option("superseded")
    bo.get_by_label("Use instead").fill(ID)
    follow(bo.get_by_role("button", name="Withdraw"))
    bo.goto(f"/claims/{claim}")
    expect(bo.get_by_text(re.compile("Withdrawn on"))).to_be_visible()
    expect(bo.get_by_role("link", name="Testamine is well tolerated.").first).to_be_visible()
    said = edited.git("log", "--format=%an: %s", "-3").splitlines()
    assert said == [f"Bo: Withdraw claim {claim}", f"Ada: Dispute claim {claim}", f"Bo: Approve claim {claim}"]


def test_a_review_of_what_has_changed_meanwhile_is_not_done(open_as, edited):
    caveat = "makes-sick"
    bo = open_as("bo", f"/review/caveat/{caveat}")
    library = Library(edited.root, engine="memory", cache=False)
    now = library.entry("caveat", caveat)
    fields = {**now.fields, "caveat": "Many people feel sick afterwards."}
    library.save_entry("caveat", caveat, fields, revision=now.revision, editor=Editor("Ada", None))
    follow(bo.get_by_role("button", name="Approve and publish"))
    expect(bo.get_by_role("alert")).to_contain_text("Somebody changed the entry since you read it")
    assert "status: in-review" in edited.text(f"caveats/{caveat}.yaml")


def test_a_second_reading_is_blind_until_it_is_done(open_as, edited):
    bo = open_as("bo", f"/grade/{ID}")
    expect(bo.locator("main")).not_to_contain_text("One small trial points this way.")
    bo.get_by_label(re.compile("^Refuted")).check()
    bo.get_by_label(re.compile("^High certainty")).check()
    follow(bo.get_by_role("button", name="Keep my judgement"))
    expect(bo.get_by_role("heading", name="Every judgement")).to_be_visible()
    expect(bo.locator("main")).to_contain_text("You and the entry differ")
    assert "verdict: refuted" in edited.text(f"gradings/bo/{ID}.yaml")
    assert faults(bo) == []


def test_the_desk_by_keys_alone(open_as):
    bo = open_as("bo", "/desk?show=waiting")
    rows = bo.locator(".desk-row")
    bo.keyboard.press("j")
    bo.keyboard.press("j")
    bo.keyboard.press("k")
    expect(rows.nth(0)).to_have_class(re.compile(r"\bhere\b"))
    expect(rows.nth(0).locator("a").first).to_be_focused()
    address = rows.nth(0).locator("a").first.get_attribute("href")
    bo.keyboard.press("Enter")
    bo.wait_for_url(f"**{address}")
