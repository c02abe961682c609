"""The search index of a library: opened, built and brought up to date, and never in the way of a reader.

The open index is one immutable back end, swapped as a whole. It is brought up to date in two ways: at once, where few
entries changed and the back end can (`Updatable`), or by a build, which takes seconds to minutes and during which the
old one goes on answering. A build that ends with an older state than the open one never takes its place.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from kb.errors import IndexUnavailable, IndexUnreachable
from kb.library.pasting import Pasting, Readable
from kb.search import engines
from kb.search.inputs import same_rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from kb.model import KnowledgeBase
    from kb.search.base import IndexInfo, SearchBackend, SearchEngine

    Answer = TypeVar("Answer")

_log = logging.getLogger(__name__)

AT_ONCE = 64
"""So many claims are indexed while somebody waits, each in a few milliseconds; more are indexed aside."""


@runtime_checkable
class Updatable(Protocol):
    """An open index that gives the index of another state."""

    def updated(self, kb: KnowledgeBase, most: int | None = None) -> SearchBackend | None:
        """Return the index of another state, `None` where it is better built or `most` claims are not enough."""
        ...

    @property
    def worn(self) -> bool:
        """Whether so much has changed since it was built that the next start will take notice."""
        ...


@runtime_checkable
class Reaching(Protocol):
    """An open index that asks somebody else, who may not answer."""

    def reach(self) -> None:
        """Raise `IndexUnavailable` where nobody answers now."""
        ...


@dataclass(frozen=True, slots=True)
class IndexState:
    """The index as it is: what it was built from, and whether files have changed since."""

    info: IndexInfo | None
    """`None` where there is no usable index yet."""
    behind: bool


class Index:
    """The index of whatever state `kb` gives when it is asked."""

    def __init__(self, engine: SearchEngine, kb: Callable[[], KnowledgeBase]) -> None:
        self._engine = engine
        self._kb = kb
        self._backend: SearchBackend | None = None
        self._reader: tuple[KnowledgeBase, Pasting] | None = None
        self._swapping = threading.RLock()
        """Held for milliseconds."""
        self._building = threading.Lock()
        """Held as long as a build takes."""
        self._aside = threading.Lock()
        self._follower: threading.Thread | None = None
        self._wanted = False

    def ask(self, question: Callable[[SearchBackend], Answer]) -> Answer:
        """Put a question to the index, built first where need be; raise `IndexUnavailable`."""
        index = self._backend or self._opened()
        try:
            return question(index)
        except IndexUnreachable:
            raise
        except IndexUnavailable as reason:  # it opened, and turned out to be damaged
            return question(self._replaced(index, reason))

    def reach(self) -> None:
        """Raise `IndexUnavailable` where whoever keeps the open index does not answer now."""
        index = self._backend
        if isinstance(index, Reaching):
            index.reach()

    def bring_up(self, *, force: bool = False) -> IndexInfo:
        """Bring the index up to date, or build it anew in any case with `force`; raise `IndexUnavailable`."""
        with self._building:
            if force:
                self._engine.build(self._kb())
            elif self.follow() and self._backend:
                return self._backend.info
            return self._open_or_build().info

    def state(self) -> IndexState:
        """Return what the open index was built from, and whether it is behind; nothing is built."""
        if self._backend is None:
            with contextlib.suppress(IndexUnavailable):
                self._swap(self._engine.open(kb := self._kb()), kb)
        info = None if self._backend is None else self._backend.info
        return IndexState(info, behind=info is None or info.digest != self._kb().digest)

    def follow(self, most: int | None = None) -> bool:
        """Bring the open index up to date without a build, where `most` claims are enough; return whether it is."""
        with self._swapping:
            kb, backend = self._kb(), self._backend
            if backend is None or backend.info.digest == kb.digest:
                return backend is not None
            updated = None
            if isinstance(backend, Updatable):
                with contextlib.suppress(IndexUnavailable):
                    updated = backend.updated(kb, most)
            if updated is None:
                return False
            self._backend = self._hearing(updated, kb)
            return True

    def follow_aside(self) -> None:
        """Bring the index up to date in a thread of its own, one at a time; and build one that is worn anew."""
        with self._aside:
            self._wanted = True
            if self._follower is None:
                self._follower = threading.Thread(target=self._catch_up, name="kb-index", daemon=True)
                self._follower.start()

    @property
    def worn(self) -> bool:
        """Whether the open index is to be built anew when there is time."""
        return isinstance(self._backend, Updatable) and self._backend.worn

    def _catch_up(self) -> None:
        """Go on until nothing more is wanted; on failure the index stays behind, and pages say so."""
        while True:
            with self._aside:
                if not self._wanted:
                    self._follower = None
                    return
                self._wanted = False
            try:
                self.bring_up()
                if self.worn:
                    self.bring_up(force=True)
            except IndexUnavailable as error:
                _log.error("the search index stays behind: %s", error)

    def _opened(self) -> SearchBackend:
        """Open the index, and build it first where need be; one thread does, others wait for it."""
        with self._building:
            return self._backend or self._open_or_build()

    def _replaced(self, broken: SearchBackend, reason: IndexUnavailable) -> SearchBackend:
        """Build an index that turned out to be damaged anew, unless another thread was faster."""
        with self._building:
            if self._backend is not None and self._backend is not broken:
                return self._backend
            _log.warning("%s; building it anew", reason)
            self._engine.build(self._kb())
            return self._open_or_build()

    def _open_or_build(self) -> SearchBackend:
        kb = self._kb()
        opened = engines.open_or_build(self._engine, kb)
        if opened.rebuilt:
            _log.warning("%s; built it", opened.rebuilt)
        return self._swap(opened.backend, kb)

    def _swap(self, backend: SearchBackend, kb: KnowledgeBase) -> SearchBackend:
        """Let a back end that was opened for a state answer from now on, brought up to what has come since."""
        with self._swapping:
            before, self._backend = self._backend, self._hearing(backend, kb)
            if not self.follow() and before is not None and before.info.digest == self._kb().digest:
                self._backend = before
            return self._backend

    def _hearing(self, backend: SearchBackend, kb: KnowledgeBase) -> SearchBackend:
        """Let pasted texts be read as the audit reads copy, where a back end can."""
        if isinstance(backend, Readable):
            if self._reader is None or not same_rules(self._reader[0], kb):
                self._reader = (kb, Pasting(kb))
            backend.read_by(self._reader[1])
        return backend
