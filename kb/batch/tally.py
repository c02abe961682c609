"""What a document adds to the roll-up: counts that can be added up over pages, shards and machines."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

TABLES = {
    "pages": ("site", "result"),
    "claims": ("site", "claim"),
    "spoken": ("theme",),
    "missing": ("claim", "caveat", "rule"),
    "overstated": ("theme",),
    "contradicted": ("site", "claim", "rule"),
    "balance": ("site", "rating"),
    "findings": ("site", "rule", "level"),
}
"""Table → what its rows are counted by. Each row has pages and times: on how many pages, and how often in all."""

_MISSING = frozenset({"missing-caveat", "caveat-not-near"})
_CONTRADICTED = frozenset({"contradicted", "approval-confusion"})
_MADE = frozenset({"asserted", "negated"})

Key = tuple[str, ...]


class Tally:
    """Tables of counts; adding is the same in whatever order it is done."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[Key, tuple[int, int]]] = {name: {} for name in TABLES}

    def count(self, table: str, times: Mapping[Any, int]) -> None:
        """Count what one page has."""
        for key, number in times.items():
            self._add(table, key, 1, number)

    def add(self, content: Mapping[str, Iterable[list[Any]]]) -> None:
        """Add what `content` of another tally returned; raise `ValueError` or `TypeError` for anything else."""
        for table, rows in content.items():
            if table in TABLES:
                width = len(TABLES[table])
                for row in rows:
                    *key, pages, times = row
                    if len(key) != width:
                        raise ValueError(f"a row of {table} is counted by {len(key)}")
                    self._add(table, tuple(map(str, key)), int(pages), int(times))

    def _add(self, table: str, key: Key, pages: int, times: int) -> None:
        before = self.tables[table].get(key, (0, 0))
        self.tables[table][key] = (before[0] + pages, before[1] + times)

    def content(self) -> dict[str, list[list[Any]]]:
        """Return the tables as values that JSON can hold, rows in the order of their keys."""
        return {
            name: [[*key, *counts] for key, counts in sorted(rows.items())]
            for name, rows in self.tables.items()
            if rows
        }

    def rows(self, table: str) -> Iterator[tuple[Key, int, int]]:
        """Yield key, pages and times of each row, in the order of the keys."""
        for key, (pages, times) in sorted(self.tables[table].items()):
            yield key, pages, times


def unchecked(site: str) -> dict[str, list[list[Any]]]:
    """Return what a page adds that could not be checked."""
    return {"pages": [[site, "not checked", 1, 1]]}


def counted(site: str, document: Mapping[str, Any], themes: Mapping[str, Iterable[str]]) -> dict[str, list[list[Any]]]:
    """Return what a page adds, by its document as `kb-audit/1` has it. `themes` are those of each claim."""
    tally = Tally()
    tally.count("pages", {(site, "audited"): 1})
    made = [mention for mention in document["mentions"] if mention["polarity"] in _MADE]
    certain = [mention for mention in made if mention["match"] == "certain" and mention["claim"]]
    tally.count("claims", Counter((site, mention["claim"]) for mention in certain))
    tally.count("balance", {(site, document["balance"]["rating"] or ""): 1})
    found = [finding for finding in document["findings"] if not finding["suppressed"]]
    tally.count("findings", Counter((site, finding["rule"], finding["level"]) for finding in found))
    missing = Counter(
        (one["claim"] or "", one["caveat"] or "", one["rule"]) for one in found if one["rule"] in _MISSING
    )
    tally.count("missing", missing)
    contradicted = Counter((site, one["claim"] or "", one["rule"]) for one in found if one["rule"] in _CONTRADICTED)
    tally.count("contradicted", contradicted)
    overstated = [one for one in found if one["rule"] == "overstated"]
    themed = Counter((theme,) for one in overstated for theme in _themes_of(one, document["mentions"], themes))
    tally.count("overstated", themed)
    spoken = Counter((theme,) for mention in document["mentions"] for theme in mention["themes"])
    # What is overstated is spoken of, though no mention may say so: else a share could be more than the whole.
    tally.count("spoken", dict.fromkeys(themed, 0) | spoken)
    return tally.content()


def _themes_of(
    finding: Mapping[str, Any], mentions: Iterable[Mapping[str, Any]], themes: Mapping[str, Iterable[str]]
) -> list[str]:
    """Return the themes of the claim that a finding names, else of what is said at its place."""
    if finding["claim"] in themes:
        return list(themes[finding["claim"]])
    start, end = finding["start"], finding["end"]
    there = [mention for mention in mentions if mention["start"] < end and start < mention["end"]]
    return sorted({theme for mention in there for theme in mention["themes"]}) or [""]
