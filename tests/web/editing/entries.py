"""A made-up knowledge base in which nothing is wrong, for tests that save."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.factories import claim
from tests.web.shelf import base

if TYPE_CHECKING:
    from kb.model import KnowledgeBase

CONCEPTS = {
    "vomit": {"label": "vomiting", "terms": ["vomiting", "being sick", "nausea"]},
    "testamine": {"label": "the drug", "terms": ["testamine"]},
    "low-mood": {"label": "low mood", "terms": ["low mood", "mood", "feel better"]},
    "negation": {"label": "words that deny", "terms": ["not", "never", "no"]},
}


def sound() -> KnowledgeBase:
    """Return the entries of the shelf, with other claims and with words for rules."""
    claims = [
        claim("better-sleep", claim="Testamine improves sleep.", themes=["sleep"]),
        claim("cures-low-mood", claim="Testamine puts an end to low mood for good."),
        claim("split-opinions", claim="Testamine is well tolerated.", themes=["nausea"], type="safety"),
    ]
    topics = {"mood": {"recognise": [{"all": ["low-mood"]}], "examples": {"match": ["My mood is low."]}}}
    return base(concepts=CONCEPTS, claims=claims, topics=topics)
