"""What stands in an address, read into a `Query` or refused with every reason at once."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.library import filter_values
from kb.search.base import FILTERS, MAX_PER_PAGE, SORTS, Query

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from werkzeug.datastructures import MultiDict

    from kb.model import KnowledgeBase

PER_PAGE = 20
MAX_PAGE = 99_999
MAX_TEXT = 2_000
"""Characters of a search that are read and shown again; more would only make every link of the page heavier."""

_SHOWN = 80
"""Characters of a wrong value that a message repeats."""

_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")
_UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
"""Control characters and the like: never part of what somebody meant, and not allowed in HTML."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one parameter."""

    field: str
    message: str


class BadParameters(Exception):
    """One or more parameters of an address cannot be used; `errors` has all of them."""

    message = "the address has parameters that cannot be used"

    def __init__(self, errors: Iterable[FieldError]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in self.errors))


class BadBody(BadParameters):
    """The same for fields of a request's body, or for the body as a whole."""

    message = "the body of the request cannot be used"


class NotDone(BadParameters):
    """The same for what was understood and cannot be done."""

    message = "this cannot be done"


def search_query(
    args: MultiDict[str, str],
    kb: KnowledgeBase,
    *,
    facets: tuple[str, ...] = (),
    default_sort: str | None = None,
) -> Query:
    """Read a search from the parameters of an address; raise `BadParameters` with every error.

    Without `sort`, results come in `default_sort` or, where that is `None`, by relevance if something was typed and
    by the number of articles if not. Parameters of other names are left alone: links pick them up on their way.
    So are concepts in `nowiden` that there are none of: the vocabulary changes, and an old link should still answer.
    """
    errors: list[FieldError] = []
    text = clean(args.get("q", ""))
    values = filter_values(kb)
    filters = {name: _filter(name, args.getlist(name), values[name], errors) for name in FILTERS}
    sort = args.get("sort") or default_sort or ("relevance" if text else "sources")
    if sort not in SORTS:
        errors.append(FieldError("sort", f"unknown order {sort!r}; it must be one of: {', '.join(SORTS)}"))
    page = whole_number(args, "page", default=1, most=MAX_PAGE, errors=errors)
    per_page = whole_number(args, "per_page", default=PER_PAGE, most=MAX_PER_PAGE, errors=errors)
    if errors:
        raise BadParameters(errors)
    unwidened = frozenset(args.getlist("nowiden")) & kb.concepts.keys()
    return Query(
        text=text, filters=filters, facets=facets, sort=sort, page=page, per_page=per_page, unwidened=unwidened
    )


def clean(text: str) -> str:
    """Return a typed text without control characters, on one line, cut at `MAX_TEXT` characters."""
    return _UNSHOWABLE.sub(" ", text).strip()[:MAX_TEXT]


def whole_number(args: MultiDict[str, str], name: str, *, default: int, most: int, errors: list[FieldError]) -> int:
    """Return the parameter as a number from 1 to `most`; note an error and return `default` if it is none."""
    text = args.get(name, "")
    if not text:
        return default
    if _WHOLE_NUMBER.fullmatch(text) and 1 <= int(text) <= most:
        return int(text)
    errors.append(FieldError(name, f"must be a whole number from 1 to {most}, not {shown(text)}"))
    return default


def only(args: MultiDict[str, str], allowed: Collection[str]) -> list[FieldError]:
    """Return an error for each parameter of another name, so that a slip in a program's call is not passed over."""
    return [
        FieldError(shown_name(name), f"unknown parameter{_near(name, allowed)}") for name in args if name not in allowed
    ]


def shown(text: str) -> str:
    """Return a value as it may be repeated in a message: in quotation marks, short, without control characters."""
    return repr(shown_name(text))


def _filter(name: str, values: Iterable[str], known: Collection[str], errors: list[FieldError]) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(value for value in values if value))
    errors.extend(
        FieldError(name, f"unknown value {shown(value)}{_near(value, known)}") for value in chosen if value not in known
    )
    return chosen


def shown_name(text: str) -> str:
    """Return a name as it may be repeated in a message: short, without control characters."""
    readable = _UNSHOWABLE.sub(" ", text)
    return readable if len(readable) <= _SHOWN else f"{readable[:_SHOWN]}…"


def _near(value: str, known: Collection[str]) -> str:
    found = difflib.get_close_matches(value[:_SHOWN], [str(item) for item in known], n=1)
    return f"; did you mean {found[0]!r}?" if found else ""
