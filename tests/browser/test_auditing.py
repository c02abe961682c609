"""Auditing in the browser: paste, upload, marks at the right characters, keys, accepting, comparing, taking away."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.going import follow
from tests.browser.serving import in_thread
from tests.browser.test_accessibility import COLOURS, WIDER, faults
from tests.web.auditing import application
from tests.web.test_audit_page import CONTENTS, COPY, HOSTILE

if TYPE_CHECKING:
    from collections.abc import Iterator

TRICKY = (
    "# Clinic 👩🏽‍⚕️🌊\n"
    "\n"
    "🌊 Ketamine\tworks within hours, e\u0301ven for cafe\u0301 owners. It is not addictive.\n"
    "\n"
    "עברית: ketamine lifts depression within hours, \u202bשלם\u202c. 湖水浴 Ketamine cures depression.\n"
    "\n"
    "- &amp; <b>Ketamine</b> always works \u00a0 within   hours\n"
    "-\tSome people feel sick.\n"
)
MARKS = """() => {
  const found = {};
  for (const mark of document.querySelectorAll("mark[data-n]")) {
    for (const number of mark.dataset.n.split(" ")) found[number] = (found[number] ?? "") + mark.textContent;
  }
  return found;
}"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve the real entries without limits of number: these tests audit more often than a person."""
    with in_thread(application()) as found:
        yield found


def audit(page, text=COPY, kind="text/markdown"):
    page.get_by_label("Paste the copy").fill(text)
    page.get_by_label("Format of the text").select_option(kind)
    follow(page.get_by_role("button", name="Audit", exact=True))
    expect(page.locator("#audit-summary")).to_be_visible()
    return page


def download(page, name, path):
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name, exact=True).click()
    waiting.value.save_as(path)
    return waiting.value.suggested_filename


def marks_are_right(page, tmp_path):
    """Compare the words of every mark with the report that the same page gives away."""
    download(page, "JSON", tmp_path / "report.json")
    (document,) = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["documents"]
    wanted = {
        str(number): re.sub("\r\n?", "\n", finding["text"]).replace("\x0c", "\ufffd").replace("\x07", "\ufffd")
        for number, finding in enumerate(document["findings"], 1)
        if finding["text"]
    }
    shown = page.evaluate(MARKS)
    assert shown == {number: wanted[number] for number in shown}
    assert shown
    whole = page.locator(".document > .finding-card").count()
    assert len(document["findings"]) - len(shown) == whole


@pytest.mark.parametrize("kind", ["text/plain", "text/markdown"])
@pytest.mark.parametrize("text", [COPY, TRICKY], ids=["plain words", "tricky characters"])
def test_marks_stand_at_the_words_of_the_findings(open_page, tmp_path, text, kind):
    marks_are_right(audit(open_page("/audit"), text, kind), tmp_path)


@pytest.mark.parametrize(
    "name", ["crlf.md", "mixed.txt", "bom.txt", "latin.txt", "utf16.txt", "emoji.txt", "control.txt"]
)
def test_marks_in_files_stand_at_the_words_too(open_page, tmp_path, name):
    page = open_page("/audit")
    page.get_by_label("Or choose files").set_input_files({"name": name, "mimeType": "", "buffer": CONTENTS[name]})
    follow(page.get_by_role("button", name="Audit", exact=True))
    marks_are_right(page, tmp_path)


def test_several_files_are_shown_one_at_a_time(open_page):
    page = open_page("/audit")
    files = [{"name": name, "mimeType": "", "buffer": CONTENTS[name]} for name in ("lf.md", "page.html", "emoji.txt")]
    page.get_by_label("Or choose files").set_input_files(files)
    follow(page.get_by_role("button", name="Audit", exact=True))
    page.get_by_role("heading", name="page.html", level=2).click()
    opened = page.locator("details.document[open]")
    expect(opened).to_have_count(1)
    expect(opened.get_by_role("heading", level=2)).to_have_text("page.html")
    page.keyboard.press("j")
    expect(page.locator("details.document[open] .spot summary").first).to_be_focused()


