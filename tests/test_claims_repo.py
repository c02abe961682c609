"""The knowledge base that ships: what `kb lint` cannot say of it without the articles, or need not say of another."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from kb.library import Library
from kb.model import DisclosureKey, Status

CLAIMS = Path(__file__).parents[1] / "claims"
WHITE_SPACE = 2
"""Characters that may lie between two selectors: a space, or the line breaks between paragraphs."""


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.setenv("CAVEAT_HOME", str(tmp_path_factory.mktemp("home")))
    yield Library.open(CLAIMS)
    patch.undo()


def test_lint_has_nothing_to_report(shipped):
    assert shipped.lint().findings == ()


def test_files_are_in_the_canonical_style(shipped):
    assert [file.path for file in shipped.format(check=True) if file.changed] == []


def test_every_stretch_of_every_article_is_accounted_for(shipped):
    for coverage in shipped.coverage():
        spans = sorted((mark.selector.start, mark.selector.end) for mark in passages(shipped.kb, coverage.source))
        reached = 0
        for start, end in spans:
            assert start - reached <= WHITE_SPACE, f"{coverage.source}: characters {reached} to {start}"
            reached = max(reached, end)
        assert coverage.chars - reached <= WHITE_SPACE, f"{coverage.source}: characters after {reached}"


def passages(kb, source_id):
    source = kb.sources[source_id]
    entries = itertools.chain(kb.claims.values(), kb.caveats.values())
    occurrences = (place for entry in entries for place in entry.occurrences if place.source == source_id)
    return [*source.outline, *source.dispositions, *occurrences]


def test_no_entry_claims_a_review_that_it_has_not_had(shipped):
    entries = [*shipped.kb.claims.values(), *shipped.kb.caveats.values()]
    assert {entry.status for entry in entries} == {Status.IN_REVIEW}
    assert {entry.review.approved_by for entry in entries} == {None}


def test_every_disclosure_key_is_served_by_a_caveat(shipped):
    assert {caveat.key for caveat in shipped.kb.caveats.values()} - {None} == set(DisclosureKey)


def test_every_claim_is_made_somewhere(shipped):
    assert [claim.id for claim in shipped.kb.claims.values() if not claim.occurrences] == []


def test_every_theme_says_how_copy_speaks_on_it(shipped):
    spoken_on = {theme for theme, topic in shipped.kb.topics.items() if topic.recognise}
    assert spoken_on == shipped.kb.theme_descriptions.keys()
    lacking = [
        theme
        for theme, topic in shipped.kb.topics.items()
        if len(topic.examples.match) < 4 or len(topic.examples.no_match) < 2
    ]
    assert lacking == []
