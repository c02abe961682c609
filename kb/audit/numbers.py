"""Numbers in copy with their units and the bounds put on them: 70 %, seven out of ten, 0.5 mg/kg, as little as $400."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.audit.base import Number
from kb.audit.lexicon import lexicon
from kb.text import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kb.audit.lexicon import WordHit
    from kb.text import Token

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen",
)  # fmt: skip
_TENS = frozenset({"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"})
_DIGITS = 15
"""Longer numbers measure nothing, and the longest are too great for a float."""
_SPELT = {word: float(value) for value, word in enumerate(_SMALL)} | {
    "seventeen": 17.0, "eighteen": 18.0, "nineteen": 19.0, "twenty": 20.0, "thirty": 30.0, "forty": 40.0, "fifty": 50.0,
    "sixty": 60.0, "seventy": 70.0, "eighty": 80.0, "ninety": 90.0, "hundred": 100.0, "dozen": 12.0, "half": 0.5,
    "single": 1.0, "once": 1.0, "twice": 2.0,
}  # fmt: skip
_PARTS = {"half": 2.0, "third": 3.0, "thirds": 3.0, "quarter": 4.0, "quarters": 4.0, "fifth": 5.0, "fifths": 5.0}
_MANY = {"hundred": 100.0, "thousand": 1_000.0, "million": 1_000_000.0}
_UNITS = {
    "%": ("percent", "per", "pct"),
    "h": ("hour", "hours", "hr", "hrs", "h"),
    "min": ("minute", "minutes", "min", "mins"),
    "day": ("day", "days"),
    "week": ("week", "weeks", "wk", "wks"),
    "month": ("month", "months"),
    "year": ("year", "years", "yr", "yrs"),
    "session": (
        "infusion", "infusions", "session", "sessions", "treatment", "treatments", "dose", "doses", "visit", "visits",
        "appointment", "appointments", "injection", "injections", "booster", "boosters", "time", "times",
    ),
    "usd": ("dollars", "dollar", "usd"),
}  # fmt: skip
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words}
_WEIGHT = frozenset({"mg", "mcg", "milligram", "milligrams"})
_BETWEEN = frozenset({"iv", "ketamine", "full", "single", "monthly", "weekly", "initial", "more", "or", "different"})
"""Words that may stand between a number and its unit."""

_BOUNDS = (
    ("bound-little", "as-little-as"),
    ("bound-up-to", "up-to"),
    ("bound-at-least", "at-least"),
    ("bound-about", "about"),
)
_SPANS = frozenset({"min", "h", "day", "week", "month", "year"})
_JOINS = frozenset({"to", "or", "and"})
_OUT_OF = 4
_PARTING = frozenset({"in", "out of", "of every", "in every", "out of every"})
_FEW = 100
"""In "one patient in 2019" the second number is no share's whole."""

_PEOPLE = frozenset({
    "patients", "patient", "people", "persons", "person", "clients", "client", "guests", "members", "adults", "men",
    "women", "veterans", "sufferers", "users", "participants",
})  # fmt: skip


class _Found(NamedTuple):
    """A number as read: tokens `first` to `last`."""

    value: float
    unit: str
    first: int
    last: int
    ranged: bool = False


def numbers(text: str, start: int = 0, end: int | None = None) -> tuple[Number, ...]:
    """Return the numbers in a stretch of a text, in order; never raises."""
    found = tokens(text, start, end)
    return read(text, found, lexicon().find(found))


def read(text: str, found: Sequence[Token], words: Mapping[str, Sequence[WordHit]]) -> tuple[Number, ...]:
    """Return the numbers in a row of tokens; `words` are the lists of the lexicon that were found in it."""
    for token in found:
        if token.word in _SPELT or token.word[-1:] == "%" or token.word[:1].isdigit():
            break
    else:
        return ()
    bounds = _bounds(found, words)
    return tuple(_number(text, found, bounds, one) for one in _merged(text, found, list(_single(text, found))))


def _single(text: str, found: Sequence[Token]) -> Iterator[_Found]:
    """Yield each number with the unit that follows it."""
    index = 0
    while index < len(found):
        read_one = _value(text, found, index)
        if read_one is None:
            index += 1
            continue
        value, last, unit = read_one
        if not unit:
            unit, last = _unit(found, last)
        yield _Found(value, unit, index, last)
        index = last + 1


def _value(text: str, found: Sequence[Token], index: int) -> tuple[float, int, str] | None:
    """Return a number's value, its last token and its unit where the number itself tells it."""
    word = found[index].word
    following = found[index + 1].word if index + 1 < len(found) else ""
    if word in _SPELT:
        value, last, unit = _spelt(word, following, index)
    else:
        digits, last = word.rstrip("%"), index
        # `float` would take the word "nan" for a number
        if not digits[-1:].isdigit() or len(digits) > _DIGITS:
            return None
        try:
            value, unit = abs(float(digits)), "%" if word.endswith("%") else ""
        except ValueError:
            return None
    if unit:
        return value, last, unit
    if following in _MANY and last == index:
        value, last = value * _MANY[following], index + 1
    money = text[max(0, found[index].start - 2) : found[index].start].rstrip().endswith("$")
    return _share(found, value, last) or (value, last, "usd" if money else "")


