"""A form filled in: the parts of an entry with its values and, beside each, what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from webapp.editing.parts import Part, Widget, walk
from webapp.editing.posting import FROM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kb.finding import Level
    from kb.library.entry import Problem

_MISSING = re.compile(r"the field '[^']+' is missing\b")
"""How a file is told that it lacks a field; a form need not be told what to write and where."""
_NUMBER = re.compile(r"\[[0-9]+\]")
_BREAK = re.compile(r"[\r\n]")
_LAST_STEP = re.compile(r"(\.[^.\[\]]+|\[[0-9]+\])$")


@dataclass(frozen=True, slots=True)
class Said:
    """What is wrong, as it stands beside a field and in the summary."""

    level: Level
    message: str
    rule: str
    suggestion: str = ""
    line: int | None = None


@dataclass(slots=True)
class Drawn:
    """One part with its value."""

    part: Part
    name: str
    """In the form."""
    value: Any = None
    """A text; for checks the chosen ones, for a flag whether it is set."""
    fields: list[Drawn] = field(default_factory=list)
    """The fields of a group, or the inputs of a row of ids."""
    rows: list[Row] = field(default_factory=list)
    spare: str = ""
    """The name of an empty input for one id more."""
    problems: list[Said] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Its id in the page."""
        return id_of(self.name)

    @property
    def hint_id(self) -> str:
        """The id of what says what to write; the same in every row."""
        return f"{id_of(_NUMBER.sub('', self.name))}-h"

    @property
    def is_in_row(self) -> bool:
        """Whether it stands in one of several groups."""
        return "[" in self.name

    @property
    def hints(self) -> list[tuple[str, str, str]]:
        """(id, label, hint) of the fields of its rows."""
        start = _NUMBER.sub("", self.name)
        return [
            (id_of(f"{start}.{path.replace('[]', '')}") + "-h", part.label, part.help)
            for path, part in walk(self.part.parts)
            if part.help and part.widget is not Widget.MARK
        ]

    @property
    def is_wrong(self) -> bool:
        """Whether something beside it has to be mended before a save."""
        return any(problem.level == "error" for problem in self.problems)

    @property
    def is_long(self) -> bool:
        """Whether it takes several lines, by its nature or by what stands in it."""
        return self.part.widget is Widget.TEXT or bool(_BREAK.search(str(self.value or "")))


