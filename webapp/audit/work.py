"""The audit itself, as a request asks for it: made ready once for each knowledge base, profile and day."""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING

from flask import current_app

from kb.library.auditing import AuditOptions, Audits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.audit.report import AuditReport
    from kb.library.auditing import Copy
    from kb.model import KnowledgeBase

EXTENSION = "caveat-audits"


class Bench:
    """Keeps what auditing needs and takes long to build, for the knowledge base of now."""

    def __init__(self) -> None:
        self._ready: dict[str, tuple[KnowledgeBase, dt.date, Audits]] = {}
        self._lock = threading.Lock()

    def audits(self, kb: KnowledgeBase, profile: str) -> Audits:
        """Return what audits copy; a comment that accepts findings until a day has that day's date to go by."""
        today = dt.datetime.now().astimezone().date()
        with self._lock:
            ready = self._ready.get(profile)
            if ready is None or ready[0] is not kb or ready[1] != today:
                ready = (kb, today, Audits(kb, AuditOptions(profile=profile, today=today)))
                self._ready[profile] = ready
            return ready[2]


def audited(kb: KnowledgeBase, copies: Iterable[Copy], profile: str) -> AuditReport:
    """Audit copies; raise `UnknownProfile`."""
    bench: Bench = current_app.extensions[EXTENSION]
    audits = bench.audits(kb, profile)
    return audits.report([audits.of(copy) for copy in copies])
