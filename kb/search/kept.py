"""Indexes that are kept on disk: what each one says of itself, and how many of them stay."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ConfigDict

from kb.errors import IndexUnavailable
from kb.search.analysis import analyse
from kb.search.base import IndexInfo

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.search.answer import Corpus

Said = TypeVar("Said", bound="Manifest")

KEPT = 5
"""How many indexes stay in the folder: those of other knowledge bases, and of states one may go back to."""

BUILDING = ".building-"
"""What a folder is called in which an index is being built."""

MISSING = "no search index has been built for this state of the knowledge base"

_LEFTOVER_SECONDS = 3_600


class Manifest(BaseModel):
    """What an index is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    engine: str
    format: int
    digest: str
    documents: int
    built_at: dt.datetime
    sample: dict[str, str]
    """Some claims → a digest of their terms: an index made by code that makes other terms will not fit."""

    @property
    def info(self) -> IndexInfo:
        """What is said of the index to others."""
        return IndexInfo(self.engine, self.digest, self.documents, self.built_at)

    def refuse_others(self, engine: str, form: int) -> None:
        """Raise `IndexUnavailable` where this is an index of another engine or another version of the program."""
        if (self.engine, self.format) != (engine, form):
            made = f"{self.engine}, format {self.format}"
            raise IndexUnavailable(f"the search index was made for another version of this program ({made})")

    def refuse_other_state(self, corpus: Corpus) -> None:
        """Raise `IndexUnavailable` where this is the index of other entries."""
        if (self.digest, self.documents) != (corpus.digest, len(corpus.table)):
            raise IndexUnavailable("the search index is of another state of the knowledge base")

    def refuse_other_terms(self, corpus: Corpus, anew: frozenset[str] = frozenset()) -> None:
        """Raise `IndexUnavailable` where this code makes other terms of claims that have not changed (as `anew` have).

        Where all of the sample has changed, nothing tells.
        """
        if self.sample and anew.issuperset(self.sample):
            raise IndexUnavailable("nothing tells whether the search index was made by this text analysis")
        for claim_id, terms in self.sample.items():
            if claim_id not in anew and _terms(corpus, corpus.table.row(claim_id)) != terms:
                raise IndexUnavailable("the search index was made by another version of the text analysis")


def said_of(corpus: Corpus, engine: str, form: int) -> dict[str, object]:
    """Return what a manifest says of the index of a corpus that is built now."""
    return {
        "engine": engine,
        "format": form,
        "digest": corpus.digest,
        "documents": len(corpus.table),
        "built_at": dt.datetime.now(dt.UTC),
        "sample": {corpus.table.ids[row]: _terms(corpus, row) for row in sampled(len(corpus.table))},
    }


def sampled(rows: int) -> list[int]:
    """Return which rows tell whether an index was made by code that makes other terms."""
    return sorted({row for row in (0, rows // 2, rows - 1) if 0 <= row < rows})


def _terms(corpus: Corpus, row: int) -> str:
    analysed = analyse(corpus.table.document(row), corpus.vocabulary)
    return hashlib.sha256(repr(analysed).encode()).hexdigest()


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def build_beside(folder: Path, pattern: str, place: Path, make: Callable[[Path], Said]) -> Said:
    """Let an index be made in a folder of its own, which puts it in `place` when it is complete and synced.

    Any number of processes may do so at once, and readers are not disturbed. Raises `IndexUnavailable` where the
    folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # what another build keeps from being removed, a later one removes
        with tempfile.TemporaryDirectory(prefix=BUILDING, dir=folder, ignore_cleanup_errors=True) as building:
            said = make(Path(building))
        sync(folder)
        prune(folder, pattern, place)
    except OSError as error:
        raise IndexUnavailable(f"the search index cannot be built in {folder}: {error}") from error
    return said


def newest_first(folder: Path, pattern: str) -> list[Path]:
    """Return the indexes of a folder, the one that was built last first."""
    return sorted(folder.glob(pattern), key=_changed, reverse=True)


def prune(folder: Path, pattern: str, built: Path) -> None:
    """Remove the oldest indexes beyond `KEPT`, and what interrupted builds left an hour ago or earlier.

    A reader needs no file once it is open, and one that comes too late finds no index and builds it. What was
    just built stays, and what is an hour ahead goes like what is an hour old: a clock may have been set back.
    """
    others = [path for path in newest_first(folder, pattern) if path != built]
    for path in others[KEPT - 1 :]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    for path in folder.glob(f"{BUILDING}*"):
        if abs(time.time() - _changed(path)) > _LEFTOVER_SECONDS:
            shutil.rmtree(path, ignore_errors=True)


def _changed(path: Path) -> float:
    """Return when a file was last changed, in seconds; now, if somebody else has just removed it."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()
