"""The pages with forms, for somebody without scripts: what is typed is checked, tried, found and saved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from werkzeug.datastructures import MultiDict

from kb.accounts import Accounts, Role
from kb.library import Editor, Library
from tests.web.editing.people import Controls
from tests.web.html import Page
from webapp import create_app
from webapp.editing.kinds import KINDS
from webapp.editing.posting import read

ENTRIES = {
    "claim": "better-sleep",
    "caveat": "makes-sick",
    "source": "quiet-harbour",
    "reference": "doe2020",
    "theme": "mood",
    "concept": "vomit",
    "topic": "mood",
}
MOST_BYTES = 100_000


def said(response):
    return Page(response.text).text


def save(library: Library, kind: str, entry_id: str, **fields: object) -> None:
    now = library.entry(kind, entry_id)
    library.save_entry(kind, entry_id, now.fields | fields, revision=now.revision, editor=Editor("Ada"))


def file_of(library: Library, kind: str, entry_id: str) -> str:
    return (library.root / library.entry(kind, entry_id).path).read_text(encoding="utf-8")


@pytest.mark.parametrize(("kind", "entry_id"), ENTRIES.items())
def test_a_form_that_is_saved_as_it_was_changes_no_byte(ada, library, kind, entry_id):
    before = file_of(library, kind, entry_id)
    page = ada.open(f"/edit/{kind}/{entry_id}")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert Page(page.text).faults == []
    saved = ada.press("save")
    assert "has these very words already" in said(saved)
    assert file_of(library, kind, entry_id) == before


@pytest.mark.parametrize(("kind", "entry_id"), ENTRIES.items())
def test_every_page_of_an_entry_is_sound(ada, kind, entry_id):
    for way in ("", "/yaml", "/rename", "/delete"):
        page = ada.open(f"/edit/{kind}/{entry_id}{way}")
        assert page.status_code == 200
        assert Page(page.text).faults == []
        assert len(page.data) < MOST_BYTES


@pytest.mark.parametrize("kind", KINDS)
def test_lists_and_forms_of_new_entries_are_sound(ada, kind):
    for address in ("/edit", f"/edit/{kind}", f"/edit/{kind}?q=mood", f"/new/{kind}"):
        page = ada.open(address)
        assert page.status_code == 200
        assert Page(page.text).faults == []


def test_one_changed_field_is_one_changed_line(ada, library):
    before = file_of(library, "caveat", "makes-sick").splitlines()
    ada.open("/edit/caveat/makes-sick")
    saved = ada.press("save", short="Feels sick")
    assert "Saved." in said(saved)
    after = file_of(library, "caveat", "makes-sick").splitlines()
    assert [line for line in after if line not in before] == ["short: Feels sick"]
    assert len(after) == len(before)


def test_what_is_refused_is_shown_again_and_not_written(ada, library):
    before = file_of(library, "claim", "better-sleep")
    ada.open("/edit/claim/better-sleep")
    page = ada.press("save", claim="Short", rationale="")
    assert page.status_code == 422
    assert "2 errors stand in the way of a save" in said(page)
    assert dict(Controls(page.text).pairs)["claim"] == "Short"
    assert Page(page.text).faults == []
    assert file_of(library, "claim", "better-sleep") == before


def test_nobody_sets_by_hand_what_the_review_sets(ada, library):
    ada.open("/edit/claim/better-sleep")
    ada.press("save", status="published", **{"review.approved_by": "Ada", "rationale": "Typed."})
    assert library.entry("claim", "better-sleep").fields["status"] == "in-review"
    assert "approved_by" not in library.entry("claim", "better-sleep").fields["review"]


def test_a_form_that_is_not_whole_is_refused(ada):
    ada.open("/edit/claim/better-sleep")
    for base in (None, "{", "[]"):
        assert ada.press("save", base=base).status_code == 400
        ada.open("/edit/claim/better-sleep")


def test_without_the_token_nothing_is_saved(ada, library):
    ada.open("/edit/caveat/makes-sick")
    forged = {"csrf_token": "0"}
    page = ada.press("save", short="Other", **forged)
    assert page.status_code in {400, 403}
    assert library.entry("caveat", "makes-sick").fields["short"] != "Other"


@pytest.mark.parametrize(
    ("kind", "fields", "file"),
    [
        (
            "theme",
            {"id": "appetite", "group": "efficacy", "description": "brings appetite"},
            "appetite: brings appetite",
        ),
        ("concept", {"id": "salt", "terms": "salt\r\nsea salt"}, "terms: [salt, sea salt]"),
        (
            "reference",
            {
                "id": "doe2024",
                "type": "webpage",
                "design": "news",
                "title": "News",
                "finding": "It is in the news.",
                "read": "primary",
                "author[0].literal": "Example Agency",
            },
            "- {literal: Example Agency}",
        ),
        ("source", {"id": "south", "title": "South", "text.sha256": "0" * 64, "text.chars": "10"}, "chars: 10}"),
    ],
)
def test_new_entries_of_other_kinds(ada, library, kind, fields, file):
    ada.open(f"/new/{kind}")
    page = ada.press("save", **fields)
    assert "Added." in said(page)
    assert file in file_of(library, kind, fields["id"])


def test_a_new_claim_is_begun_by_other_pages(ada):
    page = ada.open("/new/claim?claim=Testamine+glows.&id=glows&area=mood&status=published&nothing=x")
    found = dict(Controls(page.text).pairs)
    assert (found["claim"], found["id"], found["area"]) == ("Testamine glows.", "glows", "mood")
    assert json.loads(found["base"])["status"] == "draft"


def test_a_new_entry_needs_a_name_that_is_free(ada):
    ada.open("/new/claim")
    page = ada.press("save")
    assert page.status_code == 422
    assert "A new claim needs an id." in said(page)
    assert "A new claim needs an area" in said(page)
    for button in ("check", "save"):
        page = ada.press(button, id="better-sleep", area="mood")
        assert "There is a claim 'better-sleep' already" in said(page)
        assert "Rationale: It is missing." in said(page)
        page = ada.press(button, id="Not An Id", area="../elsewhere")
        assert "Id: 'Not An Id' cannot be an id" in said(page)
        assert "Area: '../elsewhere' cannot be an area" in said(page)
        assert "Rationale: It is missing." in said(page)


def test_rows_are_added_moved_and_removed(ada):
    ada.open("/edit/claim/better-sleep")
    ada.press("add:evidence")
    page = ada.press("up:evidence[1]", **{"evidence[1].finding": "A second one."})
    found = dict(Controls(page.text).pairs)
    assert found["evidence[0].finding"] == "A second one."
    assert found["evidence[1]@"] == "0"
    page = ada.press("remove:evidence[0]")
    assert "A second one." not in page.text


def test_words_of_an_article_become_a_place(ada, library):
    ada.open("/edit/claim/better-sleep")
    ada.press("find:occurrences", **{"find:occurrences:words": "testamine lifts  their mood"})
    saved = ada.press("save", **{"occurrences[0].strength": "plain"})
    assert "Saved." in said(saved)
    (place,) = library.entry("claim", "better-sleep").fields["occurrences"]
    assert place["section"] == "Feel better"
    words = library.source_text("quiet-harbour")[place["selector"]["start"] : place["selector"]["end"]]
    assert words == "testamine lifts their mood"


@pytest.mark.parametrize("start_end", [("0", "999999"), ("5", "5"), ("x", "9"), ("", "")])
def test_a_place_that_is_none_is_not_taken(ada, start_end):
    ada.open("/edit/claim/better-sleep")
    start, end = start_end
    changes = {"find:occurrences:start": start, "find:occurrences:end": end}
    assert "There is no such place" in said(ada.press("mark:occurrences", **changes))


def test_a_heading_of_an_article_is_found_in_that_article(ada):
    ada.open("/edit/source/quiet-harbour")
    page = ada.press("find:dispositions", **{"find:dispositions:words": "Relief is certain!"})
    found = dict(Controls(page.text).pairs)
    assert "source" not in str(found.get("dispositions[1].source", ""))
    assert found["dispositions[1].digest"]


def test_a_sentence_is_tried_and_kept_as_an_example(ada):
    ada.open("/edit/topic/mood")
    page = ada.press("try:recognise", **{"try:recognise": "Nothing of the kind."})
    assert "Not recognised." in said(page)
    assert "Missing: low-mood" in said(page)
    page = ada.press("example:recognise:match", **{"try:recognise": "In a low mood."})
    assert dict(Controls(page.text).pairs)["examples.match"] == "My mood is low.\r\nIn a low mood."


def test_a_preview_shows_what_is_typed_and_saves_nothing(ada, library):
    ada.open("/edit/claim/better-sleep")
    page = ada.press("preview", claim="Testamine deepens sleep.", **{"evidence[0].design": "", "verdict": "unproven"})
    assert page.status_code == 200
    assert "Testamine deepens sleep." in said(page)
    assert "Not shown, since something in it is wrong: evidence" in said(page)
    ada.open("/edit/claim/better-sleep")
    assert "No preview yet" in said(ada.press("preview", claim=""))
    assert library.claim("better-sleep").claim == "Testamine improves sleep."


def test_the_live_check_says_all_that_is_wrong(ada):
    ada.open("/edit/claim/better-sleep")
    found = ada.press("live", claim="", rationale="", **{"evidence[0].reference": ""}).json
    assert found["errors"] == 3
    assert {one["id"] for one in found["problems"]} == {"f-claim", "f-rationale", "f-evidence-0-reference"}


def test_a_conflict_keeps_both_and_saves_what_is_chosen(person, library):
    ada, bo = person("ada"), person("bo")
    ada.open("/edit/caveat/makes-sick")
    bo.open("/edit/caveat/makes-sick")
    bo.press("save", short="Bo's", key="")
    page = ada.press("save", short="Ada's", caveat="Ada has another caveat.")
    assert page.status_code == 409
    assert Page(page.text).faults == []
    assert dict(Controls(page.text).pairs)["choose:key"] == "theirs"
    saved = ada.press("resolve", **{"choose:short": "theirs"})
    assert "Saved." in said(saved)
    fields = library.entry("caveat", "makes-sick").fields
    assert (fields["short"], fields["caveat"], "key" in fields) == ("Bo's", "Ada has another caveat.", False)


def test_a_conflict_of_raw_texts_keeps_the_text(person):
    ada, bo = person("ada"), person("bo")
    page = ada.open("/edit/caveat/makes-sick/yaml")
    text = dict(Controls(page.text).pairs)["text"]
    bo.open("/edit/caveat/makes-sick")
    bo.press("save", short="Bo's")
    page = ada.press("save", text=text.replace("short:", "# mine\nshort:").replace("Some people", "Few people"))
    assert page.status_code == 409
    assert "# mine" in said(page)


def test_what_was_typed_is_shown_where_the_entry_is_gone(person):
    ada, bo = person("ada"), person("bo")
    ada.open("/edit/claim/cures-low-mood")
    bo.open("/edit/claim/cures-low-mood/rename")
    bo.press("", id="ends-low-mood")
    page = ada.press("save", rationale="Typed in vain?")
    assert page.status_code == 409
    assert "Typed in vain?" in said(page)
    assert ada.open("/edit/claim/cures-low-mood").request.path == "/edit/claim/ends-low-mood"


def test_raw_text_is_checked_with_lines(ada, library):
    ada.open("/edit/concept/vomit/yaml")
    page = ada.press("check", text="vomit:\n  label: vomiting\n  trms: [being sick]\n")
    assert "line 3: trms" in said(page)
    page = ada.press("save", text="vomit:\n  label: vomiting  # a word\n  terms: [being sick]\n")
    assert "Saved." in said(page)
    assert "label: vomiting  # a word" in file_of(library, "concept", "vomit")


def test_the_file_of_the_whole_base_is_edited_as_text(ada):
    page = ada.open("/edit/kb/kb")
    text = dict(Controls(page.text).pairs)["text"]
    page = ada.press("save", text=text.replace("For tests.", "For more tests."))
    assert "Saved." in said(page)


def test_what_cannot_be_renamed_or_deleted_says_why(ada):
    ada.open("/edit/claim/better-sleep/rename")
    page = ada.press("", id="split-opinions")
    assert page.status_code == 422
    assert "It is not renamed" in said(page)
    ada.open("/edit/claim/better-sleep/delete")
    page = ada.press("")
    assert page.status_code == 422
    assert "only a draft is deleted" in said(page)
    assert "keeps its id" in said(ada.open("/edit/concept/vomit/rename"))


def test_what_was_approved_once_is_never_deleted(ada, library):
    path = library.root / library.files["claim", "better-sleep"]
    path.write_text(path.read_text(encoding="utf-8").replace("status: in-review", "status: draft"), encoding="utf-8")
    ada.open("/edit/claim/better-sleep")
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("author: A. Editor", "author: A. Editor, first_approved: 2025-02-03"), encoding="utf-8"
    )
    library.reload_if_changed()
    ada.open("/edit/claim/better-sleep/delete")
    assert "was approved on 2025-02-03, and readers have seen it" in said(ada.press(""))
    assert path.exists()


def test_the_form_of_a_concept_says_what_rests_on_it(ada, library):
    assert "for these words" not in said(ada.open("/edit/concept/vomit"))
    rules = {"recognise": [{"all": ["testamine"]}], "examples": {"match": ["Testamine it is."]}}
    save(library, "concept", "low-mood", includes=["vomit"])
    save(library, "claim", "cures-low-mood", **rules)
    page = ada.open("/edit/concept/testamine")
    assert "The rules of 1 entry ask for these words; none of them is approved." in said(page)
    path = library.root / library.files["claim", "cures-low-mood"]
    text = path.read_text(encoding="utf-8").replace("status: in-review", "status: published")
    path.write_text(text, encoding="utf-8")
    library.reload_if_changed()
    found = said(ada.open("/edit/concept/testamine"))
    assert "1 of them is approved" in found
    assert "Testamine puts an end to low mood for good." in found
    rules = {"recognise": [{"all": ["low-mood"]}], "examples": {"match": ["My low mood."]}}
    save(library, "claim", "better-sleep", **rules)
    assert "The rules of 1 entry ask" in said(ada.open("/edit/concept/vomit"))  # through what includes it


def test_no_address_can_say_that_something_was_saved(ada):
    page = ada.open("/edit/claim/better-sleep?saved=WyJTYXZlZCJd.abc")
    assert page.status_code == 200
    assert "saved-note" not in page.text


def test_there_are_no_other_kinds_and_entries(ada):
    for address in ("/edit/clam/x", "/new/clam", "/edit/clam", "/edit/claim/none", "/edit/claim/none/yaml"):
        assert ada.open(address).status_code == 404


def test_the_text_of_an_article_is_given_to_editors_only(ada, app):
    assert ada.open("/edit/source/quiet-harbour/text").json["text"].startswith("Feel better")
    assert ada.open("/edit/source/north/text").status_code == 404
    assert app.test_client().get("/edit/source/quiet-harbour/text").status_code == 303


LARGEST = ("eases-chronic-pain", "eases-depression", "rapid-onset-depression")
"""The claims whose forms are the largest."""


@pytest.mark.parametrize("claim_id", LARGEST)
def test_the_largest_forms_are_light_and_give_back_their_entries(tmp_path, claim_id):
    library = Library(Path(__file__).parents[3] / "claims", engine="memory", cache=False)
    accounts = Accounts(tmp_path / "accounts")
    client = create_app(library, accounts=accounts, reload_every=None).test_client()
    account = accounts.users.add("ada", Role.EDITOR, "wet gravel under moonlight")
    client.set_cookie("caveat", accounts.sessions.start(account))
    page = client.get(f"/edit/claim/{claim_id}")
    assert len(page.data) < MOST_BYTES
    fields = library.entry("claim", claim_id).fields
    assert read(KINDS["claim"].parts, MultiDict(Controls(page.text).pairs), fields).fields == fields
