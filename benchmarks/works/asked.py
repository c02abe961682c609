"""The queries that every engine and peer is asked: the same ones, each in its own language, by kind."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from kb.search.base import FILTERS, Query
from kb.text.small_words import FUNCTION_WORDS
from kb.text.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.model import KnowledgeBase

A_PAGE = 20
SHORTEST = 5
"""Letters that a word needs to be mistyped, or begun only."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query: its kind, what somebody types, the same as an expression of FTS5, and a filter by verdict."""

    kind: str
    text: str
    match: str
    verdict: str | None = None

    @property
    def query(self) -> Query:
        """The query as our engines get it; counts are asked for where there is a filter."""
        if self.verdict:
            return Query(self.text, {"verdict": (self.verdict,)}, FILTERS, per_page=A_PAGE)
        return Query(self.text, per_page=A_PAGE)

    @property
    def ours(self) -> str:
        """What stands after the question mark of our pages."""
        return urlencode({"q": self.text} | ({"verdict": self.verdict} if self.verdict else {}))

    @property
    def theirs(self) -> str:
        """The same for Datasette, whose OR and star work in its raw mode only."""
        raw = self.kind in {"OR", "prefix"}
        search = {"_search": self.match, "_searchmode": "raw"} if raw else {"_search": self.text}
        chosen = {"verdict": self.verdict} if self.verdict else {}
        return urlencode(search | {"_size": A_PAGE} | chosen)


def asked(kb: KnowledgeBase, number: int, seed: int = 1) -> Iterator[Asked]:
    """Yield so many queries of each kind, made from random claims and their examples of copy."""
    chance = random.Random(seed)
    for claim_id in chance.choices(sorted(kb.claims), k=number):
        claim = kb.claims[claim_id]
        text = [token.word for token in tokens(claim.claim)]
        words = [word for word in text if word not in FUNCTION_WORDS] or text
        one, other = chance.choice(words), chance.choice(words)
        long = max(words, key=len)
        begun = long[: max(SHORTEST - 1, len(long) // 2)]
        start = chance.randrange(max(len(text) - 2, 1))
        phrase = f'"{" ".join(text[start : start + 3])}"'
        wrong = mistyped(long, chance)
        copy = chance.choice([claim.claim, *claim.examples.match])
        yield Asked("word", one, f'"{one}"')
        yield Asked("OR", f"{one} OR {other}", f'"{one}" OR "{other}"')
        yield Asked("AND", f"{one} {other}", f'"{one}" "{other}"')
        yield Asked("phrase", phrase, phrase)
        yield Asked("facets", one, f'"{one}"', claim.verdict.value)
        yield Asked("prefix", f"{begun}*", f'"{begun}" *')
        yield Asked("typing error", wrong, f'"{wrong}"')
        yield Asked("pasted sentence", copy, " ".join(f'"{token.word}"' for token in tokens(copy)))


def mistyped(word: str, chance: random.Random) -> str:
    """Return a word with two neighbouring letters swapped, as fingers do, where it is long enough to be mended."""
    if len(word) < SHORTEST:
        return word
    place = chance.randrange(1, len(word) - 2)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
