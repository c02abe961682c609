"""What a batch comes to: the tables of all its shards added up, and beside them those of an earlier run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kb.batch.folder import Folder
from kb.batch.results import Counts, Damaged
from kb.batch.tally import TABLES, Tally
from kb.errors import KbError
from kb.store.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kb.batch.results import Whole
    from kb.batch.tally import Key

MOST_LISTED = 200
"""Pages that could not be checked and are listed; all are counted, and all stand in the result files."""
COLUMNS = ("site", "theme", "claim", "caveat", "rule", "level", "rating", "result")
"""What rows of the tables are counted by, as columns of CSV and Parquet."""


@dataclass(slots=True)
class Rolled:
    """A batch, added up."""

    run: Mapping[str, Any]
    tally: Tally = field(default_factory=Tally)
    counts: Counts = field(default_factory=Counts)
    shards: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)
    """Files of shards that are not counted, and why."""
    unchecked: list[tuple[str, str]] = field(default_factory=list)
    """The first pages that could not be checked or only in part, and why."""

    @property
    def finished(self) -> bool:
        """Whether the run came to its end and all of it is counted."""
        return self.run.get("state") == "finished" and not self.left_out and self.shards == self.run.get("shards")

    @property
    def audited(self) -> int:
        """Pages of which something could be audited."""
        return self.counts.pages - self.counts.unchecked

    def pages(self, table: str, key: Key) -> int:
        """Return on how many pages something was found."""
        return self.tally.tables[table].get(key, (0, 0))[0]

    def share(self, table: str, key: Key) -> float | None:
        """Return pages of a row per 100 of those it is about, `None` where there are none of these."""
        whole = self._whole(table, key)
        return round(100 * self.pages(table, key) / whole, 2) if whole else None

    def _whole(self, table: str, key: Key) -> int:
        """Return the pages that a row is a share of: the site's, those that speak on the theme, else all."""
        if table == "pages":
            return self.pages(table, (key[0], "audited")) + self.pages(table, (key[0], "not checked"))
        if table == "overstated" and key != ("",):
            return self.pages("spoken", key)
        if TABLES[table][0] == "site":
            return self.pages("pages", (key[0], "audited"))
        return self.audited


def roll_up(path: Path) -> Rolled:
    """Add up a batch; raise `KbError` if the folder is none. Shards that cannot be counted are named."""
    folder = Folder(path)
    run = folder.said()
    if run is None:
        raise KbError(f"{printable(str(path))} is no folder of a batch: it has no run.json that can be read")
    rolled = Rolled(run)
    last = run.get("shards") if run.get("state") == "finished" else None
    for number in folder.numbers() if last is None else range(last):
        name = f"shard {number}"
        try:
            whole = _counted(folder, number, run.get("setting"))
            rolled.tally.add(whole.tally)
        except (Damaged, ValueError, TypeError) as error:
            rolled.left_out.append((name, str(error)))
            continue
        rolled.shards += 1
        rolled.counts.add(whole.counts)
        if whole.counts.unchecked or whole.counts.partly:
            rolled.unchecked += list(_unchecked(whole))[: MOST_LISTED - len(rolled.unchecked)]
    return rolled


def _counted(folder: Folder, number: int, setting: Any) -> Whole:
    whole = folder.whole(number)
    if whole.head.get("setting") != setting:
        raise Damaged("it was audited with another setting")
    return whole


def _unchecked(whole: Whole) -> Iterator[tuple[str, str]]:
    for line in whole.pages():
        page = line["page"]
        name = page.get("path") or page.get("url") or page["id"]
        if "error" in line:
            yield name, line["error"]["reason"]
        elif page.get("incomplete"):
            yield name, f"in part: {page['incomplete']}"


def rows(now: Rolled, before: Rolled | None = None) -> Iterator[dict[str, Any]]:
    """Yield every row of every table, with what it was in an earlier run; rows that only that run had are there too."""
    for table, names in TABLES.items():
        keys = set(now.tally.tables[table]) | (set(before.tally.tables[table]) if before else set())
        for key in sorted(keys):
            row: dict[str, Any] = {"table": table} | dict.fromkeys(COLUMNS, "") | dict(zip(names, key, strict=True))
            row |= _figures(now, table, key, "")
            if before:
                row |= _figures(before, table, key, "_before")
            yield row


def _figures(rolled: Rolled, table: str, key: Key, suffix: str) -> dict[str, Any]:
    pages, times = rolled.tally.tables[table].get(key, (0, 0))
    return {f"pages{suffix}": pages, f"times{suffix}": times, f"share{suffix}": rolled.share(table, key)}
