"""The audit page without a browser: what comes back from its form, and what the form carries along."""

from __future__ import annotations

import html
import io
import json
import logging
import re

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from kb.library.auditing import Copy
from tests.web.auditing import application
from tests.web.html import Page
from webapp.audit import page
from webapp.audit.intake import carried, shown_name
from webapp.audit_limits import MAX_BYTES, MAX_FILES
from webapp.headers import SECURITY_HEADERS

COPY = (
    "# Ketamine infusions: feel better within hours\n"
    "\n"
    "Ketamine works within hours and puts an end to thoughts of suicide, with no side effects.\n"
    "\n"
    "Some people feel sick for an hour.\n"
)
SPOOLED = 500 * 1024
"""Bytes from which Werkzeug would put an upload on disk, unless it is told otherwise."""
HOSTILE = (
    "<script>document.title='owned'</script><img src=x onerror=alert(1)> Ketamine cures depression "
    "</textarea><script>alert(2)</script> within hours {{ 7 * 7 }} <!-- --> \"' onmouseover=alert(3) "
    "]]> &lt;b&gt; javascript:alert(4) \u202e\u0007"
)


@pytest.fixture(scope="module")
def client():
    return application().test_client()


def post(client, to="/audit", **fields):
    return client.post(to, data=fields, content_type="multipart/form-data")


def upload(name, content):
    return io.BytesIO(content), name


def sent(client, name, content):
    """Post a file from memory: the test client would write a large form to disk, and leave it open."""
    boundary, body = encode_multipart({"files": FileStorage(io.BytesIO(content), name, "files")})
    return client.post("/audit", data=body, content_type=f"multipart/form-data; boundary={boundary}")


def hidden(page, name):
    return [field.get("value") for field in page.all("input") if field.get("name") == name]


def form_of(text):
    """Return the fields that a browser would send back from a page of results."""
    page = Page(text)
    fields = {}
    for field in page.all("input"):
        if field.get("type") == "hidden" and field["name"] != "decision":
            fields[field["name"]] = field["value"]
    fields["decision"] = hidden(page, "decision")
    fields["profile"] = next(
        field["value"] for field in page.all("input") if field.get("type") == "radio" and "checked" in field
    )
    for name, content in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', text, re.DOTALL):
        fields[name] = html.unescape(content).replace("\r\n", "\n").replace("\n", "\r\n")
    return fields


def report_of(client, **fields):
    return json.loads(post(client, "/audit/download", format="json", **fields).data)


