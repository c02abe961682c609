"""Auditing over the API: what may be sent, what comes back, and what is said of anything else."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kb.formats.audit import json as audit_json
from kb.formats.audit import render
from kb.library.auditing import AuditOptions, Copy, audit
from tests.web.shelf import Shelf, base
from webapp import audit_asking, audit_running, create_app, rate

ADDRESS = "/api/v1/audit"
TEXT = "Testamine lifts mood within a day.\n"
SCHEMA = json.loads((Path(audit_json.__file__).parents[2] / "schema" / "audit-report.schema.json").read_text("utf-8"))


def report(*copies: Copy, **options):
    return audit(base(), copies, AuditOptions(**options))


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {"documents": [{"name": "a.md", "text": TEXT}]}},
        {"json": {"documents": [{"name": "a.md", "base64": base64.b64encode(TEXT.encode()).decode()}]}},
        {"data": {"files": [(io.BytesIO(TEXT.encode()), "folder/a.md")]}},
    ],
    ids=["text", "base64", "form"],
)
def test_the_answer_is_what_the_command_prints_in_the_envelope(client, sent):
    response = client.post(ADDRESS, **sent)
    assert response.status_code == 200
    answer = response.json
    Draft202012Validator(SCHEMA).validate(answer)
    assert answer == {"ok": True, **json.loads(render("json", report(Copy("a.md", content=TEXT.encode()))))}
    assert response.headers["Cache-Control"] == "no-store"


def test_a_bare_text_is_plain_text(client):
    (document,) = client.post(ADDRESS, json={"text": "<p>Testamine"}).json["documents"]
    assert (document["path"], document["media"]) == ("text.txt", "text/plain")


@pytest.mark.parametrize("name", audit_asking.MEDIA)
def test_another_format_is_a_file_with_its_media_type(client, name):
    response = client.post(ADDRESS, json={"documents": [{"name": "a.md", "text": TEXT}], "format": name})
    media, ending = audit_asking.MEDIA[name]
    assert response.text == render(name, report(Copy("a.md", content=TEXT.encode())))
    assert response.mimetype == media
    assert response.headers["Content-Disposition"] == f'attachment; filename="audit.{ending}"'


def test_every_format_but_json_is_a_file():
    assert {*audit_asking.MEDIA} | {"json"} == {*audit_asking.render.__globals__["FORMATS"]}


def test_profile_level_and_names_are_those_of_the_command(client):
    sent = {
        "text": TEXT,
        "profile": "uk-cap",
        "min_level": "error",
        "only": ["uncertain-match"],
        "ignore": ["old-story"],
    }
    answer = client.post(ADDRESS, json=sent).json
    assert answer["profile"] == "uk-cap"
    assert answer["documents"][0]["findings"] == []
    found = client.post(ADDRESS, json={"text": TEXT, "only": ["uncertain-match"]}).json["documents"][0]["findings"]
    assert {finding["rule"] for finding in found} == {"uncertain-match"}
    form = {"files": [(io.BytesIO(TEXT.encode()), "a.txt")], "only": ["overstated", "uncertain-match"]}
    assert client.post(ADDRESS, data=form).json["documents"][0]["findings"] != []


def test_what_cannot_be_read_is_in_the_report_of_the_rest(client):
    files = [(io.BytesIO(b"no PDF"), "a.pdf"), (io.BytesIO(TEXT.encode()), "b.txt")]
    answer = client.post(ADDRESS, data={"files": files}).json
    assert answer["summary"]["skipped"] == 1
    assert [item["what"] for item in answer["skipped"]] == ["a.pdf"]
    assert [document["path"] for document in answer["documents"]] == ["b.txt"]


def test_where_nothing_can_be_read_each_reason_is_given(client):
    sent = [{"name": "a.pdf", "text": "no PDF"}, {"name": "b.docx", "text": "no Word file"}]
    response = client.post(ADDRESS, json={"documents": sent})
    assert response.status_code == 422
    assert [error["field"] for error in response.json["errors"]] == ["documents.0", "documents.1"]
    assert "broken or no PDF file" in response.json["errors"][0]["message"]


@pytest.mark.parametrize(
    ("sent", "status", "errors"),
    [
        ({}, 400, {"text": "must not be left out: give text or documents"}),
        ({"text": "x", "documents": [{"name": "a", "text": "x"}]}, 400, {"text": "give text or documents, not both"}),
        ({"documents": []}, 400, {"documents": "must not be empty"}),
        ({"documents": [{"name": "a"}]}, 400, {"documents.0.text": "must not be left out: give text or base64"}),
        ({"documents": [{"text": "x"}]}, 400, {"documents.0.name": "must not be left out"}),
        (
            {"documents": [{"name": "a\nb", "text": "x"}]},
            400,
            {"documents.0.name": "must be base64, or a name without"},
        ),
        ({"documents": [{"name": str(n), "text": "x"} for n in range(21)]}, 400, {"documents": "at most 20 items"}),
        ({"text": "x", "profile": "us"}, 400, {"profile": "must be one of 'us-ftc', 'us-fda-rx' or 'uk-cap'"}),
        ({"text": "x", "min_level": 1, "format": "xml"}, 400, {"min_level": "must be one of", "format": "one of"}),
        ({"text": "x", "mode": "x"}, 400, {"mode": "unknown field"}),
        ({"text": "x", "only": ["overstatd"]}, 422, {"only": "'overstatd'; did you mean overstated?"}),
        ({"text": "x", "ignore": ["lifts-mod"]}, 422, {"ignore": "did you mean lifts-mood?"}),
        (
            {"documents": [{"name": "a", "text": "x"}, {"name": "a", "text": "y"}]},
            422,
            {"documents.1.name": "another document has this name"},
        ),
    ],
)
def test_everything_that_is_wrong_is_named(client, sent, status, errors):
    response = client.post(ADDRESS, json=sent)
    assert (response.status_code, response.json["status"]) == (status, status)
    found = {error["field"]: error["message"] for error in response.json["errors"]}
    assert found.keys() == errors.keys()
    for field, message in errors.items():
        assert message in found[field]


@pytest.mark.parametrize(
    ("form", "errors"),
    [
        ({"format": "json"}, {"files"}),
        ({"files": "text without a filename"}, {"files"}),
        ({"files": [(io.BytesIO(b""), "a.txt")]}, {"files"}),
        ({"files": [(io.BytesIO(b"x"), f"{n}.txt") for n in range(21)]}, {"files"}),
        ({"files": [(io.BytesIO(b"x"), "a.txt")], "profile": ["us-ftc", "uk-cap"]}, {"profile"}),
        ({"file": [(io.BytesIO(b"x"), "a.txt")], "min_level": "x"}, {"file", "files", "min_level"}),
    ],
)
def test_a_form_is_checked_as_well(client, form, errors):
    response = client.post(ADDRESS, data=form, content_type="multipart/form-data")
    assert response.status_code == 400
    assert {error["field"] for error in response.json["errors"]} == errors


def form(*files: tuple[str, str]) -> dict[str, str]:
    """Return a form in full: the client would write one of this size to a file and leave that open."""
    head = 'Content-Disposition: form-data; name="files"; filename='
    parts = [f'--x\r\n{head}"{name}"\r\n\r\n{text}\r\n' for name, text in files]
    return {"data": "".join([*parts, "--x--\r\n"]), "content_type": "multipart/form-data; boundary=x"}


def test_more_than_can_be_audited_is_said_in_words(client, monkeypatch):
    monkeypatch.setattr(audit_asking, "MAX_BYTES", 1_000_000)
    monkeypatch.setattr(audit_asking, "MAX_BODY", 2_000_000)
    said = "that is more than can be audited at once, which is 1 MB of copy, in a body of 2 MB; hand in a part of it"
    text = "a" * 600_000
    for sent in (
        {"json": {"documents": [{"name": "a", "text": text}, {"name": "b", "text": text}]}},
        {"json": {"text": text * 4}},
        form(("a", text), ("b", text)),
        form(("a", text * 4)),
    ):
        response = client.post(ADDRESS, **sent)
        assert (response.status_code, response.json["error"]) == (413, said)


def test_another_type_is_refused_with_those_that_there_are(client):
    response = client.post(ADDRESS, data="x", content_type="text/plain")
    assert response.status_code == 415
    assert "application/json or multipart/form-data" in response.json["error"]


@pytest.mark.parametrize("headers", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_pages_of_other_sites_may_not(client, headers):
    response = client.post(ADDRESS, json={"text": TEXT}, headers=headers)
    assert response.status_code == 403
    assert [name for name, _ in response.headers if name.startswith("Access-Control")] == []


def test_pages_of_this_site_may(client):
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post(ADDRESS, json={"text": TEXT}, headers=headers).status_code == 200


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_address_has_its_tokens_back_in_time():
    clock = Clock()
    audits = rate.Rate(2, clock)
    audits.spend("a")
    audits.spend("a")
    audits.spend("b")
    with pytest.raises(rate.AskedTooOften) as refused:
        audits.spend("a")
    assert refused.value.retry_after == 30
    clock.now = 29.0
    with pytest.raises(rate.AskedTooOften, match="try again in a second"):
        audits.spend("a")
    clock.now = 30.0
    audits.spend("a")


def test_the_addresses_that_are_remembered_are_not_without_end(monkeypatch):
    monkeypatch.setattr(rate, "_MOST", 3)
    audits = rate.Rate(1, Clock())
    for who in "abcd":
        audits.spend(who)
    assert list(audits._tokens) == ["b", "c", "d"]


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_one_customer_is_one_address(address, who):
    assert rate.who(address) == who


def test_who_asks_too_often_is_told_how_long_to_wait():
    client = create_app(Shelf(), reload_every=None, audits_per_minute=1).test_client()
    assert client.post(ADDRESS, json={"text": TEXT}).status_code == 200
    response = client.post(ADDRESS, json={"text": TEXT})
    assert response.status_code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert response.json["error"].startswith("at most 1 audits a minute for one address; please try again in")
    elsewhere = {"REMOTE_ADDR": "192.0.2.1"}
    assert client.post(ADDRESS, json={"text": TEXT}, environ_base=elsewhere).status_code == 200
    assert client.get("/api/v1/status").status_code == 200
    page = client.post("/audit", data={"text": TEXT})
    assert page.status_code == 429
    assert "Too many audits at once" in page.text
    assert "Retry-After" in page.headers


def test_who_comes_while_all_are_busy_is_told_so(app):
    app.extensions[audit_running.EXTENSION] = audit_running.Pool(at_once=0, patience=0.0)
    response = app.test_client().post(ADDRESS, json={"text": TEXT})
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"
    assert "many audits are running" in response.json["error"]
    page = app.test_client().post("/audit", data={"text": TEXT})
    assert page.status_code == 503
    assert "Others are being audited" in page.text


def test_an_earlier_report_is_compared_with(client):
    earlier = client.post(ADDRESS, json={"text": "We are open."}).json
    answer = client.post(ADDRESS, json={"text": TEXT, "earlier": earlier}).json
    assert answer["comparison"]["summary"]["new"] == len(answer["documents"][0]["findings"]) > 0
    assert "comparison" not in earlier


@pytest.mark.parametrize(
    "sent", [{"earlier": {"schema": "other/1"}}, {"earlier": {}}, {"format": "text", "earlier": {"a": 1}}]
)
def test_what_cannot_be_compared_with_is_an_error_of_its_field(client, sent):
    response = client.post(ADDRESS, json={"text": TEXT, **sent})
    assert response.status_code == 422
    assert [error["field"] for error in response.json["errors"]] == ["earlier"]
