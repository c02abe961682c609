"""The engine on disk: Whoosh, and the only file that knows it.

What was measured of Whoosh decides how it is used here. Its analyzers drop *not* and *may*, so terms are made by
`kb.search.analysis`. Its parser raises on nonsense, and its matchers take a tenth of a second for a phrase of common
words in 10,000 entries, so it is asked for postings only, and `kb.search.matching` does the rest. Its indexes are never
synced to disk and its readers reopen files by name, so the files of a new index are packed into one, synced and
renamed into place; that one is never changed, and is read wholly into memory when it is opened. Thus no reader
sees half of an index or minds what happens to it afterwards. A reader serves one thread at a time.
`Searcher.refresh` and several segments are not used at all. The same tests pass on whoosh3 3.54.0.

Nothing is written when a few entries change: an index says what each of its documents was made from (`inputs.json`), so
that of an earlier state is opened, and what has changed since is put beside it in memory (`kb.search.revising`).

    <folder>/whoosh-<digest of the knowledge base>.zip    an index: manifest, inputs, wording and Whoosh's files
    <folder>/.building-…                                  left by an interrupted build, removed by a later one

Whoosh unpickles what it reads: the folder must be one that only its owner can write to, as a cache folder is.
"""

from __future__ import annotations

import contextlib
import zipfile
from array import array
from collections import deque
from typing import TYPE_CHECKING

from whoosh import fields, formats
from whoosh.analysis import IDAnalyzer
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import FileIndex
from whoosh.reading import TermNotFound

from kb.errors import IndexUnavailable
from kb.search.answer import Corpus
from kb.search.base import no_changes
from kb.search.inputs import Inputs
from kb.search.kept import MISSING, Manifest, build_beside, newest_first, said_of, sync
from kb.search.revising import Ground, Revisable, Revised, affordable
from kb.search.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from whoosh.matching import Matcher
    from whoosh.reading import IndexReader

    from kb.model import KnowledgeBase
    from kb.search.analysis import Analysed
    from kb.search.base import Changes, IndexInfo

NAME = "whoosh"
FORMAT = 4
"""Raise it when an index made by older code can no longer be read."""

_MANIFEST = "manifest.json"
_INPUTS = "inputs.json"
_WORDING = "wording.json"
_FIELD = "body"
_PATTERN = f"{NAME}-*.zip"


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
        corpus, place = Corpus(kb), self._place(kb.digest)

        def make(building: Path) -> Manifest:
            manifest = Manifest.model_validate(said_of(corpus, NAME, FORMAT))
            packed = building / "packed.zip"
            _pack(packed, manifest, _write(building / "index", corpus))
            packed.replace(place)
            return manifest

        return build_beside(self._folder, _PATTERN, place, make).info

    def open(self, kb: KnowledgeBase) -> Revisable:
        """Read the index of this state into memory; raise `IndexUnavailable` if it is missing, foreign or damaged.

        Where it is missing, that of an earlier state serves from which few documents differ.
        """
        corpus = Corpus(kb, self._changed)
        place = self._place(kb.digest)
        return _opened(place, corpus) if place.exists() else self._older(corpus)

    def _older(self, corpus: Corpus) -> Revisable:
        for place in newest_first(self._folder, _PATTERN):
            with contextlib.suppress(IndexUnavailable):  # what cannot be read, or another build has just removed
                return _revised(place, corpus)
        raise IndexUnavailable(MISSING)

    def _place(self, digest: str) -> Path:
        return self._folder / f"{NAME}-{digest}.zip"


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
    (folder / _INPUTS).write_text(Inputs.of(corpus.kb).model_dump_json())
    return [path for path in sorted(folder.iterdir()) if not path.name.endswith("LOCK")]


def _pack(packed: Path, manifest: Manifest, files: list[Path]) -> None:
    """Write everything into one file, down to the disk; the zip format adds a check sum for each part."""
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(_MANIFEST, manifest.model_dump_json(indent=2))
        for path in files:
            archive.write(path, path.name)
    sync(packed)


def _opened(place: Path, corpus: Corpus) -> WhooshBackend:
    """Open the index of this very state; raise `IndexUnavailable`."""
    with _archive(place) as archive:
        manifest = _manifest_in(archive)
        files = _files(archive)
    manifest.refuse_other_state(corpus)
    manifest.refuse_other_terms(corpus)
    return WhooshBackend(corpus, _wording(files), _Store(files), manifest.info)


def _revised(place: Path, corpus: Corpus) -> Revised:
    """Open the index of an earlier state, with what has changed since beside it; raise `IndexUnavailable`."""
    with _archive(place) as archive:
        manifest = _manifest_in(archive)
        inputs = Inputs.model_validate_json(archive.read(_INPUTS))
        anew = inputs.changed(corpus.kb)
        if anew is None or not affordable(len(anew), len(corpus.table)):
            raise IndexUnavailable("too much has changed since the search index was built")
        manifest.refuse_other_terms(corpus, anew)
        files = _files(archive)
    wording, ids = _wording(files), tuple(sorted(inputs.claims))
    if len(ids) != manifest.documents or len(ids) != len(wording.lengths):
        raise IndexUnavailable("the search index is damaged (its parts do not fit together)")
    return Revised(Ground(ids, wording, _Store(files).postings), corpus, {}, manifest.info, anew=anew)


@contextlib.contextmanager
def _archive(place: Path) -> Iterator[zipfile.ZipFile]:
    """Open a packed index, in which every part that is read is checked; raise `IndexUnavailable`."""
    try:
        with zipfile.ZipFile(place) as archive:
            yield archive
    except IndexUnavailable:
        raise
    except FileNotFoundError:
        raise IndexUnavailable(MISSING) from None
    except Exception as error:  # zipfile raises nearly anything over a file that is none of its own
        raise IndexUnavailable(f"the search index is damaged ({type(error).__name__})") from error


def _manifest_in(archive: zipfile.ZipFile) -> Manifest:
    """Read what an index is; raise `IndexUnavailable` where that is of another version."""
    manifest = Manifest.model_validate_json(archive.read(_MANIFEST))
    manifest.refuse_others(NAME, FORMAT)
    return manifest


def _files(archive: zipfile.ZipFile) -> dict[str, bytes]:
    return {name: archive.read(name) for name in archive.namelist() if name not in {_MANIFEST, _INPUTS}}


def _wording(files: dict[str, bytes]) -> Wording:
    try:
        return Wording.load(files.pop(_WORDING))
    except (KeyError, ValueError) as error:
        raise IndexUnavailable(f"the search index is damaged ({type(error).__name__})") from error


class WhooshBackend(Revisable):
    """An open index, wholly in memory."""

    def __init__(self, corpus: Corpus, wording: Wording, store: _Store, info: IndexInfo) -> None:
        self._store = store
        super().__init__(corpus, wording, info)

    def postings(self, term: str) -> tuple[Sequence[int], Sequence[float]]:
        """Return the rows that have a term, and its weight in each; raise `IndexUnavailable` if Whoosh fails."""
        return self._store.postings(term)


class _Store:
    """Whoosh's own files, in memory, and readers of them."""

    def __init__(self, files: dict[str, bytes]) -> None:
        storage = RamStorage()
        storage.files = files
        # Two threads in one reader give wrong answers without an error, so each has one for itself.
        self._idle: deque[IndexReader] = deque()
        with _as_unavailable():
            self._index = FileIndex(storage, schema=_schema())  # with a schema, the stored one is not unpickled
            self._idle.append(self._index.reader())

    def postings(self, term: str) -> tuple[Sequence[int], Sequence[float]]:
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
