"""Plain search over the same text, to see what the product adds: BM25 in its textbook form, and SQLite's FTS5.

Both get the whole text of a document as one field and ask for any of the words typed. Neither widens, mends or
knows fields. BM25 is that of Robertson and Zaragoza (The Probabilistic Relevance Framework: BM25 and Beyond, 2009)
with k1 = 1.2 and b = 0.75; words are folded and stemmed by the product, function words kept: rarity weighs them.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from math import log
from typing import TYPE_CHECKING

from kb.text.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

K1, B = 1.2, 0.75


class PlainBM25:
    """One field, stems, no widening."""

    def __init__(self, documents: Mapping[str, str]) -> None:
        """Index id → text."""
        self._frequencies: dict[str, dict[str, int]] = defaultdict(dict)
        self._lengths: dict[str, int] = {}
        for identifier, text in documents.items():
            stems = Counter(token.stem for token in tokens(text))
            self._lengths[identifier] = stems.total()
            for stem, frequency in stems.items():
                self._frequencies[stem][identifier] = frequency
        self._mean = sum(self._lengths.values()) / max(len(self._lengths), 1)

    def search(self, text: str, limit: int) -> list[str]:
        """Return the ids of the best documents; ties in order of ids."""
        scores: dict[str, float] = defaultdict(float)
        for token in tokens(text):
            found = self._frequencies.get(token.stem, {})
            rarity = log(1 + (len(self._lengths) - len(found) + 0.5) / (len(found) + 0.5))
            for identifier, frequency in found.items():
                held_back = K1 * (1 - B + B * self._lengths[identifier] / self._mean)
                scores[identifier] += rarity * frequency * (K1 + 1) / (frequency + held_back)
        return sorted(scores, key=lambda identifier: (-scores[identifier], identifier))[:limit]


class Fts5:
    """SQLite's own full-text search with the Porter stemmer, ranked by its `bm25`."""

    def __init__(self, documents: Mapping[str, str]) -> None:
        """Index id → text."""
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute("create virtual table document using fts5(id unindexed, text, tokenize = 'porter')")
        self._connection.executemany("insert into document values (?, ?)", sorted(documents.items()))

    def search(self, text: str, limit: int) -> list[str]:
        """Return the ids of the best documents."""
        words = dict.fromkeys(token.word.replace('"', "") for token in tokens(text))
        if not words:
            return []
        query = " OR ".join(f'"{word}"' for word in words)
        rows = self._connection.execute(
            "select id from document where document match ? order by rank, id limit ?", (query, limit)
        )
        return [identifier for (identifier,) in rows]

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()
