"""The example on the start page, the pages of rules and the checklist, as somebody meets them."""

from __future__ import annotations

import pytest

from tests.browser.conftest import PHONE
from tests.browser.going import follow
from tests.browser.test_accessibility import COLOURS, WIDER, faults


def start(open_page, **options):
    """Open the start page, again while the server, which has just started, still audits its example."""
    page = open_page("/", **options)
    for _ in range(30):
        if page.locator(".sample").count():
            break
        page.wait_for_timeout(1_000)
        page.reload()
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_example(open_page, scheme):
    page = start(open_page, color_scheme=scheme)
    assert page.locator(".sample").is_visible()
    assert faults(page) == []
    page.set_viewport_size(PHONE)
    assert faults(page, COLOURS) == []
    assert page.evaluate(WIDER) <= 0


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_stranger_sees_what_an_audit_does_and_goes_to_audit_their_own(open_page, scripts):
    page = start(open_page, java_script_enabled=scripts)
    sample = page.locator(".sample")
    marks = sample.locator("mark")
    assert marks.count() == 4
    assert sample.locator(".sample-findings > li").count() == 4
    follow(marks.nth(2).get_by_role("link"))
    assert page.url.endswith("#sample-3")
    sample.get_by_role("link", name="Audit your own copy").click()
    page.get_by_label("Paste the copy").wait_for()


def test_the_copy_stands_beside_its_findings_and_below_each_other_on_a_phone(open_page):
    def places(page):
        return [page.locator(name).bounding_box() for name in (".sample-copy", ".sample-findings")]

    copy, findings = places(start(open_page))
    assert copy["x"] + copy["width"] <= findings["x"]
    assert copy["y"] == findings["y"]
    copy, findings = places(start(open_page, viewport=PHONE))
    assert copy["y"] + copy["height"] <= findings["y"]


def test_the_search_comes_first(open_page):
    page = start(open_page)
    assert page.locator("#q").bounding_box()["y"] < page.locator(".sample").bounding_box()["y"]


def test_a_finding_leads_to_its_rule_and_to_all_of_them(open_page):
    page = start(open_page, java_script_enabled=False)
    follow(page.locator(".sample-findings").get_by_role("link", name="contradicted"))
    assert page.url.endswith("/rules/contradicted")
    assert page.locator(".e-fails mark").inner_text() == "no side effects"
    follow(page.get_by_role("link", name="What an audit reports"))
    assert page.url.endswith("/rules")
    assert page.get_by_role("row").count() == 17


def test_a_disclosure_is_chosen_whole_by_one_click(open_page):
    page = open_page("/checklist")
    sentence = page.locator(".sentence").first
    sentence.click()
    assert page.evaluate("String(getSelection())").strip() == sentence.inner_text().strip()


def test_on_paper_the_checklist_is_boxes_and_sentences(open_page):
    page = open_page("/checklist")
    assert page.locator(".tick").count() == 10
    assert not page.get_by_text("Checked by:").is_visible()
    page.emulate_media(media="print")
    assert page.get_by_text("Checked by:").is_visible()
    assert page.locator(".tick").first.is_visible()
    assert page.locator(".sentence").first.is_visible()
    for hidden in ("header.site nav", ".screen-only"):
        assert not page.locator(hidden).first.is_visible()


def test_on_paper_the_start_page_is_the_claims(open_page):
    page = start(open_page)
    page.emulate_media(media="print")
    assert not page.locator(".sample").is_visible()
