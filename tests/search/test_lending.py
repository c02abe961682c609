from __future__ import annotations

import pytest

from kb.search.base import Query
from kb.search.documents import Table
from kb.search.lending import LENT, Related
from kb.search.memory import MemoryEngine
from kb.search.widen import Vocabulary
from tests.factories import claim, knowledge_base
from tests.search.bases import named


def _related(*ids):
    return [{"claim": each, "type": "similar"} for each in ids]


KB = named(
    knowledge_base(
        claims=[
            claim("aa", claim="Testamine eases pain.", related=_related("bb", "gone")),
            claim("bb", claim="Testamine dulls aches.", related=_related("cc")),
            claim("cc", claim="Testamine lifts gloom.", related=_related("bb")),
            claim("dd", claim="Testamine makes tired."),
        ]
    )
)
RELATED = Related(KB, Table(KB, Vocabulary({})))


@pytest.mark.parametrize(
    ("scores", "beyond", "lent"),
    [
        ({0: 2.0, 3: 1.0}, True, {0: 2.0, 1: 2 * LENT, 3: 1.0}),
        ({0: 2.0, 3: 1.0}, False, {0: 2.0, 3: 1.0}),
        ({0: 2.0, 1: 1.0}, False, {0: 2.0 + LENT, 1: 1.0 + 2 * LENT}),
        ({1: 1.0}, True, {0: LENT, 1: 1.0, 2: LENT}),
        ({}, True, {}),
    ],
)
def test_related_entries_lend_a_share_of_their_score(scores, beyond, lent):
    before = dict(scores)
    assert RELATED.lend(scores, beyond=beyond) == pytest.approx(lent)
    assert scores == before


def test_a_word_that_finds_little_finds_what_is_related_and_says_so():
    page = MemoryEngine().open(KB).search(Query("pain"))
    assert [hit.id for hit in page.hits] == ["aa", "bb"]
    assert str(page.reading) == "entries with pain; 1 more are related to these"


def test_what_is_demanded_is_not_loosened_by_relations():
    backend = MemoryEngine().open(KB)
    for text in ('"eases pain"', "claim:pain", "pain -gloom"):
        assert [hit.id for hit in backend.search(Query(text)).hits] == ["aa"]
