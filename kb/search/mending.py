"""Typing errors: the known word that somebody may have meant, by edit distance and how often it occurs.

Every insertion, deletion or change of a letter counts one, and so does swapping two neighbours. Most words are ruled
out by which letters they have, in a few machine instructions each, so no index of misspellings is needed.

A word that stands in no entry is mostly no slip: one common English word in six is near enough to some word of the
shipped entries to be bent into it (bread, broad; recession, remission). So what is spelt right is never mended.
"""

from __future__ import annotations

import itertools
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kb.text.small_words import FUNCTION_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kb.search.lexicon import Known
    from kb.search.query import Parsed, Part
    from kb.search.widen import Vocabulary
    from kb.text.tokens import Token

LONGEST = 32
"""Letters of a word beyond which nothing is mended; no entry has such words."""

_SHORTEST = 4
"""Letters of the shortest word that is mended: shorter ones are one slip away from too many others."""

MAX_MENDED = 4
"""How many words of a query are mended; with more of them unknown, it is in another language."""

_LONG = 7
"""From so many letters on, two slips are mended and not one."""

_FEW = 5
"""Up to so many letters, one letter in place of another mostly makes another good word (night, eight; wine, wide).

So such words are mended only of slips that fingers or ears make: see `likely`.
"""

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = frozenset("aeiouy")

_ENGLISH = Path(__file__).with_name("english.txt")


class Mender:
    """Mends words by a list of known ones with their frequencies."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self._by_length: dict[int, list[tuple[str, int]]] = {}
        for word in counts:
            self._by_length.setdefault(len(word), []).append((word, _letters(word)))
        self.mend = lru_cache(maxsize=1_024)(self._mend)
        """Return the known word that comes closest to an unknown one, or `None` where none comes close."""

    def _mend(self, word: str) -> str | None:
        most = allowed(word)
        if not most:
            return None
        letters = _letters(word)
        found: list[tuple[int, bool, int, str]] = []
        for length in range(len(word) - most, len(word) + most + 1):
            for known, has in self._by_length.get(length, ()):
                if (has ^ letters).bit_count() <= 2 * most:
                    slips = distance(word, known, most)
                    if slips <= most and likely(word, known):
                        # a slip in the first letter is rare, so such words come last among their equals
                        found.append((slips, known[0] != word[0], -self._counts[known], known))
        return min(found)[-1] if found else None


class Speller:
    """Mends the typing errors of a query with the words of an index and of its vocabulary."""

    def __init__(self, known: Known, vocabulary: Vocabulary) -> None:
        self._known = known
        self._vocabulary = vocabulary

    @cached_property
    def _mender(self) -> Mender:
        """Made for the first word that stands nowhere: most queries have none."""
        return Mender({**dict.fromkeys(self._vocabulary.words(), 1), **self._known.words})

    def mended(self, parsed: Parsed, instead: Iterable[tuple[Part, str]]) -> str | None:
        """Return the text with every unknown word mended that can be; `None` where that is none.

        `instead` has values that are to replace those of some fields.
        """
        changes: list[tuple[int, int, str]] = []
        for part, value in instead:
            start = parsed.text.find(part.text, parsed.tokens[part.first].end)
            if start >= 0:  # else it was typed with more blanks
                changes.append((start, start + len(part.text), value))
        expressed = {index for hit in self._vocabulary.found(parsed.tokens) for index in range(hit.first, hit.last + 1)}
        unknown = [
            parsed.tokens[index]
            for part in parsed.parts
            if not (part.dropped or part.prefix) and part.field in {"", "claim"}
            for index in range(part.first + bool(part.field), part.last + 1)
            if index not in expressed and self._mendable(parsed.tokens[index], parsed)
        ]
        for token in unknown[:MAX_MENDED]:
            mended = self._mender.mend(token.word)
            if mended and self._meant(token.word, mended):
                changes.append((token.start, token.end, mended))
        text = parsed.text
        for start, end, new in sorted(changes, reverse=True):
            text = text[:start] + new + text[end:]
        return text if changes else None

    def _mendable(self, token: Token, parsed: Parsed) -> bool:
        """Tell a slip: what stands nowhere and is no English word.

        In a sentence, names and short words are mostly not meant otherwise.
        """
        if parsed.prose and (token.surface[0].isupper() or len(token.word) < _LONG):
            return False
        return not self._stands(token) and token.word not in english()

    def _stands(self, token: Token) -> bool:
        return token.word in self._known.words or token.stem in self._known or token.word in FUNCTION_WORDS

    def _meant(self, word: str, mended: str) -> bool:
        """Tell whether another word may be meant; what the vocabulary has is no slip, unless it has it as one."""
        return not self._vocabulary.knows(word) or (word != mended and self._vocabulary.one_concept(word, mended))


@cache
def english() -> frozenset[str]:
    """Return the words that are spelt right, wherever English is spoken: of `tumor` and `tumour` neither is one.

    So a word in the other spelling than that of the entries is still mended.
    """
    lines = _ENGLISH.read_text(encoding="utf-8").splitlines()
    return frozenset(" ".join(line for line in lines if not line.startswith("#")).split())


def allowed(word: str) -> int:
    """Return how many slips a word of this length is mended of."""
    if not _SHORTEST <= len(word) <= LONGEST:
        return 0
    return 2 if len(word) >= _LONG else 1


def likely(word: str, known: str) -> bool:
    """Tell whether somebody who meant a known word may have typed another one, which is at most two slips from it.

    Of short words the first letter is right, unless it has changed places with the second, and a letter stands for
    another only if it is beside it on the keyboard or both are vowels.
    """
    if len(word) > _FEW:
        return True
    if word[:2] == known[1::-1]:
        return True
    if word[0] != known[0]:
        return False
    changed = [(one, other) for one, other in zip(word, known, strict=False) if one != other]
    return len(word) != len(known) or len(changed) != 1 or changed[0] in _beside()


@cache
def _beside() -> frozenset[tuple[str, str]]:
    """Return the pairs of letters that are taken for each other: neighbours on the keyboard, and vowels."""
    pairs = {(one, other) for one in _VOWELS for other in _VOWELS}
    for keys in _KEYS:
        pairs.update(itertools.pairwise(keys))
    for upper, lower in itertools.pairwise(_KEYS):
        for place, key in enumerate(lower):
            pairs.update((key, other) for other in upper[place : place + 2])
    return frozenset(pairs | {(other, one) for one, other in pairs})


def distance(word: str, other: str, most: int) -> int:
    """Return how many slips lie between two words, or `most + 1` where there are more than `most`.

    This is the distance of optimal string alignment: Levenshtein's, with a swap of neighbours as one slip.
    """
    if abs(len(word) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, start=1):
        before, last, row = row, before, [i]
        for j, another in enumerate(other, start=1):
            slips = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != another))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == another:
                slips = min(slips, last[j - 2] + 1)
            row.append(slips)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


@lru_cache(maxsize=65_536)
def _letters(word: str) -> int:
    """Return a set of letters as bits; different letters may share a bit, which only rules out less."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 63)
    return bits
