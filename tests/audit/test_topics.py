"""Which themes of its claim a mention carries."""

from __future__ import annotations

import pytest

from kb.audit.topics import spoken
from kb.model import Rule, Topic

TOPICS = {"mood": Topic(recognise=(Rule(all=("low-mood",)),)), "speed": Topic(recognise=(Rule(all=("fast",)),))}


@pytest.mark.parametrize(
    ("themes", "found", "carried"),
    [
        (("mood", "speed"), {"mood", "speed"}, ("mood", "speed")),
        (("mood", "speed"), {"speed", "sleep"}, ("speed",)),
        (("mood", "speed"), set(), ()),
        (("mood", "price"), set(), ("price",)),
        (("price",), {"mood"}, ("price",)),
    ],
    ids=["both spoken on", "one spoken on", "none", "no rules for it", "not ours to judge"],
)
def test_a_mention_carries_what_the_unit_speaks_on(themes, found, carried):
    assert spoken(themes, found, TOPICS) == carried


def test_a_topic_that_only_warns_does_not_narrow_a_claim():
    warning = {"mood": Topic(discloses=(Rule(all=("low-mood",)),))}
    assert spoken(("mood", "speed"), set(), warning) == ("mood", "speed")
