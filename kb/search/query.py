"""How a typed text is read, before any vocabulary or engine is asked: words, "phrases" and -exclusions.

The reader is total: whatever is typed gives an answer, in time linear in what is read.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.text.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.text.tokens import Token

MAX_CHARS = 300
"""How many characters of a text are read, blanks around it not counted; more than anybody types."""

FUNCTION_WORDS = frozenset(
    """
    a an the this that these those it its he she they we you i me my your our their his her them
    of on in at to for by with from as into about between during and or but than then so
    is are was were be been being am do does did has have had
    what which who whom whose how why when where there here
    """.split()  # noqa: SIM905 - a list of words is easiest to read as words
)
"""Left out of a search, except in a phrase, after a minus, in capitals, or where nothing else was typed.

Words that turn a claim's meaning are not among them: not, no, never, without, may, can, will, only, all, more, less.
"""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″＂", '"'))  # noqa: RUF001 - the look-alikes are the point
_PHRASE = re.compile(r'"([^"]*)"')
_JOINED = re.compile(r"[-‐‑.']?")  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that was typed: a word (which may fall into several tokens, as follow-up does) or a phrase.

    `first` and `last` (included) number its tokens among all of the text's.
    """

    text: str
    first: int
    last: int
    phrase: bool = False
    excluded: bool = False
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text as it was read. `cut` says that it was longer than `MAX_CHARS`."""

    tokens: tuple[Token, ...]
    parts: tuple[Part, ...]
    cut: bool

    def stems(self, part: Part) -> tuple[str, ...]:
        """Return the stems of a part, in order."""
        return tuple(token.stem for token in self.tokens[part.first : part.last + 1])


def parse(text: str) -> Parsed:
    """Read what a person typed. Never raises.

    Quotation marks of any style make a phrase; a single one is ignored. A minus right before a word or phrase
    excludes it, but before a number it is the number's sign. All else separates words.
    """
    stripped = text.strip()
    clean = _printable(stripped[:MAX_CHARS]).translate(_QUOTES)
    found = tokens(clean)
    parts = [*_phrases(clean, found), *_words(clean, found)]
    parts.sort(key=lambda part: part.first)
    if all(part.dropped for part in parts):
        # "what is it": nothing else was typed, so these are the words that are meant
        parts = [Part(part.text, part.first, part.last) for part in parts]
    return Parsed(found, tuple(parts), cut=len(stripped) > MAX_CHARS)


def _printable(text: str) -> str:
    """Replace what cannot be shown by blanks; format characters inside a word just go."""
    return "".join(
        character if character.isprintable() else ("" if unicodedata.category(character) == "Cf" else " ")
        for character in text
    )


def _phrases(text: str, found: tuple[Token, ...]) -> Iterator[Part]:
    """Yield what stands between quotation marks."""
    index = 0
    for match in _PHRASE.finditer(text):
        while index < len(found) and found[index].start < match.start():
            index += 1
        first = index
        while index < len(found) and found[index].start < match.end():
            index += 1
        if index > first:
            inside = " ".join(match[1].split())
            yield Part(inside, first, index - 1, phrase=True, excluded=_minus_before(text, match.start()))


def _words(text: str, found: tuple[Token, ...]) -> Iterator[Part]:
    """Yield what stands outside quotation marks, tokens that were typed as one word together."""
    quoted = [False] * len(text)
    for match in _PHRASE.finditer(text):
        quoted[match.start() : match.end()] = [True] * (match.end() - match.start())
    capitals = any(character.islower() for character in text)
    first = 0
    for index, token in enumerate(found):
        if quoted[token.start]:
            first = index + 1
            continue
        following = found[index + 1] if index + 1 < len(found) else None
        if following and not quoted[following.start] and _JOINED.fullmatch(text, token.end, following.start):
            continue
        start = found[first].start
        excluded = _minus_before(text, start)
        dropped = first == index and not excluded and _is_function_word(token, capitals=capitals)
        yield Part(text[start : token.end], first, index, excluded=excluded, dropped=dropped)
        first = index + 1


def _minus_before(text: str, start: int) -> bool:
    return start > 0 and text[start - 1] == "-" and (start == 1 or text[start - 2].isspace())


def _is_function_word(token: Token, *, capitals: bool) -> bool:
    """Tell a function word. WHO and IT are names, unless the whole text is in capitals; AND and OR never are."""
    word = token.word.removesuffix("'s")
    if word not in FUNCTION_WORDS:
        return False
    is_name = capitals and len(word) > 1 and token.surface.isupper() and word not in {"and", "or"}
    return not is_name
