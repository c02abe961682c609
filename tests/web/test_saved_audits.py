"""Saved audits: kept only when somebody says so, for their account alone, and compared with today when opened."""

from __future__ import annotations

import base64
import dataclasses
import re
from html import unescape

import pytest

from kb.accounts import saved
from kb.library import Library
from kb.model import Status
from tests.accounts.people import accounts, cheap, clock
from tests.web.auditing import CLAIMS, InProcess
from tests.web.html import Page
from tests.web.shelf import Shelf
from tests.web.signing import signed_in
from webapp import audit_running, create_app, rate

__all__ = ["accounts", "cheap", "clock"]

COPY = "Ketamine works within hours.\n\nIt is not addictive. 🌊 <b>Call</b> us.\n"


@pytest.fixture(scope="module")
def entries():
    return Library(CLAIMS, engine="memory", cache=False).kb


@pytest.fixture
def shelf(entries):
    return Shelf(entries, {})


@pytest.fixture(scope="module")
def auditors():
    return InProcess()


@pytest.fixture
def app(shelf, accounts, auditors):
    made = create_app(shelf, reload_every=None, audits_per_minute=None, accounts=accounts)
    made.extensions[audit_running.EXTENSION] = auditors
    return made


@pytest.fixture
def reader(app, accounts):
    return signed_in(app, accounts, "some-reader")


def results_form(page):
    """Return what the form of a page of results sends: its hidden fields and what is typed."""
    fields = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text):
        fields.setdefault(unescape(name), []).append(unescape(value))
    for name, value in re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>\n(.*?)</textarea>', page.text, re.DOTALL):
        fields[name] = [unescape(value)]
    return fields


def audit(client, text=COPY, **fields):
    page = client.post("/audit", data={"text": text, "kind": "text/markdown"} | fields)
    assert page.status_code == 200
    return page


def save(client, page, **fields):
    return client.post("/audits", data=results_form(page) | fields, content_type="multipart/form-data")


def kept(accounts, name="some-reader"):
    return accounts.saved.of(accounts.users.get(name))


def test_nothing_is_kept_unless_somebody_says_so(reader, accounts):
    audit(reader)
    assert kept(accounts) == []
    response = save(reader, audit(reader), title="Front page")
    assert (response.status_code, response.headers["Location"]) == (303, f"/audits/{kept(accounts)[0].id}")
    assert kept(accounts)[0].title == "Front page"


def test_nobody_is_offered_to_save_who_cannot(app):
    page = audit(app.test_client())
    assert 'formaction="/audits"' not in page.text
    assert "csrf" not in page.text
    assert save(app.test_client(), page).status_code == 401


def test_a_form_of_another_site_saves_nothing(reader, accounts):
    page = audit(reader)
    assert save(reader, page, csrf_token="").status_code == 400
    assert save(reader, page, csrf_token="x" * 90).status_code == 400
    assert kept(accounts) == []


def test_an_audit_is_opened_as_it_was_saved(reader):
    response = save(reader, audit(reader))
    page = reader.get(response.headers["Location"])
    read = Page(page.text)
    assert (page.status_code, read.faults) == (200, [])
    assert "audited again just now: nothing has changed since" in read.text
    assert "kept for your account alone" in read.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "<b>Call</b>" not in page.text
    report = reader.get(f"{response.headers['Location']}/report.json")
    assert report.json["documents"][0]["path"] == "pasted.md"
    assert report.json["schema"] == "kb-audit/1"
    assert "attachment" in report.headers["Content-Disposition"]


