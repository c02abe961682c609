"""What the figures are meant to reach, and whether they do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.record import Run
    from harness.tables import Table


@dataclass(frozen=True)
class Goal:
    """A ratio with a peer that is to be reached, or without a peer a cost that is to be undercut."""

    name: str
    work: str
    case: str
    row: str
    program: str
    figure: str
    bound: float
    peer: str = ""

    def outcome(self, run: Run) -> tuple[str, str]:
        """Return what was measured, in words, and whether it is reached, missed or not measured."""
        table = run.table(self.work, self.case)
        if table is None:
            return "", "not measured"
        if not self.peer:
            cost = table.median(self.row, self.program, self.figure)
            if cost is None:
                return "", "not measured"
            return f"{cost:.3g} {table.compared[self.figure]}{_apart(table)}", _said(self.bound / cost)
        found = table.ratio(self.row, self.program, self.peer, self.figure)
        if found is None:
            return "", "not measured"
        return f"{self.peer} takes {found.median:.2f} times as long{_apart(table)}", _said(found.median / self.bound)


def _apart(table: Table) -> str:
    return " (in another run)" if table.apart else ""


def _said(share: float) -> str:
    """Return in words whether a goal is reached, from the share of it that was."""
    return "reached" if share >= 1 else f"missed: {1 / share:.2f} times as long as it may be"


def _over_http(case: str, program: str, least: float) -> list[Goal]:
    said = "Datasette's" if least == 1 else f"1/{least:g} of Datasette's"
    return [
        Goal(
            f"{case.removesuffix(f', {program}')}, {form}, {program}: p95 over HTTP at most {said}",
            "over HTTP",
            f"{case}, {form}",
            "all",
            program,
            "p95",
            least,
            "Datasette",
        )
        for form in ("HTML", "JSON")
    ]


GOALS = (
    *_over_http("shipped claims", "whoosh", 1),
    *_over_http("10,000 claims", "tantivy", 2),
    *_over_http("100,000 claims, tantivy", "tantivy", 5),
    Goal("audit ten times as fast as proselint", "audit", "one text", "text", "kb audit", "wall", 10, "proselint"),
    Goal(
        "audit against ten times the claims takes less than twice as long",
        "audit",
        "more claims",
        "text",
        "1,960 claims",
        "CPU",
        0.5,
        "196 claims",
    ),
    Goal("10,000 claims: a save is found in 100 ms", "saving", "10,000 claims", "found", "whoosh", "p50", 100),
)
