"""Words and numbers with offsets into the original text, folded so that typography does not matter, and stemmed."""

# ruff: noqa: RUF001 - look-alikes of apostrophe, minus and per cent are what this module folds

from __future__ import annotations

import contextlib
import re
import threading
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import snowballstemmer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LONGEST = 64
"""Longer runs of letters are no words: they are neither stemmed nor remembered."""

# Marks that go with the letter before them, and characters that show nothing (soft hyphen, zero-width space).
_INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff"
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f" + _INVISIBLE
_APOSTROPHES = "'’‘‛ʼ＇`´′"

_LETTERS = rf"[^\W_]*(?:[{_MARKS}]+[^\W_]*)*"
_TOKEN = re.compile(
    rf"""
      [^\W\d_]{_LETTERS}(?:[{_APOSTROPHES}][^\W_]{_LETTERS})*         # ketamine, doesn't, patient's
    | \d+(?:st|nd|rd|th)\b                                            # 1st, 24th
    | (?:(?<![\w)\]%.])[-+−])?                                        # a sign, not the hyphen of a range
      (?:\d+(?:,\d\d\d(?!\d))*(?:\.\d+)?|(?<![\w.])\.\d+)(?:[ \u00a0\u202f]{{0,24}}[%％])?
    """,
    re.VERBOSE,
)
_FOLD_APOSTROPHES = str.maketrans(dict.fromkeys(_APOSTROPHES, "'"))
_DROP_INVISIBLE = re.compile(f"[{_INVISIBLE}]")
_DROP_IN_NUMBER = re.compile(r"[,\s]")


class Token(NamedTuple):
    """A word or number. `start` and `end` are code points of the original text, `end` excluded."""

    start: int
    end: int
    word: str
    """Lower case, NFKC, straight apostrophes; numbers without thousands separators: `doesn't`, `-0.5`, `70%`."""
    stem: str
    surface: str
    """The characters as they stand in the text."""


class Rows(NamedTuple):
    """A row of tokens by column, for those who look at one column of all of them."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    surfaces: tuple[str, ...]


def rows(found: Sequence[Token]) -> Rows:
    """Return the columns of a row of tokens."""
    if not found:
        return Rows((), (), ())
    _, _, words, stems, surfaces = zip(*found, strict=True)
    return Rows(words, stems, surfaces)


class _Stemmer:
    """The Snowball stemmer for English behind a lock, since it keeps its working state on itself."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stemmer = snowballstemmer.stemmer("english")
        self.known: dict[str, str] = {}
        self.learns = False

    def stem(self, word: str) -> str:
        with self._lock:
            found = self.known.get(word)
            if found is None:
                found = str(self._stemmer.stemWord(word))
                if self.learns:
                    self.known[word] = found
            return found


_stemmer = _Stemmer()


def tokens(text: str, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """Return the words and numbers of `text`, or of its part from `start` to `end`, in order.

    Hyphens, slashes and underscores split; apostrophes within a word do not (`doesn't`, `patient's`, whose stem is
    `patient`). A number keeps its sign, its decimals and a following `%`, even with blanked markup before that. Never
    raises.
    """
    found = []
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        surface = match.group()
        first, last = match.span()
        word, root = _read_word(surface) if last - first <= LONGEST else _unstemmed(surface)
        found.append(_token(Token, (first, last, word, root, surface)))
    return tuple(found)


_token = tuple.__new__
"""Makes a named tuple without the call of Python that its own constructor is."""


@contextlib.contextmanager
def learning(known: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """Take these stems as given from now on, and add to what is yielded those of the words that are met within."""
    _stemmer.known, _stemmer.learns = dict(known), True
    try:
        yield _stemmer.known
    finally:
        _stemmer.learns = False


_ENDINGS = (
    "s", "e", "y", "ed", "ing", "al", "ful", "ll", "er", "ator", "ion", "ic", "ism", "ogist", "ant", "ent", "anci",
    "enci", "ogi", "li", "iti",
)  # fmt: skip
"""The stemmer leaves alone any word of letters that ends otherwise, which is soon seen."""


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the Snowball (English) stem of a lower-case word; numbers stay as they are."""
    if word.isalpha() and not word.endswith(_ENDINGS):
        return word
    return _stemmer.stem(word) if word[:1].isalpha() else word


def hint(stem: str) -> str | None:
    """Return what every word of plain letters with this stem begins with; `None` for numbers and other letters.

    The stemmer takes endings off and changes two letters before them at most: dying, die; skies, sky; hoping, hope.
    """
    return stem[: max(1, len(stem) - 2)] if stem.isascii() and stem.isalpha() else None


def _unstemmed(surface: str) -> tuple[str, str]:
    """Return a run of letters too long for a word, folded, as its own stem."""
    word = _fold(surface)
    return word, word


@lru_cache(maxsize=65_536)
def _read_word(surface: str) -> tuple[str, str]:
    """Return the folded word and its stem."""
    word = _fold(surface)
    return word, stem(word)


def _fold(surface: str) -> str:
    if surface.isascii():
        word = surface.replace("`", "'").lower()
    else:
        # apostrophes first: NFKC takes the acute accent apart into a space and a mark
        plain = _DROP_INVISIBLE.sub("", surface.translate(_FOLD_APOSTROPHES).replace("−", "-"))
        word = unicodedata.normalize("NFKC", plain).lower()
    return _fold_number(word) if word[-1:] == "%" or word[-1:].isdecimal() else word


def _fold_number(word: str) -> str:
    """Drop thousands separators and the space before `%`; write `.5` as `0.5`."""
    plain = _DROP_IN_NUMBER.sub("", word)
    sign, digits = (plain[0], plain[1:]) if plain[0] in "+-" else ("", plain)
    return f"{sign}0{digits}" if digits.startswith(".") else plain
