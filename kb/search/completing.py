"""Completion while typing: the index's own words, then themes, then claims."""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import TYPE_CHECKING

from kb.search.base import Completion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kb.model import Claim, KnowledgeBase
    from kb.search.lexicon import Lexicon

MAX_CHARS = 200
"""A longer text is no longer one that anybody waits to see completed."""

_WORDS, _THEMES = 4, 2
"""At most so many words and themes; claims take the places that are left."""

_BETWEEN = re.compile(r"[\W_]+")
_LAST_WORD = re.compile(r"[^\W\d_][^\s\"():|-]*\Z")


class Completer:
    """Completes texts from the words, themes and claims of one knowledge base."""

    def __init__(self, kb: KnowledgeBase, lexicon: Lexicon, before: Completer | None = None) -> None:
        """Take what is completed with, and a completer of another state from which claims may be taken over."""
        self._lexicon = lexicon
        self._themes = [(theme, _folded(f"{theme} {text}")) for theme, text in kb.theme_descriptions.items()]
        self._kb = kb
        was = before._kb.claims if before else {}  # noqa: SLF001 - the same class's
        known = before._claims if before else {}  # noqa: SLF001
        self._claims: dict[str, tuple[str, str, str]] = {
            claim_id: known[claim_id] if claim is was.get(claim_id) else _offered(claim)
            for claim_id, claim in kb.claims.items()
        }

    def complete(self, text: str, limit: int) -> tuple[Completion, ...]:
        """Return up to `limit` completions of what was typed so far; none for a text without a word."""
        words = _folded(text[:MAX_CHARS]).split()
        if not words or len(text) > MAX_CHARS:
            return ()
        looked_for = [f" {word}" for word in words]
        found = chain(self._words(text), islice(self._in_themes(looked_for), _THEMES), self._in_claims(looked_for))
        return tuple(islice(found, limit))

    def _words(self, text: str) -> Iterator[Completion]:
        last = _LAST_WORD.search(text)
        if last:
            typed = last.group().casefold()
            longer = (word for word in self._lexicon.likeliest(typed, _WORDS + 1) if word != typed)
            for word in islice(longer, _WORDS):
                yield Completion(text[: last.start()] + word, "word")

    def _in_themes(self, words: Iterable[str]) -> Iterator[Completion]:
        for theme, folded in self._themes:
            if all(word in folded for word in words):
                yield Completion(theme.replace("-", " "), "theme", theme)

    def _in_claims(self, words: Sequence[str]) -> Iterator[Completion]:
        """Yield the claims that have the words themselves, then those for which people ask with them."""
        asked_for = []
        for claim_id, (claim, folded, asked) in self._claims.items():
            if all(word in folded for word in words):
                yield Completion(claim, "claim", claim_id)
            elif all(word in asked for word in words) and _in_one(asked, words):
                asked_for.append(Completion(claim, "claim", claim_id))
        yield from asked_for


def _offered(claim: Claim) -> tuple[str, str, str]:
    """Return a claim as it is offered, its words, and a line for each way in which people ask for it."""
    return claim.claim, _folded(claim.claim), "\n".join(map(_folded, claim.asked))


def _in_one(phrases: str, words: Iterable[str]) -> bool:
    """Tell whether some line has all of the words."""
    return any(all(word in phrase for word in words) for phrase in phrases.split("\n"))


def _folded(text: str) -> str:
    """Return words in lower case with one blank before each."""
    return f" {_BETWEEN.sub(' ', text.casefold()).strip()}"
