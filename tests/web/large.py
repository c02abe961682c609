"""A knowledge base with long lists of everything: each of its kinds of lists has to be shown in parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.factories import caveat, claim, evidence, reference, source
from tests.web.shelf import base

if TYPE_CHECKING:
    from kb.model import KnowledgeBase

MANY = 450
IDS = [f"entry-{number:03}" for number in range(MANY)]
_LONG = "People who were given testamine said for some days that they felt a little better than they had before it. "


def long_lists() -> KnowledgeBase:
    """Return claims that one article makes, that owe one caveat and cite one work, beside as many caveats and works."""
    owed = [{"caveat": "fades-soon", "near": "section"}]
    heading = {"label": "Half way", "selector": {"start": 40 * 225 - 5, "end": 40 * 225 - 1}, "digest": "0" * 16}
    return base(
        claims=[
            claim(entry, claim=_LONG + entry, caveats=owed, occurrences=[_said(number)], evidence=[evidence("work7")])
            for number, entry in enumerate(IDS)
        ],
        caveats=[caveat("fades-soon"), *(caveat(entry, caveat=_LONG * 3, short=_LONG[:60]) for entry in IDS)],
        references={
            "doe2020": reference(),
            **{f"work{number}": reference(title=_LONG, issued=1900 + number % 100) for number in range(MANY)},
        },
        sources=[source("long-read", outline=[heading], text={"sha256": "0" * 64, "chars": 40 * MANY})],
    )


def _said(number: int) -> dict[str, object]:
    start = 40 * number
    return {
        "source": "long-read",
        "selector": {"start": start, "end": start + 30},
        "digest": "0" * 16,
        "section": "Opening",
        "strength": "plain",
    }
