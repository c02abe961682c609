"""Where in the source the parsed words of a page stand, character references and skipped tags included.

The parser tells where each text node and each tag starts. From there the source is read beside the parsed words:
what is the same in both stands in place, and what differs is a line break, a character reference or a tag.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPECIAL = re.compile(r"[&<\r\0]")
_REFERENCE = re.compile(r"&(?:#[xX][0-9a-fA-F]{1,60};?|#[0-9]{1,60};?|[A-Za-z][A-Za-z0-9]{0,40};?)")
_TAG = re.compile(r"</?[A-Za-z]")
_RAW = re.compile(r"<(script|style)\b", re.IGNORECASE)
_OPENS = re.compile(r"<[A-Za-z/!?]")
_BOGUS = re.compile(r"<(?:!(?!--|doctype)|\?|/(?![A-Za-z]))", re.IGNORECASE)
"""Opens what is a comment by the standard though not written as one, such as `<![endif]>` and `<?xml … ?>`."""

_CDATA, _CDATA_ENDS = "<![CDATA[", "]]>"
STAND_IN = "\ue000"
"""Stands for a `<` that opens no tag."""

_LITERAL = str.maketrans({"<": STAND_IN, "&": "\ue001"})
"""What a parser is to take for words: the first opens no tag, the second no reference."""

_END = re.compile(r"</[A-Za-z][^\s/>]*")
_FULL_END = re.compile(r"</[A-Za-z][^\s/>]*(?:\s+[^\s>]|/)")
"""An end tag, and one that holds more than its name."""

_HOLDS_NO_TAGS = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext")
_CLOSING = {name: re.compile(f"</{name}", re.IGNORECASE) for name in _HOLDS_NO_TAGS}
_NO_TAGS = re.compile(rf"<({'|'.join(_HOLDS_NO_TAGS)})\b", re.IGNORECASE)
"""Opens an element in which nothing but its end is a tag."""

_COMMENT_ENDS = re.compile(r"--!?>")
_NAME = re.compile(r"[^\s/>=]+|=[^\s/>=]*")
_SPACE = re.compile(r"[\s/]*")
_EQUALS = re.compile(r"\s*=\s*")
_BARE = re.compile(r"[^\s>]*")


class Piece(NamedTuple):
    """A stretch of the source and the words it stands for; `None` where they are the same."""

    start: int
    end: int
    words: str | None = None


def align(source: str, start: int, words: str, *, tags: bool = True) -> list[Piece] | None:
    """Return the stretches of the source from `start` that give these words, or `None` if they do not."""
    if source.startswith(words, start):
        return [Piece(start, start + len(words))] if words else []
    found: list[Piece] = []
    position = done = 0
    position = start
    while done < len(words):
        special = _SPECIAL.search(source, position)
        stop = special.start() if special else len(source)
        take = min(stop - position, len(words) - done)
        if not source.startswith(words[done : done + take], position):
            return None
        if take:
            found.append(Piece(position, position + take))
            position, done = position + take, done + take
            continue
        if special is None:
            return None
        piece = _special(source, position, words, done, tags=tags)
        if piece is None:
            return None
        if piece.words:
            found.append(piece)
        position, done = piece.end, done + len(piece.words or "")
    return found


class Mended(NamedTuple):
    """A source as the parser is to read it, each character in its place, and the stretches that were blanked out."""

    source: str
    blanked: list[tuple[int, int]]


def mended(source: str) -> Mended:
    """Return the source with what the parser takes for text, where it is to tell positions, blanked out.

    That is what end tags hold besides their name, and comments by the standard that are not written as such. These end
    at the first `>`, whatever stands before that: `</<textarea>` opens no field, and `<?<!-- >` no comment. Without a
    `>` to come they are left, and so is what only looks like one: in a comment, a script, a value. What a CDATA
    section holds is words: formulas and XHTML show it.
    """
    blanked: list[tuple[int, int]] = []
    if not (_BOGUS.search(source) or _FULL_END.search(source)):
        return Mended(source, blanked)
    parts: list[str] = []
    done = position = 0
    last_end = source.rfind(_CDATA_ENDS)
    while opens := _OPENS.search(source, position):
        start = opens.start()
        if source.startswith(_CDATA, start):
            words, end, position = _section(source, start, closed=start < last_end)
            parts += source[done:start], " " * (words - start), source[words:end].translate(_LITERAL)
            parts.append(" " * (position - end))
            blanked += (start, words), (end, position)
            done = position
            continue
        position = source.find(">", start) + 1 if _BOGUS.match(source, start) else _past(source, start)
        if not position:
            break
        if name := _END.match(source, start):
            start, position = name.end(), position - (source[position - 1] == ">")
        if name or _BOGUS.match(source, start):
            parts += source[done:start], " " * (position - start)
            blanked.append((start, position))
            done = position
    return Mended("".join([*parts, source[done:]]), blanked)


def without(start: int, end: int, blanked: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield what of a stretch was not blanked out."""
    for index in range(bisect_right(blanked, (start, start)), len(blanked)):
        first, last = blanked[index]
        if first >= end:
            break
        yield start, first
        start = last
    yield start, end


