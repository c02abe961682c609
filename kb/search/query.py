"""How a typed text is read, before any vocabulary or engine is asked.

The language: words, "phrases", -exclusions, OR between two things, prefix*, and field:value. The reader is total:
whatever is typed gives an answer, in time linear in what is read.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kb.search.prose import has_marks, is_prose, said
from kb.text.small_words import ASKED, ASKING_WORDS, FUNCTION_WORDS
from kb.text.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.text.tokens import Token

MAX_CHARS = 300
"""How many characters of a query are read, blanks around it not counted; more than anybody types."""

PROSE_CHARS = 1_000
"""How many characters of a pasted text are read as words to look for; what it claims is looked for in more of it."""

SHORTEST_PREFIX = 2
"""Letters before a `*` that it takes to be one; "a*" would stand for half of all words."""

FIELDS = ("claim", "caveat", "theme", "type", "verdict", "certainty", "source", "reference", "status", "due")
"""What may stand before a colon. `claim:` looks for words in the claim itself, the others for values of an entry."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″＂", '"'))  # noqa: RUF001 - the look-alikes are the point
_JOINED = re.compile(r"[-‐‑.']?")  # noqa: RUF001
_ITEM = re.compile(
    rf"""
      (?<![^\s(-]) (?P<name>{"|".join(FIELDS)}): (?: "(?P<quoted>[^"]*)(?:"|\Z) | (?P<value>[^\s"/:][^\s"]*) )
    | "(?P<phrase>[^"]*)"
    """,
    re.VERBOSE | re.IGNORECASE,
)
_STRANGE = re.compile(r"(?<![^\s(-])([A-Za-z]+):(?=[^\s\"/:])")
"""What looks like a field; `_ITEM` has taken those that are."""
_TRAILING = ".,;!?)"
"""What ends a sentence or a bracket, and no value."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that was typed: a word (which may fall into several tokens, as follow-up does), a phrase, a value.

    `first` and `last` (included) number its tokens among all of the text's.
    """

    text: str
    first: int
    last: int
    phrase: bool = False
    excluded: bool = False
    dropped: bool = False
    prefix: bool = False
    """Any word will do that begins with this one."""
    field: str = ""
    """Where it must stand (`claim`), or of what it is the value (the other `FIELDS`)."""
    joins: bool = False
    """OR or AND, which says how its neighbours go together; never set where the word itself is meant."""
    alternative: bool = False
    """Joined by OR to the part before it that is not a joining word."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text as it was read. `cut` says that it was longer than `MAX_CHARS`."""

    text: str
    """What was read, cut and cleaned; the tokens' offsets are into it."""
    tokens: tuple[Token, ...]
    parts: tuple[Part, ...]
    cut: bool
    strange_fields: tuple[str, ...] = ()
    """What was typed before a colon like a field, and is none."""
    prose: bool = False
    """Whether this is a sentence or more, of which no mark means anything."""
    marked: bool = False
    """Whether a sentence has marks that mean something in a query, so that somebody may wonder."""

    def stems(self, part: Part) -> tuple[str, ...]:
        """Return the stems of a part, in order; the name of a field is none of them."""
        return tuple(token.stem for token in self.tokens[part.first + bool(part.field) : part.last + 1])

    @property
    def plain(self) -> bool:
        """True where words stand alone, without anything of the language."""
        return not any(
            part.phrase or part.excluded or part.field or part.prefix or part.alternative for part in self.parts
        )


def parse(text: str) -> Parsed:
    """Read what a person typed. Never raises.

    Quotation marks of any style make a phrase; a single one is ignored. A minus right before a word, phrase or field
    excludes it, but before a number it is the number's sign. `OR`, in capitals, joins what stands beside it. A colon
    after the name of a field, with no blank on either side, gives that field's value. All else separates words.
    In a sentence or more, unless it has a field's value, none of these means anything.
    """
    stripped = text.strip()
    beginning = _printable(stripped[:PROSE_CHARS]).translate(_QUOTES)
    prose = is_prose(beginning) and not any(item["name"] for item in _ITEM.finditer(beginning))
    clean = said(beginning) if prose else beginning[:MAX_CHARS]
    found = tokens(clean)
    items = [] if prose else list(_items(clean, found))
    taken = [False] * len(found)
    for part in items:
        taken[part.first : part.last + 1] = [True] * (part.last + 1 - part.first)
    words = _said_words(found) if prose else _words(clean, found, taken)
    parts = sorted([*items, *words], key=lambda part: part.first)
    if all(part.dropped for part in parts):
        # "what is it": nothing else was typed, so these are the words that are meant
        parts = [Part(part.text, part.first, part.last) for part in parts]
    cut = len(stripped) > (PROSE_CHARS if prose else MAX_CHARS)
    strange = () if prose else _strange(clean)
    return Parsed(clean, found, tuple(_joined(parts)), cut, strange, prose, prose and has_marks(beginning))