def test_the_form_and_the_page_are_sound(client):
    assert Page(client.get("/audit").text).faults == []
    response = post(client, text=COPY, kind="text/markdown")
    assert response.status_code == 200
    assert Page(response.text).faults == []
    assert response.headers["Cache-Control"] == "no-store"
    assert {name: response.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_the_page_says_what_there_is_to_know(client):
    page = Page(post(client, text=COPY, kind="text/markdown").text)
    report = report_of(client, text=COPY, kind="text/markdown")
    pins = [report["kb"]["digest"], report["documents"][0]["sha256"], f"kb {report['tool']['version']}"]
    said = ["Missing caveat", "Balance:", "Disclosures: 1 of 10", "Claims and their caveats", "The copy", *pins]
    assert [part for part in said if part not in page.text] == []
    for finding in report["documents"][0]["findings"]:
        assert finding["message"][1:] in page.text


def test_nothing_to_audit_is_said_in_words(client):
    for fields in ({}, {"text": "  \n"}, {"files": upload("", b"")}):
        response = post(client, **fields)
        assert response.status_code == 422
        assert "nothing to audit yet" in Page(response.text).text
        assert Page(response.text).faults == []


def test_several_files_are_shown_one_at_a_time(client):
    files = [upload("a.md", b"Ketamine works within hours."), upload("b.txt", b"Open daily."), upload("a.md", b"More.")]
    page = Page(client.post("/audit", data={"files": files}, content_type="multipart/form-data").text)
    assert page.faults == []
    documents = [found for found in page.all("details") if found.get("name") == "document"]
    assert ["open" in found for found in documents] == [True, False, False]
    assert [text for level, text in page.headings if level == 2][:3] == ["a.md", "b.txt", "a-2.md"]


def test_too_much_is_refused_in_words(client):
    response = sent(client, "a.txt", b"x" * (MAX_BYTES + 1))
    assert response.status_code == 413
    assert "10 MB" in Page(response.text).text
    files = [upload(f"{number}.txt", b"words") for number in range(MAX_FILES + 1)]
    response = client.post("/audit", data={"files": files}, content_type="multipart/form-data")
    assert (response.status_code, f"at most {MAX_FILES}" in response.text) == (422, True)


def test_a_file_that_cannot_be_read_is_named_and_stays_named(client):
    files = [upload("a.md", b"Ketamine works within hours."), upload("broken.pdf", b"%PDF-1.4 nothing")]
    response = client.post("/audit", data={"files": files}, content_type="multipart/form-data")
    assert response.status_code == 200
    again = client.post("/audit", data=form_of(response.text))
    for text in (response.text, again.text):
        page = Page(text)
        assert page.faults == []
        assert "Not checked" in [heading for _, heading in page.headings]
        assert "broken.pdf" in page.text


@pytest.mark.parametrize("kind", ["text/plain", "text/markdown", "text/html"])
@pytest.mark.parametrize("name", ["pasted", '"><script>alert(1)</script>', "../../etc/passwd"])
def test_hostile_copy_is_text_and_nothing_else(client, kind, name):
    response = post(client, text=HOSTILE, kind=kind, name=name)
    page = Page(response.text)
    assert page.faults == []
    scripts = [found for found in page.all("script") if found.get("type") != "application/ld+json"]
    assert all(found["src"].startswith("/static/") for found in scripts)
    assert page.all("img") == []
    assert not any(key.startswith("on") for _, attributes in page.elements for key in attributes)
    assert "49" not in re.findall(r"within hours (\S+)", page.text)


def test_a_hostile_file_name_stays_a_name(client):
    files = [upload("..\\..\\x\r\nSet-Cookie: a=b.md", b"Ketamine works within hours.")]
    response = client.post("/audit", data={"files": files}, content_type="multipart/form-data")
    assert "Set-Cookie" not in response.headers
    assert Page(response.text).faults == []
    assert shown_name("a\u202eb\x00c") == "a b c"
    file = client.post("/audit/download", data={"text": "x", "name": 'a"\r\nX: y', "format": "json"})
    assert "X" not in file.headers


CONTENTS = {
    "lf.md": b"# A\n\nKetamine works within hours.\n",
    "crlf.md": b"# A\r\n\r\nKetamine works within hours.\r\n",
    "mixed.txt": b"A\r\nB\nC\rKetamine works within hours.",
    "bom.txt": b"\xef\xbb\xbfKetamine works within hours.",
    "latin.txt": "Ketamine works within hours, caf\u00e9.".encode("latin-1"),
    "utf16.txt": "Ketamine works within hours \U0001f30a".encode("utf-16"),
    "newlines.txt": b"\n\n\nKetamine works within hours.\n\n",
    "emoji.txt": "👩🏽‍⚕️ Ketamine\tworks within hours. שלום &amp; <b> \u00a0 \u2028".encode(),
    "control.txt": b"Ketamine works\x0c within hours.\x07",
    "page.html": b"<!doctype html>\r\n<p>Ketamine works within hours.</p>\r\n",
}


@pytest.mark.parametrize("name", CONTENTS)
def test_copy_comes_back_byte_for_byte(client, name):
    first = post(client, files=upload(name, CONTENTS[name]))
    fields = form_of(first.text)
    again = report_of(client, **fields)
    assert again["documents"] == report_of(client, files=upload(name, CONTENTS[name]))["documents"]


def test_copy_that_was_edited_is_audited_as_it_is_now(client):
    for name, content in CONTENTS.items():
        fields = form_of(post(client, files=upload(name, content)).text)
        fields["text-1"] = fields["text-1"].replace("works", "always works")
        report = report_of(client, **fields)
        document = report["documents"][0]
        assert document["path"] == name
        assert "overstated" in {finding["rule"] for finding in document["findings"]}, name


def test_only_what_html_would_spoil_travels_twice():
    packed = {name for name, content in CONTENTS.items() if carried(Copy(name, content=content)).packed}
    assert packed == {"mixed.txt", "bom.txt", "latin.txt", "utf16.txt", "control.txt"}


def test_what_comes_back_damaged_is_refused(client):
    for value in ("not base64!", "====", "é"):
        response = post(client, **{"name-1": "a.txt", "bytes-1": value})
        assert response.status_code == 422
        assert "Please hand it in again" in Page(response.text).text


def some_finding(client, text, **fields):
    return next(one for one in report_of(client, text=text, **fields)["documents"][0]["findings"] if one["caveat"])


def test_a_finding_is_accepted_with_a_reason_without_any_script(client):
    finding = some_finding(client, COPY, kind="text/markdown")
    place = f"{finding['fingerprint']} pasted.md"
    fields = form_of(post(client, text=COPY, kind="text/markdown").text)
    asked = post(client, **fields, decide=place)
    assert Page(asked.text).faults == []
    assert "Why may it stand?" in Page(asked.text).text.split("What was audited")[0]
    without = post(client, **fields, accept=place, reason="  ")
    assert hidden(Page(without.text), "decision") == []
    assert "with a reason only" in Page(without.text).text
    accepted = post(client, **fields, accept=place, reason="quoted  from\nthe label")
    assert Page(accepted.text).faults == []
    assert json.loads(hidden(Page(accepted.text), "decision")[0])["reason"] == "quoted from the label"
    kept = form_of(accepted.text)
    report = report_of(client, **kept)
    marked = [one for one in report["documents"][0]["findings"] if one["suppressed"]]
    assert [(one["fingerprint"], one["suppressed"]["reason"]) for one in marked] == [
        (finding["fingerprint"], "quoted from the label")
    ]
    baseline = post(client, "/audit/download", **kept, format="baseline")
    assert [(row["fingerprint"], row["reason"]) for row in json.loads(baseline.data)["findings"]] == [
        (finding["fingerprint"], "quoted from the label")
    ]
    again = post(client, text=COPY, kind="text/markdown", earlier=upload("baseline.json", baseline.data))
    assert [json.loads(value)["reason"] for value in hidden(Page(again.text), "decision")] == ["quoted from the label"]
    copy = post(client, "/audit/download", **kept, format="copy-1").data.decode()
    assert "-- quoted from the label -->" in copy
    commented = report_of(client, text=copy, kind="text/markdown")["documents"][0]["findings"]
    assert finding["caveat"] in {one["caveat"] for one in commented if one["suppressed"]}
    back = post(client, **kept, undo=place)
    assert hidden(Page(back.text), "decision") == []


def test_decisions_that_are_none_are_passed_over(client):
    for value in ("", "{", "[]", '{"path": 1}', '{"path": "a", "fingerprint": "b"}', "[" * 50_000):
        assert post(client, text=COPY, decision=value).status_code == 200


def test_filters_without_any_script(client):
    all_ = post(client, text=COPY, kind="text/markdown").text
    chosen = post(client, text=COPY, kind="text/markdown", rule="overstated").text
    shown = re.findall(r'<article class="finding-card[^>]*data-rule="([^"]+)"[^>]*?( hidden)?>', chosen)
    assert {rule for rule, off in shown if not off} == {"overstated"}
    assert len(shown) == all_.count('<article class="finding-card')
    assert Page(chosen).faults == []


def test_what_changed_since_the_last_version_of_the_copy(client):
    first = post(client, text=COPY, kind="text/markdown")
    assert "Since the last audit" not in Page(first.text).text
    fields = form_of(first.text)
    assert "Since the last audit" not in Page(post(client, **fields).text).text
    edited = fields | {"text-1": fields["text-1"].replace(", with no side effects", "")}
    second = post(client, **edited)
    found = Page(second.text)
    assert found.faults == []
    assert re.search(r"Since the last audit [0-9]+ new, [1-9][0-9]* gone, [1-9][0-9]* unchanged", found.text)
    third = post(client, **form_of(second.text), rule="overstated")
    assert "gone" in Page(third.text).text  # looking at it again changes nothing
    assert first.text.count('class="new"') == 0


def test_an_earlier_report_of_other_entries(client):
    report = report_of(client, text=COPY, kind="text/markdown")
    report["kb"]["digest"] = "0" * 64
    name = next(iter(report["entries"]["claims"]))
    report["entries"]["claims"][name]["verdict"] = "not-checkable"
    report["entries"]["claims"]["gone-since"] = {
        "claim": "It was <b>said</b>.",
        "verdict": "supported",
        "certainty": None,
        "caveats": [],
    }
    earlier = upload("old.json", json.dumps(report).encode())
    page = Page(post(client, text=COPY, kind="text/markdown", earlier=earlier).text)
    assert page.faults == []
    assert "The entries changed" in page.text
    assert "Verdict changed:" in page.text
    assert "from not checkable to" in page.text
    assert "Removed from the knowledge base: It was <b>said</b>." in page.text


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"schema": "other"}', b'{"schema": "kb-audit/1"}', b"[1"])
def test_an_earlier_file_that_is_none_is_refused_in_words(client, content):
    response = post(client, text=COPY, earlier=upload("old.json", content))
    assert (response.status_code, "old.json" in response.text) == (422, True)
    assert COPY.splitlines()[2] in response.text  # what was pasted is still there


