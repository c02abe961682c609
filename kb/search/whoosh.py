"""The engine on disk: Whoosh, and the only file that knows it.

What was measured of Whoosh decides how it is used here. Its analyzers drop *not* and *may*, so terms are made by
`kb.search.analysis`. Its parser raises on nonsense, so queries are built from a `Plan`. Its indexes are never
synced to disk and its readers reopen files by name, so the files of a new index are packed into one, synced and
renamed into place; that one is never changed, and is read wholly into memory when it is opened. Thus no reader
sees half of an index or minds what happens to it afterwards. A searcher serves one search at a time.
`Searcher.refresh`, `AndNot` and several segments are not used at all. The same tests pass on whoosh3 3.54.0.

    <folder>/whoosh-<digest of the knowledge base>.zip    an index: manifest.json and Whoosh's files, uncompressed
    <folder>/.building-…                                  left by an interrupted build, removed by a later one

Whoosh unpickles what it reads: the folder must be one that only its owner can write to, as a cache folder is.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import shutil
import tempfile
import time
import zipfile
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict
from whoosh import fields, formats, query
from whoosh.analysis import IDAnalyzer
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import FileIndex
from whoosh.scoring import BM25F
from whoosh.searching import SearchContext

from kb.errors import IndexUnavailable
from kb.search.analysis import K1, B, analyse
from kb.search.answer import Corpus
from kb.search.base import IndexInfo, no_changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from whoosh.searching import Searcher

    from kb.model import KnowledgeBase
    from kb.search.analysis import Analysed
    from kb.search.base import Changes, Completion, Hit, Match, Page, Query
    from kb.search.widen import Clause, Plan

NAME = "whoosh"
FORMAT = 1
"""Raise it when an index made by older code can no longer be read."""

KEPT = 5
"""How many indexes stay in the folder: those of other knowledge bases, and of states one may go back to."""

_MANIFEST = "manifest.json"
_BUILDING = ".building-"
_LEFTOVER_SECONDS = 3_600
_FIELD = "body"


class _Body(fields.FieldType):  # type: ignore[misc]
    """The one field: terms with weights and positions, made by `analyse` and not by Whoosh."""

    def __init__(self) -> None:
        super().__init__(formats.Positions(), IDAnalyzer(), scorable=True)

    def index(self, value: Analysed, **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield (term, occurrences that count for the length, weight, positions) as Whoosh wants them."""
        for term, (weight, positions) in value.postings.items():
            yield term.encode(), len(positions), weight, self.format.encode(positions)


def _schema() -> fields.Schema:
    return fields.Schema(**{_FIELD: _Body()})


class _Manifest(BaseModel):
    """What an index is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    engine: str
    format: int
    digest: str
    documents: int
    built_at: dt.datetime
    sample: str

    @property
    def info(self) -> IndexInfo:
        return IndexInfo(self.engine, self.digest, self.documents, self.built_at)


class WhooshEngine:
    """Builds and opens Whoosh indexes, one file for each state of a knowledge base."""

    def __init__(self, folder: Path, changed: Changes = no_changes) -> None:
        self._folder = folder
        self._changed = changed

    def build(self, kb: KnowledgeBase) -> IndexInfo:
        """Build the index of this state beside what is there, and put it in place when it is complete and synced.

        Any number of processes may do so at once, and readers are not disturbed. Raises `IndexUnavailable` where
        the folder cannot be written to.
        """
        corpus = Corpus(kb)
        manifest = _manifest(corpus)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=_BUILDING, dir=self._folder) as building:
                packed = Path(building, "packed.zip")
                _pack(packed, manifest, _write(Path(building, "index"), corpus))
                packed.replace(self._place(kb.digest))
            _sync(self._folder)
            self._prune()
        except OSError as error:
            raise IndexUnavailable(f"the search index cannot be built in {self._folder}: {error}") from error
        return manifest.info

    def open(self, kb: KnowledgeBase) -> WhooshBackend:
        """Read the index of this state into memory; raise `IndexUnavailable` if it is missing, foreign or damaged."""
        corpus = Corpus(kb, self._changed)
        manifest, files = _unpack(self._place(kb.digest))
        _refuse_foreign(manifest, corpus)
        storage = RamStorage()
        storage.files = files
        return WhooshBackend(corpus, storage, manifest.info)

    def _place(self, digest: str) -> Path:
        return self._folder / f"{NAME}-{digest}.zip"

    def _prune(self) -> None:
        """Remove the oldest indexes beyond `KEPT`, and what interrupted builds left an hour ago or earlier.

        A reader needs no file once it is open, and one that comes too late finds no index and builds it.
        """
        indexes = sorted(self._folder.glob(f"{NAME}-*.zip"), key=_changed, reverse=True)
        for path in indexes[KEPT:]:
            path.unlink(missing_ok=True)
        for path in self._folder.glob(f"{_BUILDING}*"):
            if _changed(path) < time.time() - _LEFTOVER_SECONDS:
                shutil.rmtree(path, ignore_errors=True)


def _changed(path: Path) -> float:
    """Return when a file was last changed, in seconds; now, if somebody else has just removed it."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()


