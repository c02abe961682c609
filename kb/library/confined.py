"""Audits in a process of its own with limits of time and memory: for copy that strangers hand in.

A file can be made to keep its reader busy for hours or to fill the memory of the machine, and readers have bugs. So
nothing of such a copy is read in the process that serves everybody else. The process that reads it is kept for the
next copy, ended when its time is up, and replaced when it is gone; what it was ended for is said in the report.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
import time
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from multiprocessing.reduction import ForkingPickler
from typing import TYPE_CHECKING, Any

from kb.audit import Auditor
from kb.finding import Skipped
from kb.library.auditing import Audits
from kb.library.collecting import collect_seldom
from kb.library.traces import trace

try:
    import resource
except ImportError:  # Windows has no such limits; those of time hold there too
    resource = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection

    from kb.audit import DocumentReport
    from kb.library.auditing import AuditOptions, Copy
    from kb.model import KnowledgeBase

_MEGABYTE = 1_000_000
_START_SECONDS = 60.0
_TRIES = 50


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process may take."""

    copy_seconds: float = 60.0
    """For one copy: reading it and auditing it. Two hundred pages take some ten of a processor of its own."""
    seconds: float = 120.0
    """For all copies that are audited together."""
    memory: int = 1_000 * _MEGABYTE
    """Bytes of address space, those of the program itself (some 100 MB) among them."""
    findings: int | None = None
    """On all copies that are audited together; whoever shows them in a process with other work must stop somewhere."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The program failed on a copy; `trace` is for its log."""

    path: str
    trace: str


