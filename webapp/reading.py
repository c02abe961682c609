"""What one request reads: the library, one unchanging knowledge base, and the lookups over it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from flask import current_app, g

from kb.crossings import Crossings
from kb.text.concepts import ConceptFinder

if TYPE_CHECKING:
    from kb.library import Library
    from kb.model import KnowledgeBase


MANY = 2_000
"""Claims from which on no request waits for a look at all files: at 10,000 one takes as long as many searches."""

_SHARE = 20
"""A look at so many files is followed by a rest this many times as long."""


class Desk:
    """Holds the library for an application, and the lookups for as long as the files stay the same."""

    def __init__(self, library: Library, reload_every: float | None) -> None:
        self.library = library
        self._reload_every = reload_every
        self._next_look = time.monotonic() + (reload_every or 0.0)
        self._looker: threading.Thread | None = None
        self._lock = threading.Lock()
        self._crossings = Crossings(library.kb)
        self._finder: tuple[KnowledgeBase, ConceptFinder] | None = None

    def look_for_edits(self) -> None:
        """Let the library read its files again if they changed, unless it did so a moment ago.

        Where there are `MANY`, it looks in a thread of its own: this request answers from what was read before.
        """
        if self._reload_every is None or time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + self._reload_every
        if len(self.library.kb.claims) < MANY:
            self.library.reload_if_changed()
        elif self._looker is None or not self._looker.is_alive():
            self._looker = threading.Thread(target=self._look_aside, name="kb-edits", daemon=True)
            self._looker.start()

    def _look_aside(self) -> None:
        began = time.monotonic()
        self.library.reload_if_changed()
        ended = time.monotonic()
        self._next_look = max(self._next_look, ended + _SHARE * (ended - began))

    def crossings(self) -> Crossings:
        """Return the lookups of the knowledge base as it is now; its `.kb` is the one to read for a whole request."""
        kb = self.library.kb
        with self._lock:
            if self._crossings.kb is not kb:
                self._crossings = Crossings(kb)
            return self._crossings

    def finder(self) -> ConceptFinder:
        """Return what finds the vocabulary's concepts in any text."""
        kb = self.library.kb
        with self._lock:
            if self._finder is None or self._finder[0] is not kb:
                self._finder = (kb, ConceptFinder(kb.concepts))
            return self._finder[1]


def desk() -> Desk:
    """Return the desk of the running application."""
    found: Desk = current_app.extensions["caveat"]
    return found


def library() -> Library:
    """Return the library that the running application serves."""
    return desk().library


def crossings() -> Crossings:
    """Return the lookups of this request. A reload in another thread does not change them under way."""
    if "crossings" not in g:
        g.crossings = desk().crossings()
    found: Crossings = g.crossings
    return found


def knowledge_base() -> KnowledgeBase:
    """Return the knowledge base of this request."""
    return crossings().kb
