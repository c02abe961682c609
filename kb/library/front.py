"""`Library`: one object that holds what was read, and the index beside it.

What was read is one immutable `_State`, swapped as a whole when files change, so that threads of a web server never
see half of an edit. The search index is a cache and may be behind the files; `index_info` says so.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import logging
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kb import semantic, sources, store
from kb.errors import IndexUnavailable, KnowledgeBaseNotFound, SourceMismatch, SourceNotAttached
from kb.finding import Skipped
from kb.library import gaps as gap_list
from kb.library.creating import new_entry
from kb.library.editing import Editing
from kb.library.formatting import format_files
from kb.library.linting import lint
from kb.library.pasting import Pasting, Readable
from kb.library.selection import Selection
from kb.search import engines
from kb.store import places

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeVar

    from kb.finding import Finding, Report
    from kb.library.formatting import Formatted
    from kb.model import Caveat, Claim, KnowledgeBase, Occurrence, Source
    from kb.search.base import Completion, Hit, IndexInfo, Match, Page, Query, SearchBackend
    from kb.sources import Coverage, Outline
    from kb.store import Loaded

    Answer = TypeVar("Answer")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _State:
    """What was read from the files at one moment; never changed, only replaced."""

    loaded: Loaded
    stamp: frozenset[tuple[str, int, int]]
    """Path, size and time of change (nanoseconds) of every file, to notice edits cheaply."""


@dataclass(frozen=True, slots=True)
class IndexState:
    """The index as it is: what it was built from, and whether files have changed since."""

    info: IndexInfo | None
    """`None` where there is no usable index yet."""
    behind: bool


class Library(Editing):
    """One knowledge base: its entries, its checks, its search and its private copies of sources."""

    def __init__(
        self,
        root: Path,
        *,
        engine: str = engines.DEFAULT,
        model: Path | None = None,
        cache: bool = True,
        follow_edits: bool = False,
    ) -> None:
        """Read the knowledge base in the folder `root`; see `open` for finding that folder."""
        self.root = root.resolve()
        self._cache = cache
        self._follow_edits = follow_edits
        self._loader = store.Loader()
        self._engine = engines.engine(engine, _index_folder(self.root), self._claims_changed)
        if model:
            self._engine = semantic.around(self._engine, model, _index_folder(self.root))
        self._index: SearchBackend | None = None
        self._changed_in: tuple[_State, Mapping[str, dt.datetime]] | None = None
        self._reload_lock = threading.Lock()
        self._index_lock = threading.Lock()
        self._state = self._read()

    @classmethod
    def open(
        cls,
        path: Path | None = None,
        *,
        engine: str = engines.DEFAULT,
        model: Path | None = None,
        cache: bool = True,
        follow_edits: bool = False,
    ) -> Library:
        """Open the knowledge base at `path` or, without one, the nearest one upwards of the working folder.

        `cache` uses and keeps a snapshot of what was read; `follow_edits` builds the index anew in the background
        when a reload finds edits, as a server wants it. `model`, a folder with a sentence model, adds ranking by
        meaning. Raise `KnowledgeBaseNotFound` where there is none, `KbError` where the model or its packages are
        missing. Files with problems do not raise; see `findings`.
        """
        root = store.find_root(path or Path.cwd())
        return cls(root, engine=engine, model=model, cache=cache, follow_edits=follow_edits)

    # What was read

    @property
    def kb(self) -> KnowledgeBase:
        """Every entry that could be read. Take it once per request: a reload replaces it as a whole."""
        return self._state.loaded.kb

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was wrong with the files when they were read (rules of the store only; `lint` has all)."""
        return self._state.loaded.findings

    @property
    def files(self) -> Mapping[tuple[str, str], str]:
        """(kind, id) → path of the entry's file, relative to `root`."""
        return self._state.loaded.files

    def claim(self, claim_id: str) -> Claim:
        """Return the claim of this id or former id; raise `EntryNotFound`."""
        return self.kb.claim(claim_id)

    def caveat(self, caveat_id: str) -> Caveat:
        """Return the caveat of this id or former id; raise `EntryNotFound`."""
        return self.kb.caveat(caveat_id)

    def source(self, source_id: str) -> Source:
        """Return the source of this id; raise `EntryNotFound`."""
        return self.kb.source(source_id)

    def reload_if_changed(self) -> bool:
        """Read the files again if any has changed on disk (a stat of each file); return whether they were read.

        Where the knowledge base is gone, as for a moment during a checkout, what was read before stays.
        """
        if _stamp(self.root) == self._state.stamp:
            return False
        with self._reload_lock:
            if _stamp(self.root) == self._state.stamp:
                return False
            try:
                self._state = self._read()
            except KnowledgeBaseNotFound as error:
                _log.warning("%s; going on with what was read before", error)
                return False
        if self._follow_edits:
            self._follower = threading.Thread(target=self._catch_up, name="kb-index", daemon=True)
            self._follower.start()
        return True

    def _read(self) -> _State:
        # The stamp is taken first: an edit during the load is then noticed at the next look, never missed.
        stamp = _stamp(self.root)
        return _State(self._loader.load(self.root, cache=self._cache), stamp)

    # Search

    def search(self, query: Query) -> Page:
        """Answer a query from the index; raise `IndexUnavailable`.

        An index that is missing, foreign or damaged is built first. One that answered before and is now behind the
        files goes on answering until `index` is called: a reader should not wait for a build.
        """
        return self._ask(lambda index: index.search(query))

    def complete(self, text: str, limit: int = 8) -> tuple[Completion, ...]:
        """Return words, themes and claims that somebody who has typed so far may mean; raise `IndexUnavailable`."""
        return self._ask(lambda index: index.complete(text, limit))

    def match(self, text: str) -> tuple[Match, ...]:
        """Return the claims that a pasted sentence or paragraph makes or may make, best first, with reasons.

        Raise `IndexUnavailable`.
        """
        return self._ask(lambda index: index.match(text))

    def nearest(self, query: Query) -> tuple[Hit, ...]:
        """Return the claims that come nearest to a query which found nothing; raise `IndexUnavailable`."""
        return self._ask(lambda index: index.nearest(query))

    def changed(self, kind: str, entry_id: str) -> dt.datetime | None:
        """Return when the file of an entry was last changed: by its last commit, else by the file's own time.

        `None` where there is no such entry with a file of its own.
        """
        path = self.files.get((kind, entry_id))
        return None if path is None else self._changes().get(path)

    def _changes(self) -> Mapping[str, dt.datetime]:
        """Return path → last change of every file; found out once for a state of the files, when first asked for."""
        state = self._state
        if self._changed_in is None or self._changed_in[0] is not state:
            self._changed_in = (state, store.changes(self.root, state.loaded.files.values()))
        return self._changed_in[1]

    def _claims_changed(self) -> Mapping[str, float]:
        """Return claim → its last change in seconds, for sorting."""
        changes, files = self._changes(), self.files
        return {
            entry_id: changes[path].timestamp()
            for (kind, entry_id), path in files.items()
            if kind == "claim" and path in changes  # a reload may have come between
        }

    def _ask(self, question: Callable[[SearchBackend], Answer]) -> Answer:
        index = self._index or self._opened()
        try:
            return question(index)
        except IndexUnavailable as reason:  # it opened, and turned out to be damaged
            return question(self._replaced(index, reason))

    def index(self, *, force: bool = False) -> IndexInfo:
        """Bring the index up to date, or build it anew in any case with `force`; raise `IndexUnavailable`."""
        with self._index_lock:
            if force:
                self._engine.build(self.kb)
            if force or self._index is None or self._index.info.digest != self.kb.digest:
                return self._open_or_build().info
            return self._index.info

    def index_info(self) -> IndexState:
        """Return what the open index was built from, and whether it is behind the files.

        Nothing is built: where there is no index yet, `info` is `None` and `behind` is true.
        """
        if self._index is None:
            with contextlib.suppress(IndexUnavailable):
                kb = self.kb
                self._index = _hearing(self._engine.open(kb), kb)
        info = None if self._index is None else self._index.info
        return IndexState(info, behind=info is None or info.digest != self.kb.digest)

    def _opened(self) -> SearchBackend:
        """Open the index, and build it first where need be; one thread does, others wait for it."""
        with self._index_lock:
            return self._index or self._open_or_build()

    def _replaced(self, broken: SearchBackend, reason: IndexUnavailable) -> SearchBackend:
        """Build an index that turned out to be damaged anew, unless another thread was faster."""
        with self._index_lock:
            if self._index is not None and self._index is not broken:
                return self._index
            _log.warning("%s; building it anew", reason)
            self._engine.build(self.kb)
            return self._open_or_build()

    def _open_or_build(self) -> SearchBackend:
        kb = self.kb
        opened = engines.open_or_build(self._engine, kb)
        if opened.rebuilt:
            _log.warning("%s; built it", opened.rebuilt)
        self._index = _hearing(opened.backend, kb)
        return opened.backend

    def _catch_up(self) -> None:
        """Bring the index up to date in a thread of its own; on failure it stays behind, and pages say so."""
        try:
            self.index()
        except IndexUnavailable as error:
            _log.error("the search index stays behind: %s", error)

    # What is missing

    def record_gap(self, text: str) -> str:
        """Add a text that nothing was found for to the editors' list; return it as it was kept.

        Raise `KbError` where there are no words, `GapsFull` where the list has reached its limit.
        """
        return gap_list.record(gap_list.file_of(self.kb.about.name), text, dt.datetime.now().astimezone().date())

    def gaps(self) -> tuple[gap_list.Gap, ...]:
        """Return what was looked for in vain, what was asked for most often first."""
        return gap_list.read(gap_list.file_of(self.kb.about.name))

    # Sources

    def attach(self, file: Path) -> Source:
        """Keep a private copy of an article's text; return its source.

        Raise `SourceMismatch` for the text of no source, `NotPrivate` where the copy would land in a git work tree.
        """
        return sources.attach(file, self.kb.sources.values(), _copies())

    def source_text(self, source_id: str) -> str | None:
        """Return the words of a source where a sound copy is attached, else `None`; raise `EntryNotFound`."""
        text = self._text(self.source(source_id))
        return text if isinstance(text, str) else None

    def coverage(self, source_ids: Sequence[str] = ()) -> tuple[Coverage, ...]:
        """Return for each source (all, where none is named) how much of its prose is accounted for."""
        base = self.kb
        chosen = [base.source(source_id) for source_id in source_ids] or list(base.sources.values())
        return tuple(sources.measure(base, source, self._text(source)) for source in chosen)

    def outline(self, source_id: str) -> Outline:
        """Return a source's headings in order with the claims and caveats at their places; raise `EntryNotFound`."""
        source = self.source(source_id)
        return sources.outline(self.kb, source, self.source_text(source_id))

    def find(self, source_id: str, words: str) -> tuple[Occurrence, ...]:
        """Return every place where a source says these words; raise `EntryNotFound`, `SourceNotAttached`.

        Raise `SourceMismatch` where the copy is no longer the source's text.
        """
        source = self.source(source_id)
        return sources.find(source, sources.read_copy(source, _copies()), words)

    def _text(self, source: Source) -> str | Skipped:
        try:
            return self._copy(source)
        except SourceNotAttached as error:
            return Skipped(source.id, str(error))

    def _copy(self, source: Source) -> str | Skipped:
        """Return the words, or why the copy here is of no use; raise `SourceNotAttached` where there is none."""
        try:
            return sources.read_copy(source, _copies())
        except SourceMismatch as error:
            return Skipped(source.id, str(error))

    # Edit

    def lint(self, paths: Sequence[Path] = (), *, today: dt.date | None = None) -> Report:
        """Return all that is wrong with the files and entries, at file, line and column.

        With `paths` (files or folders inside the knowledge base), everything is still read and checked together, but
        only findings in those places are reported. `today` decides which reviews are overdue.
        """
        selection = Selection.of(self.root, paths)
        loaded = self._state.loaded
        texts: dict[str, str | Skipped] = {}
        for source in loaded.kb.sources.values():
            with contextlib.suppress(SourceNotAttached):  # most machines have no copies; checks do without
                texts[source.id] = self._copy(source)
        return lint(loaded, self.root, texts, selection, today or dt.datetime.now().astimezone().date())

    def format(self, paths: Sequence[Path] = (), *, check: bool = False) -> tuple[Formatted, ...]:
        """Bring files (all, where none is named) to the canonical style; with `check`, only tell what would change.

        A file that cannot be formatted is left as it is and comes back with its `problem`.
        """
        return tuple(format_files(self.root, Selection.of(self.root, paths), write=not check))

    def new(self, kind: str, entry_id: str, *, area: str | None = None) -> Path:
        """Write a skeleton of a claim (in the folder of its `area`), caveat or source; return its file.

        Raise `EntryExists` for an id that an entry or a file has already, `KbError` for one that is not a slug.
        """
        return new_entry(self.root, self.kb, kind, entry_id, area)


def _hearing(backend: SearchBackend, kb: KnowledgeBase) -> SearchBackend:
    """Let pasted texts be read as the audit reads copy, where a back end can."""
    if isinstance(backend, Readable):
        backend.read_by(Pasting(kb))
    return backend


def _index_folder(root: Path) -> Path:
    """Keep the index of each knowledge base apart, so that tidying up after one never takes another's."""
    return places.cache_dir() / "index" / hashlib.sha256(str(root).encode()).hexdigest()[:16]


def _copies() -> Path:
    return places.data_dir() / "sources"


def _stamp(root: Path) -> frozenset[tuple[str, int, int]]:
    """Return path, size and time of change of every file, without opening any. What is gone or closed is left out."""
    stamp = set()
    folders = [str(root)]
    while folders:
        with contextlib.suppress(OSError), os.scandir(folders.pop()) as found:
            for entry in found:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                    continue
                with contextlib.suppress(OSError):  # gone between listing and looking
                    status = entry.stat()
                    stamp.add((entry.path, status.st_size, status.st_mtime_ns))
    return frozenset(stamp)
