"""Figures for Prometheus: what was asked for, how long it took, what audits and saves came to, how the index stands.

Labels come from closed lists (routes, methods, statuses, outcomes), so that no visitor can make new series; nothing of
what was typed, pasted or signed in is in them.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

import kb
from kb.errors import KbError
from webapp.running.counting import AUDITED, BUSY, FAILED, SKIPPED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.metrics_core import Metric

    from kb.library import Library

SAVED = frozenset({"created", "saved", "renamed", "deleted", "graded", "reviewed"})
"""What editors do to entries, as the log calls it."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)
_SAVING = frozenset({"api", "editing", "review", "grade"})
_CONFLICT, _WRONG, _TOO_OFTEN = 409, 401, 429


class Metrics:
    """The figures of one server, in a registry of their own."""

    def __init__(self, library: Library) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._requests = self._counter("http_requests", "Requests answered.", "route", "method", "status")
        self._seconds = Histogram(
            "caveat_http_request_seconds",
            "From the whole request to the last byte of its answer.",
            ("route", "method"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._open = Gauge("caveat_http_requests_open", "Requests that are being answered.", registry=self.registry)
        self._audits = self._counter("audits", "Copies handed in to be audited.", "outcome")
        self._saves = self._counter("saves", "Changes of entries; refused ones with 'conflict'.", "outcome")
        self._sign_ins = self._counter("sign_in_failures", "Sign-ins refused.", "reason")
        for outcome in (AUDITED, SKIPPED, FAILED, BUSY):
            self._audits.labels(outcome)
        for outcome in (*sorted(SAVED), "conflict"):
            self._saves.labels(outcome)
        for reason in ("wrong", "too often"):
            self._sign_ins.labels(reason)
        self.registry.register(_Standing(library))

    def _counter(self, name: str, help_: str, *labels: str) -> Counter:
        return Counter(f"caveat_{name}", help_, labels, registry=self.registry)

    def begun(self) -> None:
        """Count a request that has come."""
        self._open.inc()

    def ended(self, *, route: str, endpoint: str, method: str, status: int, seconds: float) -> None:
        """Count a request that is answered."""
        self._open.dec()
        method = method if method in _METHODS else "other"
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route, method).observe(seconds)
        if endpoint == "accounts.sign_in" and status in {_WRONG, _TOO_OFTEN}:
            self._sign_ins.labels("wrong" if status == _WRONG else "too often").inc()
        if status == _CONFLICT and endpoint.partition(".")[0] in _SAVING:
            self._saves.labels("conflict").inc()

    def audited(self, outcome: str) -> None:
        """Count a copy."""
        self._audits.labels(outcome).inc()

    def done(self, what: str) -> None:
        """Count what the log has just been told, where it is about an entry."""
        word = "reviewed" if what.startswith("review: ") else what
        if word in SAVED:
            self._saves.labels(word).inc()


class _Standing:
    """What is looked up when somebody asks for the figures."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def describe(self) -> tuple[Metric, ...]:
        """Name nothing beforehand: it would cost a look at the index."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Yield the figures of this moment."""
        base = self._library.kb
        entries = GaugeMetricFamily("caveat_entries", "Entries that could be read.", labels=("kind",))
        for kind in ("claims", "caveats", "sources", "references"):
            entries.add_metric((kind,), len(getattr(base, kind)))
        yield entries
        problems = len(self._library.findings)
        yield GaugeMetricFamily("caveat_file_problems", "What was wrong with the files when they were read.", problems)
        yield from self._index()
        version = GaugeMetricFamily("caveat_build_info", "The program.", labels=("version",))
        version.add_metric((kb.__version__,), 1)
        yield version

    def _index(self) -> Iterator[Metric]:
        try:
            state = self._library.index_info()
        except KbError:
            return
        yield GaugeMetricFamily("caveat_index_behind", "1 where files have changed since.", int(state.behind))
        if state.info:
            age = max(0.0, time.time() - state.info.built_at.timestamp())
            yield GaugeMetricFamily("caveat_index_age_seconds", "Since the open index was built.", age)
            yield GaugeMetricFamily("caveat_index_claims", "Claims in the open index.", state.info.documents)
