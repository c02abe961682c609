"""Fields of the query language: what a typed value such as `theme:pain` or `due:<2027` stands for.

A value that is an id means just that. Other values of fields with names or texts (themes, caveats, articles,
references) mean every entry that has all their words. What no entry has is said, with the values that there are.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kb.model import CertaintyLevel, ClaimType, Status, Verdict
from kb.search.mending import Mender
from kb.text.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from kb.model import Claim, KnowledgeBase

_LISTED = 12
"""How many values a note names; of longer lists it names a few."""

_HINTS = 3
"""How many other queries a note offers."""

_CLOSED = {"type": ClaimType, "verdict": Verdict, "certainty": CertaintyLevel, "status": Status}

_OF_CLAIM: Mapping[str, Callable[[Claim], Iterable[str]]] = {
    "theme": lambda claim: claim.themes,
    "caveat": lambda claim: (owed.caveat for owed in claim.caveats),
    "source": lambda claim: (occurrence.source for occurrence in claim.occurrences),
    "reference": lambda claim: (line.reference for line in claim.evidence),
    "certainty": lambda claim: (claim.certainty.level,) if claim.certainty else (),
    "type": lambda claim: (claim.type,),
    "verdict": lambda claim: (claim.verdict,),
    "status": lambda claim: (claim.status,),
}
"""Field → the values of it that a claim has."""

_DATE = r"(?P<{0}year>\d{{4}})(?:-(?P<{0}month>\d{{1,2}})(?:-(?P<{0}day>\d{{1,2}}))?)?"
_DUE = re.compile(rf"(?:(?P<sign><=|>=|<|>|=)?{_DATE.format('')}|{_DATE.format('from_')}\.\.{_DATE.format('to_')})")
_DAY = dt.timedelta(days=1)
_DUE_HELP = "due takes a date such as 2027, 2027-03, <2027-03-01 or 2026..2027"


@dataclass(frozen=True, slots=True)
class Condition:
    """Values of a column, any of which an entry may have; none where there is no such value."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """Review dates from `first` to `last`, both included."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a value means; where it means nothing, `note` says why and `instead` may have the right value."""

    test: Condition | Due
    note: str = ""
    instead: str = ""


class Fields:
    """Resolves the values of one knowledge base's fields."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb
        self._stems: dict[str, dict[str, frozenset[str]]] = {}

    @cached_property
    def _texts(self) -> dict[str, dict[str, str]]:
        """Field → value → what is said of it; put together for the first query that has a field."""
        kb = self._kb
        return {
            "theme": {theme: f"{theme} {text}" for theme, text in kb.theme_descriptions.items()},
            "caveat": {caveat.id: f"{caveat.id} {caveat.short} {caveat.caveat}" for caveat in kb.caveats.values()},
            "source": {
                source.id: " ".join(filter(None, (source.id, source.title, source.publisher, source.locality)))
                for source in kb.sources.values()
            },
            "reference": dict(_references(kb)),
        }

    def claim(self, value: str) -> Condition | None:
        """Return what `claim:` means where its value is a claim's id or former id; a single word is just a word."""
        if "-" not in value:
            return None
        known = self._kb.claims.get(value.lower())
        aliases = (claim.id for claim in self._kb.claims.values() if value.lower() in claim.aliases)
        found = known.id if known else next(aliases, None)
        return Condition("id", (found,)) if found else None

    def resolve(self, field: str, value: str) -> Resolved:
        """Return what a value of any field but `claim` means."""
        if field == "due":
            due = _due(value)
            return Resolved(due) if due else Resolved(Condition(field, ()), f"{_DUE_HELP}, not “{value}”")
        known: Collection[str] = [*map(str, _CLOSED[field])] if field in _CLOSED else self._texts[field]
        plain = re.sub(r"[\s_]+", "-", value.lower())
        exact = next((each for each in (value, value.lower(), plain) if each in known), None)
        if exact:
            found: tuple[str, ...] = (exact,)
        elif plain.endswith("*"):
            found = tuple(each for each in known if each.startswith(plain.rstrip("*")))
        else:
            found = self._with_words(field, value) if field in self._texts else ()
        if not found:
            return _unknown(field, value, known)
        return Resolved(Condition(field, found), self._unused(field, value, found))

    def _unused(self, field: str, typed: str, values: tuple[str, ...]) -> str:
        """Say so where no claim has any of these values, with the caveats that have the theme; empty elsewhere."""
        wanted, of = set(values), _OF_CLAIM[field]
        if any(not wanted.isdisjoint(of(claim)) for claim in self._kb.claims.values()):
            return ""
        note = f"no claim has {field} {' or '.join(values[:_LISTED])}"
        if field != "theme":
            return note
        caveats = [each.id for each in self._kb.caveats.values() if not set(values).isdisjoint(each.themes)]
        named_first = sorted(caveats, key=lambda caveat: (typed.lower() not in caveat, caveat))
        hints = " or ".join(f"caveat:{each}" for each in named_first[:_HINTS])
        return f"{note}, but caveats have it: try {hints}" if hints else note

    def _with_words(self, field: str, value: str) -> tuple[str, ...]:
        if field not in self._stems:
            self._stems[field] = {each: _stems(text) for each, text in self._texts[field].items()}
        wanted = _stems(value)
        return tuple(each for each, stems in self._stems[field].items() if wanted and wanted <= stems)


def _stems(text: str) -> frozenset[str]:
    return frozenset(token.stem for token in tokens(text))


def _references(kb: KnowledgeBase) -> Iterator[tuple[str, str]]:
    for key, reference in kb.references.items():
        names = [name.family or name.literal or "" for name in reference.author]
        yield key, " ".join((key, reference.title, *names, str(reference.issued or "")))


def _unknown(field: str, value: str, known: Collection[str]) -> Resolved:
    near = Mender(dict.fromkeys(known, 1)).mend(value.lower())
    note = f"no {field} is called “{value}”"
    if near:
        return Resolved(Condition(field, ()), f"{note}; did you mean {near}?", near)
    listed = sorted(known) if len(known) > _LISTED else list(known)
    more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
    return Resolved(Condition(field, ()), f"{note}; there are {', '.join(listed[:_LISTED])}{more}" if listed else note)


def _due(value: str) -> Due | None:
    match = _DUE.fullmatch(value)
    if match is None:
        return None
    parts = match.groupdict()
    try:
        if parts["from_year"]:
            return Due(_span(parts, "from_")[0], _span(parts, "to_")[1])
        first, last = _span(parts, "")
        return {
            "<": Due(dt.date.min, first - _DAY),
            "<=": Due(dt.date.min, last),
            ">": Due(last + _DAY, dt.date.max),
            ">=": Due(first, dt.date.max),
        }.get(parts["sign"], Due(first, last))
    except (ValueError, OverflowError):  # the thirteenth month, the day before the first
        return None


def _span(parts: Mapping[str, str | None], name: str) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a year, a month or a day."""
    year, month, day = (int(parts[f"{name}{part}"] or 0) for part in ("year", "month", "day"))
    first = dt.date(year, month or 1, day or 1)
    if day:
        return first, first
    months = year * 12 + month if month else (year + 1) * 12
    return first, dt.date(months // 12, months % 12 + 1, 1) - dt.timedelta(days=1)