class Confined:
    """One process that audits, one copy after the other. It serves one caller at a time."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._pipe: Connection | None = None
        self._process: Any = None
        self._kb: KnowledgeBase | None = None
        self._ended = False
        # A process half begun or half closed cannot be killed; whoever ends it waits until it is one or the other.
        self._turning = threading.Lock()

    def audit(
        self, kb: KnowledgeBase, options: AuditOptions, copies: Sequence[Copy]
    ) -> list[DocumentReport | Skipped | Failed]:
        """Return the result for each copy; one that broke a limit is skipped with the reason."""
        self._make_ready(kb)
        ends = time.monotonic() + self.limits.seconds
        left = self.limits.findings
        results: list[DocumentReport | Skipped | Failed] = []
        for copy in copies:
            found = self._one(kb, options, copy, ends, left)
            if left is not None and not isinstance(found, Skipped | Failed):
                left -= len(found.findings)
            results.append(found)
        return results

    def close(self) -> None:
        """End the process; the next copy starts another."""
        with self._turning:
            if self._process is not None:
                self._process.kill()
                self._process.join()
                self._process.close()
            if self._pipe is not None:
                self._pipe.close()
            self._process = self._pipe = self._kb = None

    def end(self) -> None:
        """End the process for good, while another thread may wait for what it says: that one learns that it is gone."""
        with self._turning:
            self._ended = True
            if self._process is not None:
                self._process.kill()

    def _make_ready(self, kb: KnowledgeBase) -> None:
        """Start the process if it is gone, and hand over the knowledge base if it has another one."""
        if self._process is None or not self._process.is_alive():
            self.close()
            self._start()
            if self._said(_START_SECONDS) is None:
                self.close()
                message = "the process that audits does not start"
                raise RuntimeError(message)
        if self._kb is not kb:
            self._sent(packed(kb))
            self._kb = kb

    def _start(self) -> None:
        # A fork of a process with threads may hang; a new one also has nothing in its memory that is not its own.
        context = multiprocessing.get_context("spawn")
        with self._turning:
            if self._ended:
                message = "the process that audits was ended for good"
                raise RuntimeError(message)
            self._pipe, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, self.limits), name="kb-audit", daemon=True)
            process.start()
            self._process = process
            theirs.close()

    def _one(
        self, kb: KnowledgeBase, options: AuditOptions, copy: Copy, ends: float, findings: int | None
    ) -> DocumentReport | Skipped | Failed:
        left = ends - time.monotonic()
        if left <= 0:
            return Skipped(copy.path, f"not audited: {self.limits.seconds:g} seconds for all copies together were over")
        self._make_ready(kb)
        seconds = min(left, self.limits.copy_seconds)
        found = self._answer((options, copy, findings), seconds)
        if isinstance(found, _TooMuchFound):
            said = f"{found.count:,} findings in it are more than the {self.limits.findings:,} that are told together"
            return Skipped(copy.path, f"{said}; hand in a part of it, or use `kb audit` on your own machine")
        if found is not None:
            return found
        late = self._process.is_alive()
        self.close()
        if late:
            return Skipped(copy.path, f"not audited: it took longer than {seconds:.3g} seconds; hand in a part of it")
        return Skipped(copy.path, "not audited: the program that reads it broke down on it; hand in its text alone")

    def _answer(self, task: object, seconds: float) -> DocumentReport | Skipped | Failed | _TooMuchFound | None:
        """Return what the process says of a copy; `None` if it says nothing in time or nothing any more."""
        found = self._said(seconds) if self._sent(task) else None
        if isinstance(found, _OutOfMemory):
            self.close()  # what is left of its memory is in pieces
            most = f"{self.limits.memory // _MEGABYTE:,} MB"
            reason = f"not audited: reading it took more than {most} of memory; hand in a part of it, or its text alone"
            return Skipped(found.path, reason)
        return found

    def _said(self, seconds: float) -> Any:
        """Return what comes through the pipe; `None` if nothing comes in time or ever again."""
        with contextlib.suppress(EOFError, OSError):
            if self._pipe is not None and wait([self._pipe, self._process.sentinel], seconds) and self._pipe.poll():
                return self._pipe.recv()
        return None

    def _sent(self, message: object) -> bool:
        try:
            if self._pipe is not None:
                self._pipe.send_bytes(message if isinstance(message, bytes) else packed(message))
        except OSError:  # it ended meanwhile
            return False
        return True


def packed(message: object) -> bytes:
    """Return a message as it goes through the pipe.

    A knowledge base is read by other threads meanwhile, and keeps what they find out about it (cached properties): a
    part that grows while it is packed is packed again.
    """
    for _ in range(_TRIES):
        with contextlib.suppress(RuntimeError):  # dictionary changed size during iteration
            return bytes(ForkingPickler.dumps(message))
    return bytes(ForkingPickler.dumps(message))


@dataclass(frozen=True, slots=True)
class _OutOfMemory:
    path: str


def _serve(pipe: Connection, limits: Limits) -> None:
    """Answer one message after the other, until nobody is at the other end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server, which then ends this process
    limit_process("RLIMIT_AS", limits.memory)
    limit_process("RLIMIT_CORE", 0)
    desk: _Desk | None = None
    with contextlib.suppress(EOFError, OSError):
        pipe.send(True)  # it is here
        while True:
            message = pipe.recv()
            if not isinstance(message, tuple):
                desk = _Desk(message)
                collect_seldom()
            elif desk is not None:
                # Should whoever started this process be gone, an endless copy still ends by itself.
                limit_process("RLIMIT_CPU", int(time.process_time() + limits.copy_seconds) + 2)
                pipe.send(desk.result(*message))


@dataclass(frozen=True, slots=True)
class _TooMuchFound:
    count: int


class _Desk:
    """What the process keeps from copy to copy."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb
        self._auditors: dict[str, Auditor] = {}

    def result(self, options: AuditOptions, copy: Copy, findings: int | None = None) -> object:
        """Audit a copy, whatever happens; tell of so many findings, or of how many they are."""
        try:
            profile = options.profile or self._kb.about.profile
            if profile not in self._auditors:
                self._auditors[profile] = Auditor(self._kb, profile=profile)
            found = Audits(self._kb, replace(options, profile=profile), self._auditors[profile]).of(copy)
            if findings is not None and not isinstance(found, Skipped) and len(found.findings) > findings:
                return _TooMuchFound(len(found.findings))
            return found  # noqa: TRY300 - all of it may fail
        except MemoryError:
            return _OutOfMemory(copy.path)
        except RecursionError:
            return Skipped(copy.path, "not audited: it is nested more deeply than can be read; hand in its text alone")
        except Exception as error:  # noqa: BLE001 - a bug that a copy finds must not end the audits of others
            return Failed(copy.path, trace(error))


def limit_process(name: str, most: int) -> None:
    """Set a limit of this process, where the system has it."""
    if resource is not None:
        with contextlib.suppress(ValueError, OSError, AttributeError):
            kind = getattr(resource, name)
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))
