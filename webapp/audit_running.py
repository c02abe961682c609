"""Audits for requests: in processes with limits, only so many at once.

The processes belong to this program, not to an application, and are started when the first copy comes.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from functools import cache
from typing import TYPE_CHECKING

from flask import current_app

from kb.errors import KbError
from kb.finding import Skipped
from kb.library.auditing import Audits
from kb.library.confined import Confined, Failed, Limits
from webapp.audit_limits import MAX_FINDINGS
from webapp.running import counting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.audit.report import AuditReport, DocumentReport
    from kb.library.auditing import AuditOptions, Copy
    from kb.model import KnowledgeBase

AT_ONCE = 2
"""Audits that run at the same time; each may take a processor and `Limits.memory`."""
PATIENCE = 5.0
"""Seconds that a request waits for its turn."""
WAITING = 2
"""Requests that may wait for their turn."""
EXTENSION = "caveat-audit-pool"

_FAILED = "not audited: the program failed on it; the reason is in its log"


class AuditsBusy(KbError):
    """As many audits run as may at the same time."""

    retry_after = 10

    def __init__(self) -> None:
        super().__init__("many audits are running just now; this one was not begun. Please try again in a moment.")


class Pool:
    """A few processes that audit, lent to one request at a time."""

    def __init__(self, limits: Limits | None = None, at_once: int = AT_ONCE, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._chairs = threading.Semaphore(WAITING)
        # The one that was used last is lent first: it is warm, and the others may never be needed.
        self._idle: queue.LifoQueue[Confined] = queue.LifoQueue()
        self._all = [Confined(limits or Limits(findings=MAX_FINDINGS)) for _ in range(at_once)]
        for confined in self._all:
            self._idle.put(confined)
        self._ended = False

    def run(
        self, kb: KnowledgeBase, options: AuditOptions, copies: Sequence[Copy]
    ) -> list[DocumentReport | Skipped | Failed]:
        """Audit copies; raise `AuditsBusy` when no process is free in time."""
        confined = self._taken()
        try:
            return confined.audit(kb, options, copies)
        except BaseException:
            confined.close()  # nobody knows what it would answer next
            if self._ended:
                raise AuditsBusy from None
            raise
        finally:
            if self._ended:
                confined.close()
            self._idle.put(confined)

    def _taken(self) -> Confined:
        """Return a process that is idle, now or soon. Only a few may wait: each keeps a thread from showing pages."""
        if self._ended:
            raise AuditsBusy
        with contextlib.suppress(queue.Empty):
            return self._idle.get_nowait()
        if not self._chairs.acquire(blocking=False):
            raise AuditsBusy
        try:
            return self._idle.get(timeout=self._patience)
        except queue.Empty:
            raise AuditsBusy from None
        finally:
            self._chairs.release()

    def close(self) -> None:
        """End the processes that are idle."""
        while not self._idle.empty():
            self._idle.get_nowait().close()

    def end(self) -> None:
        """End all processes for good; audits that are under way are given up."""
        self._ended = True
        self.close()
        for confined in self._all:
            confined.end()


@cache
def shared_pool() -> Pool:
    """Return the processes of this program."""
    return Pool()


def end() -> None:
    """End the processes of this program, where there are any, since it is about to end itself."""
    if shared_pool.cache_info().currsize:
        shared_pool().end()
        shared_pool.cache_clear()


def run_audit(kb: KnowledgeBase, copies: Sequence[Copy], options: AuditOptions) -> AuditReport:
    """Audit copies that somebody handed in.

    What could not be read within the limits is in `skipped`. Raise `AuditsBusy`, or `KbError` for a profile, rule,
    claim or caveat that is not there.
    """
    audits = Audits(kb, options)  # first: names that are not there cost no process
    pool: Pool = current_app.extensions.get(EXTENSION) or shared_pool()
    try:
        found = pool.run(kb, options, copies)
    except AuditsBusy:
        counting.audited(counting.BUSY)
        raise
    return audits.report([_told(one) for one in found])


def _told(found: DocumentReport | Skipped | Failed) -> DocumentReport | Skipped:
    if not isinstance(found, Failed):
        counting.audited(counting.SKIPPED if isinstance(found, Skipped) else counting.AUDITED)
        return found
    counting.audited(counting.FAILED)
    current_app.logger.error("the audit of a copy failed", extra={"trace": found.trace})
    return Skipped(found.path, _FAILED)