def test_downloads(client):
    endings = {"html": "html", "markdown": "md", "json": "json", "sarif": "sarif"}
    for wanted, ending in endings.items():
        response = post(client, "/audit/download", text=COPY, kind="text/markdown", format=wanted)
        assert response.status_code == 200
        assert response.headers["Content-Disposition"] == f"attachment; filename=audit-pasted.{ending}"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert len(response.data) > 500
    for wanted in ("", "exe", "copy-2", "copy-x", "copy-0", "comments"):
        assert post(client, "/audit/download", text=COPY, format=wanted).status_code == 422


def test_the_print_view_has_everything_open_and_no_form(client):
    page = Page(post(client, text=COPY, kind="text/markdown", view="print").text)
    assert page.faults == []
    assert all("open" in found for found in page.all("details") if "spot" in (found.get("class") or ""))
    assert page.all("textarea") == []
    assert "Accept" not in page.text


def test_what_many_findings_share_is_written_once(client, monkeypatch):
    written = []
    taken = page.get_template_attribute

    def counting(template, name):
        macro = taken(template, name)
        return lambda *given, **named: written.append(name) or macro(*given, **named)

    monkeypatch.setattr(page, "get_template_attribute", counting)
    counts = []
    for times in (1, 20):
        written.clear()
        text = post(client, text=COPY * times).text
        counts.append((text.count("<article"), written.count("claim_head"), written.count("remedy")))
    (few, *once), (many, *again) = counts
    assert many > 5 * few
    assert once == again
    assert 0 < once[1] <= few


def test_an_unknown_profile_is_refused(client):
    assert post(client, text=COPY, profile="mars").status_code == 422


def test_nothing_of_the_copy_is_logged_or_put_on_disk(client, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("werkzeug.formparser.default_stream_factory", None)  # it would spool to disk
    word = "Zyzzogeton"
    big = f"{word} ketamine works within hours. ".encode() + b" " * 1_000_000  # blanks, which are soon audited
    assert len(big) > SPOOLED
    response = sent(client, "big.txt", big)
    assert (response.status_code, word in response.text) == (200, True)
    assert word not in caplog.text