def _printable(text: str) -> str:
    """Replace what cannot be shown by blanks; format characters inside a word just go."""
    return "".join(
        character if character.isprintable() else ("" if unicodedata.category(character) == "Cf" else " ")
        for character in text
    )


def _items(text: str, found: tuple[Token, ...]) -> Iterator[Part]:
    """Yield fields with their values, and what stands between quotation marks."""
    starts = [token.start for token in found]
    for match in _ITEM.finditer(text):
        first, last = bisect_left(starts, match.start()), bisect_left(starts, match.end()) - 1
        excluded = _minus_before(text, match.start())
        name = (match["name"] or "").lower()
        if not name:
            if first <= last:
                yield Part(_spaced(match["phrase"]), first, last, phrase=True, excluded=excluded)
        elif name != "claim":
            value = _value(match)
            if value:
                yield Part(value, first, last, excluded=excluded, field=name)
        elif first < last:  # the words of the value, and the name of the field before them
            phrase = match["quoted"] is not None
            prefix = not phrase and first + 1 == last and _is_prefix(text, found[last])
            yield Part(_value(match).rstrip("*"), first, last, phrase, excluded, prefix=prefix, field=name)


def _value(match: re.Match[str]) -> str:
    if match["quoted"] is not None:
        return _spaced(match["quoted"])
    return match["value"].lstrip("(").rstrip(_TRAILING)


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _strange(text: str) -> tuple[str, ...]:
    """Return the names of fields that there are none of."""
    names = (match[1] for match in _STRANGE.finditer(_ITEM.sub(" ", text)))
    return tuple(dict.fromkeys(name for name in names if name.lower() not in FIELDS))


def _said_words(found: tuple[Token, ...]) -> Iterator[Part]:
    """Yield the words of a sentence, each for itself."""
    for index, token in enumerate(found):
        dropped = _is_function_word(token, capitals=True) or _only_asks(found, index)
        yield Part(token.surface, index, index, dropped=dropped)


def _words(text: str, found: tuple[Token, ...], taken: Sequence[bool]) -> Iterator[Part]:
    """Yield what belongs to no field or phrase, tokens that were typed as one word together."""
    capitals = any(character.islower() for character in text)
    first = 0
    for index, token in enumerate(found):
        if taken[index]:
            first = index + 1
            continue
        following = found[index + 1] if index + 1 < len(found) and not taken[index + 1] else None
        if following and _JOINED.fullmatch(text, token.end, following.start):
            continue
        start = found[first].start
        excluded = _minus_before(text, start)
        joins = first == index and not excluded and token.surface in {"OR", "AND"}
        dropped = joins or (
            first == index
            and not excluded
            and (_is_function_word(token, capitals=capitals) or _only_asks(found, index))
        )
        prefix = first == index and _is_prefix(text, token)
        yield Part(
            text[start : token.end],
            first,
            index,
            excluded=excluded,
            dropped=dropped and not prefix,
            prefix=prefix,
            joins=joins,
        )
        first = index + 1


def _joined(parts: list[Part]) -> Iterator[Part]:
    """Yield the parts, those on either side of an OR marked as alternatives; an OR without two sides says nothing."""
    before: Part | None = None
    either = False
    for part in parts:
        if part.joins:
            either = either or part.text == "OR"
            yield part
            continue
        joined = either and before is not None and not (before.excluded or part.excluded)
        # a function word that somebody offers as an alternative is meant
        alternative = replace(part, alternative=True, dropped=False) if joined else part
        yield alternative
        if not part.dropped or joined:
            before, either = alternative, False


def _minus_before(text: str, start: int) -> bool:
    return start > 0 and text[start - 1] == "-" and (start == 1 or text[start - 2].isspace())


def _is_prefix(text: str, token: Token) -> bool:
    """Tell a word with a star behind it."""
    ends = text[token.end : token.end + 1] == "*" and not text[token.end + 1 : token.end + 2].isalnum()
    return ends and token.word[0].isalpha() and len(token.word) >= SHORTEST_PREFIX


def _is_function_word(token: Token, *, capitals: bool) -> bool:
    """Tell a function word. WHO and IT are names, unless the whole text is in capitals; AND and OR never are."""
    word = token.word.removesuffix("'s")
    if word not in FUNCTION_WORDS:
        return False
    is_name = capitals and len(word) > 1 and token.surface.isupper() and word not in {"and", "or"}
    return not is_name


def _only_asks(found: Sequence[Token], index: int) -> bool:
    """Tell a word such as "can" that only turns a sentence into a question, by the subject that follows it."""
    following = found[index + 1].word if index + 1 < len(found) else ""
    return found[index].word in ASKING_WORDS and following in ASKED
