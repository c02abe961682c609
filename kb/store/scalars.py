"""Write a scalar anew as the old one was written: the same quotes, kind of block, and line breaks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kb.store.emit import WIDTH, double_quoted, scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HEADER = re.compile(r"([|>])([-+0-9]*)([ \t]*(?:#[^\r\n]*)?)\r?\n")
_INDENT = re.compile(r"^( *)\S", re.MULTILINE)


def rewritten(token: str, value: Any, *, flow: bool) -> Iterator[str]:
    """Yield ways to write a value in place of a token, those that are most like it first.

    What is yielded need not be right: the caller reads the text back.
    """
    if token[:1] in ("|", ">"):
        if isinstance(value, str):
            yield from _block(token, value)
        return
    quote = token[:1] if token[:1] in ("'", '"') else ""
    if "\n" in token and isinstance(value, str) and "\n" not in value:
        yield from _wrapped(token, value, quote)
    if quote and isinstance(value, str):
        yield quoted(value, quote)
    yield scalar(value, flow=flow)
    if isinstance(value, str):
        yield double_quoted(value)


def quoted(value: str, quote: str) -> str:
    """Return a text on one line in the quotes wanted, or in the other ones where it cannot stand in them."""
    if quote == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return double_quoted(value)


def _block(token: str, value: str) -> Iterator[str]:
    """Yield a text after `|` or `>` with the header, the indentation and the lines that the old one has."""
    header = _HEADER.match(token)
    if header is None:
        return
    body = token[header.end() :]
    text = body.rstrip()
    tail = body[len(text) :]
    indent = _INDENT.search(body)
    margin = indent[1] if indent else ""
    lines = [line.removeprefix(margin) for line in re.split(r"\r?\n", text)]
    eol = "\r\n" if "\r\n" in token else "\n"
    if header[1] == "|":
        written = value.split("\n")
    elif "\n" in value:
        paragraphs = [_refilled([], paragraph.split(" "), _room(lines, margin)) for paragraph in value.split("\n")]
        written = [line for number, found in enumerate(paragraphs) for line in ([""] * bool(number) + found)]
    else:
        written = _refilled(lines, value.split(" "), _room(lines, margin))
    yield header[0] + eol.join(margin + line if line else "" for line in written) + tail


def _wrapped(token: str, value: str, quote: str) -> Iterator[str]:
    """Yield a plain or quoted text over several lines, with the line breaks and the indentation of the old one."""
    inside = token[1:-1] if quote else token
    lines = [line.strip(" \t") for line in re.split(r"\r?\n", inside)]
    margins = [line[: len(line) - len(line.lstrip(" "))] for line in re.split(r"\r?\n", token)[1:]]
    written = {"'": value.replace("'", "''"), '"': double_quoted(value)[1:-1]}.get(quote, value)
    refilled = _refilled(lines, written.split(" "), _room(lines, margins[0]))
    eol = "\r\n" if "\r\n" in token else "\n"
    yield quote + (eol + margins[0]).join(refilled) + quote


def _room(lines: Sequence[str], margin: str) -> int:
    """Return how long a line may be: as long as the longest is now, at most to the end of the page."""
    longest = max(map(len, lines), default=0)
    return longest if len(lines) > 1 else WIDTH - len(margin)


def _refilled(lines: Sequence[str], words: Sequence[str], room: int) -> list[str]:
    """Return words as lines; lines at the beginning and the end that hold the very words stay as they are."""
    old = [line.split(" ") for line in lines]
    first = 0
    kept: list[str] = []
    while old and words[first : first + len(old[0])] == old[0] and first + len(old[0]) < len(words):
        first += len(old[0])
        kept.append(" ".join(old.pop(0)))
    last = len(words)
    ending: list[str] = []
    while old and last - len(old[-1]) > first and list(words[last - len(old[-1]) : last]) == old[-1]:
        last -= len(old[-1])
        ending.insert(0, " ".join(old.pop()))
    return [*kept, *_filled(words[first:last], room), *ending]


def _filled(words: Sequence[str], room: int) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + 1 + len(word) <= room:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines
