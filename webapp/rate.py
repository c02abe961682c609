"""How often one address may ask for what costs much: a bucket of tokens for each, refilled as time goes by.

Our own, since Flask-Limiter brings packages for stores and strategies that one process has no use for.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from typing import TYPE_CHECKING

from flask import current_app, request

from kb.errors import KbError

if TYPE_CHECKING:
    from collections.abc import Callable

EXTENSION = "caveat-audit-rate"
AUDITS_PER_MINUTE = 30

_MOST = 10_000
"""Addresses that are remembered; more than this are only there when somebody changes address on purpose."""
_IPV6_NETWORK = 64
"""Bits of an IPv6 address that a provider gives to one customer."""


class AskedTooOften(KbError):
    """One address asked for more in a minute than it may."""

    def __init__(self, per_minute: int, retry_after: int, message: str = "") -> None:
        seconds = "a second" if retry_after == 1 else f"{retry_after} seconds"
        said = message or f"at most {per_minute} audits a minute for one address"
        super().__init__(f"{said}; please try again in {seconds}")
        self.retry_after = retry_after


class TriedTooOften(AskedTooOften):
    """From one address, or for one name, somebody tried too many passwords."""

    def __init__(self, most: int, retry_after: int) -> None:
        super().__init__(most, retry_after, "too many passwords were tried")


class Rate:
    """Lets each address do something so many times a minute, all of them at once if it likes.

    Or each name, in another number of seconds, and with another refusal.
    """

    def __init__(
        self,
        per_minute: int,
        clock: Callable[[], float] = time.monotonic,
        *,
        seconds: float = 60,
        refusal: type[AskedTooOften] = AskedTooOften,
    ) -> None:
        self._per_minute, self._clock, self._seconds, self._refusal = per_minute, clock, seconds, refusal
        self._tokens: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def spend(self, who: str) -> None:
        """Take a token of this address; raise `AskedTooOften` where it has none left."""
        now, every = self._clock(), self._seconds / self._per_minute
        with self._lock:
            left, then = self._tokens.pop(who, (self._per_minute, now))
            left = min(self._per_minute, left + (now - then) / every)
            # Put last, so that the first is the one that asked longest ago.
            self._tokens[who] = (left - 1 if left >= 1 else left, now)
            if len(self._tokens) > _MOST:
                del self._tokens[next(iter(self._tokens))]
        if left < 1:
            raise self._refusal(self._per_minute, max(1, math.ceil((1 - left) * every)))

    def forget(self, who: str) -> None:
        """Count nothing of what was done before."""
        with self._lock:
            self._tokens.pop(who, None)


def spend() -> None:
    """Count this request as one audit; raise `AskedTooOften`."""
    rate: Rate | None = current_app.extensions.get(EXTENSION)
    if rate:
        rate.spend(who(request.remote_addr or ""))


def who(address: str) -> str:
    """Return whom an address belongs to: for IPv6, its network, of which one customer has all addresses.

    Behind a proxy it is the proxy's, unless the server in front of this program is told to trust that one's headers.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6 and not found.ipv4_mapped:  # noqa: PLR2004 - the name of a protocol
        return str(ipaddress.ip_network((int(found), _IPV6_NETWORK), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)
