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
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kb.search.analysis import Analysed

_GAP = "\x00"
"""Ends each passage, so that no phrase is found across two of them."""

_SURROGATES = range(0xD800, 0xE000)
"""Code points that stand for nothing and cannot be written to a file."""


class Wording:
    """The words of every row, in order; the claim's own words come first."""

    def __init__(self, stems: Sequence[str], rows: Sequence[str], words: Mapping[str, int]) -> None:
        self._stems = stems
        self._rows = rows
        self._characters = {stem: _character(number) for number, stem in enumerate(stems)}
        self.words = words
        """Word in lower case → how many rows have it."""

    @classmethod
    def of(cls, documents: Iterable[Analysed]) -> Wording:
        """Gather the wording of documents, in the order of their rows."""
        stems: dict[str, int] = {}
        rows = []
        words: Counter[str] = Counter()
        for document in documents:
            row = [[_character(stems.setdefault(stem, len(stems))) for stem in each] for each in document.passages]
            rows.append("".join("".join(passage) + _GAP for passage in row))
            words.update(document.words)
        return cls(tuple(stems), tuple(rows), words)

    def __contains__(self, stem: object) -> bool:
        return stem in self._characters

    @property
    def lengths(self) -> list[int]:
        """How many words each row has."""
        return [len(row) - row.count(_GAP) for row in self._rows]

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
        """Return all of it as bytes that `load` reads."""
        return json.dumps([self._stems, self._rows, self.words], ensure_ascii=False).encode()

    @classmethod
    def load(cls, content: bytes) -> Wording:
        """Return what was dumped; raise `ValueError` for anything else."""
        stems, rows, words = json.loads(content)
        return cls(stems, rows, words)


def _character(number: int) -> str:
    """Return the character that stands for a stem."""
    code = number + 1
    return chr(code if code < _SURROGATES.start else code + len(_SURROGATES))
