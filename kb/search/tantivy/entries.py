"""What tantivy keeps of a claim: the schema, and a document made to fit it.

Tantivy's own ranking knows whole occurrences only, and our words have weights. So a term is kept under its *tier*: how
much it says of this claim, which is BM25F's share of the score rounded to one of `SHARES`. A query asks for a term in
all of its tiers, each with a fixed score. Thus claims rank nearly as with the other engines.
"""

from __future__ import annotations

from bisect import bisect
from itertools import pairwise
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

import tantivy

from kb.search.analysis import analyse
from kb.search.documents import COLUMNS
from kb.search.matching import K1, B

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kb.search.analysis import Analysed
    from kb.search.answer import Corpus
    from kb.search.base import Document

SHARES = (0.027, 0.053, 0.09, 0.135, 0.217, 0.32, 0.455, 0.58, 0.72)
"""The shares that tiers stand for."""

_BORDERS = tuple(sqrt(share * following) for share, following in pairwise(SHARES))

LAST = 0xFFFF_FFFF
"""A number that no claim has; sort keys have the rank above it, and beneath the claim's number, the first largest."""

RANKS = ("certainty", "sources")

_BETWEEN = " | "
"""Stands between passages; no stem is a bar, so no phrase is found across two of them."""

_SAMPLE = 1_000
"""From so many claims the mean length is taken; ranking minds it little."""


def schema() -> tantivy.Schema:
    """Return the fields of an index."""
    made = tantivy.SchemaBuilder()
    made.add_unsigned_field("number", fast=True)
    made.add_text_field("id", tokenizer_name="raw", index_option="basic")
    for name in ("terms", "near"):
        made.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in ("text", "claim"):
        made.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in COLUMNS:
        made.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in RANKS:
        made.add_unsigned_field(f"by_{name}", fast=True)
    made.add_integer_field("due", indexed=True)
    for name in ("words", "beside"):
        made.add_bytes_field(name, stored=True)
    return made.build()


class Entry(NamedTuple):
    """A claim to be kept."""

    document: Document
    analysed: Analysed
    terms: str
    """Its terms, each under its tier."""
    near: str
    """What the claims say that are related to it, each term once."""
    beside: tuple[str, ...]
    """These claims."""
    due: int | None

    def made(self, number: int) -> tantivy.Document:
        """Return the document to be added as the claim of this number."""
        document, analysed = self.document, self.analysed
        made = tantivy.Document()
        made.add_unsigned("number", number)
        made.add_text("id", document.id)
        made.add_text("terms", self.terms)
        made.add_text("near", self.near)
        made.add_text("text", _BETWEEN.join(map(" ".join, analysed.passages)))
        made.add_text("claim", " ".join(analysed.passages[0]) if analysed.passages else "")
        for name, values in document.keywords.items():
            for value in values:
                made.add_text(name, value)
        for name in RANKS:
            made.add_unsigned(f"by_{name}", document.ranks[name] << 32 | (LAST - number))
        if self.due is not None:
            made.add_integer("due", self.due)
        made.add_bytes("words", " ".join(analysed.words).encode())
        made.add_bytes("beside", " ".join(self.beside).encode())
        return made


def _in_tiers(analysed: Analysed, mean: float) -> Iterator[str]:
    back = K1 * (1 - B + B * length(analysed) / mean)
    # hundreds of terms have a handful of weights
    tiers = {weight: _tier(weight / (weight + back)) for weight in set(analysed.terms.values())}
    for term, weight in analysed.terms.items():
        yield f"{tiers[weight]}{term}"


def _tier(share: float) -> int:
    return bisect(_BORDERS, share)


def length(analysed: Analysed) -> int:
    """Return how many words of a claim are shown."""
    return sum(map(len, analysed.passages))


def mean_length(corpus: Corpus) -> float:
    """Return how many words claims have on average, as far as some of them tell."""
    step = len(corpus.table) // _SAMPLE + 1
    lengths = [length(_analysed(corpus, row)) for row in range(0, len(corpus.table), step)]
    return sum(lengths) / max(len(lengths), 1) or 1.0


class Entries:
    """Makes the entries of one state, each when it is asked for."""

    def __init__(self, corpus: Corpus, beside: Mapping[str, tuple[str, ...]], mean: float) -> None:
        """Take the claims that each claim is related to, and how many words claims have on average."""
        self._corpus = corpus
        self._mean = mean
        self._beside = beside
        self._analysed: dict[str, Analysed] = {}
        self._said: dict[str, str] = {}

    def of(self, claim_ids: Iterable[str]) -> Iterator[Entry]:
        """Yield the entries of claims."""
        table = self._corpus.table
        for claim_id in claim_ids:
            beside = self._beside.get(claim_id, ())
            terms = dict.fromkeys(term for other in beside for term in self._terms(other).split())
            due = self._corpus.kb.claims[claim_id].review.due
            analysed = self._analysed.pop(claim_id, None) or _analysed(self._corpus, table.row(claim_id))
            if beside and claim_id not in self._said:
                self._said[claim_id] = _open_terms(analysed)
            document = table.document(table.row(claim_id))
            own = " ".join(_in_tiers(analysed, self._mean))
            yield Entry(document, analysed, own, " ".join(terms), beside, due.toordinal() if due else None)

    def _terms(self, claim_id: str) -> str:
        """Return what a related claim says; it is kept as a text, since there may be many."""
        if claim_id not in self._said:
            analysed = self._analysed[claim_id] = _analysed(self._corpus, self._corpus.table.row(claim_id))
            self._said[claim_id] = _open_terms(analysed)
        return self._said[claim_id]


def _analysed(corpus: Corpus, row: int) -> Analysed:
    return analyse(corpus.table.document(row), corpus.vocabulary)


def _open_terms(analysed: Analysed) -> str:
    return " ".join(term for term in analysed.terms if term[0] in "~#")
