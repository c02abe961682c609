"""Read YAML with the words of YAML 1.2, with the place of every value, and without the features that do harm.

PyYAML's parser (libyaml where it is built in) gives events; the values are built here, in a loop and never by
recursion, so that no nesting can exhaust the stack. Only `true`, `false`, `null`, `~` and numbers are anything but
text: `no`, `12:30` and `2026-11-22` stay as they are written. Anchors, aliases, tags, duplicate keys, keys that are
not text, several documents and nesting beyond `MAX_DEPTH` are refused, as many as there are at once.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from kb.errors import InvalidEntry
from kb.finding import Finding, Level, Location
from kb.store.syntax import explain
from kb.store.wording import cut, printable, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Path = tuple[str | int, ...]
"""Where a value stands: field names and list indexes (from 0), from the outside in."""
Position = tuple[int, int]
"""Line and column, both from 1."""

MAX_DEPTH = 40
"""Levels of nesting that are read; an entry needs 5."""
MAX_DIGITS = 40
"""Characters of the longest number that is read; Python itself gives up on 4,300."""

loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser, or PyYAML's own where that was not built in; both are read alike."""

_WORDS: Mapping[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_NUMBER_STARTS = frozenset("0123456789+-.")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORBIDDEN_UNESCAPED = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Controls, halves of characters, and the line breaks of YAML 1.1 that 1.2 and editors take for text."""


class Parsed(NamedTuple):
    """A document's value and the position of every field (its key) and list item in it."""

    value: Any
    positions: Mapping[Path, Position]


class Problem(NamedTuple):
    """Something that is refused, and where; `path` is the value that it leaves in doubt."""

    rule: str
    message: str
    path: Path
    line: int
    column: int


@dataclass(slots=True)
class Reading:
    """All that came out of one text: the value as far as it could be read, and every problem."""

    value: Any = None
    problems: list[Problem] = field(default_factory=list)
    complete: bool = True
    """False where reading stopped half-way, so that `value` says nothing."""


class Shape(Enum):
    """How a `Node` is written."""

    KEY = 1
    SCALAR = 2
    TEXT_BLOCK = 3
    """A scalar after `|` or `>`."""
    FLOW = 4
    """A list or mapping in brackets."""
    BLOCK = 5
    """A list or mapping by indentation; its `end` is only where the next thing begins."""


class Node(NamedTuple):
    """A field's name or a value as written: its place in the document and its extent in the text (from 0)."""

    path: Path
    start: int
    end: int
    column: int
    shape: Shape


def parse(text: str, path: str = "<text>") -> Parsed:
    """Return the value of a text and its positions; raise `InvalidEntry` with a finding for every problem.

    `path` is the file's name in findings.
    """
    positions: dict[Path, Position] = {}
    reading = read(text, positions)
    if reading.problems:
        raise InvalidEntry(f"{path} cannot be read as YAML", findings(reading.problems, path))
    return Parsed(reading.value, positions)


def read(text: str, positions: dict[Path, Position] | None = None, nodes: list[Node] | None = None) -> Reading:
    """Read a text, filling `positions` and `nodes` where given; never raises for what the text holds."""
    builder = _Builder(positions, nodes)
    if _FORBIDDEN_UNESCAPED.search(text):
        builder.reading.problems.extend(_forbidden_characters(text))
        text = _FORBIDDEN_UNESCAPED.sub(" ", text)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except _Stop:
        builder.reading.complete = False
    except yaml.YAMLError as error:
        builder.problem("yaml-syntax", *explain(error, text))
        builder.reading.complete = False
    return builder.reading


def findings(problems: list[Problem], path: str) -> tuple[Finding, ...]:
    """Return the problems of the file at `path` as findings of level error."""
    return tuple(Finding(problem.rule, Level.ERROR, problem.message, _location(problem, path)) for problem in problems)


def field_path(path: Path) -> str:
    """Return a path as people read it: `evidence[2].reference`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{printable(part)}" for part in path).removeprefix(".")


def resolve(plain: str) -> Any:
    """Return what an unquoted scalar means in YAML 1.2: None, a bool, a number, or the text itself.

    Raises `ValueError` for a number of more than `MAX_DIGITS` characters.
    """
    if plain in _WORDS:
        return _WORDS[plain]
    if plain[0] not in _NUMBER_STARTS:
        return plain
    if _INTEGER.fullmatch(plain):
        if len(plain) > MAX_DIGITS:
            raise ValueError(plain)
        return int(plain) if plain[1:2] not in ("o", "x") else int(plain, 0)
    if _FLOAT.fullmatch(plain):
        if len(plain) > MAX_DIGITS:
            raise ValueError(plain)
        return float(plain)
    return plain


def _location(problem: Problem, path: str) -> Location:
    return Location(path, problem.line, problem.column, field_path(problem.path))


def _forbidden_characters(text: str) -> Iterator[Problem]:
    """Yield one problem for each sort of character that may not be there, at the first of them."""
    counts = Counter(_FORBIDDEN_UNESCAPED.findall(text))
    for character, count in counts.items():
        index = text.index(character)
        line, column = text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)
        times = f" (it stands in {count} places)" if count > 1 else ""
        message = f"the character U+{ord(character):04X} is not allowed in YAML; delete it{times}"
        yield Problem("yaml-syntax", message, (), line, column)


class _Stop(Exception):
    """There is no point in reading on."""


class _Dropped(str):
    """The name of a field whose value is read only to find its problems."""

    __slots__ = ()


_NO_KEY = object()


class _Builder:
    """Builds one value from events; `_open` holds the collections that are not closed yet, outermost first."""

    def __init__(self, positions: dict[Path, Position] | None, nodes: list[Node] | None) -> None:
        self.reading = Reading()
        self._positions = positions
        self._nodes = nodes
        self._container: list[Any] | dict[str, Any] | None = None
        self._key: Any = _NO_KEY
        self._open: list[tuple[list[Any] | dict[str, Any] | None, Any, int]] = []
        self._documents = 0

    def take(self, event: Any) -> None:
        """Add one event."""
        kind = type(event)
        if kind is ScalarEvent:
            if event.anchor or event.tag:
                self._refuse_features(event)
            self._scalar(event)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            self._start(event, {} if kind is MappingStartEvent else [])
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            self._end(event)
        elif kind is AliasEvent:
            message = f"the alias *{cut(event.anchor)} is not allowed; write the value out once more"
            self.problem("yaml-feature", message, event.start_mark)
            if self._awaits_key():
                self._key = _Dropped("*")
            else:
                self._place(None, event)
        elif kind is DocumentStartEvent:
            self._documents += 1
            if self._documents > 1:
                message = "a second document begins here; keep one document in a file and delete the line '---'"
                self.problem("yaml-feature", message, event.start_mark)
                raise _Stop

    def problem(self, rule: str, message: str, mark: Any) -> None:
        """Note a problem at a mark of the parser, for the value that is being read."""
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        path = self._path()[:1] if rule == "too-deep" else self._path()
        self.reading.problems.append(Problem(rule, message, path, line, column))

    def _path(self) -> Path:
        """Return where the value that comes next will stand."""
        parts: list[str | int] = []
        for container, key, _ in (*self._open[1:], (self._container, self._key, 0)):
            if isinstance(container, list):
                parts.append(len(container))
            elif key is not _NO_KEY:
                parts.append(key)
        return tuple(parts)

    def _awaits_key(self) -> bool:
        return self._key is _NO_KEY and isinstance(self._container, dict)

    def _refuse_features(self, event: Any) -> None:
        if event.anchor:
            message = f"the anchor &{cut(event.anchor)} is not allowed; delete it"
            self.problem("yaml-feature", message, event.start_mark)
        if event.tag:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            message = f"the tag {cut(tag)} is not allowed; delete it, and put text that looks like a number in quotes"
            self.problem("yaml-feature", message, event.start_mark)

    def _scalar(self, event: Any) -> None:
        if self._awaits_key():
            self._take_key(event)
            return
        value: Any = event.value
        if not event.style:
            try:
                value = resolve(value)
            except ValueError:
                message = f"a number of {len(value)} characters is too long; put it in quotes if it is text"
                self.problem("yaml-syntax", message, event.start_mark)
                value = None
        elif event.style == '"':
            value = self._without_escaped_controls(event)
        self._place(value, event)

    def _without_escaped_controls(self, event: Any) -> str:
        text: str = event.value
        forbidden = _FORBIDDEN.search(text)
        if forbidden is None:
            return text
        message = f"the character U+{ord(forbidden.group()):04X} is not allowed, not even escaped; delete it"
        self.problem("yaml-syntax", message, event.start_mark)
        return _FORBIDDEN.sub("", text)

    def _take_key(self, event: Any) -> None:
        """Remember the name of the field whose value comes next."""
        key: str = event.value
        if not event.style and not self._is_text(key):
            message = f"the field name {cut(key) or 'null'} is not text; put it in quotes"
            self.problem("yaml-feature", message, event.start_mark)
            self._key = _Dropped(key)
            return
        if event.style == '"':
            key = self._without_escaped_controls(event)
        self._key = key
        if key in self._container:  # type: ignore[operator]  # a key is only ever read into a mapping
            message = f"the field {shown(key)} is written twice here; keep one of the two"
            self.problem("duplicate-key", message, event.start_mark)
            self._key = _Dropped(key)
        if self._nodes is not None or self._positions is not None:
            self._note(event, Shape.KEY)

    @staticmethod
    def _is_text(plain: str) -> bool:
        try:
            return isinstance(resolve(plain), str)
        except ValueError:
            return False

    def _start(self, event: Any, value: list[Any] | dict[str, Any]) -> None:
        if len(self._open) >= MAX_DEPTH:
            message = f"lists and mappings are nested more than {MAX_DEPTH} deep; no entry needs that"
            self.problem("too-deep", message, event.start_mark)
            raise _Stop
        if event.anchor or event.tag:
            self._refuse_features(event)
        if self._awaits_key():
            message = "a list or mapping cannot be the name of a field; write text before the ':'"
            self.problem("yaml-feature", message, event.start_mark)
            raise _Stop
        node = len(self._nodes) if self._nodes is not None else 0
        self._note(event, Shape.FLOW if event.flow_style else Shape.BLOCK)
        self._open.append((self._container, self._key, node))
        self._container, self._key = value, _NO_KEY

    def _end(self, event: Any) -> None:
        value = self._container
        self._container, self._key, node = self._open.pop()
        if self._nodes is not None:
            self._nodes[node] = self._nodes[node]._replace(end=event.end_mark.index)
        self._add(value)

    def _place(self, value: Any, event: Any) -> None:
        self._note(event, Shape.TEXT_BLOCK if getattr(event, "style", None) in ("|", ">") else Shape.SCALAR)
        self._add(value)

    def _note(self, event: Any, shape: Shape) -> None:
        """Keep the place of a field's name or a value where somebody asked for it."""
        is_field_value = isinstance(self._container, dict) and shape is not Shape.KEY
        if self._nodes is None and (self._positions is None or is_field_value):
            return
        path = self._path()
        start, end = event.start_mark, event.end_mark
        if self._positions is not None and not is_field_value:
            self._positions.setdefault(path, (start.line + 1, start.column + 1))
        if self._nodes is not None:
            self._nodes.append(Node(path, start.index, end.index, start.column, shape))

    def _add(self, value: Any) -> None:
        container = self._container
        if isinstance(container, list):
            container.append(value)
        elif isinstance(container, dict):
            if type(self._key) is not _Dropped:
                container[self._key] = value
            self._key = _NO_KEY
        else:
            self.reading.value = value
