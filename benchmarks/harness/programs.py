"""Programs and processes: run to their end, kept as servers, or kept as workers, with what each costs."""

from __future__ import annotations

import contextlib
import http.client
import multiprocessing
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

LONGEST = 1_800
"""Seconds after which a program is given up."""
_UNIT = 1024 if sys.platform == "linux" else 1024**2
"""Of `ru_maxrss`, in a mebibyte."""
_SAID = 500
"""Characters of a program's last words that are kept."""
_LAUNCHER = """
import os, sys, time
began = time.perf_counter()
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, usage = os.wait4(pid, 0)
took = time.perf_counter() - began
print(os.waitstatus_to_exitcode(status), took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""
"""Starts a program: a process begins with the peak memory of who started it, so that has to be a small one."""


class ProgramFailed(Exception):
    """A program did not do what it was started for."""


class Cost(NamedTuple):
    """What a program took until its end: seconds by the clock and of the processor, and its peak memory in MiB."""

    wall: float
    cpu: float
    mib: float


def cost_of(
    command: Sequence[str], *, folder: Path | None = None, environment: Mapping[str, str] | None = None
) -> Cost:
    """Run a program to its end; raise `ProgramFailed` unless it ends with 0, or with 1 as linters do.

    Memory is that of its largest process.
    """
    launched = [sys.executable, "-I", "-S", "-c", _LAUNCHER, *command]
    process = subprocess.Popen(  # noqa: S603 - our own programs and the peers
        launched,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=environment,
        text=True,
        start_new_session=True,
    )
    try:
        told, said = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise ProgramFailed(f"{Path(command[0]).name} gave no answer in {LONGEST} s") from None
    if process.returncode:
        raise ProgramFailed(f"{Path(command[0]).name} cannot be started: {said[-_SAID:]}")
    status, wall, cpu, memory = told.split()
    if status not in {"0", "1"}:
        raise ProgramFailed(f"{Path(command[0]).name} ended with {status}: {said[-_SAID:]}")
    return Cost(float(wall), float(cpu), float(memory) / _UNIT)


def own_memory() -> float:
    """Return the peak of this process's resident memory in MiB; on Linux without what its parent had before it."""
    with contextlib.suppress(OSError, StopIteration):
        told = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return next(int(line.split()[1]) for line in told.splitlines() if line.startswith("VmHWM:")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _UNIT


def all_processor_time() -> float:
    """Return the processor time of this process and of its children that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


class Worker:
    """A process of its own in which functions are called in turn; it keeps what they set in their modules."""

    def __init__(self) -> None:
        self._pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return what the function returns there."""
        return self._pool.submit(function, *arguments).result()

    def close(self) -> None:
        """End the process."""
        self._pool.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass
class Server:
    """A running server, with a connection that stays open."""

    name: str
    command: list[str]
    port: int
    environment: Mapping[str, str]
    started: float = 0.0
    """Seconds from its start to its first answer."""
    process: subprocess.Popen[bytes] = field(init=False)
    connection: http.client.HTTPConnection = field(init=False)

    def get(self, address: str) -> bytes:
        """Return the body of an answer; raise `ProgramFailed` where it is not 200."""
        status, body = self.ask(address)
        if status != http.client.OK:
            raise ProgramFailed(f"{self.name} answered {status} to {address}")
        return body

    def ask(self, address: str) -> tuple[int, bytes]:
        """Return the status and the body of an answer."""
        self.connection.request("GET", address)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def connect_anew(self) -> None:
        """Servers drop a connection that was idle while another one was asked."""
        self.connection.close()
        self.connection.connect()

    def processor_time(self) -> float:
        """Return the seconds of processor time that its process has spent; 0 where the system does not say."""
        if sys.platform != "linux":
            return 0.0
        return time.clock_gettime((~self.process.pid << 3) | 2)  # what clock_getcpuclockid(3) returns

    def memory(self) -> float:
        """Return the memory of its process in MiB (proportional set size); 0 where the system does not say."""
        try:
            told = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            return 0.0
        return next(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss:")) / 1024


@contextlib.contextmanager
def running(server: Server) -> Iterator[Server]:
    """Start a server, wait until it answers, and stop it in the end; raise `ProgramFailed` where it does not answer."""
    with tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        server.process = subprocess.Popen(  # noqa: S603 - our own programs and the peers
            server.command, stdout=subprocess.DEVNULL, stderr=errors, env=os.environ | server.environment
        )
        server.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        try:
            while not _answers(server):
                if server.process.poll() is not None or time.perf_counter() - began > LONGEST:
                    errors.seek(0)
                    said = errors.read().decode(errors="replace")[-_SAID:].strip()
                    raise ProgramFailed(f"{server.name} did not start: {said}")
                time.sleep(0.02)
            server.started = time.perf_counter() - began
            yield server
        finally:
            server.connection.close()
            _stop(server.process)


def _answers(server: Server) -> bool:
    try:
        server.get("/")
    except (OSError, http.client.HTTPException):
        server.connection.close()
        return False
    return True


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """Return a port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
