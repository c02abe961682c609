from __future__ import annotations

import pytest

from kb.search.base import Query
from kb.search.memory import MemoryEngine
from tests.factories import caveat, claim, knowledge_base
from tests.search.bases import named

THEMES = {"all": {"mood": "lifts mood", "relapse": "symptoms that come back", "cost": "prices"}}
BACKEND = MemoryEngine().open(
    named(
        knowledge_base(
            themes=THEMES,
            caveats=[
                caveat("fades-soon"),
                caveat("comes-back", themes=["relapse"]),
                caveat("again", themes=["relapse"]),
            ],
            claims=[claim()],
        )
    )
)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("theme:mood", ""),
        ("theme:relapse", "no claim has theme relapse, but caveats have it: try caveat:again or caveat:comes-back"),
        ("theme:back", "no claim has theme relapse, but caveats have it: try caveat:comes-back or caveat:again"),
        ("theme:cost", "no claim has theme cost"),
        ("caveat:comes-back", "no claim has caveat comes-back"),
        ("caveat:fades-soon", ""),
        ("verdict:refuted", "no claim has verdict refuted"),
    ],
)
def test_a_value_that_no_claim_has_is_said_with_what_may_help(text, note):
    page = BACKEND.search(Query(text))
    assert page.reading.notes == ((note,) if note else ())
    assert page.total == (0 if note else 1)
