"""A batch from beginning to end: shards that are done are passed over, the others audited and written."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import itertools
import json
import time
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from kb import __version__
from kb.audit.profiles import profile as chosen
from kb.audit.rules.registry import RULES
from kb.batch.folder import Folder
from kb.batch.inputs import pages
from kb.batch.pages import SHARD_PAGES, shards
from kb.batch.results import SCHEMA, Counts, encode
from kb.batch.worker import Setting
from kb.errors import KbError
from kb.library.auditing import COMMENT_RULES, Audits
from kb.library.confined import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from kb.batch.pages import Shard
    from kb.batch.worker import Result
    from kb.library.auditing import AuditOptions
    from kb.model import KnowledgeBase


class Engine(Protocol):
    """What audits shards: processes of this machine, or those of a cluster."""

    def results(self, shards: Iterable[Shard]) -> Iterator[tuple[Shard, list[Result] | str]]:
        """Yield shards as they are done, with a result for each page, or with why there are none."""

    def close(self) -> None:
        """End whatever still works."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a batch is asked for."""

    source: Path
    folder: Path
    exclude: tuple[str, ...] = ()
    shard_pages: int = SHARD_PAGES
    limit: int | None = None
    packed: bool = False
    retry: bool = False
    """Whether to audit shards again in which time, memory or a crash is to blame for an error."""
    limits: Limits = field(default_factory=Limits)


@dataclass(slots=True)
class Progress:
    """How far a batch got."""

    counts: Counts = field(default_factory=Counts)
    shards: int = 0
    before: int = 0
    """Shards that were done when the run started."""
    failed: dict[int, str] = field(default_factory=dict)
    """Shards that could not be audited, and why. The next start tries them again."""
    done: int = 0
    """Shards whose results are on disk, those of earlier runs too."""


class Batch:
    """One batch; `run` audits it, and may be asked again after a stop."""

    def __init__(self, asked: Asked, kb: KnowledgeBase, options: AuditOptions) -> None:
        """Make ready; raise `KbError` for a profile, rule, claim or input that is not there."""
        Audits(kb, options)
        self._asked = asked
        self._kb = kb
        self._options = options
        self._pages = pages(asked.source, asked.exclude)
        self._folder = Folder(asked.folder, packed=asked.packed)
        self._head: dict[str, Any] = {}
        self.progress = Progress()

    def run(self, engine: Callable[[Setting], Engine], watch: Callable[[Progress], None] = lambda _: None) -> Progress:
        """Audit; raise `KbError` for what stops it. Shards that are finished by then are not done again."""
        with self._folder.taken():
            self._head = self._settled()
            record = {**_entries(self._kb), **self._head, "input": self._asked.source.name}
            self._folder.say({"state": "running", **record})
            started, state = time.monotonic(), "stopped"
            try:
                self._audit(engine, watch)
                if not self.progress.failed:
                    self._folder.clear(self.progress.shards)
                    state = "finished"
            finally:
                said = {"state": state, "shards": self.progress.shards, "counts": asdict(self.progress.counts)}
                seconds = round(time.monotonic() - started, 1)
                with contextlib.suppress(KbError):  # as on a full disk, of which the first error tells already
                    self._folder.say({**said, "seconds": seconds, **record})
        return self.progress

    def _settled(self) -> dict[str, Any]:
        """Return what all shards share. The day is that of the first start: until then comments may accept findings."""
        before = self._folder.said() or {}
        with contextlib.suppress(KeyError, TypeError, ValueError):
            options = replace(self._options, today=dt.date.fromisoformat(before["as_of"]))
            head = _head(self._kb, options)
            if head["setting"] == before["setting"]:
                self._options = options
                return head
        return _head(self._kb, self._options)

    def _audit(self, engine: Callable[[Setting], Engine], watch: Callable[[Progress], None]) -> None:
        """Have audited what is not done. Nothing is started where everything is."""
        heads: dict[int, dict[str, Any]] = {}
        todo = self._todo(heads, watch)
        first = next(todo, None)
        if first is None:
            return
        working = engine(Setting(self._kb, self._options, self._asked.limits))
        try:
            for shard, results in working.results(itertools.chain([first], todo)):
                head = heads.pop(shard.number)
                if isinstance(results, str):
                    self.progress.failed[shard.number] = results
                    continue
                counts, content = encode(head, shard, results)
                self._folder.save(shard.number, content)
                self.progress.counts.add(counts)
                self.progress.done += 1
                watch(self.progress)
        finally:
            working.close()

    def _todo(self, heads: dict[int, dict[str, Any]], watch: Callable[[Progress], None]) -> Iterator[Shard]:
        """Yield the shards that are not done; keep the header of each until it is."""
        for shard in shards(self._pages, self._asked.shard_pages, self._asked.limit):
            self.progress.shards += 1
            digest = shard.digest()
            key = _digest([self._head["setting"], digest])
            whole = self._folder.finished(shard.number, key)
            if whole is not None and not (self._asked.retry and whole.counts.transient):
                self.progress.before += 1
                self.progress.done += 1
                self.progress.counts.add(whole.counts)
                watch(self.progress)
                continue
            given = {
                "digest": digest,
                "pages": len(shard.pages),
                "first": shard.pages[0].id,
                "last": shard.pages[-1].id,
            }
            heads[shard.number] = {"shard": shard.number, "key": key, "input": given, **self._head}
            yield shard


def _head(kb: KnowledgeBase, options: AuditOptions) -> dict[str, Any]:
    """Return what a result depends on besides its pages, and the digest of that."""
    baseline = options.baseline
    said = {
        "kb": {"name": kb.about.name, "digest": kb.digest, "claims": len(kb.claims)},
        "tool": {"name": "kb", "version": __version__},
        "profile": chosen(options.profile or kb.about.profile).id,
        "rules": sorted(rule.id for rule in (*RULES, *COMMENT_RULES)),
        "only": sorted(options.only),
        "ignore": sorted(options.ignore),
        "min_level": options.min_level.value,
        "baseline": _digest(baseline.entries) if baseline else None,
        "as_of": options.today.isoformat(),
    }
    return {"setting": _digest([SCHEMA, said]), **said}


def _entries(kb: KnowledgeBase) -> dict[str, Any]:
    """Return of each claim and caveat what the roll-up says, so that it needs no knowledge base."""
    claims = {
        claim.id: {"claim": claim.claim, "verdict": claim.verdict.value, "themes": list(claim.themes)}
        for claim in kb.claims.values()
    }
    return {"entries": {"claims": claims, "caveats": {caveat.id: caveat.short for caveat in kb.caveats.values()}}}


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
