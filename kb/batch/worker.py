"""The process that audits: pages come in at its standard input, results go out, one page after the other.

Pages of a crawl are made by strangers, so they are read in a process with limits of its own. It is a program of its
own, not a fork: nothing is inherited, and it can be started from wherever, a Dask worker too. Nobody but the one who
started it holds the other end, and when that is gone, it ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import struct
import sys
import time
import traceback
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from kb.audit import AuditReport
from kb.batch.tally import counted
from kb.errors import KbError
from kb.finding import Level, Skipped
from kb.formats.audit import json as json_format
from kb.library.auditing import Audits, Copy
from kb.library.confined import limit_process
from kb.store.prepared import prepared
from kb.store.stems import remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kb.audit import DocumentReport
    from kb.batch.pages import Page
    from kb.library.auditing import AuditOptions
    from kb.library.confined import Limits
    from kb.model import KnowledgeBase

_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Setting:
    """What all pages of a run are audited with."""

    kb: KnowledgeBase
    options: AuditOptions
    limits: Limits


@dataclass(frozen=True, slots=True)
class Result:
    """What came out of a page."""

    document: str = ""
    """The document of `kb-audit/1` as JSON; empty where there is an error."""
    levels: tuple[int, ...] = (0, 0, 0)
    """Findings that nobody accepted, by level."""
    tally: Mapping[str, list[list[Any]]] = field(default_factory=dict)
    """What it adds to the roll-up."""
    lost: bool = False
    """Whether a part of the page could not be read."""
    kind: str = ""
    """Of an error: `unreadable` for good, or `time`, `memory`, `crash`, which may go well another time."""
    reason: str = ""
    trace: str = ""


def send(pipe: IO[bytes], message: Any) -> None:
    """Write a message and its length."""
    content = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(content)))
    pipe.write(content)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """Read a message; raise `EOFError` where there is none any more."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError
    return pickle.loads(content)  # noqa: S301 - from the process at the other end of our own pipe


def render(found: DocumentReport | Skipped, site: str, themes: Mapping[str, Iterable[str]]) -> Result:
    """Return the result of an audit as it goes to the file. `themes` are those of each claim."""
    if isinstance(found, Skipped):
        return Result(kind="unreadable", reason=found.reason)
    (document,) = json_format.content(AuditReport("", "", 0, (), "", "", (found,)))["documents"]
    active = [finding.level for finding in found.findings if not finding.suppressed]
    return Result(
        json.dumps(document, ensure_ascii=False, separators=(",", ":")),
        tuple(active.count(level) for level in Level),
        counted(site, document, themes),
        any(skipped.lost for skipped in found.document.skipped),
    )


class Desk:
    """Audits page after page, whatever they hold."""

    def __init__(self, setting: Setting) -> None:
        self._themes = {claim.id: claim.themes for claim in setting.kb.claims.values()}
        self._audits = Audits(setting.kb, setting.options)
        with prepared(setting.kb.digest) as keep, remembered():
            self._audits.ready(keep)

    def result(self, page: Page) -> Result:
        """Return the result of a page."""
        if page.problem:
            return Result(kind="unreadable", reason=page.problem)
        try:
            found = self._audits.of(Copy(page.name, content=page.content, media=page.media))
            return render(found, page.site, self._themes)
        except MemoryError:
            return Result(kind="memory", reason="it took more memory than a page may")
        except RecursionError:
            return Result(kind="unreadable", reason="it is nested more deeply than can be read")
        except Exception as error:  # noqa: BLE001 - a bug that one page finds must not end the audits of others
            reason = f"the program failed on it: {error!r}"
            return Result(kind="crash", reason=reason, trace=traceback.format_exc())


def main() -> None:
    """Answer shard after shard, until nobody is at the other end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the program that started this one
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between results
    with contextlib.suppress(EOFError, OSError):
        _serve(sys.stdin.buffer, pipe)


def _serve(source: IO[bytes], pipe: IO[bytes]) -> None:
    setting: Setting = receive(source)
    limit_process("RLIMIT_AS", setting.limits.memory)
    limit_process("RLIMIT_CORE", 0)
    try:
        desk = Desk(setting)
    except (KbError, MemoryError) as error:
        send(pipe, f"it cannot be made ready: {error!r}")
        return
    send(pipe, "")
    while True:
        for page in receive(source):
            # Should whoever started this process be gone, an endless page still ends by itself.
            limit_process("RLIMIT_CPU", int(time.process_time() + setting.limits.copy_seconds) + 2)
            result = desk.result(page)
            send(pipe, result)
            if result.kind == "memory":
                return  # what is left of its memory is in pieces
