"""A search engine around another one: the other finds and ranks by words, this adds the ranking by meaning."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from kb.errors import KbError
from kb.search.prose import is_pasted
from kb.semantic import fusion
from kb.semantic.polarity import Statement, differs, statements
from kb.semantic.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kb.model import KnowledgeBase
    from kb.search.base import IndexInfo, Match, Reading, SearchBackend, SearchEngine
    from kb.semantic.base import Embedder, Matrix

ADDED_NOTE = "claims that mean something alike are there as well"
_REMEMBERED = 256
_CLOSE = 0.5
"""From this cosine on a claim is called close."""
_NEAR = 0.3
"""From this cosine on it is called near; two sentences on one subject seldom have less than 0.2, alike or not."""


@runtime_checkable
class Rankable(Protocol):
    """A back end that asks for another opinion on what the words found, before it narrows, sorts and counts."""

    def rank_by(self, ranking: Ranking) -> None:
        """Ask `ranking` from now on; called once, before anybody searches."""
        ...


class Ranking:
    """Ranks the rows of one state of a knowledge base (its claims by id) by meaning. Threads may share it."""

    def __init__(self, kb: KnowledgeBase, embedder: Embedder, vectors: Matrix) -> None:
        """Take the vectors of all claims, in the order of their ids."""
        self._ids = sorted(kb.claims)
        self._rows = {claim_id: row for row, claim_id in enumerate(self._ids)}
        self._claims = kb.claims
        self._vectors = vectors
        self._embedder = embedder
        self._vector = lru_cache(maxsize=_REMEMBERED)(self._embed)  # the same text is asked for page by page
        self._statement = lru_cache(maxsize=len(self._ids) or 1)(self._read)

    def __call__(
        self, text: str, words: dict[int, float], reading: Reading, matches: Sequence[Match] = ()
    ) -> tuple[dict[int, float], Reading]:
        """Return the scores fused with likeness of meaning, and the reading, which says so if claims were added.

        What somebody demands (a phrase, a field, a star, a minus) is theirs to decide: then nothing is added, and
        only the order changes; quotation marks within a pasted text demand nothing. Claims that a pasted text
        certainly makes stay before all others.
        """
        free = [term.text for term in reading.terms if not (term.excluded or term.field)]
        if not free:
            return words, reading
        meant = text if len(free) == len(reading.terms) else " ".join(free)
        pasted = is_pasted(meant)
        said = statements(meant)
        fused = fusion.fuse(
            words,
            self._vectors @ self._vector(meant),
            weight=fusion.WEIGHT if pasted else fusion.TYPED_WEIGHT,
            turned=lambda row: differs(said, self._statement(row)),
            most=_most(reading, len(words), pasted=pasted),
        )
        for match in matches:
            if match.certain and match.id in self._rows:
                row = self._rows[match.id]
                fused[row] = fused.get(row, 0.0) + 2 * match.score
        return fused, reading.noting(ADDED_NOTE) if fused.keys() - words.keys() else reading

    def reason(self, text: str, row: int) -> str:
        """Say how near a claim's meaning is to a text's, by cosine.

        Nothing where it is not near, or where one turns what the other says.
        """
        if differs(statements(text), self._statement(row)):
            return ""
        cosine = float(self._vectors[row] @ self._vector(text))
        if cosine < _NEAR:
            return ""
        return f"{'close' if cosine >= _CLOSE else 'somewhat near'} in meaning ({cosine:.2f})"

    def _embed(self, text: str) -> Matrix:
        vector: Matrix = self._embedder.embed([text])[0]
        return vector

    def _read(self, row: int) -> Statement:
        return Statement.of(self._claims[self._ids[row]].claim)


def _most(reading: Reading, found: int, *, pasted: bool) -> int:
    """Return how many claims may be added that do not have the words."""
    if any(term.excluded or term.field or term.prefix or (term.phrase and not pasted) for term in reading.terms):
        return 0
    if pasted:
        return fusion.ADDED
    return fusion.FEW if found < fusion.FEW else 0


class SemanticEngine:
    """Builds and opens the other engine's indexes, with vectors beside them."""

    def __init__(self, inner: SearchEngine, embedder: Embedder, folder: Path) -> None:
        self._inner = inner
        self._embedder = embedder
        self._vectors = Vectors(folder, embedder)

    def build(self, kb: KnowledgeBase) -> IndexInfo:
        """Build the other engine's index, and the vectors of what changed; raise `IndexUnavailable`."""
        info = self._inner.build(kb)
        self._vectors.build(kb.digest, _texts(kb))
        return info

    def open(self, kb: KnowledgeBase) -> SearchBackend:
        """Open both; raise `IndexUnavailable` where one of them must be built, `KbError` where they do not fit."""
        backend = self._inner.open(kb)
        if not isinstance(backend, Rankable):
            raise KbError(f"the engine {backend.info.engine} cannot be combined with ranking by meaning")
        vectors = self._vectors.read(kb.digest, _texts(kb))
        backend.rank_by(Ranking(kb, self._embedder, vectors))
        return backend


def _texts(kb: KnowledgeBase) -> list[str]:
    return [kb.claims[claim_id].claim for claim_id in sorted(kb.claims)]