@dataclass(slots=True)
class Row:
    """One of several groups."""

    name: str
    number: int
    was: int | None
    """Its number in the entry that the form was made from; `None` for one that was added."""
    fields: list[Drawn]
    values: Mapping[str, Any]
    problems: list[Said] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Its id in the page."""
        return id_of(self.name)

    @property
    def is_open(self) -> bool:
        """Whether it is shown in full at once: it is new, or something in it is wrong."""
        return (
            not self.values.keys() - {FROM} or any(drawn.problems for drawn in _all(self.fields)) or bool(self.problems)
        )


def id_of(name: str) -> str:
    """Return the id in the page of a field of the form."""
    return "f-" + re.sub(r"[^A-Za-z0-9_]+", "-", name).strip("-")


def draw(parts: Iterable[Part], fields: Mapping[str, Any], *, posted: bool = False) -> list[Drawn]:
    """Return a form with the values of an entry or, if `posted`, with the tree of a form that was posted."""
    return _group(parts, fields, "", posted)


def beside(drawn: Sequence[Drawn], problems: Iterable[Problem]) -> list[tuple[str, Said]]:
    """Put problems beside the fields that they name; return all with the ids they lead to, "" for the whole entry."""
    places: dict[str, Drawn | Row] = dict(_named(drawn))
    found = []
    for problem in problems:
        path = problem.field
        while path and path not in places:
            shorter = _LAST_STEP.sub("", path)
            path = shorter if shorter != path else ""
        message = "It is missing." if _MISSING.match(problem.message) else problem.message
        line = re.search(r"\[([0-9]+)\]$", problem.field)
        place = places.get(path)
        if line and isinstance(place, Drawn) and place.part.widget is Widget.LINES:
            message = f"Line {int(line[1]) + 1}: {message}"
        said = Said(problem.level, message, problem.rule, problem.suggestion, problem.line)
        if place is not None:
            place.problems.append(said)
        found.append((place.id if place is not None else "", said))
    return found


def count(drawn: Sequence[Drawn]) -> int:
    """Return how many controls and groups a form has."""
    return sum(1 for _ in _named(drawn))


def label_of(drawn: Sequence[Drawn], page_id: str) -> str:
    """Return what the field of an id in the page is called, with its row: "Evidence 2, Finding"."""
    return next((label for found, label in _labels(drawn) if found == page_id), "") if page_id else ""


def _group(parts: Iterable[Part], fields: Mapping[str, Any], above: str, posted: bool) -> list[Drawn]:
    return [_drawn(part, fields.get(part.name), _below(above, part.name), posted) for part in parts]


def _drawn(part: Part, value: Any, name: str, posted: bool) -> Drawn:
    match part.widget:
        case Widget.GROUP:
            inner = value if isinstance(value, dict) else {}
            return Drawn(part, name, inner, fields=_group(part.parts, inner, name, posted))
        case Widget.GROUPS:
            given = [row if isinstance(row, dict) else {} for row in _list(value)]
            rows = [_row(part, row, f"{name}[{number}]", number, posted) for number, row in enumerate(given)]
            return Drawn(part, name, given, rows=rows)
        case Widget.PICKS:
            ids = [_text(item) for item in _list(value)]
            inputs = [Drawn(part, f"{name}[{number}]", item) for number, item in enumerate(ids)]
            return Drawn(part, name, ids, fields=inputs, spare=f"{name}[{len(ids)}]")
        case _:
            return _single(part, value, name)


def _single(part: Part, value: Any, name: str) -> Drawn:
    """Return a part that is one control, or a few for texts that do not fit on lines."""
    match part.widget:
        case Widget.LINES:
            texts = [_text(item) for item in _list(value)]
            if any(_BREAK.search(text) for text in texts):
                inputs = [Drawn(part, f"{name}[{number}]", text) for number, text in enumerate(texts)]
                return Drawn(part, name, "", fields=inputs)
            return Drawn(part, name, "\n".join(texts))
        case Widget.CHECKS:
            return Drawn(part, name, [_text(item) for item in _list(value)])
        case Widget.FLAG:
            return Drawn(part, name, bool(part.default) if value is None else bool(value))
        case _:
            return Drawn(part, name, _text(value))


def _row(part: Part, values: Mapping[str, Any], name: str, number: int, posted: bool) -> Row:
    was = values.get(FROM) if posted else number
    return Row(name, number, was, _group(part.parts, values, name, posted), values)


def _named(drawn: Iterable[Drawn]) -> Iterator[tuple[str, Drawn | Row]]:
    for found in drawn:
        yield found.name, found
        yield from _named(found.fields)
        for row in found.rows:
            yield row.name, row
            yield from _named(row.fields)


def _all(drawn: Iterable[Drawn]) -> Iterator[Drawn | Row]:
    return (found for _, found in _named(drawn))


def _labels(drawn: Iterable[Drawn], above: str = "") -> Iterator[tuple[str, str]]:
    for found in drawn:
        label = f"{above}{found.part.label}"
        yield found.id, label
        below = "" if found.part.widget is Widget.PICKS else f"{label}, "
        yield from ((inner, text) for inner, text in _labels(found.fields, below))
        for row in found.rows:
            of_row = f"{label} {row.number + 1}"
            yield row.id, of_row
            yield from _labels(row.fields, f"{of_row}, ")


def _list(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return list(value)
    return [] if value is None else [value]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _below(above: str, name: str) -> str:
    return f"{above}.{name}" if above else name
