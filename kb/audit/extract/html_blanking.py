"""The text of a page with markup blanked out: as long as its source, each word where it stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

JOINER = "\N{WORD JOINER}"
"""Shows nothing and ends no word; it stands for markup within one."""

_APOSTROPHES = frozenset("'’‘ʼ")  # noqa: RUF001 - these are what is meant


def blanked(length: int, pieces: Iterable[tuple[int, int, str, bool]]) -> str:
    """Return text of this length with the pieces in place: start, end, words, and whether they may go on a word."""
    parts: list[str] = []
    done = 0
    last = ""
    for start, end, words, goes_on in pieces:
        gap = start - done + (end - start) - len(words)
        filler = " "
        # decoded characters stand at the end of their room, so that an apostrophe touches the letter after it
        if gap and goes_on and _in_word(last) and (_in_word(words[:1]) or words[:1] in _APOSTROPHES):
            filler = JOINER
        parts.append(filler * gap)
        parts.append(words)
        done, last = end, words[-1:]
    parts.append(" " * (length - done))
    return "".join(parts)


def _in_word(char: str) -> bool:
    return char.isalnum() or char == JOINER
