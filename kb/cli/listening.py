"""The server: Waitress with a loop of our own, which stops gracefully and shows slow clients the door.

Waitress reads requests and sends answers in one loop and gives whole requests to its threads, so that a slow client
never holds a thread while it sends. What it lacks is here: an end to requests that trickle in for ever (each holds one
of the connections), to answers that nobody fetches, and to more bodies at once than there is memory.
"""

from __future__ import annotations

import contextlib
import logging
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kb.errors import KbError

if TYPE_CHECKING:
    from collections.abc import Iterator

_log = logging.getLogger(__name__)

_LOOK_EVERY = 0.5
_TICK = 1.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the server waits for what."""

    grace: float = 30.0
    """Seconds for requests that are under way when the server is told to stop."""
    header: float = 20.0
    """Seconds from the first byte of a request to the end of its headers."""
    rate: int = 20_000
    """Bytes a second that a body comes at, at least, once those seconds are over."""
    fetching: float = 60.0
    """Seconds in which nothing of an answer is taken."""
    bodies: int = 400_000_000
    """Bytes of bodies in memory; where there are more, the largest one that is still coming is given up."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the server takes in."""

    threads: int
    body: int
    header: int = 262_144
    """Bytes; an address may hold 20,000 characters to match, each of them as long as an emoji."""
    connections: int = 400


class Listening:
    """A server that listens already, and answers once it is run."""

    def __init__(self, app: Any, host: str, port: int, limits: Limits, patience: Patience, *, proxied: bool) -> None:
        self._patience = patience
        self._sockets: dict[int, Any] = {}
        self._server = _server(app, host, port, limits, self._sockets, proxied=proxied)
        self._ends: float | None = None
        self._closed = False
        self._next_look = 0.0

    @property
    def port(self) -> int:
        """The port it listens on."""
        # A name such as localhost may stand for several addresses; they share the port.
        listen = getattr(self._server, "effective_listen", None)
        return int(listen[0][1] if listen else self._server.effective_port)

    def stop(self) -> None:
        """Take nothing new, and end when what is under way is done or its time is over; told twice, at once."""
        now = time.monotonic()
        self._ends = now + self._patience.grace if self._ends is None else now
        for found in list(self._sockets.values()):
            if hasattr(found, "pull_trigger") and not hasattr(found, "accept_connections"):
                found.pull_trigger()  # wakes the loop

    @contextlib.contextmanager
    def stopping_on_signals(self) -> Iterator[None]:
        """Stop on Ctrl+C and when a supervisor says so (SIGTERM)."""
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        for number in before:
            signal.signal(number, lambda *_: self.stop())
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def run(self) -> float:
        """Serve until told to stop; return the seconds of grace that are left."""
        from waitress import wasyncore  # type: ignore[import-untyped] # noqa: PLC0415

        while self._sockets and not (self._ends is not None and self._drained()):
            wasyncore.loop(timeout=_TICK, use_poll=hasattr(wasyncore.select, "poll"), map=self._sockets, count=1)
            self._look(time.monotonic())
        left = max(0.0, (self._ends or 0.0) - time.monotonic())
        cut = sum(bool(channel.requests) for channel in self._channels())
        if cut:
            _log.warning("stopped with requests under way: %d", cut)
        self._server.task_dispatcher.shutdown(timeout=0 if cut else 5)
        wasyncore.close_all(self._sockets, ignore_all=True)
        return left

    def _drained(self) -> bool:
        """Close the door and the connections on which nothing is under way; tell whether none is left."""
        from waitress import wasyncore  # noqa: PLC0415

        if not self._closed:
            self._closed = True
            for found in list(self._sockets.values()):
                if hasattr(found, "accept_connections"):
                    wasyncore.dispatcher.close(found)  # its own `close` would end the loop's trigger with it
        channels = self._channels()
        for channel in channels:
            if not (channel.requests or channel.request or channel.total_outbufs_len):
                channel.will_close = True
        return not channels or time.monotonic() >= (self._ends or 0.0)

    def _channels(self) -> list[Any]:
        return [found for found in list(self._sockets.values()) if hasattr(found, "total_outbufs_len")]

    def _look(self, now: float) -> None:
        """Close connections that are too slow, or too large together."""
        if now < self._next_look:
            return
        self._next_look = now + _LOOK_EVERY
        channels = self._channels()
        slow = [channel for channel in channels if self._late(channel, now) or self._left_lying(channel)]
        coming = sorted((c for c in channels if c.request and c not in slow), key=_received)
        memory = sum(map(_received, channels))
        while coming and memory > self._patience.bodies:
            memory -= _received(coming[-1])
            slow.append(coming.pop())
        for channel in slow:
            channel.handle_close()  # at once: whoever takes nothing is never ready to be written to
        if slow:
            _log.warning("closed connections that were too slow or too large: %d", len(slow))

    def _late(self, channel: Any, now: float) -> bool:
        """Say whether a request has been coming for too long."""
        request = channel.request
        if request is None:
            return False
        began: float = request.__dict__.setdefault("began", now)
        if channel.requests:  # it waits for the one before it, and not for the client
            request.began = now
            return False
        body = request.body_bytes_received / self._patience.rate if request.headers_finished else 0.0
        return now - began > self._patience.header + body

    def _left_lying(self, channel: Any) -> bool:
        """Say whether nobody fetches an answer."""
        return bool(channel.total_outbufs_len and time.time() - channel.last_activity > self._patience.fetching)


def _received(channel: Any) -> int:
    """Return the bytes of bodies that a connection keeps in memory."""
    whole = sum(request.body_bytes_received for request in list(channel.requests))
    return int(whole + (channel.request.body_bytes_received if channel.request else 0))


def _server(app: Any, host: str, port: int, limits: Limits, sockets: dict[int, Any], *, proxied: bool) -> Any:
    from waitress import create_server, wasyncore  # noqa: PLC0415  (servers are imported when the command runs)

    try:
        return create_server(
            app,
            map=sockets,
            host=host,
            port=port,
            threads=limits.threads,
            connection_limit=limits.connections,
            max_request_header_size=limits.header,
            max_request_body_size=limits.body,
            # Bodies and answers stay in memory, so that copy to audit and what is said of it never touch the disk.
            inbuf_overflow=limits.body,
            outbuf_overflow=2**31,
            ident=None,
            # Otherwise Waitress takes the headers out before the application, which knows whom to trust, sees them.
            clear_untrusted_proxy_headers=not proxied,
        )
    except (OSError, ValueError) as error:  # the port is taken or not ours to take; the host is not an address
        wasyncore.close_all(sockets, ignore_all=True)
        raise cannot_listen(host, port, error) from error


def cannot_listen(host: str, port: int, error: Exception) -> KbError:
    """Return the error to raise where an address cannot be listened on."""
    return KbError(f"cannot listen on {host} port {port}: {getattr(error, 'strerror', None) or error}")
