"""How to search, with examples made from this very knowledge base: each is a link, and each finds something."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, render_template

from kb.search.base import Query
from kb.text.small_words import FUNCTION_WORDS
from kb.text.tokens import tokens
from webapp.reading import crossings, library

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from kb.crossings import Crossings
    from kb.model import Claim, KnowledgeBase

blueprint = Blueprint("help", __name__)

Offered = list[tuple[str, str]]
"""What to type, and what it means."""

_EXTENSION = "caveat-help"
_SHORTEST = 5
"""Letters of a word that makes a good example."""


@dataclass(frozen=True, slots=True)
class Example:
    """A search to try, what it shows, and how many claims it finds."""

    typed: str
    meaning: str
    total: int


@blueprint.get("/help/search")
def search_help() -> str:
    """Explain what may be typed, with examples that find something."""
    by_words, by_fields = _offered(crossings())
    return render_template("help.html", words_examples=_found(by_words), field_examples=_found(by_fields))


def _offered(known: Crossings) -> tuple[Offered, Offered]:
    """Return what may be tried by words and by fields; to choose it, every claim is read once for each state."""
    kept: tuple[Crossings, tuple[Offered, Offered]] | None = current_app.extensions.get(_EXTENSION)
    if kept is None or kept[0] is not known:
        kept = current_app.extensions[_EXTENSION] = (known, (list(_words(known.kb)), list(_fields(known))))
    return kept[1]


def _found(offered: Iterable[tuple[str, str]]) -> list[Example]:
    """Return the examples that find something, with how much."""
    shelf = library()
    examples = [Example(typed, meaning, shelf.search(Query(typed, per_page=1)).total) for typed, meaning in offered]
    return [example for example in examples if example.total]


def _words(kb: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """Yield (what to type, what it means) for words, phrases, exclusions, alternatives, beginnings and sentences."""
    claims = [_content(claim.claim) for claim in kb.claims.values()]
    used = Counter(word for words in claims for word in set(words))
    named = {concept.label for concept in kb.concepts.values() if concept.widen}
    usual = [word for word, count in used.most_common() if count * 2 < len(claims) and len(word) >= _SHORTEST]
    usual.sort(key=lambda word: word not in named)
    telling = set(usual)
    pairs = Counter(pair for words in claims for pair in pairwise(words) if telling.issuperset(pair))
    if len(usual) > 1:
        first, second = usual[:2]
        yield first, "A word, in any of its forms, and other names for the same thing."
        both = next((pair for pair, _ in pairs.most_common(1)), (first, second))
        yield " ".join(both), "Several words: all of them, in any order."
        yield f'"{" ".join(both)}"', "Words in quotation marks: just so, in this order."
        near = Counter(
            word for words in claims if first in words for word in words if word in telling and word != first
        )
        beside = next(iter(dict(near.most_common(1))), second)
        yield f"{first} -{beside}", "A minus before a word leaves out claims with it."
        yield f"{first} OR {second}", "OR between words: either will do."
        yield f"{first[:4]}*", "A star at the end: any word that begins like this."
    for short in _short_names(kb):
        yield short, "A short name finds the long one too."
    if kb.claims:
        said = max(kb.claims.values(), key=lambda claim: len(_sources(claim)))
        yield said.claim, "A whole sentence or paragraph: which claims does it make?"


def _short_names(kb: KnowledgeBase) -> list[str]:
    """Return the short name that matters to most claims, such as PTSD, if there is one."""
    needed = Counter(concept for claim in kb.claims.values() for rule in claim.recognise for concept in rule.all)
    known = [(needed[name], term) for name, concept in kb.concepts.items() for term in concept.exact if term.isupper()]
    return [term for _, term in sorted(known)[-1:]]


def _fields(known: Crossings) -> Iterator[tuple[str, str]]:
    """Yield (what to type, what it means) for every field, with the value that most claims have."""
    claims = known.kb.claims.values()
    words = Counter(word for claim in claims for word in set(_content(claim.claim)) if len(word) >= _SHORTEST)
    dues = [claim.review.due for claim in claims if claim.review.due]
    fields: dict[str, tuple[Counter[Any], str]] = {
        "claim": (words, "In the claim itself, not in its caveats or evidence."),
        "caveat": (Counter(owed.caveat for claim in claims for owed in claim.caveats), "Claims that owe this caveat."),
        "theme": (Counter(theme for claim in claims for theme in claim.themes), "Claims about this theme."),
        "type": (Counter(claim.type.value for claim in claims), "Claims of this kind."),
        "verdict": (Counter(claim.verdict.value for claim in claims), "Claims with this verdict."),
        "certainty": (
            Counter(claim.certainty.level.value for claim in claims if claim.certainty),
            "Claims whose evidence has this certainty.",
        ),
        "source": (
            Counter(source for claim in claims for source in _sources(claim)),
            "Claims that this article makes.",
        ),
        "reference": (
            Counter({key: len(citing) for key, citing in known.claims_by_reference.items()}),
            "Claims whose evidence cites this reference.",
        ),
        "status": (Counter(claim.status.value for claim in claims), "Claims in this state of review."),
    }
    for name, (values, meaning) in fields.items():
        for value, _ in values.most_common(1):
            yield f"{name}:{value}", meaning
    if dues:
        yield f"due:{min(dues).year}", "Claims whose review is due in this year."
        yield f"due:<{max(dues).year + 1}-01-01", "Claims whose review is due before this day."


def _content(text: str) -> list[str]:
    """Return the words of a text that say something, in order and in lower case."""
    return [token.word for token in tokens(text) if token.word.isalpha() and token.word not in FUNCTION_WORDS]


def _sources(claim: Claim) -> set[str]:
    return {place.source for place in claim.occurrences}
