"""The recorded run, and what has become slower or faster than it beyond noise.

Only ratios are compared, each of a program of ours with a peer in the same run, since they hold on another machine or a
busy one better than times do. A ratio has changed where it differs by more than the noise of both runs together, and by
more than a tenth: rounds within a run do not show all that differs between two runs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from harness.tables import UNSURE, Place, Ratio, Table, decoded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

SCHEMA = "caveat-bench/1"
FLOOR = 0.1
"""Smaller changes are never reported."""


@dataclass(frozen=True)
class Run:
    """What was measured once: where and with what, and the tables."""

    about: Mapping[str, Any]
    tables: tuple[Table, ...]

    def table(self, work: str, case: str) -> Table | None:
        """Return the table of this case; `None` where it was not measured."""
        return next((table for table in self.tables if (table.work, table.case) == (work, case)), None)


@dataclass(frozen=True)
class Change:
    """A ratio that is no longer what it was."""

    place: Place
    then: Ratio
    now: Ratio

    @property
    def margin(self) -> float:
        """How large a change may be noise."""
        return max(FLOOR, self.then.noise + self.now.noise)

    @property
    def slower(self) -> bool:
        """We cost more beside the peer than we did."""
        return self.then.median / self.now.median > 1 + self.margin

    @property
    def faster(self) -> bool:
        """We cost less beside the peer than we did."""
        return self.now.median / self.then.median > 1 + self.margin


def compared(then: Run, now: Run) -> list[Change]:
    """Return every ratio that both runs have and that is sure enough to be judged."""
    before = dict(_judged(then))
    return [Change(place, before[place], ratio) for place, ratio in _judged(now) if place in before]


def _judged(run: Run) -> Iterator[tuple[Place, Ratio]]:
    for table in run.tables:
        yield from ((place, ratio) for place, ratio in table.ratios() if place.figure not in UNSURE)


def confirmed(first: Sequence[Change], again: Sequence[Change]) -> list[Change]:
    """Return what is slower in both of two comparisons."""
    second = {change.place for change in again if change.slower}
    return [change for change in first if change.slower and change.place in second]


def joined(recorded: Run | None, now: Run) -> Run:
    """Return what is measured now, and what only the record has, with the run that it comes from."""
    if recorded is None:
        return now
    known = {(table.work, table.case) for table in now.tables}
    run = f"{recorded.about['date']} by `{recorded.about['command']}`"
    kept = [
        replace(table, apart=table.apart or run) for table in recorded.tables if (table.work, table.case) not in known
    ]
    return Run(now.about, (*now.tables, *kept))


def load(path: Path) -> Run | None:
    """Return the recorded run; `None` where there is none."""
    if not path.exists():
        return None
    written = json.loads(path.read_text(encoding="utf-8"))
    if written["schema"] != SCHEMA:
        message = f"{path.name} is of another kind ({written['schema']}); write it anew with --record"
        raise ValueError(message)
    return Run(written["about"], tuple(decoded(table) for table in written["tables"]))


def save(path: Path, run: Run) -> None:
    """Write the run, a line for each table, with no more digits than mean something."""
    tables = ",\n".join(json.dumps(_rounded(table.encoded()), ensure_ascii=False) for table in run.tables)
    about = json.dumps(run.about, ensure_ascii=False, indent=1)
    path.write_text(f'{{"schema": "{SCHEMA}", "about": {about}, "tables": [\n{tables}\n]}}\n', encoding="utf-8")


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list) else value
