"""The HTML report in Chromium: axe-core finds nothing, nothing is loaded or run, a phone scrolls one way only."""

from __future__ import annotations

import pytest

from kb.formats.audit import render
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.going import follow
from tests.browser.test_accessibility import COLOURS, WIDER, faults
from tests.formats.audit.report import CLEAN, FULL
from tests.formats.audit.test_hostile import HOSTILE, report

REPORTS = {"full": FULL, "clean": CLEAN, "hostile": report("".join(HOSTILE))}


@pytest.mark.parametrize("name", REPORTS)
def test_the_report_is_accessible_in_light_and_dark_and_nothing_in_it_moves(browser, tmp_path, name):
    file = tmp_path / "report.html"
    file.write_text(render("html", REPORTS[name]), encoding="utf-8", newline="")
    heard = []
    page = browser.new_page(viewport=DESKTOP, color_scheme="light")
    page.on("console", lambda message: heard.append(message.text))
    page.on("dialog", lambda dialog: heard.append(dialog.message))
    page.on("request", lambda request: heard.extend([] if request.url == file.as_uri() else [request.url]))
    page.goto(file.as_uri())
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert faults(page, COLOURS) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate(WIDER) <= 0
    page.close()
    assert heard == []


def test_a_number_leads_from_the_copy_to_its_findings_and_back(browser, tmp_path):
    file = tmp_path / "report.html"
    file.write_text(render("html", FULL), encoding="utf-8", newline="")
    page = browser.new_page(viewport=DESKTOP)
    page.goto(file.as_uri())
    follow(page.locator(".words").get_by_role("link", name="1, error"))
    assert page.url.endswith("#s1-1")
    assert page.locator(":target").get_by_role("heading", level=4).inner_text().startswith("1 lifts the mood")
    follow(page.locator(":target h4 a"))
    assert page.url.endswith("#m1-1")
    page.close()
