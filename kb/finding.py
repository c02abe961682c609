"""What every check and every audit reports: a `Finding` at a `Location`, gathered into a `Report`.

Nothing here does I/O, and nothing here knows what a claim is.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  (pydantic reads snapshots of findings by these types)
import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Level(StrEnum):
    """How grave a finding is. The order of the members is the order of gravity."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the gravest level; sorts findings and compares with `--fail-level`."""
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(Level)}


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Where a finding points: a file, a place in it, and the field of the entry.

    `line` and `column` count from 1; 0 means that the finding is about the file as a whole.
    `field` is a dotted path with list indexes, such as `evidence[2].reference`.
    """

    path: str
    line: int = 0
    column: int = 0
    field: str = ""

    def __str__(self) -> str:
        """Render as `file:line:column`, the form that editors turn into a link."""
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of audited copy: code points from 0, lines and columns from 1, every end excluded."""

    start: int
    end: int
    end_line: int
    end_column: int
    text: str
    """The characters as they stand in the copy."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding is marked as accepted. It stays in the report and no longer fails a run."""

    kind: str
    """`inSource` for a comment in the copy, `external` for a baseline."""
    reason: str
    expires: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or worth a look, and what to do about it.

    Findings of an audit have a `region`; those of the entry checks name a field in their location instead.
    """

    rule: str
    level: Level
    message: str
    location: Location
    suggestion: str = ""
    kind: str = "fail"
    """SARIF's word for the result: `fail`, `review`, `open` or `notApplicable`."""
    region: Region | None = None
    claim: str | None = None
    caveat: str | None = None
    references: tuple[str, ...] = ()
    ordinal: int = 1
    """Which of several findings that are alike but for their place, counted from the top."""
    suppressed: Suppression | None = None

    @property
    def fingerprint(self) -> str:
        """16 hex digits that stay the same when lines move.

        For an entry: rule, file, field and message. For copy: rule, file, claim, caveat and the words, so that a
        reworded message keeps a baseline; `ordinal` tells repeats apart.
        """
        parts: tuple[str, ...] = (self.rule, self.location.path, self.location.field, self.message)
        if self.region:
            words = " ".join(self.region.text.split())
            parts = (self.rule, self.location.path, self.claim or "", self.caveat or "", words, str(self.ordinal))
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:16]

    @property
    def sort_key(self) -> tuple[Location, int, int, str, str]:
        """Order findings by place, then gravity, so that output is the same on every run."""
        end = self.region.end if self.region else 0
        return (self.location, self.level.rank, end, self.rule, self.message)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that could not be checked; it reaches the report and the exit code, never silence."""

    what: str
    reason: str
    lost: bool = False
    """Of part of a file: whether words that should have been read could not be, so that the job is not done in whole.

    Otherwise it is a note, as on an image or on an encoding that was guessed.
    """


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of one run, sorted, with what could not be checked."""

    findings: tuple[Finding, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    checked: Mapping[str, int] = field(default_factory=dict)
    """How much was looked at, by kind: `{"claims": 152, "caveats": 61}`."""

    def __post_init__(self) -> None:
        """Sort and drop exact repeats."""
        ordered = tuple(sorted(set(self.findings), key=lambda finding: finding.sort_key))
        object.__setattr__(self, "findings", ordered)

    def count(self, level: Level) -> int:
        """Return how many findings have exactly this level."""
        return sum(finding.level is level for finding in self.findings)

    def exit_code(self, fail_level: Level | None) -> int:
        """Return 2 if anything was skipped, 1 if a finding is at or above `fail_level`, else 0.

        `None` means that findings never fail the run (`--fail-level none`).
        """
        if self.skipped:
            return 2
        if fail_level is None:
            return 0
        return int(any(finding.level.rank <= fail_level.rank for finding in self.findings))
