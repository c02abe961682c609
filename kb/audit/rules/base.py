"""What every audit rule takes and gives: an `Audited` document in, `Found` out."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from kb.audit.audited import Audited
    from kb.finding import Level


class Kind(StrEnum):
    """What a result says, in SARIF's words (SARIF 2.1.0, section 3.27.9)."""

    FAIL = "fail"
    REVIEW = "review"
    OPEN = "open"
    NOT_APPLICABLE = "notApplicable"


class Mark(StrEnum):
    """How well a basis is known to us."""

    READ = "read"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Basis:
    """The law, guidance or evidence that a rule rests on."""

    title: str
    url: str
    says: str
    """In our own words."""
    mark: Mark


@dataclass(frozen=True, slots=True)
class Found:
    """Something that a rule found at code points `start` to `end`."""

    start: int
    end: int
    message: str
    suggestion: str = ""
    claim: str | None = None
    caveat: str | None = None
    references: tuple[str, ...] = ()
    level: Level | None = None
    """A level milder or graver than the rule's own, where the case calls for it."""


@dataclass(frozen=True, slots=True)
class AuditRule:
    """A rule with its metadata. The docstring of `check` is its help page."""

    id: str
    summary: str
    kind: Kind
    level: Level
    check: Callable[[Audited], Iterator[Found]]
    basis: tuple[Basis, ...] = ()
    profiles: Mapping[str, Level | None] | None = None
    """Profile → another level than `level`, or `None` where the rule is off."""
    weighs: bool = False
    """Whether it judges the balance of the document, and so runs when every other rule has."""

    @property
    def help(self) -> str:
        """Why the rule is there, what passes and how to mend what it finds, as Markdown."""
        return inspect.cleandoc(self.check.__doc__ or "").partition("\n\n")[2]
