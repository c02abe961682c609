"""`Library`: one object that holds what was read, and the index beside it.

What was read is one immutable `_State`, swapped as a whole when files change, so that threads of a web server never
see half of an edit. The search index is a cache and may be behind the files; `index_info` says so.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kb import semantic, sources, store
from kb.errors import KnowledgeBaseNotFound, SourceMismatch, SourceNotAttached
from kb.finding import Skipped
from kb.library import gaps as gap_list
from kb.library.creating import new_entry
from kb.library.editing import Editing
from kb.library.formatting import format_files
from kb.library.indexing import AT_ONCE, Index, IndexState
from kb.library.linting import lint
from kb.library.selection import Selection
from kb.library.watching import Stamp, at_rest, differing, stamp, stamped_anew
from kb.search import engines
from kb.store import places

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from kb.finding import Finding, Report
    from kb.library.formatting import Formatted
    from kb.model import Caveat, Claim, KnowledgeBase, Occurrence, Source
    from kb.search.base import Completion, Hit, IndexInfo, Match, Page, Query, SearchEngine
    from kb.sources import Coverage, Outline
    from kb.store import Loaded

_log = logging.getLogger(__name__)

_FEW_FILES = 200
"""Where more files than these have changed, all are looked at."""


@dataclass(frozen=True, slots=True)
class _State:
    """What was read from the files at one moment; never changed, only replaced."""

    loaded: Loaded
    stamp: Stamp
    """Taken before the files were read: an edit during the load is noticed at the next look, never missed."""


class Library(Editing):
    """One knowledge base: its entries, its checks, its search and its private copies of sources."""

    def __init__(
        self,
        root: Path,
        *,
        engine: str | None = None,
        dsn: str | None = None,
        model: Path | None = None,
        cache: bool = True,
        follow_edits: bool = False,
    ) -> None:
        """Read the knowledge base in the folder `root`; see `open` for finding that folder."""
        self.root = root.resolve()
        self._cache = cache
        self._follow_edits = follow_edits
        self._loader = store.Loader()
        self._changed_in: tuple[_State, Mapping[str, dt.datetime]] | None = None
        self._reload_lock = threading.RLock()
        self._state = self._read(stamp(self.root))
        self._index = Index(self._engine(engine, dsn, model), lambda: self.kb)

    @classmethod
    def open(
        cls,
        path: Path | None = None,
        *,
        engine: str | None = None,
        dsn: str | None = None,
        model: Path | None = None,
        cache: bool = True,
        follow_edits: bool = False,
    ) -> Library:
        """Open the knowledge base at `path` or, without one, the nearest one upwards of the working folder.

        `engine` is what searches, instead of the one that `kb.yaml` names. `cache` uses and keeps a snapshot of what
        was read; `follow_edits` builds the index anew in the background when a reload finds many edits, as a server
        wants it. `dsn` is the address of a database, for an engine that keeps its index there. `model`, a folder with
        a sentence model, adds ranking by meaning. Raise `KnowledgeBaseNotFound` where there is none, `KbError` where
        the database, the model or packages are missing. Files with problems do not raise; see `findings`.
        """
        root = store.find_root(path or Path.cwd())
        return cls(root, engine=engine, dsn=dsn, model=model, cache=cache, follow_edits=follow_edits)

    def _engine(self, name: str | None, dsn: str | None, model: Path | None) -> SearchEngine:
        folder = places.cache_of(self.root, "index")
        chosen = name or self.kb.about.engine

        def made() -> SearchEngine:
            return engines.engine(chosen, folder, self._claims_changed, dsn)

        if model:
            return semantic.around(made(), model, folder)
        # what kb.yaml names may need what only those who search have: a package, a database
        return made() if name or chosen == engines.DEFAULT else engines.Later(made)

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
        """Read the files that have changed on disk (a stat of each file tells which); return whether there were any.

        Where the knowledge base is gone, as for a moment during a checkout, what was read before stays.
        """
        before = self._state
        if stamp(self.root) == before.stamp:
            return False
        with self._reload_lock:
            if self._state is not before and stamp(self.root) == self._state.stamp:  # somebody else was faster
                return False
            now = at_rest(self.root)
            changed = differing(self._state.stamp, now)
            if not changed:
                return False
            try:
                self._state = self._reread(now, changed) or self._read(now)
            except KnowledgeBaseNotFound as error:
                _log.warning("%s; going on with what was read before", error)
                return False
            self._follow()
        return True

    def apply_saved(self, paths: Sequence[str]) -> bool:
        """Make files that have just been saved (relative to `root`) part of what is shown and searched.

        No other file is looked at. Return whether the index has them already; else it is brought up to date aside.
        """
        with self._reload_lock:
            before = self._state
            state = self._reread(stamped_anew(self.root, before.stamp, paths), paths)
            if state is None:
                self.reload_if_changed()
                return not self.index_info().behind
            self._state = state
            if self._changed_in and self._changed_in[0] is before:  # else all of the history would be read again
                times = {path: found[1] for path in paths if (found := state.stamp.get(path))}
                saved = {path: dt.datetime.fromtimestamp(time / 1e9, dt.UTC) for path, time in times.items()}
                self._changed_in = (state, {**self._changed_in[1], **saved})
            return self._follow()

    def _follow(self) -> bool:
        """Bring the index up to date, at once where that is quick, else aside where that is wanted; tell if it is."""
        current = self._index.follow(AT_ONCE)
        if self._follow_edits and (not current or self._index.worn):
            self._index.follow_aside()
        return current or not self._index.state().behind

    def _read(self, now: Stamp) -> _State:
        return _State(self._loader.load(self.root, cache=self._cache), now)

    def _reread(self, now: Stamp, paths: Collection[str]) -> _State | None:
        loaded = self._loader.reread(self.root, paths) if len(paths) <= _FEW_FILES else None
        return _State(loaded, now) if loaded else None

    # Search

    def search(self, query: Query) -> Page:
        """Answer a query from the index; raise `IndexUnavailable`.

        An index that is missing, foreign or damaged is built first. Where few entries have changed it is brought up to
        date with them; one that takes a build goes on answering until `index` is called: a reader should not wait.
        """
        return self._index.ask(lambda index: index.search(query))

    def complete(self, text: str, limit: int = 8) -> tuple[Completion, ...]:
        """Return words, themes and claims that somebody who has typed so far may mean; raise `IndexUnavailable`."""
        return self._index.ask(lambda index: index.complete(text, limit))

    def match(self, text: str) -> tuple[Match, ...]:
        """Return the claims that a pasted sentence or paragraph makes or may make, best first, with reasons.

        Raise `IndexUnavailable`.
        """
        return self._index.ask(lambda index: index.match(text))

    def nearest(self, query: Query) -> tuple[Hit, ...]:
        """Return the claims that come nearest to a query which found nothing; raise `IndexUnavailable`."""
        return self._index.ask(lambda index: index.nearest(query))

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

    def reach(self) -> None:
        """Raise `IndexUnavailable` where whoever keeps the open index does not answer now; nothing is built."""
        self._index.reach()

    def index(self, *, force: bool = False) -> IndexInfo:
        """Bring the index up to date, or build it anew in any case with `force`; raise `IndexUnavailable`."""
        return self._index.bring_up(force=force)

    def index_info(self) -> IndexState:
        """Return what the open index was built from, and whether it is behind the files.

        Nothing is built: where there is no index yet, `info` is `None` and `behind` is true.
        """
        return self._index.state()

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

    def attached(self) -> tuple[str, ...]:
        """Return the sources of which a sound copy is attached."""
        copied = sources.with_copies(self.kb.sources.values(), _copies())
        return tuple(source.id for source in copied if isinstance(self._text(source), str))

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


def _copies() -> Path:
    return places.data_dir() / "sources"
