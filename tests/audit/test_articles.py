"""Every place where an article makes a claim, as the entries record it, is found when the article is audited.

The articles are not in the repository. Where private copies are attached (`kb sources attach`), all of them are
audited; where none is, what is left to test is that a place which was missed would be reported.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from kb.audit.extract import extract
from kb.audit.pipeline import Auditor
from kb.library import Library
from kb.text.subjects import TREATMENT
from tests.factories import claim, knowledge_base

if TYPE_CHECKING:
    import pytest

CLAIMS = Path(__file__).parents[2] / "claims"
OWN_HOME = os.environ.get("CAVEAT_HOME")
"""Where the developer's own copies lie; the tests have a home of their own."""


def missed(kb, texts):
    """Return (claim, place) of every occurrence whose claim is not recognised there."""
    auditor = Auditor(kb, profile=kb.about.profile, rules=())
    return [
        found
        for source_id, text in texts.items()
        for found in _missed(kb, source_id, auditor.audit(extract(text.encode(), f"{source_id}.txt")))
    ]


def _missed(kb, source_id, report):
    for entry in kb.claims.values():
        for place in (found.selector for found in entry.occurrences if found.source == source_id):
            units = {unit.index for unit in report.document.units if unit.start < place.end and place.start < unit.end}
            made = {mention.claim for mention in report.mentions if mention.unit in units}
            if entry.id not in made:
                yield entry.id, source_id, place.start


def test_no_place_is_missed_in_the_articles_that_are_attached(monkeypatch: pytest.MonkeyPatch):
    library = Library.open(CLAIMS)
    if OWN_HOME:
        monkeypatch.setenv("CAVEAT_HOME", OWN_HOME)
    else:
        monkeypatch.delenv("CAVEAT_HOME")
    texts = {source_id: text for source_id in library.kb.sources if (text := library.source_text(source_id))}
    assert missed(library.kb, texts) == []


def test_a_place_that_is_missed_is_reported():
    text = "Testamine lifts the mood. Testamine raises spirits."
    place = {"source": "clinic-page", "digest": "0" * 16, "section": "Top", "strength": "plain"}
    lifts = claim(
        recognise=[{"all": [TREATMENT, "lift"]}],
        occurrences=[place | {"selector": {"start": 0, "end": 25}}, place | {"selector": {"start": 26, "end": 51}}],
    )
    kb = knowledge_base(claims=[lifts], concepts={TREATMENT: {"terms": ["testamine"]}, "lift": {"terms": ["lift"]}})
    assert missed(kb, {"clinic-page": text}) == [("lifts-mood", "clinic-page", 26)]
