"""Which of two texts denies what the other says: by words, since likeness of vectors cannot tell.

A sentence model finds "it is addictive" and "it is not addictive" more alike than two ways to say either. So a
negation in one text only, or a word in one whose opposite is in the other, is looked for here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.text.small_words import FUNCTION_WORDS
from kb.text.tokens import stem, tokens
from kb.text.units import sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

_NEGATIONS = "not no never without cannot neither nor none nobody nothing lack"
NEGATIONS = frozenset(map(stem, _NEGATIONS.split()))
"""Stems; besides, every word that ends in n't is one."""

_OPPOSITES = (
    "increase decrease", "increase reduce", "increase lower", "raise lower", "raise reduce", "rise fall", "more less",
    "more fewer", "most few", "many few", "all some", "high low", "higher lower", "highest lowest", "safe unsafe",
    "safe dangerous", "safe risky", "cause prevent", "improve worsen", "improve impair", "better worse", "help harm",
    "protect harm", "protect damage", "legal illegal", "approve unapproved", "approve reject", "rare often",
    "rare common", "always rarely", "fast slow", "faster slower", "quick slow", "start stop", "begin end",
    "ease worsen", "strengthen weaken", "effective ineffective", "true false", "proven unproven", "support refute",
    "confirm deny", "block release", "before after", "long short", "permanent temporary", "mild severe",
    "cheap expensive", "win lose",
)  # fmt: skip


def _opposites() -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for pair in _OPPOSITES:
        left, right = map(stem, pair.split())
        found[left].add(right)
        found[right].add(left)
    return {word: frozenset(others) for word, others in found.items()}


OPPOSITES = _opposites()
"""Stem → the stems that say the opposite."""

_SAME_MATTER = 0.5
"""What share of the shorter text's words another one must have for one of many sentences to be about the same."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What of a sentence tells what it is about and which way it turns."""

    stems: frozenset[str]
    """Its words, but for function words."""
    negated: bool

    @classmethod
    def of(cls, text: str) -> Statement:
        """Read a text as one statement; never raises."""
        found = tokens(text)
        negated = any(token.stem in NEGATIONS or token.word.endswith("n't") for token in found)
        return cls(frozenset(token.stem for token in found if token.word not in FUNCTION_WORDS), negated)

    def denies(self, other: Statement) -> bool:
        """Tell whether only one of the two is negated, or one has the opposite of a word of the other's instead."""
        if self.negated != other.negated:
            return True
        theirs = other.stems - self.stems
        return any(OPPOSITES.get(word, frozenset()) & theirs for word in self.stems - other.stems)


def statements(text: str) -> tuple[Statement, ...]:
    """Return the sentences of a text as statements."""
    return tuple(Statement.of(text[span.start : span.end]) for span in sentences(text))


def differs(said: Sequence[Statement], claim: Statement) -> bool:
    """Tell whether a text turns another way than a claim.

    A single sentence is simply compared. Of several, the one that shares most words with the claim is, and only if
    those are more than half of the shorter one's: a negation in a sentence about something else says nothing.
    """
    if len(said) == 1:
        return said[0].denies(claim)
    nearest = max(said, key=lambda each: len(each.stems & claim.stems), default=None)
    if nearest is None:
        return False
    shorter = min(len(nearest.stems), len(claim.stems))
    return len(nearest.stems & claim.stems) > _SAME_MATTER * shorter and nearest.denies(claim)
