"""Shards audited by the workers of a Dask cluster. Each worker has a process of its own for what strangers wrote.

A shard goes to a worker in one piece and comes back in one piece; a worker that dies loses nothing, since its shards
are given to others. When the scheduler dies, the run ends with what is on disk, and the next start goes on.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import pickle
import queue
import threading
import time
import uuid
import zlib
from typing import TYPE_CHECKING, Any

from kb import __version__
from kb.batch.processes import Worker
from kb.errors import KbError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kb.batch.pages import Shard
    from kb.batch.worker import Result, Setting

ANSWER_SECONDS = 60.0
"""For the results of a shard that is done, which come over the network."""
NOBODY_SECONDS = 120.0
"""So long a run waits for a worker, at its start and when the last one died."""
_LOOK_SECONDS = 2.0
_RETRIES = 3
_AHEAD = 2
"""Shards for each thread of the cluster that are on their way, so that none waits for the next."""

_Answer = tuple["Shard", "list[Result] | str"]


class _Mismatch(Exception):
    """A worker cannot audit at all; the message says why."""


def security(address: str, ca: Path | None, cert: Path | None, key: Path | None) -> Any:
    """Return what Dask needs for an encrypted connection; raise `KbError` for options that would leave it open."""
    _distributed()
    from distributed import Security  # noqa: PLC0415  (an extra that few need)

    given = {"tls_ca_file": ca, "tls_client_cert": cert, "tls_client_key": key}
    files = {name: str(path) for name, path in given.items() if path}
    if address.startswith("tls://"):
        return Security(require_encryption=True, **files)  # type: ignore[no-untyped-call]  # the library has no types there
    if files:
        raise KbError("certificates are used with an address that begins with tls:// only; this one would go in clear")
    if not _is_near(address):
        logging.getLogger(__name__).warning(
            "%s is not encrypted, and whoever reaches it can run programs on the cluster; see TLS in docs/batch.md",
            address,
        )
    return None


def _is_near(address: str) -> bool:
    host = address.rpartition("://")[2].rpartition(":")[0].strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _distributed() -> Any:
    try:
        import distributed  # noqa: PLC0415  (an extra that few need)
    except ImportError as error:
        raise KbError("--engine dask needs the library distributed: pip install 'caveat-kb[batch]'") from error
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters of it is said by us
    return distributed


class Cluster:
    """An engine that hands shards to a Dask scheduler."""

    def __init__(self, setting: Setting, address: str, proof: Any) -> None:
        """Connect; raise `KbError` where nobody answers."""
        self._dask = _distributed()
        self._address = address
        self._alone_since: float | None = None
        self._threads = self._looked = 0.0
        try:
            self._client = self._dask.Client(address, security=proof, set_as_default=False, direct_to_workers=False)
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            raise KbError(f"no Dask scheduler answers at {address}: {error}") from error
        self._run = uuid.uuid4().hex
        # A task and not scattered data, so that it is made again when the worker that holds it dies.
        setting_bytes = zlib.compress(pickle.dumps((__version__, setting)))
        self._setting = self._client.submit(_kept, setting_bytes, key=f"kb-setting-{self._run}", retries=_RETRIES)

    def results(self, shards: Iterable[Shard]) -> Iterator[_Answer]:
        """Yield shards as they are done, with a result for each page, or with why there are none."""
        waiting: dict[Any, Shard] = {}
        todo = iter(shards)
        more = True
        while more or waiting:
            room = self._room()
            while more and len(waiting) < room:
                shard = next(todo, None)
                if shard is None:
                    more = False
                else:
                    waiting[self._submitted(shard)] = shard
            for future in self._done(list(waiting)):
                yield waiting.pop(future), self._answer(future)

    def close(self) -> None:
        """Let the cluster forget this run."""
        self._client.close(timeout=_LOOK_SECONDS)

    def _submitted(self, shard: Shard) -> Any:
        pages = zlib.compress(pickle.dumps(shard.pages), level=1)
        key = f"kb-shard-{self._run}-{shard.number}"
        return self._client.submit(_audit, self._setting, pages, key=key, retries=_RETRIES)

    def _room(self) -> int:
        """Return how many shards may be on their way; raise `KbError` where nobody has come for too long."""
        now = time.monotonic()
        if now - self._looked >= _LOOK_SECONDS or not self._threads:
            self._looked = now
            try:
                self._threads = sum(self._client.nthreads().values())
            except Exception as error:  # the library's own errors have no common root
                raise self._lost(error) from error
            self._alone_since = None if self._threads else self._alone_since or now
        if self._alone_since is not None and now - self._alone_since > NOBODY_SECONDS:
            raise KbError(f"the Dask scheduler at {self._address} has had no worker for {NOBODY_SECONDS:g} seconds")
        return max(1, int(self._threads)) * _AHEAD

    def _done(self, futures: list[Any]) -> set[Any]:
        """Return those that are done, none if nothing happens for a while; raise `KbError` without a scheduler."""
        if not futures:
            return set()
        done: set[Any] = set()
        try:
            with self._client.as_current():
                done = self._dask.wait(futures, timeout=_LOOK_SECONDS, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            pass
        except Exception as error:  # the library's own errors have no common root
            gone = self._client.status != "running" or any(future.cancelled() for future in futures)
            raise self._lost(None if gone else error) from error
        if self._client.status != "running" or any(future.cancelled() for future in futures):
            raise self._lost()
        return done

    def _lost(self, error: object = None) -> KbError:
        why = f" ({error})" if error and str(error) else ""
        return KbError(f"the connection to the Dask scheduler at {self._address} is lost{why}")

    def _answer(self, future: Any) -> list[Result] | str:
        """Return the results of a shard, or why there are none; raise `KbError` where the next would fare no better."""
        try:
            results: list[Result] = pickle.loads(zlib.decompress(future.result(timeout=ANSWER_SECONDS)))  # noqa: S301
        except _Mismatch as error:
            raise KbError(f"a worker of the cluster cannot audit: {error}") from error
        except ModuleNotFoundError as error:
            raise KbError(f"a worker of the cluster lacks a library ({error}); install caveat-kb on all") from error
        except self._dask.KilledWorker:
            return "every worker that it was given to died"
        except Exception as error:
            if self._client.status != "running" or future.cancelled():
                raise self._lost() from error
            return f"it failed on the cluster: {error}"
        return results


_free: dict[str, queue.SimpleQueue[Worker]] = {}
"""Processes of a Dask worker that wait for a shard, by the digest of what they were made ready with."""
_lock = threading.Lock()


def _kept(setting: bytes) -> bytes:
    return setting


def _audit(setting: bytes, pages: bytes) -> bytes:
    """Audit a shard; this runs on a worker of the cluster."""
    waiting = _waiting(hashlib.sha256(setting).hexdigest())
    try:
        worker = waiting.get_nowait()
    except queue.Empty:
        version, made = pickle.loads(zlib.decompress(setting))  # noqa: S301 - whoever may submit tasks may run anything
        if version != __version__:
            raise _Mismatch(f"it has caveat-kb {__version__}, and this is {version}") from None
        worker = Worker(made)
    try:
        results = worker.results(pickle.loads(zlib.decompress(pages)))  # noqa: S301 - as above
    except BaseException:
        worker.close()
        raise
    waiting.put(worker)
    return zlib.compress(pickle.dumps(results), level=1)


def _waiting(digest: str) -> queue.SimpleQueue[Worker]:
    """Return the processes for this setting; end those of runs before, which nobody will ask for again."""
    with _lock:
        for other in [name for name in _free if name != digest]:
            old = _free.pop(other)
            while not old.empty():
                old.get_nowait().close()
        return _free.setdefault(digest, queue.SimpleQueue())