def _manifest(corpus: Corpus) -> _Manifest:
    return _Manifest(
        engine=NAME,
        format=FORMAT,
        digest=corpus.digest,
        documents=len(corpus.table),
        built_at=dt.datetime.now(dt.UTC),
        sample=_sample(corpus),
    )


def _sample(corpus: Corpus) -> str:
    """Return a digest of some analysed documents: an index made by code that makes other terms will not fit."""
    rows = {row for row in (0, len(corpus.table) // 2, len(corpus.table) - 1) if 0 <= row < len(corpus.table)}
    analysed = [analyse(corpus.table.document(row), corpus.vocabulary) for row in sorted(rows)]
    return hashlib.sha256(repr(analysed).encode()).hexdigest()


def _write(folder: Path, corpus: Corpus) -> list[Path]:
    """Let Whoosh write an index into a new folder; return its files."""
    folder.mkdir()
    index = FileStorage(str(folder)).create_index(_schema())
    with index.writer(limitmb=256) as writer:
        for analysed in corpus.analysed():
            writer.add_document(**{_FIELD: analysed})
    index.close()
    return [path for path in sorted(folder.iterdir()) if not path.name.endswith("LOCK")]


def _pack(packed: Path, manifest: _Manifest, files: list[Path]) -> None:
    """Write everything into one file, down to the disk; the zip format adds a check sum for each part."""
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(_MANIFEST, manifest.model_dump_json(indent=2))
        for path in files:
            archive.write(path, path.name)
    _sync(packed)


def _sync(path: Path) -> None:
    """Wait until a file or folder is on the disk; Whoosh never does."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unpack(place: Path) -> tuple[_Manifest, dict[str, bytes]]:
    """Read an index whole, every check sum verified; raise `IndexUnavailable`."""
    try:
        with zipfile.ZipFile(place) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        return _Manifest.model_validate_json(files.pop(_MANIFEST)), files
    except FileNotFoundError:
        raise IndexUnavailable("no search index has been built for this state of the knowledge base") from None
    except Exception as error:  # zipfile raises nearly anything over a file that is none of its own
        raise IndexUnavailable(f"the search index is damaged ({type(error).__name__})") from error


def _refuse_foreign(manifest: _Manifest, corpus: Corpus) -> None:
    """Raise `IndexUnavailable` for an index that is whole but not made by this code for this state."""
    if (manifest.engine, manifest.format) != (NAME, FORMAT):
        made = f"{manifest.engine}, format {manifest.format}"
        raise IndexUnavailable(f"the search index was made for another version of this program ({made})")
    if (manifest.digest, manifest.documents) != (corpus.digest, len(corpus.table)):
        raise IndexUnavailable("the search index is of another state of the knowledge base")
    if manifest.sample != _sample(corpus):
        raise IndexUnavailable("the search index was made by another version of the text analysis")


class WhooshBackend:
    """An open index, wholly in memory."""

    def __init__(self, corpus: Corpus, storage: RamStorage, info: IndexInfo) -> None:
        self.info = info
        self._corpus = corpus
        self._closed = False
        # Two threads in one searcher give wrong answers without an error, so each search has one for itself.
        self._idle: deque[Searcher] = deque()
        with _as_unavailable():
            self._index = FileIndex(storage, schema=_schema())  # with a schema, the stored one is not unpickled
            self._idle.append(self._new_searcher())

    def search(self, query: Query) -> Page:
        """Answer a query; raise `IndexUnavailable` once closed, or if Whoosh fails."""
        return self._open_corpus().answer(query, self._match)

    def match(self, text: str) -> tuple[Match, ...]:
        """Return the claims that a pasted text makes."""
        return self._open_corpus().match(text, self._match)

    def nearest(self, query: Query) -> tuple[Hit, ...]:
        """Return the claims that come nearest to a query which found nothing."""
        return self._open_corpus().nearest(query, self._match)

    def complete(self, text: str, limit: int) -> tuple[Completion, ...]:
        """Return what somebody who has typed so far may mean."""
        return self._open_corpus().complete(text, limit)

    def _open_corpus(self) -> Corpus:
        if self._closed:
            raise IndexUnavailable("the search index has been closed")
        return self._corpus

    def close(self) -> None:
        """Let go of the memory, and refuse further searches."""
        self._closed = True
        self._idle.clear()

    def _new_searcher(self) -> Searcher:
        return self._index.searcher(weighting=BM25F(B=B, K1=K1))

    @contextlib.contextmanager
    def _searcher(self) -> Iterator[Searcher]:
        """Lend a searcher. One in which something was raised may stand half way in a posting and is not used again."""
        with _as_unavailable():
            try:
                searcher = self._idle.pop()
            except IndexError:
                searcher = self._new_searcher()
            yield searcher
        self._idle.append(searcher)

    def _match(self, plan: Plan, *, any_word: bool) -> Mapping[int, float]:
        with self._searcher() as searcher:
            if plan.wanted:
                clauses = [_clause(clause) for clause in plan.wanted]
                scores = _scores(searcher, _any(clauses) if any_word else _all(clauses))
            else:
                scores = dict.fromkeys(range(self.info.documents), 0.0)
            for clause in plan.unwanted:
                for row in _rows(searcher, _clause(clause)):
                    scores.pop(row, None)
            return scores


@contextlib.contextmanager
def _as_unavailable() -> Iterator[None]:
    """Turn whatever Whoosh raises over unreadable postings (it may be anything) into `IndexUnavailable`."""
    try:
        yield
    except Exception as error:
        raise IndexUnavailable(f"the search index cannot be read ({type(error).__name__}: {error})") from error


def _clause(clause: Clause) -> query.Query:
    first, *others = clause.stems
    words = query.Phrase(_FIELD, list(clause.stems)) if others else query.Term(_FIELD, first)
    return _any([words, *(query.Term(_FIELD, term, boost=weight) for term, weight in clause.others)])


def _any(queries: list[query.Query]) -> query.Query:
    return queries[0] if len(queries) == 1 else query.Or(queries)


def _all(queries: list[query.Query]) -> query.Query:
    return queries[0] if len(queries) == 1 else query.And(queries)


def _scores(searcher: Searcher, wanted: query.Query) -> dict[int, float]:
    context = SearchContext(weighting=searcher.weighting)
    scores = {}
    for leaf, offset in searcher.leaf_searchers():
        matcher = wanted.matcher(leaf, context)
        while matcher.is_active():
            scores[offset + matcher.id()] = matcher.score()
            matcher.next()
    return scores


def _rows(searcher: Searcher, unwanted: query.Query) -> Iterator[int]:
    context = searcher.boolean_context()
    for leaf, offset in searcher.leaf_searchers():
        for row in unwanted.matcher(leaf, context).all_ids():
            yield offset + row
