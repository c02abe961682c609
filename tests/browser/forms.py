"""What the browser tests do on the forms of editing, more than once."""

from __future__ import annotations

import re


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


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
