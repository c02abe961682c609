"""The help page: every example is a link, and every link finds something."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kb.library import Library
from kb.text.tokens import tokens
from tests.web.html import Page
from tests.web.shelf import Shelf, base
from webapp import create_app
from webapp import help as help_pages

FIELDS = ["claim", "caveat", "theme", "type", "verdict", "certainty", "source", "reference", "status", "due"]


@pytest.fixture(scope="module")
def corpus():
    library = Library(Path(__file__).parents[2] / "claims", engine="memory", cache=False)
    return create_app(library, reload_every=None).test_client()


def test_every_example_finds_what_it_says(corpus):
    found = Page(corpus.get("/help/search").text)
    assert found.faults == []
    examples = [link for link in found.links if link.startswith("/?q=")]
    assert len(examples) > 15
    promised = [int(count) for count in re.findall(r"(\d+) claims?\b", found.text)]
    assert len(promised) == len(examples)
    for link, count in zip(examples, promised, strict=True):
        headings = [text for _, text in Page(corpus.get(link).text).headings]
        assert any(text.startswith(f"{count} claim") for text in headings), link


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_has_an_example(corpus, field):
    assert f"/?q={field}:" in corpus.get("/help/search").text


def test_an_empty_base_has_no_examples():
    empty = base(claims=[], caveats=[], sources=[], references={"doe2020": base().references["doe2020"]}, themes={})
    answer = create_app(Shelf(empty), reload_every=None).test_client().get("/help/search")
    assert answer.status_code == 200
    assert Page(answer.text).faults == []


def test_examples_are_chosen_once_for_each_state(monkeypatch):
    read = []
    monkeypatch.setattr(help_pages, "tokens", lambda text: read.append(text) or tokens(text))
    client = create_app(Shelf(base()), reload_every=None).test_client()
    first = client.get("/help/search").text
    assert read
    read.clear()
    assert client.get("/help/search").text == first
    assert read == []
