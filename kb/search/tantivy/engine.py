"""Tantivy's indexes on disk: built beside what is there, renamed into place, and mapped into memory when opened.

    <folder>/tantivy-<digest of the knowledge base>/   an index: manifest, inputs, words, ids and tantivy's files
    <folder>/.building-…                               left by an interrupted build, removed by a later one

An index is never changed once it is in place. Its manifest has the check sum of every file, so damage is noticed before
anything is asked of it. A reader has all files mapped and minds nothing that happens to their names afterwards.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import tempfile
import time
import zlib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import tantivy

from kb.errors import IndexUnavailable
from kb.search.answer import Corpus
from kb.search.base import no_changes
from kb.search.delegating import Delegating
from kb.search.inputs import Inputs
from kb.search.kept import BUILDING, MISSING, Manifest, build_beside, newest_first, said_of, sync
from kb.search.lending import related
from kb.search.revising import affordable
from kb.search.tantivy.entries import Entries, mean_length, schema
from kb.search.tantivy.finder import TantivyFinder
from kb.search.tantivy.shelf import Shelf, as_unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.model import KnowledgeBase
    from kb.search.base import Changes, IndexInfo

NAME = "tantivy"
FORMAT = 1
"""Raise it when an index made by older code can no longer be read."""

_PATTERN = f"{NAME}-*"
_MANIFEST, _INPUTS, _WORDS = "manifest.json", "inputs.json", "words.json"
_HEAP = 2_000_000_000
"""Bytes that tantivy may take before it writes a segment; it takes no more than it needs."""

_TRIES = 100
_TAKEN = frozenset({errno.ENOTEMPTY, errno.EEXIST})
"""Why a folder cannot be renamed to where another is."""

_BEFORE = "before-"
"""What an index is called, in the folder of the build that moved it away to put its own there."""

_WAITS, _WAIT_SECONDS = 50, 0.01
"""How often it is looked whether the other is there, which takes a build two renames; and how long in between."""


class _Manifest(Manifest):
    """What an index is, and what its files are."""

    mean: float
    """How many words claims have on average."""
    files: dict[str, tuple[int, int]]
    """File → its size and its check sum."""


class TantivyEngine:
    """Builds and opens indexes of tantivy, one folder for each state of a knowledge base."""

    def __init__(self, folder: Path, changed: Changes = no_changes) -> None:
        self._folder = folder
        self._changed = changed

    def build(self, kb: KnowledgeBase) -> IndexInfo:
        """Build the index of this state beside what is there, and put it in place when it is complete and synced.

        Any number of processes may do so at once, and readers are not disturbed. Raises `IndexUnavailable` where
        the folder cannot be written to.
        """
        corpus, place = Corpus(kb), self._place(kb.digest)

        def make(building: Path) -> _Manifest:
            made = building / "index"
            manifest = _write(made, corpus)
            _put(made, place)
            return manifest

        return build_beside(self._folder, _PATTERN, place, make).info

    def open(self, kb: KnowledgeBase) -> Delegating:
        """Open the index of this state; raise `IndexUnavailable` if it is missing, foreign or damaged.

        Where it is missing, that of an earlier state serves from which few claims differ.
        """
        corpus = Corpus(kb, self._changed)
        place = self._place(kb.digest)
        waits = iter(range(_WAITS))
        while True:
            seen = _identity(place)
            try:
                return _opened(place, corpus) if seen else self._older(corpus)
            except IndexUnavailable:
                if _identity(place) == seen and (seen or not self._is_exchanged() or next(waits, None) is None):
                    raise
            if not seen:
                time.sleep(_WAIT_SECONDS)
            # another build puts its index there meanwhile, so this one was looked at in parts, or there was none

    def _is_exchanged(self) -> bool:
        """Tell whether a build has moved an index away, to put its own there in a moment; or was killed right then."""
        return any(self._folder.glob(f"{BUILDING}*/{_BEFORE}*"))

    def _older(self, corpus: Corpus) -> Delegating:
        for place in newest_first(self._folder, _PATTERN):
            with contextlib.suppress(IndexUnavailable):  # what cannot be read, or another build has just removed
                return _revised(place, corpus)
        raise IndexUnavailable(MISSING)

    def _place(self, digest: str) -> Path:
        return self._folder / f"{NAME}-{digest}"


def _identity(place: Path) -> tuple[int, int] | None:
    """Return what tells a folder from one that was put in its place; `None` where there is none."""
    with contextlib.suppress(FileNotFoundError):
        found = place.stat()
        return found.st_ino, found.st_mtime_ns
    return None


def _write(folder: Path, corpus: Corpus) -> _Manifest:
    """Write an index into a new folder, down to the disk."""
    folder.mkdir()
    mean, words = mean_length(corpus), Counter[str]()
    with _as_unbuilt():
        index = tantivy.Index(schema(), path=str(folder))
        writer = index.writer(heap_size=_HEAP, num_threads=1)
        for number, entry in enumerate(Entries(corpus, related(corpus.kb.claims.values()), mean).of(corpus.table.ids)):
            words.update(entry.analysed.words)
            writer.add_document(entry.made(number))
        writer.commit()
        writer.wait_merging_threads()
    del index, writer
    (folder / _WORDS).write_text(json.dumps(words))
    (folder / _INPUTS).write_text(Inputs.of(corpus.kb).model_dump_json())
    for lock in folder.glob("*.lock"):
        lock.unlink()
    files = {path.name: _sums(path) for path in sorted(folder.iterdir())}
    manifest = _Manifest.model_validate({**said_of(corpus, NAME, FORMAT), "mean": mean, "files": files})
    (folder / _MANIFEST).write_text(manifest.model_dump_json(indent=2))
    for path in folder.iterdir():
        sync(path)
    sync(folder)
    return manifest


def _put(made: Path, place: Path) -> None:
    """Rename an index into place; one that is there goes first, to be removed with the building place."""
    for number in range(_TRIES):
        try:
            made.rename(place)
        except OSError as error:
            if error.errno not in _TAKEN and not place.exists():  # another build may have moved it away by now
                raise
            with contextlib.suppress(FileNotFoundError):  # another build was faster
                place.rename(made.with_name(f"{_BEFORE}{number}"))
        else:
            return
    raise OSError(f"other builds put theirs to {place} again and again")


def _opened(place: Path, corpus: Corpus) -> Delegating:
    """Open the index of this very state; raise `IndexUnavailable`."""
    manifest = _manifest(place)
    manifest.refuse_other_state(corpus)
    manifest.refuse_other_terms(corpus)
    finder = TantivyFinder(corpus, _shelf(place, manifest, corpus.table.ids), _words(place))
    return Delegating(corpus, finder, manifest.info)


def _revised(place: Path, corpus: Corpus) -> Delegating:
    """Open the index of an earlier state, with what has changed since beside it; raise `IndexUnavailable`."""
    manifest = _manifest(place)
    with _as_damaged():
        inputs = Inputs.model_validate_json((place / _INPUTS).read_bytes())
    anew = inputs.changed(corpus.kb)
    if anew is None or not affordable(len(anew), len(corpus.table)):
        raise IndexUnavailable("too much has changed since the search index was built")
    manifest.refuse_other_terms(corpus, anew)
    before = TantivyFinder(corpus, _shelf(place, manifest, tuple(sorted(inputs.claims))), _words(place))
    finder = before.revised(corpus, anew)
    if finder is None:
        raise IndexUnavailable("too much has changed since the search index was built")
    return Delegating(corpus, finder, replace(manifest.info, digest=corpus.digest, documents=len(corpus.table)))


def _manifest(place: Path) -> _Manifest:
    """Read what an index is, and check its files; raise `IndexUnavailable` where it is damaged or foreign."""
    with _as_damaged():
        said = json.loads((place / _MANIFEST).read_bytes())
        known = Manifest.model_validate({name: said[name] for name in Manifest.model_fields})
    known.refuse_others(NAME, FORMAT)
    with _as_damaged():
        manifest = _Manifest.model_validate(said)
        for name, sums in manifest.files.items():
            if _sums(place / name) != sums:
                raise IndexUnavailable(f"the search index is damaged ({name})")
    return manifest


def _sums(path: Path) -> tuple[int, int]:
    """Return the size and the check sum of a file."""
    size = summed = 0
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            size += len(piece)
            summed = zlib.crc32(piece, summed)
    return size, summed


def _shelf(place: Path, manifest: _Manifest, ids: tuple[str, ...]) -> Shelf:
    if len(ids) != manifest.documents:
        raise IndexUnavailable("the search index is damaged (its parts do not fit together)")
    with as_unavailable(), _lockable(place, manifest) as folder:
        shelf = Shelf(tantivy.Index.open(str(folder)), ids, manifest.mean)
        if shelf.searcher.num_docs != len(ids):
            raise IndexUnavailable("the search index is damaged (its parts do not fit together)")
    return shelf


@contextlib.contextmanager
def _lockable(place: Path, manifest: _Manifest) -> Iterator[Path]:
    """Lend a folder with the files of an index in which tantivy can make its lock, as it does to open one.

    On a disk that is read-only that is another one, with links to the files, for as long as opening takes.
    """
    if os.access(place, os.W_OK):
        yield place
        return
    with tempfile.TemporaryDirectory(prefix="caveat-index-") as beside:
        for name in manifest.files:
            Path(beside, name).symlink_to((place / name).absolute())
        yield Path(beside)


def _words(place: Path) -> dict[str, int]:
    with _as_damaged():
        words: dict[str, int] = json.loads((place / _WORDS).read_bytes())
    return words


@contextlib.contextmanager
def _as_damaged() -> Iterator[None]:
    """Turn what is raised over a file that is missing or holds something else into `IndexUnavailable`."""
    try:
        yield
    except IndexUnavailable:
        raise
    except FileNotFoundError as error:
        raise IndexUnavailable(f"the search index is damaged ({Path(error.filename).name} is missing)") from None
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise IndexUnavailable(f"the search index is damaged ({type(error).__name__})") from error


@contextlib.contextmanager
def _as_unbuilt() -> Iterator[None]:
    """Turn what tantivy raises over a disk that it cannot write to into `OSError`."""
    try:
        yield
    except ValueError as error:
        raise OSError(str(error)) from error
