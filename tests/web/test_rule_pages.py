"""The pages of rules, the checklist of disclosures, and the example on the start page."""

from __future__ import annotations

from pathlib import Path

import pytest
from markupsafe import escape

from kb.audit.rules.base import Mark
from kb.audit.rules.examples import examples
from kb.errors import KbError
from kb.library import Library
from kb.model import DisclosureKey
from kb.words import KEYS
from tests.web.html import Page
from tests.web.shelf import Shelf, base
from webapp import audit_running, create_app, rules, sample
from webapp.audit_running import Pool

CLAIMS = Path(__file__).parents[2] / "claims"


@pytest.fixture(scope="module")
def corpus():
    return create_app(Library(CLAIMS, engine="memory", cache=False), reload_every=None).test_client()


def test_every_rule_is_listed_with_its_levels(client):
    page = Page(client.get("/rules").text)
    assert page.faults == []
    assert {f"/rules/{rule}" for rule in rules.ALL} <= {*page.links}
    assert "prescription-only-named A prescription-only medicine is named to the public. off off error" in page.text


@pytest.mark.parametrize("rule", rules.ALL.values(), ids=rules.ALL)
def test_the_page_of_a_rule_has_all_there_is_to_say(client, rule):
    response = client.get(f"/rules/{rule.id}")
    assert response.status_code == 200
    page = Page(response.text)
    assert page.faults == []
    assert rule.summary in page.text
    assert {basis.url for basis in rule.basis} <= {*page.links}
    for basis in rule.basis:
        assert f"{rules.MARKS[basis.mark][0]}." in page.text
    found = examples().get(rule.id)
    for example in (*found.fail, *found.passing) if found else ():
        assert example.why in page.text
        assert not example.at or f"<mark>{escape(example.at)}</mark>" in response.text
    if rule in rules.RULES:
        assert f"<!-- caveat-ignore {rule.id} -- why it may stay [until 2027-06-30] -->" in page.text
        assert f'ignore = ["{rule.id}"]' in page.text


def test_every_mark_has_words():
    assert set(rules.MARKS) == set(Mark)


def test_help_is_markdown_and_html_in_it_is_text():
    assert (
        rules.rendered("a `b` *c*\n\n<b>d</b>") == "<p>a <code>b</code> <em>c</em></p>\n<p>&lt;b&gt;d&lt;/b&gt;</p>\n"
    )


def test_a_rule_that_is_not_there_suggests_another(client):
    response = client.get("/rules/overstatd")
    assert response.status_code == 404
    assert "/rules/overstated" in Page(response.text).links


def test_the_checklist_has_all_ten_in_order_with_sentences_to_paste(client, corpus):
    for asked in (client, corpus):
        page = Page(asked.get("/checklist").text)
        assert page.faults == []
        assert [text for level, text in page.headings if level == 2] == [KEYS[key].label for key in DisclosureKey]
    kb = Library(CLAIMS, engine="memory", cache=False).kb
    offered = [caveat for caveat in kb.caveats.values() if caveat.suggested_disclosure in page.text]
    assert {caveat.key for caveat in offered} >= set(DisclosureKey)


def test_a_withdrawn_caveat_is_not_offered(client):
    page = Page(client.get("/checklist").text)
    assert "You may feel sick for a few hours." in page.text
    assert "Ask first" not in page.text


def test_the_start_page_shows_copy_audited(corpus):
    response = corpus.get("/")
    page = Page(response.text)
    shown = Page(response.text.partition('<section class="sample"')[2].partition("</section>")[0]).text
    for word in ("Feel like yourself again", "a nurse stays with you throughout", "contradicted", "Instead:"):
        assert word in shown
    ids = {attributes.get("id") for _, attributes in page.elements}
    assert {f"#sample-{number}" for number in range(1, sample.MOST + 1)} <= {*page.links}
    assert {f"sample-{number}" for number in range(1, sample.MOST + 1)} <= ids
    assert "/audit" in page.links
    assert "Or audit marketing copy" not in Page(corpus.get("/?q=relapse").text).text


def test_its_marks_are_at_the_words_that_findings_are_about():
    app = create_app(Library(CLAIMS, engine="memory", cache=False), reload_every=None)
    with app.app_context():
        made = sample.latest(app.extensions["caveat"].library.kb)
    text = "".join(piece.text for block in made.blocks for piece in block.pieces)
    assert text == "".join(
        line.removeprefix("## ").removeprefix("# ").removeprefix("> ") for line in sample.copy().split("\n")
    )
    marked = {piece.number: piece.text for block in made.blocks for piece in block.pieces if piece.number}
    assert marked == {number: finding.region.text for number, finding in enumerate(made.findings, 1)}
    assert [finding.location.line for finding in made.findings] == sorted(f.location.line for f in made.findings)
    assert min(finding.level.rank for finding in made.findings) == 0
    assert made.total > len(made.findings) == sample.MOST


def test_it_is_audited_once_for_each_state_of_the_files(app):
    kb = app.extensions["caveat"].library.kb
    with app.app_context():
        first = sample.latest(kb)
        assert first is sample.latest(kb) is sample.current(kb)
        assert sample.audited(Shelf().kb) is not first


def test_after_an_edit_the_old_one_is_shown_while_it_is_audited_anew(app, shelf, monkeypatch):
    begun = []
    monkeypatch.setattr(sample, "warm", begun.append)
    client = app.test_client()
    assert "ETag" in client.get("/").headers
    shelf.kb = base(claims=[])
    response = client.get("/")
    assert "Or audit marketing copy" in response.text
    assert "ETag" not in response.headers
    assert begun == [app]
    monkeypatch.undo()
    sample.warm(app).join(60)
    assert "ETag" in client.get("/").headers


def test_while_somebody_else_audits_it_the_page_comes_without_it(app, monkeypatch):
    monkeypatch.setattr(sample, "_PATIENCE", 0.0)
    with sample._lock:
        response = app.test_client().get("/")
    assert "Or audit marketing copy" not in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert "Or audit marketing copy" in app.test_client().get("/").text


def test_while_all_are_busy_the_page_comes_without_it_and_is_not_kept(app):
    app.extensions[audit_running.EXTENSION] = Pool(at_once=0, patience=0.0)
    response = app.test_client().get("/")
    assert response.status_code == 200
    assert "Or audit marketing copy" not in response.text
    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("kind", [KbError, RuntimeError])
def test_the_start_page_does_without_an_example_that_cannot_be_audited(monkeypatch, caplog, kind):
    def broken(*_: object) -> None:
        raise kind("the process that audits does not start")

    monkeypatch.setattr(sample, "run_audit", broken)
    response = create_app(Shelf(), reload_every=None).test_client().get("/")
    assert response.status_code == 200
    assert '<section class="sample"' not in response.text
    assert [record.getMessage() for record in caplog.records if record.name == "webapp.sample"] == [
        "the example on the start page cannot be audited: the process that audits does not start"
    ]