def test_every_byte_of_a_file_and_every_decision_come_back(reader, accounts):
    content = "Ketamine works within hours.\r\n\rIt is not addictive.\x00\n".encode("utf-16")
    form = {"name-1": "brief.txt", "media-1": "text/plain", "bytes-1": base64.b64encode(content).decode()}
    page = reader.post("/audit", data=form)
    place = re.search(r'name="decide" value="([^"]+)"', page.text)[1]
    page = reader.post("/audit", data=form | {"accept": unescape(place), "reason": "Agreed with the doctor"})
    address = save(reader, page).headers["Location"]
    opened = reader.get(address)
    assert "Agreed with the doctor" in opened.text
    assert results_form(opened)["bytes-1"] == [form["bytes-1"]]
    assert kept(accounts)[0].title == "brief.txt"


def test_what_was_withdrawn_since_is_said(reader, shelf, entries):
    address = save(reader, audit(reader)).headers["Location"]
    named = next(iter(reader.get(f"{address}/report.json").json["entries"]["claims"]))
    gone = entries.claims[named].model_copy(update={"status": Status.WITHDRAWN})
    shelf.kb = dataclasses.replace(entries, claims={**entries.claims, named: gone}, digest="f" * 64)
    assert "the entries have changed since" in reader.get("/audits").text
    opened = Page(reader.get(address).text)
    assert opened.faults == []
    assert "Withdrawn since your last report:" in opened.text
    assert "nothing has changed since" not in opened.text
    as_it_was = reader.get(f"{address}/report.json").json
    assert as_it_was["kb"]["digest"] == entries.digest


def test_audits_are_listed_renamed_and_deleted(reader, accounts):
    address = save(reader, audit(reader), title="<i>Draft</i> of May").headers["Location"]
    listed = reader.get("/audits")
    assert Page(listed.text).faults == []
    assert "&lt;i&gt;Draft&lt;/i&gt; of May" in listed.text
    token = {"csrf_token": reader.csrf}
    assert reader.post(f"{address}/name", data=token | {"title": "  "}).status_code == 400
    assert reader.post(f"{address}/name", data=token | {"title": "Final"}).status_code == 303
    assert kept(accounts)[0].title == "Final"
    assert reader.post(f"{address}/delete", data=token).headers["Location"] == "/audits?deleted=1"
    assert "Deleted." in reader.get("/audits?deleted=1").text
    assert [reader.get(address).status_code, reader.get(f"{address}/report.json").status_code] == [404, 404]
    assert reader.post(f"{address}/delete", data=token).status_code == 404


def test_an_audit_is_nobody_else_s_not_even_an_admin_s(app, reader, accounts):
    address = save(reader, audit(reader), title="Quarterly secrets").headers["Location"]
    admin = signed_in(app, accounts, "some-admin")
    token = {"csrf_token": admin.csrf}
    answers = [
        admin.get(address),
        admin.get(f"{address}/report.json"),
        admin.post(f"{address}/name", data=token | {"title": "Mine"}),
        admin.post(f"{address}/delete", data=token),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert "Quarterly secrets" not in "".join(
        answer.text for answer in [*answers, admin.get("/audits"), admin.get("/log")]
    )
    assert app.test_client().get(address).headers["Location"].startswith("/login")
    assert kept(accounts)[0].title == "Quarterly secrets"


def test_an_account_that_is_full_is_told_what_to_do(reader, accounts, monkeypatch, caplog):
    monkeypatch.setattr(saved, "MOST", 1)
    page = audit(reader)
    assert save(reader, page).status_code == 303
    full = save(reader, page)
    assert full.status_code == 409
    assert "delete some of them first" in Page(full.text).text
    assert len(kept(accounts)) == 1
    assert COPY not in caplog.text


def test_nothing_to_save_is_said(reader):
    response = reader.post("/audits", data={"csrf_token": reader.csrf}, content_type="multipart/form-data")
    assert response.status_code == 422
    assert "nothing to audit yet" in Page(response.text).text


def test_saving_and_opening_count_as_audits(app, reader):
    page = audit(reader)
    app.extensions[rate.EXTENSION] = rate.Rate(2)
    address = save(reader, page).headers["Location"]
    assert reader.get(address).status_code == 200
    assert reader.get(address).status_code == 429
