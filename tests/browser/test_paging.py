"""Lists that are shown in parts, in a real browser: from part to part by keyboard, on a phone, in light and in dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Window
from tests.browser.serving import in_thread
from tests.browser.test_accessibility import AXE, COLOURS, WIDER
from tests.web.large import long_lists
from tests.web.shelf import Shelf
from webapp import create_app

LISTS = [
    "/caveats?page=2",
    "/references?page=2",
    "/sources/long-read?page=2",
    "/caveats/fades-soon?page=2",
    "/?q=testamine&page=2",
]


RUN = """([where, options]) => axe.run(where, options).then(found => found.violations.map(rule => rule.id))"""
"""What is on other pages as well is looked at in test_accessibility.py; in long lists that would take minutes."""


@pytest.fixture(scope="module")
def look(browser):
    with in_thread(create_app(Shelf(long_lists()), reload_every=None)) as address:
        window = Window(browser, address)
        yield window.look
        window.context.close()
        assert window.complaints == []


@pytest.mark.parametrize("path", LISTS)
def test_axe_finds_nothing_and_on_a_phone_no_link_to_another_part_is_broken(look, path):
    page = look(path)
    page.evaluate(AXE.axe_script)
    assert page.evaluate(RUN, ["nav.pager", {}]) == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(RUN, ["nav.pager", COLOURS]) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate(WIDER) <= 0
    for link in page.locator("nav.pager a").all():
        box = link.bounding_box()
        assert box["height"] < 2 * 24  # one line of text, with its padding
        assert min(box["width"], box["height"]) >= 24  # WCAG 2.2, 2.5.8: target size


def test_the_keyboard_goes_from_part_to_part_and_stays_at_the_list(look):
    page = look("/caveats/fades-soon")
    pager = page.get_by_role("navigation", name="Claims")
    pager.get_by_role("link", name="Next").focus()
    page.keyboard.press("Enter")
    expect(pager).to_contain_text("Claims 81 to 160 of 450")
    expect(page.get_by_role("heading", name="450 claims owe it")).to_be_in_viewport()
    pager.get_by_role("link", name="Previous").focus()
    page.keyboard.press("Enter")
    expect(pager).to_contain_text("Claims 1 to 80 of 450")
    expect(pager.get_by_role("link", name="Previous")).to_have_count(0)
