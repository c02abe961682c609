"""Sentences with offsets: sentencex finds the boundaries, this module makes them safe and fit for medical prose.

Three things of sentencex are worked around here. Its offsets drift after a carriage return, so it only ever sees one
line. It panics where a no-break space follows an initial, so it only ever sees ASCII of the same length. It takes
quadratic time on thousands of exclamation marks, so it sees a long line in windows.
"""

# ruff: noqa: RUF001 - typographic quotes and dashes are what this module reads

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sentencex import get_sentence_boundaries

if TYPE_CHECKING:
    from collections.abc import Iterator

_WINDOW = 2_000
"""Code points that sentencex sees at once; a sentence longer than that may be cut anywhere."""

_MARKER = 8
"""Code points of the longest list marker, white space included."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_INTRODUCING = _set("dr mr mrs ms mx prof rev hon st e.g eg i.e ie vs v cf viz approx ca incl esp resp")
"""Abbreviations that stand before something, so that no sentence ends after them."""

_NUMBERED = _set("fig figs vol vols no nos pp p eq ch sec ref refs tab")
"""Abbreviations after which no sentence ends if a digit follows."""

_UNITS = _set("mg mcg ug g kg ml dl l h hr hrs min mins sec secs wk wks mo mos yr yrs")
"""Units, after which a sentence ends only where a capital follows."""

_DOTTED = _set(
    "i.v i.m s.c p.o i.n b.i.d t.i.d q.d p.r.n u.s u.k e.u a.m p.m etc al inc ltd co corp jr sr "
    "ph.d m.d d.o r.n p.a n.p d.c",
)
"""Abbreviations after which a sentence ends only where a word follows that commonly starts one."""

_BULLETS = "•‣▪●◦▸►"
_STARTERS = (
    "The This That These Those There Then It Its We Our He His She Her They Their You Your My In On At After Before "
    "During For From With Without By If When While As Although Though But And Or So Yet However Some Many Most Few "
    "All No Not Both Each One Two Another Such Here What Who Why How Where Is Are Was Were Does Do Did Can Could May "
    "Might Will Would Should Patients People Because Since Also Once Today Now Only Still"
)
_STARTER = rf"[\"'“‘(\[]*(?:{'|'.join(_STARTERS.split())})\b"
_STARTS = re.compile(rf"\s*{_STARTER}")
_STARTS_UPPER = re.compile(r"\s*[\"'“‘(\[]*[A-Z]")
_STARTS_LOWER = re.compile(r"\s*[a-z]")
_STARTS_DIGIT = re.compile(r"\s*\d")

_MISSED = re.compile(
    rf"""
    [.!?。！？] (?:                                    # looked for by its first character, which text has few of
      (?<=\b[A-Za-z]\.) \s+ (?={_STARTER})           # "vitamin D. It …"
    | (?:(?<=\d[hgl]\.)|(?<=\d\s[hgl]\.)) \s+ (?=[A-Z])           # "for 3 h. Patients …"
    | (?<=[.!?]) [)\]]["'”’]? \s+ (?=["'“‘(\[]?[A-Z])              # "(So it is.) Others …"
    | (?:(?<=\b[Nn]o\.)|(?<=\bNO\.)) \s+ (?=["'“‘(\[]?[A-Z])      # "They said no. Others …", "No. Stop before."
    | (?<=[。！？]) [。！？]*
    )
    """,
    re.VERBOSE,
)
"""Ends of sentences that sentencex passes over."""

_BULLET = re.compile(f"[{_BULLETS}]")
"""Begins a sentence within a line."""

_LIST_MARKER = re.compile(rf"\s*[(\[]?(?:\d{{1,3}}|[A-Za-z]|[ivx]{{1,4}})[.)\]]+\s*|\s*[-*+{_BULLETS}–—]+\s*")
_LAST_WORD = re.compile(r"""[^\s"'“”‘’()\[\]/]{1,20}\Z""")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_TWINS = str.maketrans("“”„«»‘’…。！？", '"""""\'\'..!?')


class Span(NamedTuple):
    """A stretch of a text: code points from 0, `end` excluded."""

    start: int
    end: int


def sentences(text: str) -> tuple[Span, ...]:
    """Return the sentences of `text`, in order, without surrounding white space.

    A line break always ends a sentence, so list items and headings stand alone; a bullet within a line starts one.
    The spans do not overlap, and every character that is not white space lies in one of them. A sentence longer than
    2,000 characters may be returned in parts. Never raises; time is linear in the length of the text.
    """
    found: list[Span] = []
    offset = 0
    for line in text.splitlines(keepends=True):
        if not line.isspace():
            found.extend(_in_line(line, offset))
        offset += len(line)
    return tuple(found)


def _in_line(line: str, offset: int) -> Iterator[Span]:
    start = 0
    for end in [*_cuts(line), len(line)]:
        part = line[start:end]
        # a lone marker, as in "1." or "-", belongs to what it introduces; a long row of dashes is no marker
        if end < len(line) and len(part) <= _MARKER and _LIST_MARKER.fullmatch(part):
            continue
        stripped = part.strip()
        if stripped:
            first = offset + start + len(part) - len(part.lstrip())
            yield Span(first, first + len(stripped))
        start = end


def _cuts(line: str) -> list[int]:
    """Return where sentences of this line begin, the first left out."""
    possible = {match.end() for match in _MISSED.finditer(line)}
    possible.update(match.start() for match in _BULLET.finditer(line))
    possible.update(_boundaries(_ascii(line)))
    cuts = [0]
    for cut in sorted(possible - {0, len(line)}):
        if line[cut] in _BULLETS or cut - cuts[-1] > _WINDOW or not _is_joined(line, cut):
            cuts.append(cut)
    return cuts[1:]


def _boundaries(line: str) -> Iterator[int]:
    """Yield the boundaries that sentencex sees in a line of ASCII, window by window."""
    start = 0
    while start < len(line):
        window = line[start : start + _WINDOW]
        inner = [found["start_index"] for found in get_sentence_boundaries("en", window)]
        cuts = [cut for cut in inner if 0 < cut < len(window)]
        yield from (start + cut for cut in cuts)
        if start + len(window) == len(line):
            return
        # the last sentence may go on past the window, so it is read again from its start
        step = cuts[-1] if cuts else window.rfind(" ") + 1 or len(window)
        if not cuts:
            yield start + step
        start += step


def _is_joined(line: str, cut: int) -> bool:
    """Return whether this boundary is none, because of the abbreviation before it."""
    before = line[max(0, cut - 40) : cut].rstrip().rstrip(")]\"'”’")
    if before.endswith("…"):
        return bool(_STARTS_LOWER.match(line, cut))
    last = _LAST_WORD.search(before)
    if last is None or not before.endswith("."):
        return False
    word = last.group().rstrip(".").lower()
    if word in _INTRODUCING:
        return True
    if word in _NUMBERED and _STARTS_DIGIT.match(line, cut):
        return True
    if word in _DOTTED:
        return not _STARTS.match(line, cut)
    return word in _UNITS and not _STARTS_UPPER.match(line, cut)


def _ascii(line: str) -> str:
    """Return the line with each character beyond ASCII replaced by one of ASCII that acts alike."""
    return line if line.isascii() else _NOT_ASCII.sub(_twin_of_match, line)


def _twin_of_match(match: re.Match[str]) -> str:
    return _twin(match.group())


@lru_cache(maxsize=4_096)
def _twin(char: str) -> str:
    plain = char.translate(_TWINS)
    if plain != char:
        return plain
    if char.isspace():
        return " "
    if char.isupper():
        return "X"
    if char.isdecimal():
        return "0"
    # a symbol must not look like a letter, or "Done. 😀 Next" would seem to go on in lower case
    return "x" if char.isalpha() or not char.isprintable() else "*"
