"""From a document to what an engine indexes: terms with weights, the same for every engine."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from kb.search.widen import concept_term, open_term
from kb.text.tokens import tokens

if TYPE_CHECKING:
    from kb.search.base import Document
    from kb.search.widen import Vocabulary

WEIGHTS = {"claim": 3.0, "caveats": 0.5, "evidence": 0.1, "concepts": 0.5, "about": 1.0, "examples": 2.0, "asked": 0.6}
"""How much a word counts in each field of a document: what is claimed before what is said beside it.

Tuned on one half of the judged set in benchmarks/relevance. A word that stands only in somebody's title
should not outrank a claim that says the same in other words.
"""

NAME, OWN_NAME = 0.2, 3.0
"""How much an id counts that an entry belongs to, and its own."""

LABELS = ("concepts", "about", "examples", "asked")
"""Fields whose words describe an entry without standing in what is shown of it.

They help a word that is typed alone, and neither a phrase nor an exclusion ever meets them.
"""


ONCE = ("asked",)
"""Fields in which a word counts once, however many of its texts have it: eight ways of asking one thing are one."""


class Analysed(NamedTuple):
    """One document as engines index it."""

    terms: dict[str, float]
    """Term → how often it occurs, each time counted with the weight of its field (this is BM25F's frequency).

    A word has one term for what is shown of the entry and one (`open_term`) for all fields together: its frequency
    must be one number, since BM25 flattens each term for itself.
    """
    passages: tuple[tuple[str, ...], ...]
    """The stems of each passage that is shown, the claim first: where phrases are looked for."""
    words: tuple[str, ...]
    """The words themselves, in lower case, each once: what typing is completed with."""


def analyse(document: Document, vocabulary: Vocabulary) -> Analysed:
    """Return the terms of a document."""
    terms: dict[str, float] = defaultdict(float)
    passages: list[tuple[str, ...]] = []
    words: dict[str, None] = {}
    for field, texts in document.texts.items():
        counted: list[str] = []
        for text in texts:
            read, hits, _ = vocabulary.read(text)
            stems = tuple(token.stem for token in read)
            words.update((token.word, None) for token in read if token.word[0].isalpha())
            counted += map(open_term, stems)
            if field not in LABELS:
                passages.append(stems)
                counted += stems
            if field != "concepts":
                counted += (concept_term(hit.concept) for hit in hits)
        for term in dict.fromkeys(counted) if field in ONCE else counted:
            terms[term] += WEIGHTS[field]
    for concept in document.concepts:
        terms[concept_term(concept)] += WEIGHTS["about"]
    for name in document.names:
        for term in _name_terms(name):
            terms[term] += NAME if name != document.id else OWN_NAME
    return Analysed(dict(terms), tuple(passages), tuple(words))


@lru_cache(maxsize=4_096)
def _name_terms(name: str) -> tuple[str, ...]:
    """Return the terms under which an id is indexed: as a whole, and each of its words."""
    return tuple(map(open_term, dict.fromkeys((name.lower(), *(token.stem for token in tokens(name))))))