def test_everything_by_keyboard(open_page):
    page = audit(open_page("/audit"))
    spots = page.locator(".spot")
    page.keyboard.press("j")
    expect(spots.nth(0).locator("summary").first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    expect(spots.nth(1).locator("summary").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(spots.nth(1)).to_have_attribute("open", "")
    page.keyboard.press("a")
    expect(page.get_by_role("dialog", name="Accept this finding?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#accept")).to_be_hidden()
    spots.nth(1).locator("summary").first.focus()
    page.keyboard.press("Escape")
    expect(spots.nth(1)).not_to_have_attribute("open", "")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_contain_text("to the next finding")
    page.keyboard.press("j")
    expect(spots.nth(1).locator("summary").first).not_to_be_focused()
    keys.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("j")
    expect(page.locator(".spot summary:focus")).to_have_count(0)


def test_a_mark_opens_its_findings(open_page):
    page = audit(open_page("/audit"))
    mark = page.locator("mark[data-n]").last
    mark.click()
    number = mark.get_attribute("data-n").split()[0]
    expect(page.locator(f"#f{number}")).to_be_visible()
    page.locator(".words a.n").first.click()
    expect(page.locator(".spot").first).to_have_attribute("open", "")


def test_a_disclosure_is_copied(open_page):
    page = open_page("/audit", permissions=["clipboard-read", "clipboard-write"])
    audit(page)
    spot = page.locator(".spot:has(.paste)").first
    spot.locator("summary").first.click()
    spot.get_by_role("button", name="Copy this text").first.click()
    expect(page.get_by_role("status").filter(has_text="Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == spot.locator("blockquote").first.text_content()


def test_filters_work_as_they_are_chosen(open_page):
    page = audit(open_page("/audit"))
    all_ = page.locator(".finding-card").count()
    page.get_by_label("Rule").select_option("overstated")
    cards = page.locator(".finding-card:not([hidden])")
    expect(page.locator("#filtered")).to_contain_text(f" of {all_} findings shown")
    assert {card.get_attribute("data-rule") for card in cards.all()} == {"overstated"}
    expect(page.locator("#filtered")).to_have_text(f"{cards.count()} of {all_} findings shown")
    expect(page.locator("mark.off")).not_to_have_count(0)
    page.get_by_label("Level").select_option("warning")
    assert {card.get_attribute("data-level") for card in cards.all()} == {"warning"}
    page.get_by_label("Rule").select_option("")
    page.get_by_label("Level").select_option("")
    expect(page.locator(".finding-card:not([hidden])")).to_have_count(all_)


def test_accepting_needs_a_reason_and_goes_into_every_file(open_page, tmp_path):
    page = audit(open_page("/audit"))
    spot = page.locator(".spot").nth(1)
    spot.locator("summary").first.click()
    card = spot.locator(".finding-card").first
    number = card.get_attribute("data-n")
    card.get_by_role("button", name="Accept").click()
    dialog = page.get_by_role("dialog", name="Accept this finding?")
    dialog.get_by_role("button", name="Accept").click()
    expect(dialog).to_be_visible()
    dialog.get_by_label("Why may it stand?").fill("as on the label")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(card).to_contain_text("Accepted: as on the label")
    expect(page.locator("#decisions li")).to_have_count(1)
    assert download(page, "Baseline", tmp_path / "b.json") == "caveat-baseline.json"
    (row,) = json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))["findings"]
    assert row["reason"] == "as on the label"
    download(page, "JSON", tmp_path / "r.json")
    findings = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["documents"][0]["findings"]
    assert [str(at) for at, one in enumerate(findings, 1) if one["suppressed"]] == [number]
    download(page, "The copy with comments", tmp_path / "copy.md")
    assert "-- as on the label -->" in (tmp_path / "copy.md").read_text(encoding="utf-8")
    page.get_by_role("button", name="Take back").click()
    expect(page.locator("#decisions li")).to_have_count(0)
    expect(card.get_by_role("button", name="Accept")).to_be_visible()
    follow(page.get_by_role("button", name="Audit again").last)
    expect(page.locator("#audit-summary")).not_to_contain_text("accepted")


def test_the_copy_is_edited_audited_again_and_compared(open_page, tmp_path):
    page = audit(open_page("/audit"))
    download(page, "JSON", tmp_path / "first.json")
    page.get_by_text("Edit this copy and audit again").click()
    page.get_by_role("textbox", name="pasted.md").fill(COPY.replace(", with no side effects", ""))
    follow(page.locator(".edit").get_by_role("button", name="Audit again"))
    since = page.get_by_role("region", name="Since the last audit")
    expect(since).to_contain_text("gone")
    expect(since).not_to_contain_text(re.compile(r"\b0 gone"))
    page.goto("/audit")
    page.get_by_text("Compare with an earlier audit").click()
    page.get_by_label("Its JSON report, or a baseline").set_input_files(tmp_path / "first.json")
    audit(page)
    expect(since).to_contain_text("0 new, 0 gone")
    expect(since).to_contain_text("The copy is the same.")


@pytest.mark.parametrize(("name", "file"), [("HTML", "html"), ("Markdown", "md"), ("JSON", "json"), ("SARIF", "sarif")])
def test_reports_are_taken_away(open_page, tmp_path, name, file):
    page = audit(open_page("/audit"))
    assert download(page, name, tmp_path / "it") == f"audit-pasted.{file}"
    assert (tmp_path / "it").stat().st_size > 500


def test_the_print_view_prints(open_page):
    page = audit(open_page("/audit"))
    with page.expect_popup() as waiting:
        page.get_by_role("button", name="Print view").click()
    printed = waiting.value
    expect(printed.locator(".finding-card").last).to_be_visible()
    assert printed.evaluate("() => [...document.querySelectorAll('.spot')].every(spot => spot.open)")
    assert faults(printed) == []
    printed.emulate_media(media="print")
    assert printed.pdf().startswith(b"%PDF")


@pytest.mark.parametrize("kind", ["text/plain", "text/markdown", "text/html"])
def test_hostile_copy_does_nothing(open_page, kind):
    page = open_page("/audit")
    title = "Audit · Ketamine therapy · Caveat"
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    audit(page, HOSTILE, kind)
    for spot in page.locator(".spot > summary").all():
        spot.click()
    assert page.title() == title
    assert page.locator("main img, main script, main iframe").count() == 0
    expect(page.locator("textarea").first).to_have_value(HOSTILE)


def test_without_javascript_it_is_a_whole_page(open_page, tmp_path):
    page = audit(open_page("/audit", java_script_enabled=False))
    marks = page.locator("mark[data-n]")
    assert marks.count() > 0
    spot = page.locator(".spot").nth(1)
    spot.locator("summary").first.click()
    expect(spot.locator(".finding-card").first).to_be_visible()
    follow(spot.get_by_role("button", name="Accept").first)
    expect(page.get_by_role("heading", name="Accept finding")).to_be_visible()
    page.get_by_role("textbox", name="Why may it stand?").fill("as on the label")
    follow(page.get_by_role("button", name="Accept", exact=True))
    expect(page.locator("#audit-summary")).to_contain_text("1 accepted")
    page.get_by_label("Rule").select_option("overstated")
    follow(page.get_by_role("button", name="Show"))
    expect(page.locator("#audit-summary")).to_contain_text("1 accepted")
    assert page.locator(".finding-card[hidden]").count() > 0
    download(page, "Baseline", tmp_path / "b.json")
    assert "as on the label" in (tmp_path / "b.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", ["paste", "files"])
def test_axe_finds_nothing_in_light_and_in_dark_and_a_phone_scrolls_one_way_only(open_page, path):
    page = open_page("/audit", color_scheme="light")
    if path == "paste":
        audit(page, TRICKY + COPY)
    else:
        files = [{"name": name, "mimeType": "", "buffer": CONTENTS[name]} for name in ("lf.md", "page.html")]
        page.get_by_label("Or choose files").set_input_files(
            [*files, {"name": "x.pdf", "mimeType": "", "buffer": b"%PDF"}]
        )
        follow(page.get_by_role("button", name="Audit", exact=True))
    for number in range(min(4, page.locator("details[open] .spot, section .spot").count())):
        page.locator("details[open] .spot > summary, section .spot > summary").nth(number).click()
    for panel in page.locator(".claims-panel > summary").all():
        panel.evaluate("summary => { summary.parentElement.open = true; }")
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert faults(page, COLOURS) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate(WIDER) <= 0


def test_axe_finds_nothing_while_something_is_accepted_and_compared(open_page):
    page = audit(open_page("/audit"))
    page.locator(".spot > summary").first.click()
    page.locator(".spot[open]").get_by_role("button", name="Accept").first.click()
    assert faults(page) == []
    page.get_by_role("textbox", name="Why may it stand?").fill("as on the label")
    page.keyboard.press("Enter")
    page.get_by_text("Edit this copy and audit again").click()
    page.get_by_role("textbox", name="pasted.md").fill(COPY + "\nOpen daily. Ketamine always works.\n")
    follow(page.locator(".edit").get_by_role("button", name="Audit again"))
    expect(page.get_by_role("region", name="Since the last audit")).to_be_visible()
    page.locator(".comments summary").click()
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert faults(page, COLOURS) == []


def test_a_phone_pastes_and_opens_a_finding(open_page):
    page = audit(open_page("/audit", viewport=PHONE, has_touch=True))
    page.locator(".spot > summary").first.tap()
    expect(page.locator(".spot").first.locator(".finding-card").first).to_be_visible()
    assert page.evaluate(WIDER) <= 0


def test_a_long_document_is_whole_and_its_keys_work(open_page, tmp_path):
    text = "\n\n".join(f"# Part {number}\n\n{COPY}" for number in range(120))
    page = audit(open_page("/audit"), text)
    marks_are_right(page, tmp_path)
    assert page.locator(".chunk").count() > 5
    page.keyboard.press("k")
    expect(page.locator(".spot > summary").last).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".spot").last.locator(".finding-card").first).to_be_visible()