def _section(source: str, start: int, *, closed: bool) -> tuple[int, int, int]:
    """Return where the words of a CDATA section start and end, and where what comes after it starts.

    One that is never closed ends at the first `>`, as the comment does that it is outside of formulas and drawings.
    """
    words = start + len(_CDATA)
    if closed:
        end = source.find(_CDATA_ENDS, words)
        return words, end, end + len(_CDATA_ENDS)
    end = source.find(">", words) + 1 or len(source)
    return words, end, end


def _past(source: str, start: int) -> int:
    """Return the offset after a tag or comment, and after the content of one that holds no tags."""
    if source.startswith("<!--", start):
        ends = _COMMENT_ENDS.search(source, start + 2)
        return ends.end() if ends else len(source)
    end = tag_end(source, start)
    raw = _NO_TAGS.match(source, start)
    if raw is None:
        return end
    closing = _CLOSING[raw.group(1).lower()].search(source, end)
    return closing.start() if closing else len(source)


def _special(source: str, position: int, words: str, done: int, *, tags: bool) -> Piece | None:
    """Return what one special character of the source, and what hangs on it, gives; no words for what gives none."""
    char = source[position]
    if char == "\r":
        end = position + (2 if source.startswith("\r\n", position) else 1)
        return Piece(position, end, "\n") if words[done] == "\n" else None
    if char == "\0":
        return Piece(position, position + 1, words[done] if words[done] in "\0\ufffd" else "")
    if char == "&":
        return _reference(source, position, words, done)
    if tags and _opens_tag(source, position):
        end = tag_end(source, position)
        shown = words.startswith(source[position : position + 2], done)
        if not shown or (_TAG.match(source, position) and source[end - 1] == ">"):
            return Piece(position, _past_raw(source, position, end), "")
        end = source.find(">", position) + 1
        if end and words.startswith(source[position:end], done):
            return Piece(position, end, source[position:end])
    return Piece(position, position + 1, "<") if words[done] == "<" else None


def _past_raw(source: str, start: int, end: int) -> int:
    """Return where the content of a script or style ends that a tag opens, else the end of the tag."""
    raw = _RAW.match(source, start)
    closing = _CLOSING[raw.group(1).lower()].search(source, end) if raw else None
    return closing.start() if closing else end


def _reference(source: str, position: int, words: str, done: int) -> Piece | None:
    match = _REFERENCE.match(source, position)
    if match:
        decoded = html.unescape(match.group())
        if decoded != match.group() and decoded and words.startswith(decoded, done):
            return Piece(position, match.end(), decoded)
        if match.group()[1] == "#":  # a control character that the standard library drops
            return Piece(position, match.end(), words[done])
    return Piece(position, position + 1, "&") if words[done] == "&" else None


def _opens_tag(source: str, position: int) -> bool:
    following = source[position + 1 : position + 3]
    return following[:1].isascii() and (following[:1].isalpha() or following[:1] in {"!", "?"} or following[:1] == "/")


def tag_end(source: str, start: int) -> int:
    """Return the offset after the tag, comment or declaration that starts here, or the end of the source."""
    if source.startswith("<!--", start):
        end = source.find("-->", start + 2)
        return end + 3 if end >= 0 else len(source)
    if source[start + 1 : start + 2] in {"!", "?"}:
        end = source.find(">", start)
        return end + 1 if end >= 0 else len(source)
    ends = [end for _, _, end in _attributes(source, start)]
    end = source.find(">", ends[-1] if ends else start + 1)
    return end + 1 if end >= 0 else len(source)


def attribute(source: str, start: int, name: str) -> int | None:
    """Return where in the tag that starts here the value of an attribute starts."""
    if not source.startswith("<", start):
        return None
    for found, value, _ in _attributes(source, start):
        if found == name:
            return value
    return None


def _attributes(source: str, start: int) -> Iterator[tuple[str, int, int]]:
    """Yield each attribute of a tag: name, where its value starts, and where the attribute ends."""
    name = _NAME.match(source, start + 1)
    position = name.end() if name else start + 1
    while True:
        space = _SPACE.match(source, position)
        position = space.end() if space else position
        name = _NAME.match(source, position)
        if name is None:
            return
        position = name.end()
        equals = _EQUALS.match(source, position)
        value = position
        if equals:
            value, position = _value(source, equals.end())
        yield name.group().lower(), value, position


def _value(source: str, start: int) -> tuple[int, int]:
    """Return where the value of an attribute starts, quotation mark left out, and where the attribute ends."""
    quote = source[start : start + 1]
    if quote in {'"', "'"}:
        end = source.find(quote, start + 1)
        return start + 1, end + 1 if end >= 0 else len(source)
    bare = _BARE.match(source, start)
    return start, bare.end() if bare else start
