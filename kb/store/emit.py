"""Write a value as canonical YAML: one style for every file, whoever or whatever wrote it.

A list or mapping stands on one line where it fits into `WIDTH` columns and holds no comment and no empty field; lists
of mappings, the fields named in `_ALWAYS_BLOCK` and the items of `_BLOCK_ITEMS` never do. Text stands plain where that
is safe, else in quotes, and folded (`>-`) where it would be too long. What is written reads the same under YAML 1.1
and 1.2, dates apart (they are text in 1.2, as here).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from kb.store.kinds import Kind
from kb.store.yaml12 import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kb.store.yaml12 import Path

WIDTH = 120

_ALWAYS_BLOCK = frozenset(
    {"examples", "disclosure_examples", "denial_examples", "match", "no_match", "asked", "drug_names"}
)
_BLOCK_ITEMS = frozenset({"evidence", "occurrences", "dispositions"})
_COLLECTIONS = frozenset({Kind.THEMES, Kind.VOCABULARY, Kind.TOPICS, Kind.REFERENCES})
_SPACED = frozenset({Kind.TOPICS, Kind.REFERENCES})
"""Kinds whose entries are long enough for a blank line between them."""

_UNSAFE_START = frozenset("-?:,[]{}#&*!|>'\"%@` \t.=<~")
_UNSAFE_INSIDE = re.compile(r": |:$| #|[\t ]$")
_UNSAFE_IN_FLOW = re.compile(r"[\[\]{},:?]")
_UNPRINTABLE = re.compile("[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What only a double-quoted scalar may hold: controls, tabs, the line breaks that are none in YAML 1.2, and BOMs."""
_SPACE_TO_FOLD_AT = re.compile(r"(?<=\S) (?=\S)")
_YAML_1_1 = {
    start: tuple(pattern for tag, pattern in resolvers if not tag.endswith("timestamp"))
    for start, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(slots=True)
class Comments:
    """The comments of a file, each with its `#`, by the place that they stand with; "" is a blank line."""

    header: list[str] = field(default_factory=list)
    """Above the first field."""
    before: dict[Path, list[str]] = field(default_factory=dict)
    """On lines of their own above a field or item."""
    beside: dict[Path, str] = field(default_factory=dict)
    """At the end of the line on which a field or item begins."""
    below: dict[Path, list[str]] = field(default_factory=dict)
    """After the last field or item of a collection."""


def emit(value: Mapping[str, Any], kind: Kind, comments: Comments | None = None) -> str:
    """Return a file's text, with a line feed at its end. `value` holds what JSON can hold, in the order wanted."""
    return "\n".join(_Writer(kind, comments or Comments()).lines(value)) + "\n"


def emit_node(
    head: str, value: Any, path: Path, kind: Kind, *, indent: int, comments: Comments | None = None
) -> list[str]:
    """Return the lines of one field or item; `head` is what comes before its value on the first of them.

    What belongs to it stands at `indent`.
    """
    return list(_Writer(kind, comments or Comments()).node(head, value, path, indent))


def scalar(value: Any, *, flow: bool = False) -> str:
    """Return a scalar on one line, plain where that is safe; `flow` where it stands inside brackets."""
    if isinstance(value, str):
        return _text(value, flow=flow)
    if value is None:
        return "null"
    if isinstance(value, float):
        return _float(value)
    return json.dumps(value)


def _text(text: str, *, flow: bool) -> str:
    if _is_plain(text) and not (flow and _UNSAFE_IN_FLOW.search(text)):
        return text
    if _UNPRINTABLE.search(text) or "\n" in text:
        return double_quoted(text)
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def double_quoted(text: str) -> str:
    """Return a text in double quotes on one line, which can hold any text."""
    return _UNPRINTABLE.sub(_escape, json.dumps(text, ensure_ascii=False))


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004 - two hex digits hold no more


def _float(number: float) -> str:
    text = repr(number)
    return {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}.get(text, text)


def _is_plain(text: str) -> bool:
    """Tell whether a text may stand without quotes and is then read as that text by every parser."""
    if not text or text[0] in _UNSAFE_START or _UNSAFE_INSIDE.search(text) or _UNPRINTABLE.search(text):
        return False
    if "\n" in text or any(pattern.match(text) for pattern in _YAML_1_1.get(text[0], ())):
        return False
    try:
        return isinstance(resolve(text), str)
    except ValueError:
        return False


def _fold(text: str, width: int) -> list[str] | None:
    """Return the lines of a folded scalar, or None where folding would change the text."""
    if not text or text != text.strip(" \t\n") or _UNPRINTABLE.search(text) or "\n" in text:
        return None
    lines = [""]
    for word in _SPACE_TO_FOLD_AT.split(text):
        if lines[-1] and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += " " + word
        elif lines[-1]:
            lines.append(word)
        else:
            lines[-1] = word
    return lines


def _is_literal(text: str) -> bool:
    """Tell whether a text of several lines can be written line by line and read back exactly."""
    if "\n" not in text or _UNPRINTABLE.search(text) or text != text.strip(" \t\n"):
        return False
    return not any(line.endswith(" ") for line in text.split("\n"))


class _Writer:
    """Writes one file; `head` is always the part of a line that is already decided, such as `  id:` or `  -`."""

    def __init__(self, kind: Kind, comments: Comments) -> None:
        self._kind = kind
        self._comments = comments
        above = [path for path, lines in comments.before.items() if any(lines)]
        commented = (*above, *comments.beside, *comments.below)
        # A list or mapping with a comment inside cannot stand on one line; blank lines alone do not count.
        self._opened = {path[:depth] for path in commented for depth in range(len(path))} | set(comments.below)

    def lines(self, value: Mapping[str, Any]) -> Iterator[str]:
        yield from self._comments.header
        if value:
            yield from self._children(value, (), "", 0)
        else:
            yield "{}"

    def node(self, head: str, value: Any, path: Path, indent: int) -> Iterator[str]:
        """Yield the lines of a value after its `head`; children of a block stand at `indent`."""
        inline = self._inline(value, path, len(head) + 1)
        beside = self._comments.beside.get(path, "")
        if inline is not None:
            yield _join(head, inline, beside)
        elif isinstance(value, str):
            yield from self._long_text(head, value, beside, indent)
        elif head.endswith("-"):
            yield from self._children(value, path, head, indent)
        else:
            yield _join(head, "", beside)
            yield from self._children(value, path, "", indent)

    def _long_text(self, head: str, text: str, beside: str, indent: int) -> Iterator[str]:
        folded = _fold(text, WIDTH - indent)
        yield _join(head, ">-" if folded else "|-", beside)
        yield from _indented(folded or text.split("\n"), indent)

    def _children(self, value: Any, path: Path, head: str, indent: int) -> Iterator[str]:
        """Yield the fields or items of a block; the first one stands on the line of `head`, a dash, where given."""
        is_mapping = isinstance(value, dict)
        for number, (key, child) in enumerate(value.items() if is_mapping else enumerate(value)):
            child_path = (*path, key)
            shares_line = bool(head) and number == 0
            start = f"{head} " if shares_line else " " * indent
            mark = f"{scalar(key, flow=True)}:" if is_mapping else "-"
            above = len(head) - len(head.lstrip()) if shares_line else indent
            yield from self._above(child_path, above, first=number == 0)
            if not is_mapping and child_path in self._comments.beside and self._is_block(child, child_path, indent + 2):
                yield " " * above + self._comments.beside[child_path]
            yield from self.node(start + mark, child, child_path, indent + 2)
        yield from _indented(self._comments.below.get(path, ()), indent)

    def _above(self, path: Path, indent: int, *, first: bool) -> Iterator[str]:
        """Yield the comments above a field or item, and the blank line that parts long entries."""
        comments = self._comments.before.get(path, [])
        if first and comments[:1] == [""]:
            comments = comments[1:]
        elif not first and self._kind in _SPACED and len(path) == 1 and comments[:1] != [""]:
            yield ""
        yield from _indented(comments, indent)

    def _is_block(self, value: Any, path: Path, column: int) -> bool:
        return isinstance(value, dict | list) and self._inline(value, path, column) is None

    def _inline(self, value: Any, path: Path, column: int) -> str | None:
        """Return a value as it stands on the line of its head, from `column` on; None where it needs lines below."""
        if isinstance(value, str):
            return _short_text(value, column, len(path) * 2)
        if not isinstance(value, dict | list):
            return "" if value is None and isinstance(path[-1], str) else scalar(value)
        if value and (path in self._opened or self._is_always_block(value, path)):
            return None
        flow = bracketed(value)
        return flow if flow is not None and (column + len(flow) <= WIDTH or not value) else None

    def _is_always_block(self, value: Any, path: Path) -> bool:
        if isinstance(value, list):
            return path[-1] in _ALWAYS_BLOCK or any(isinstance(item, dict | list) for item in value)
        if (len(path) == 1 and self._kind in _COLLECTIONS) or None in value.values():
            return True
        return path[-1] in _ALWAYS_BLOCK or (isinstance(path[-1], int) and path[-2] in _BLOCK_ITEMS)


def _short_text(text: str, column: int, indent: int) -> str | None:
    """Return a text on one line, or None where it reads better folded or in lines of its own."""
    if "\n" in text:
        return None if _is_literal(text) else scalar(text)
    inline = scalar(text)
    if column + len(inline) <= WIDTH:
        return inline
    folded = _fold(text, WIDTH - indent)
    is_one_long_word = folded is not None and len(folded) == 1 and len(folded[0]) > WIDTH - indent
    return inline if folded is None or is_one_long_word else None


def bracketed(value: Any) -> str | None:
    """Return a value in brackets on one line, or None where one of its texts has several lines."""
    if isinstance(value, str):
        return None if "\n" in value else scalar(value, flow=True)
    if isinstance(value, list):
        items = [bracketed(item) for item in value]
        return None if None in items else f"[{', '.join(filter(None, items))}]"
    if not isinstance(value, dict):
        return scalar(value)
    items = [
        None if (text := bracketed(item)) is None else f"{scalar(key, flow=True)}: {text}"
        for key, item in value.items()
    ]
    return None if None in items else "{" + ", ".join(filter(None, items)) + "}"


def _indented(lines: Sequence[str], indent: int) -> Iterator[str]:
    for line in lines:
        yield " " * indent + line if line else ""


def _join(head: str, inline: str, beside: str) -> str:
    """Join the parts of a line; two spaces before a comment."""
    line = f"{head} {inline}" if inline else head
    return f"{line}  {beside}" if beside else line