def _spelt(word: str, following: str, index: int) -> tuple[float, int, str]:
    """Return what a number in words says, with its last token: "seventy-five", "two thirds", "half of"."""
    if following in _PARTS and following != "half":
        return round(100 * _SPELT[word] / _PARTS[following], 1), index + 1, "%"
    if word == "half" and following in {"of", "the"}:
        return 50.0, index, "%"
    if word in _TENS and following in _SMALL:
        return _SPELT[word] + _SPELT[following], index + 1, ""
    return _SPELT[word], index, ""


def _share(found: Sequence[Token], value: float, last: int) -> tuple[float, int, str] | None:
    """Return "seven out of ten", "2 of every 3", "1 in 4" or "three patients in four" as a percentage."""
    between = [token.word for token in found[last + 1 : last + 2 + _OUT_OF]]
    of_people = between[:1] != ["of"] and not _PEOPLE.isdisjoint(between[:1])
    words = between[1:] if of_people else between
    for skip in range(1, min(len(words), _OUT_OF)):
        of_them = words[:skip] == ["of"] and not _PEOPLE.isdisjoint(words[skip + 1 : skip + 2])
        if of_them or " ".join(words[:skip]) in _PARTING:
            whole = _plain(words[skip])
            if whole and value <= whole and (whole <= _FEW or not of_people):
                return round(100 * value / whole, 1), last + 1 + skip + of_people, "%"
    return None


def _plain(word: str) -> float:
    if word in _SPELT:
        return _SPELT[word]
    return float(word) if word.isdecimal() and word.isascii() else 0.0


def _unit(found: Sequence[Token], last: int) -> tuple[str, int]:
    """Return the unit behind a number and its last token; `""` and the number's own where there is none."""
    after = [token.word for token in found[last + 1 : last + 4]]
    if after[:2] == ["per", "cent"]:
        return "%", last + 2
    if after and after[0] in _WEIGHT:
        kilo = len(after) > 1 and after[-2:] != after[:1] and "kg" in after[1:3]
        return ("mg/kg", last + 1 + after.index("kg")) if kilo else ("", last + 1)
    for skip, word in enumerate(after):
        if word in _UNIT_OF and word != "per":
            return _UNIT_OF[word], last + 1 + skip
        if word not in _BETWEEN:
            break
    return "", last


def _merged(text: str, found: Sequence[Token], single: Sequence[_Found]) -> Iterator[_Found]:
    """Yield the numbers with ranges put together: "2-3 weeks", "between $400 and $600"."""
    index = 0
    while index < len(single):
        one = single[index]
        if index + 1 < len(single) and _ranges(text, found, one, single[index + 1]):
            other = single[index + 1]
            yield _Found(max(one.value, other.value), other.unit or one.unit, one.first, other.last, ranged=True)
            index += 2
        else:
            yield one
            index += 1


def _ranges(text: str, found: Sequence[Token], one: _Found, other: _Found) -> bool:
    between = [token.word for token in found[one.last + 1 : other.first]]
    gap = text[found[one.last].end : found[other.first].start].strip(" $\u00a0")
    dash = not between and gap in {"-", "–", "—", "to"}  # noqa: RUF001 - the en dash of a range
    before = found[one.first - 1].word if one.first else ""
    worded = len(between) == 1 and between[0] in _JOINS and (between[0] != "and" or before == "between")
    return (dash or worded) and one.unit in {"", other.unit} and one.value < other.value


def _bounds(found: Sequence[Token], words: Mapping[str, Sequence[WordHit]]) -> dict[int, tuple[str, int, bool]]:
    """Return token → the bound on a number that stands there, its first token, and whether it is the word "over"."""
    bounds: dict[int, tuple[str, int, bool]] = {}
    for name, told in reversed(_BOUNDS):
        for hit in reversed(words.get(name, ())):
            bounds[hit.last + 1] = told, hit.first, found[hit.first].word == "over"
    return bounds


def _number(text: str, found: Sequence[Token], bounds: Mapping[int, tuple[str, int, bool]], one: _Found) -> Number:
    bound, first = ("range" if one.ranged else "exact"), one.first
    if first in bounds and not one.ranged:
        told, opens, over = bounds[first]
        if not (over and one.unit in _SPANS):  # "over two weeks" is no more than that
            bound, first = told, opens
    start = found[first].start
    if first == one.first and text[max(0, start - 1) : start] == "$":
        start -= 1
    return Number(one.value, one.unit, bound, start, found[one.last].end)
