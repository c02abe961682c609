"""From a claim to its row: the terms of `analyse` as PostgreSQL's tsvector, and what it is sorted by.

A tsvector keeps for each word where it stands and one of four weights. These say here what kind of place it is: `A` the
claim itself, `B` what is shown beside it, `C` and `D` what only helps to find it. So one vector answers for words that
are typed alone (any place), for exclusions (`AB`) and for the claim's own words (`A`), and phrases are places in a row.

Its limits: a word has at most 2,047 bytes, up to 255 places, none beyond 16,383. A longer word is known by its hash,
here and in queries. Where there are more places, none are kept, but the wording as a text in which phrases are found.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from kb.search.analysis import Analysed
    from kb.search.base import Document

LAST_PLACE, MOST_PLACES = 16_382, 250
"""How far places go, and how many a word may have, a few short of what a tsvector keeps."""

LONGEST = 200
"""Bytes of the longest term that is kept as it is."""

_HELPING = LAST_PLACE + 1
"""The place of all that helps to find and is not shown."""


class Row(NamedTuple):
    """A row of `caveat.claim`, as `caveat.put` takes it."""

    id: str
    hash: str
    terms: str
    wording: str | None
    words: str
    certainty: int
    sources: int


def row(document: Document, analysed: Analysed, due: dt.date | None, made_from: str) -> Row:
    """Return the row of a claim; `made_from` is the hash of its document."""
    crowded = _crowded(analysed.passages)
    places = _kinds(analysed.passages) if crowded else _places(analysed.passages)
    for term, weight in analysed.terms.items():
        helping = weight - analysed.terms.get(term[1:], 0.0) if term.startswith("~") else weight
        if term[0] in "~#" and helping > 1e-9:  # noqa: PLR2004 - what floats leave of nothing
            places[term.removeprefix("~")].append(f"{_HELPING}{_weight(term, helping)}")
    terms = [f"{quoted(term)}:{','.join(found)}" for term, found in places.items()]
    values = [value_term(name, value) for name, values in document.keywords.items() for value in values]
    values += [value_term("id", document.id), *((due_term(due),) if due else ())]
    return Row(
        document.id,
        made_from,
        " ".join((*terms, *map(quoted, values))),
        wording(analysed.passages) if crowded else None,
        " ".join((*analysed.words, *(term for term in analysed.terms if term.startswith("#")))),
        document.ranks["certainty"],
        document.ranks["sources"],
    )


def hash_of(document: Document, vocabulary: str) -> str:
    """Return the hash of all that a row is made from: a document, and the vocabulary (by its own hash)."""
    return summed(f"{vocabulary} {document!r}")


def summed(said: str) -> str:
    """Return 32 hex digits that stand for a text."""
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def value_term(column: str, value: str) -> str:
    """Return the term of a claim that has a value in a column; no word begins like it."""
    return f"={column}={value}"


def due_term(due: dt.date) -> str:
    """Return the term of a claim whose review is due on a day; it begins like that of its month and year."""
    return value_term("due", f"{due:%Y%m%d}".zfill(8))


def quoted(term: str) -> str:
    """Return a term as it stands in a tsvector or a tsquery; by its hash what is too long or no text for a database."""
    try:
        fits = 0 < len(term.encode()) <= LONGEST and "\0" not in term
    except UnicodeEncodeError:  # half of a character
        fits = False
    if not fits:
        return f"'=hash={summed(term)}'"
    escaped = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def wording(passages: Iterable[Iterable[str]]) -> str:
    """Return passages as a text: a line for each, a blank around each word."""
    return "\n".join(f" {' '.join(passage)} " for passage in passages)


def _crowded(passages: tuple[tuple[str, ...], ...]) -> bool:
    number = sum(len(passage) + 1 for passage in passages)
    if number <= MOST_PLACES:
        return False
    return number > LAST_PLACE or max(Counter(chain.from_iterable(passages)).values()) > MOST_PLACES


def _places(passages: Iterable[Iterable[str]]) -> dict[str, list[str]]:
    """Return stem → its places, with one left out between passages: no phrase goes from one to the next."""
    places: dict[str, list[str]] = defaultdict(list)
    place = 0
    for number, passage in enumerate(passages):
        for stem in passage:
            place += 1
            places[stem].append(f"{place}{'B' if number else 'A'}")
        place += 1
    return places


def _kinds(passages: Iterable[Iterable[str]]) -> dict[str, list[str]]:
    """Return stem → one place for each kind of passage that has it."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for number, passage in enumerate(passages):
        for stem in dict.fromkeys(passage):
            kind = "2B" if number else "1A"
            if kind not in kinds[stem]:
                kinds[stem].append(kind)
    return kinds


def _weight(term: str, weight: float) -> str:
    """Return the weight that ranks most like a number; a word that is not shown must not look like one that is."""
    if term.startswith("#") and weight >= 3.0:  # noqa: PLR2004 - what a word of the claim counts
        return "A"
    return "C" if weight >= 1.0 else "D"
