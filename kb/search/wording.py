"""The wording of all entries in a compact form: for phrases, for what stands in the claim itself, for whole words.

Each entry is a string in which one character stands for one word (its stem), so that a phrase is a piece of a string
and thousands of entries are looked through in a millisecond, however common the phrase's words are.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kb.search.analysis import Analysed

_GAP = "\x00"
"""Ends each passage, so that no phrase is found across two of them."""

_SURROGATES = range(0xD800, 0xE000)
"""Code points that stand for nothing and cannot be written to a file."""


class Wording:
    """The words of every row, in order; the claim's own words come first."""

    def __init__(
        self,
        stems: Sequence[str],
        rows: Sequence[str],
        words: Mapping[str, int],
        spoken: Callable[[int], Iterable[str]],
        *,
        doubtful: frozenset[str] = frozenset(),
        characters: Mapping[str, str] | None = None,
    ) -> None:
        """Take stems by number, rows in their characters, and what gives the words of a row.

        `doubtful` are characters that may stand in no row; `characters` those of the first stems, where they are known.
        """
        self._stems = stems
        self._rows = rows
        known = characters or {}
        self._characters = {**known, **{stem: _character(len(known) + n) for n, stem in enumerate(stems[len(known) :])}}
        self._spoken = spoken
        self._doubtful = doubtful
        self.words = words
        """Word in lower case → how many rows have it."""

    @classmethod
    def of(cls, documents: Iterable[Analysed]) -> Wording:
        """Gather the wording of documents, in the order of their rows."""
        stems: dict[str, int] = {}
        rows, spoken = [], []
        words: Counter[str] = Counter()
        for document in documents:
            rows.append(_coded(document, stems))
            spoken.append(document.words)
            words.update(document.words)
        return cls(tuple(stems), tuple(rows), words, spoken.__getitem__)

    def revised(self, old: Sequence[int | None], new: Mapping[int, Analysed]) -> Wording:
        """Return the wording of other rows: of those that `old` names the ones here, of the others those in `new`.

        `old` has for each row of the result the row here that it was, `None` where it has other words now.
        """
        stems = dict(self._numbers)
        coded = {row: _coded(document, stems) for row, document in new.items()}
        gone = sorted(set(range(len(self._rows))).difference(old))
        words = Counter(self.words)
        for document in new.values():
            words.update(document.words)
        for row in gone:
            less(words, self._spoken(row))
        revised = Wording(
            tuple(stems),
            [coded[row] if was is None else self._rows[was] for row, was in enumerate(old)],
            words,
            self._unspoken,
            doubtful=frozenset().union(*(self._rows[row] for row in gone)),
            characters=self._characters,
        )
        # what is kept has the same length; counting all of them anew would take longer than all the rest
        lengths, fresh = self.lengths, {row: _length(text) for row, text in coded.items()}
        revised.__dict__["lengths"] = [fresh[row] if was is None else lengths[was] for row, was in enumerate(old)]
        return revised

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """Stem → its number."""
        return {stem: number for number, stem in enumerate(self._stems)}

    @staticmethod
    def _unspoken(row: int) -> Iterable[str]:
        raise NotImplementedError(f"row {row}: what was revised is revised again from what it was made of")

    def __contains__(self, stem: object) -> bool:
        character = self._characters.get(stem) if isinstance(stem, str) else None
        if character is None or character not in self._doubtful:
            return character is not None
        return any(character in row for row in self._rows)

    @cached_property
    def lengths(self) -> list[int]:
        """How many words each row has."""
        return list(map(_length, self._rows))

    def rows_with(
        self, stems: Sequence[str], among: Iterable[int] | None = None, *, in_claim: bool = False
    ) -> Iterator[int]:
        """Yield the rows (of those in question) that have these stems in a row, or have them so in the claim itself."""
        wanted = "".join(self._characters.get(stem, "") for stem in stems)
        if len(wanted) < len(stems):  # some word stands nowhere
            return
        texts = self._claims if in_claim else self._rows
        for number in range(len(texts)) if among is None else among:
            if wanted in texts[number]:
                yield number

    @cached_property
    def _claims(self) -> list[str]:
        return [row.partition(_GAP)[0] for row in self._rows]

    def dump(self) -> bytes:
        """Return all of it as bytes that `load` reads: a line of JSON, and one more for the words of each row."""
        numbers = {word: _character(number) for number, word in enumerate(self.words)}
        spoken = ("".join(numbers[word] for word in self._spoken(row)) for row in range(len(self._rows)))
        lines = ([self._stems, self._rows, self.words], *spoken)
        return b"\n".join(json.dumps(line, ensure_ascii=False).encode() for line in lines)

    @classmethod
    def load(cls, content: bytes) -> Wording:
        """Return what was dumped; raise `ValueError` for anything else."""
        first, *spoken = content.split(b"\n")
        stems, rows, words = json.loads(first)
        if len(rows) != len(spoken):
            raise ValueError("the words of some rows are missing")
        return cls(stems, rows, words, _Spoken(spoken, words))


class _Spoken:
    """The words of each row, as they were dumped; read only when a row is to be replaced."""

    def __init__(self, lines: Sequence[bytes], words: Iterable[str]) -> None:
        self._lines = lines
        self._words = words

    def __call__(self, row: int) -> Iterable[str]:
        return [self._by_character[character] for character in json.loads(self._lines[row])]

    @cached_property
    def _by_character(self) -> dict[str, str]:
        return {_character(number): word for number, word in enumerate(self._words)}


def less(counts: Counter[str], words: Iterable[str]) -> None:
    """Take words out of counted ones; one that nobody has any more goes."""
    for word in words:
        counts[word] -= 1
        if counts[word] <= 0:
            del counts[word]


def _length(row: str) -> int:
    return len(row) - row.count(_GAP)


def _coded(document: Analysed, stems: dict[str, int]) -> str:
    """Return a document as a string, its new stems numbered after those that are known."""
    row = [[_character(stems.setdefault(stem, len(stems))) for stem in each] for each in document.passages]
    return "".join("".join(passage) + _GAP for passage in row)


def _character(number: int) -> str:
    """Return the character that stands for a stem."""
    code = number + 1
    return chr(code if code < _SURROGATES.start else code + len(_SURROGATES))
