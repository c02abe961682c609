"""The whole result set, in its order, each claim once."""

from __future__ import annotations

from kb.export import found
from kb.search.base import MAX_PER_PAGE, Hit, Page, Query, Reading
from tests.factories import claim, knowledge_base

CLAIMS = [claim(f"claim-{number:03}") for number in range(2 * MAX_PER_PAGE + 50)]


def searching(ids, asked):
    def search(query):
        asked.append(query)
        start = (query.page - 1) * query.per_page
        hits = tuple(Hit(claim_id, 0.0) for claim_id in ids[start : start + query.per_page])
        return Page(hits, len(ids), query.page, query.per_page, {}, Reading())

    return search


def test_all_pages_are_read_in_order_and_nothing_else_is_asked_for():
    kb, asked = knowledge_base(claims=CLAIMS), []
    order = [entry.id for entry in reversed(CLAIMS)]
    query = Query("mood", {"theme": ("mood",)}, ("theme",), sort="certainty", page=7, per_page=3)
    assert [entry.id for entry in found(searching(order, asked), kb, query)] == order
    assert asked == [
        Query("mood", {"theme": ("mood",)}, (), sort="certainty", page=page, per_page=MAX_PER_PAGE)
        for page in (1, 2, 3)
    ]


def test_what_is_gone_or_shown_twice_is_left_out():
    kb = knowledge_base(claims=CLAIMS[:2])
    ids = ["claim-001", "gone", "claim-001", "claim-000"]
    assert [entry.id for entry in found(searching(ids, []), kb, Query())] == ["claim-001", "claim-000"]


def test_nothing_found_is_nothing():
    asked = []
    assert found(searching([], asked), knowledge_base(), Query("x")) == ()
    assert len(asked) == 1
