"""The engine on disk: Whoosh, and the only file that knows it.

What was measured of Whoosh decides how it is used here. Its analyzers drop *not* and *may*, so terms are made by
`kb.search.analysis`. Its parser raises on nonsense, and its matchers take a tenth of a second for a phrase of common
words in 10,000 entries, so it is asked for postings only, and `kb.search.matching` does the rest. Its indexes are never
synced to disk and its readers reopen files by name, so the files of a new index are packed into one, synced and
renamed into place; that one is never changed, and is read wholly into memory when it is opened. Thus no reader
sees half of an index or minds what happens to it afterwards. A reader serves one thread at a time.
`Searcher.refresh` and several segments are not used at all. The same tests pass on whoosh3 3.54.0.

    <folder>/whoosh-<digest of the knowledge base>.zip    an index: manifest.json, wording.json and Whoosh's files
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
from array import array
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict
from whoosh import fields, formats
from whoosh.analysis import IDAnalyzer
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import FileIndex
from whoosh.reading import TermNotFound

from kb.errors import IndexUnavailable
from kb.search.analysis import analyse
from kb.search.answer import Corpus, Indexed
from kb.search.base import IndexInfo, no_changes
from kb.search.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whoosh.matching import Matcher
    from whoosh.reading import IndexReader

    from kb.model import KnowledgeBase
    from kb.search.analysis import Analysed
    from kb.search.base import Changes

NAME = "whoosh"
FORMAT = 3
"""Raise it when an index made by older code can no longer be read."""

KEPT = 5
"""How many indexes stay in the folder: those of other knowledge bases, and of states one may go back to."""

_MANIFEST = "manifest.json"
_WORDING = "wording.json"
_BUILDING = ".building-"
_LEFTOVER_SECONDS = 3_600
_FIELD = "body"


class _Body(fields.FieldType):  # type: ignore[misc]
    """The one field: terms with weights, made by `analyse` and not by Whoosh."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), IDAnalyzer())

    def index(self, value: Analysed, **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield (term, occurrences, weight, nothing else) as Whoosh wants them."""
        for term, weight in value.terms.items():
            yield term.encode(), 1, weight, b""


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
        try:
            wording = Wording.load(files.pop(_WORDING))
        except (KeyError, ValueError) as error:
            raise IndexUnavailable(f"the search index is damaged ({type(error).__name__})") from error
        storage = RamStorage()
        storage.files = files
        return WhooshBackend(corpus, wording, storage, manifest.info)

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
    """Let Whoosh write an index into a new folder, and the wording beside it; return the files."""
    folder.mkdir()
    documents = list(corpus.analysed())
    index = FileStorage(str(folder)).create_index(_schema())
    with index.writer(limitmb=256) as writer:
        for analysed in documents:
            writer.add_document(**{_FIELD: analysed})
    index.close()
    (folder / _WORDING).write_bytes(Wording.of(documents).dump())
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


class WhooshBackend(Indexed):
    """An open index, wholly in memory."""

    def __init__(self, corpus: Corpus, wording: Wording, storage: RamStorage, info: IndexInfo) -> None:
        # Two threads in one reader give wrong answers without an error, so each has one for itself.
        self._idle: deque[IndexReader] = deque()
        with _as_unavailable():
            self._index = FileIndex(storage, schema=_schema())  # with a schema, the stored one is not unpickled
            self._idle.append(self._index.reader())
        super().__init__(corpus, wording, info)

    def close(self) -> None:
        """Let go of the memory, and refuse further searches."""
        super().close()
        self._idle.clear()

    def postings(self, term: str) -> tuple[Sequence[int], Sequence[float]]:
        """Return the rows that have a term, and its weight in each; raise `IndexUnavailable` if Whoosh fails."""
        with self._reader() as reader:
            try:
                matcher = reader.postings(_FIELD, term.encode())
            except TermNotFound:
                return (), ()
            return _blocks(matcher) if isinstance(matcher, W3LeafMatcher) else _one_by_one(matcher)

    @contextlib.contextmanager
    def _reader(self) -> Iterator[IndexReader]:
        """Lend a reader. One in which something was raised may stand half way in a posting and is not used again."""
        with _as_unavailable():
            try:
                reader = self._idle.pop()
            except IndexError:
                reader = self._index.reader()
            yield reader
        self._idle.append(reader)


def _one_by_one(matcher: Matcher) -> tuple[array[int], array[float]]:
    rows, weights = array("l"), array("f")
    while matcher.is_active():
        rows.append(matcher.id())
        weights.append(matcher.weight())
        matcher.next()
    return rows, weights


def _blocks(matcher: W3LeafMatcher) -> tuple[array[int], array[float]]:
    """Read postings a block at a time, which is five times as fast as Whoosh's public way, one by one."""
    rows, weights = array("l"), array("f")
    while matcher.is_active():
        matcher._read_ids()  # noqa: SLF001 - see above; the version is pinned, and the contract's tests cover it
        matcher._read_weights()  # noqa: SLF001
        rows.extend(matcher._ids)  # noqa: SLF001
        weights.extend(matcher._weights)  # noqa: SLF001
        matcher._next_block()  # noqa: SLF001
    return rows, weights


@contextlib.contextmanager
def _as_unavailable() -> Iterator[None]:
    """Turn whatever Whoosh raises over unreadable postings (it may be anything) into `IndexUnavailable`."""
    try:
        yield
    except Exception as error:
        raise IndexUnavailable(f"the search index cannot be read ({type(error).__name__}: {error})") from error
