"""Pages audited in processes of this machine; one that dies or hangs is replaced, and the page says so."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import IO, TYPE_CHECKING, Any

from kb.batch.worker import Result, receive, send
from kb.errors import KbError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kb.batch.pages import Page, Shard
    from kb.batch.worker import Setting

START_SECONDS = 120.0
TRIES = 2
"""So often a page is tried on which the process ended without a word: something else may have ended it."""

_PROGRAM = "from kb.batch.worker import main; main()"


class Worker:
    """One process that audits, kept from shard to shard. It serves one thread at a time."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._stopped = self._late = False
        self._turn = 0

    def results(self, pages: Sequence[Page]) -> list[Result]:
        """Return a result for each page, whatever happens to the process; raise `KbError` where none can start."""
        results: list[Result] = []
        deaths = 0
        while len(results) < len(pages):
            answered = list(self._answers(pages[len(results) :]))
            results += answered
            deaths = 1 if answered else deaths + 1
            if len(results) < len(pages) and not (answered and answered[-1].kind == "memory"):
                blamed = self._blame(deaths)
                if blamed is not None:
                    results.append(blamed)
                    deaths = 0
        return results

    def stop(self) -> None:
        """End the process from another thread, and start no other."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """End the process, and start no other."""
        self.stop()
        self._end()

    def _blame(self, deaths: int) -> Result | None:
        """Return the result of the page on which the process ended; `None` to try it once more."""
        if self._late:
            seconds = self._setting.limits.copy_seconds
            return Result(kind="time", reason=f"it took longer than {seconds:g} seconds")
        if deaths >= TRIES:
            return Result(kind="crash", reason="the program that reads it broke down on it")
        return None

    def _answers(self, pages: Sequence[Page]) -> Iterator[Result]:
        """Yield results until all are there or the process is gone."""
        process = self._ready()
        try:
            send(_pipe(process.stdin), tuple(pages))
            for _ in pages:
                yield self._said(process, self._setting.limits.copy_seconds)
        except (EOFError, OSError):
            self._end()

    def _ready(self) -> subprocess.Popen[bytes]:
        """Return the process, a new one where there is none."""
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        with self._lock:
            if self._stopped:
                raise KbError("the audit was stopped")
            self._process = process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-P", "-c", _PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ | {"PYDANTIC_DISABLE_PLUGINS": "__all__"},
            )
        problem = "it ends at once"
        with contextlib.suppress(EOFError, OSError):
            send(_pipe(process.stdin), self._setting)
            problem = self._said(process, START_SECONDS)
        if problem:
            self._end()
            raise KbError(f"the process that audits does not start: {problem}")
        return process

    def _said(self, process: subprocess.Popen[bytes], seconds: float) -> Any:
        """Return the next message; end the process if it does not come in time, and remember that it was late."""
        self._late = False
        timer = threading.Timer(seconds, self._give_up, (process, self._turn))
        timer.daemon = True
        timer.start()
        try:
            return receive(_pipe(process.stdout))
        finally:
            with self._lock:  # a timer that runs already must not end the process during its next page
                self._turn += 1
            timer.cancel()

    def _give_up(self, process: subprocess.Popen[bytes], turn: int) -> None:
        with self._lock:
            if turn == self._turn:
                self._late = True
                process.kill()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):  # what was not sent yet has nowhere to go
                    _pipe(pipe).close()


class Processes:
    """Shards audited in so many processes of this machine."""

    def __init__(self, setting: Setting, count: int) -> None:
        self._workers = [Worker(setting) for _ in range(count)]
        self._free: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="kb-batch")

    def results(self, shards: Iterable[Shard]) -> Iterator[tuple[Shard, list[Result]]]:
        """Yield shards with a result for each page, as they are done. One more is read ahead than is worked on."""
        waiting: dict[Future[list[Result]], Shard] = {}
        todo = iter(shards)
        more = True
        while more or waiting:
            while more and len(waiting) <= len(self._workers):
                shard = next(todo, None)
                if shard is None:
                    more = False
                else:
                    waiting[self._pool.submit(self._work, shard)] = shard
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield waiting.pop(future), future.result()

    def close(self) -> None:
        """End all processes; what they were at is not done."""
        for worker in self._workers:
            worker.stop()
        self._pool.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.close()

    def _work(self, shard: Shard) -> list[Result]:
        worker = self._free.get()
        try:
            return worker.results(shard.pages)
        finally:
            self._free.put(worker)


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:  # never: both are asked for
        raise EOFError
    return pipe
