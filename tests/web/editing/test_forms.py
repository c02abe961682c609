"""The pages with forms, for somebody without scripts."""

from __future__ import annotations

import pytest

from tests.web.html import Page

KINDS = {
    "claim": "lifts-mood",
    "caveat": "makes-sick",
    "source": "quiet-harbour",
    "reference": "doe2020",
    "theme": "mood",
    "concept": "vomit",
}


def text_of(library, kind, entry_id):
    return (library.root / library.entry(kind, entry_id).path).read_text(encoding="utf-8")


@pytest.mark.parametrize(("kind", "entry_id"), KINDS.items())
def test_a_form_that_is_saved_as_it_was_changes_no_byte(ada, library, kind, entry_id):
    before = text_of(library, kind, entry_id)
    page = ada.open(f"/edit/{kind}/{entry_id}")
    assert page.status_code == 200
    assert Page(page.text).faults == []
    saved = ada.press("save")
    assert saved.status_code == 200, Page(saved.text).text
    assert text_of(library, kind, entry_id) == before
    assert "has these very words already" in Page(saved.text).text
