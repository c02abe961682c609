"""Pasted sentences and paragraphs: the claims that they make, by the entries' own rules first, by likeness second.

Rules are applied sentence by sentence here, as they stand. Whoever can read more of a sentence than that (who denies
what, clause by clause) does it as a `Reader`; the library brings the audit's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from kb.search.base import Match
from kb.search.plan import MAX_SAID
from kb.search.prose import said
from kb.search.query import PROSE_CHARS
from kb.search.widen import label
from kb.text.recognise import Recogniser
from kb.text.subjects import subject
from kb.text.tokens import tokens
from kb.text.units import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kb.model import KnowledgeBase
    from kb.text.units import Span

MAX_CHARS = 20_000
"""How many characters of a pasted text are read."""

MOST = 10
"""How many matches are offered."""

ASSUMED = 0.9
"""What a match counts for that holds only if the text is about what the knowledge base is about."""

DENIED = 0.7
"""What a match counts for where the text says that the claim is not so."""

Reader = Callable[[str], Iterable[Match]]
"""Says which claims a text makes or denies by the entries' rules; the best match of each claim counts."""

_TELLING_CHARS = 4_000
"""How much of a long text its words are taken from."""

ALIKE = 0.5
"""How alike a claim must be, beside the most alike one, to be offered without a rule."""

WORDS_ALIKE = "similar words"


class Alike(NamedTuple):
    """How well claims fit a text, whatever the rules say."""

    scores: Mapping[str, float]
    """Claim → score, on any scale."""
    reasons: Callable[[str], tuple[str, ...]] = lambda _: (WORDS_ALIKE,)
    """Says in words why a claim fits."""


def telling(text: str, counts: Mapping[str, int]) -> str:
    """Return the words of a long text that say most: its rarest ones that stand in some entry (word → how many)."""
    if len(text) <= PROSE_CHARS:
        return text
    words = dict.fromkeys(token.word for token in tokens(said(text[:_TELLING_CHARS])) if token.word in counts)
    rarest = set(sorted(words, key=lambda word: (counts[word], word))[:MAX_SAID])
    return " ".join(word for word in words if word in rarest)


class Pasted:
    """Recognises the claims of one knowledge base in a text, its subject understood where it is not named."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb
        self._subject = subject(kb)

    def match(self, text: str, alike: Callable[[str], Alike], reader: Reader | None = None) -> tuple[Match, ...]:
        """Return the claims that a text makes, best first: those recognised, then those that are merely alike.

        `alike` puts equals in order and finds the rest. `reader` recognises, if there is one.
        """
        text = text[:MAX_CHARS]
        similar, why = alike(text)
        best = max(similar.values(), default=0.0) or 1.0
        found = best_of((reader or self._recognised)(text))
        for claim_id, score in similar.items():
            if claim_id not in found and score >= ALIKE * best and (said := why(claim_id)):
                found[claim_id] = Match(claim_id, round(ALIKE * score / best, 4), said, certain=False)
        ordered = sorted(found.values(), key=lambda match: (-match.score, -similar.get(match.id, 0.0), match.id))
        return tuple(ordered[:MOST])

    @cached_property
    def _recogniser(self) -> Recogniser:
        return Recogniser(self._kb)

    def _recognised(self, text: str) -> Iterator[Match]:
        for span in sentences(text):
            yield from self._in_sentence(text, span)

    def _in_sentence(self, text: str, span: Span) -> Iterator[Match]:
        given = frozenset({self._subject} if self._subject else ())
        for found in self._recogniser.recognise_unit(text, span, given=given):
            if found.kind == "claim":
                words = self._recogniser.explain(text, found).words
                assumed = self._subject if found.given else None
                score = ASSUMED if assumed else 1.0
                yield Match(found.id, score, reasons(self._kb, words, assumed), certain=True)


def best_of(matches: Iterable[Match]) -> dict[str, Match]:
    """Return claim → its best match, the first of equals."""
    found: dict[str, Match] = {}
    for match in matches:
        known = found.get(match.id)
        if known is None or known.score < match.score:
            found[match.id] = match
    return found


def reasons(kb: KnowledgeBase, words: Iterable[tuple[str, str]], assumed: str | None) -> tuple[str, ...]:
    """Say in words which words (concept, word) make a claim, and which concept was taken as said."""
    said = [f"“{word}” means {label(concept, kb.concepts[concept])}" for concept, word in words]
    if assumed:
        said.append(f"taken to be about {label(assumed, kb.concepts[assumed])}")
    return tuple(dict.fromkeys(said))
