"""The filters of the search page: what can be chosen, what has been, and the addresses that lead there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from heapq import nsmallest
from typing import TYPE_CHECKING

from flask import url_for

from kb import words
from kb.model import CertaintyLevel, ClaimType, Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kb.model import KnowledgeBase
    from kb.search.base import Page, Query

SHORT_FILTERS = ("verdict", "certainty", "source", "type", "status")
"""The filters whose values are few, in the order of the page."""

SHOWN_FILTERS = (*SHORT_FILTERS, "caveat", "theme")
"""The filters that the page offers; those with many values come last."""

FILTER_LABELS: Mapping[str, str] = {
    "verdict": "Verdict",
    "certainty": "Certainty",
    "source": "Article",
    "type": "Kind of claim",
    "status": "Review",
    "theme": "Theme",
    "caveat": "Caveat owed",
}
SORT_LABELS: Mapping[str, str] = {
    "relevance": "Best match",
    "certainty": "Surest first",
    "sources": "In most articles",
    "changed": "Last changed",
    "id": "By name",
}


MOST_OPTIONS = 40
"""Values of one filter that the page offers; of more, those that most results have and those that are chosen."""


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter. `count` is how many results it would leave under all other filters."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The values of a filter; themes come in several groups, each with a name."""

    filter: str
    label: str
    options: tuple[Option, ...]
    more: int
    """How many values are not offered because there are too many."""

    @property
    def chosen(self) -> bool:
        """Whether any of its values is chosen."""
        return any(option.chosen for option in self.options)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is in force, and the address without it."""

    filter: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Order:
    """An order of results, and the address that asks for it."""

    label: str
    url: str
    current: bool


def label(kb: KnowledgeBase, name: str, value: str) -> str:
    """Return the value of a filter in words."""
    match name:
        case "theme":
            return words.theme_label(kb, value)
        case "source":
            return source_label(kb, value)
        case "caveat":
            return kb.caveats[value].short if value in kb.caveats else value
        case _:
            return _fixed_labels()[name].get(value, value)


def source_label(kb: KnowledgeBase, source_id: str) -> str:
    """Return what an article is called in lists: its publisher, or its title where no publisher is known."""
    source = kb.sources.get(source_id)
    return (source.publisher or source.title) if source else source_id


def groups(kb: KnowledgeBase, query: Query, page: Page) -> list[Group]:
    """Return the filters with few values, in the order of the page; values that would leave nothing are left out."""
    found: list[Group] = []
    for name in SHORT_FILTERS:
        counts = page.facets.get(name, {})
        order = _fixed_labels().get(name, kb.sources)
        found += _group(kb, query, name, [value for value in order if value in counts], counts)
    return found


def caveat_group(kb: KnowledgeBase, query: Query, page: Page) -> Group | None:
    """Return the caveats that the results owe, those chosen first, then those that most of them owe."""
    counts = page.facets.get("caveat", {})
    chosen = query.filters.get("caveat", ())
    on_file = [value for value in counts if value in kb.caveats]
    if chosen:
        on_file.sort(key=lambda value: value not in chosen)
    return next(_group(kb, query, "caveat", on_file, counts), None)


def theme_groups(kb: KnowledgeBase, query: Query, page: Page) -> list[Group]:
    """Return the themes in their groups, in the order of the file."""
    counts = page.facets.get("theme", {})
    found: list[Group] = []
    for group, themes in kb.themes.items():
        present = [theme for theme in themes if theme in counts]
        found += _group(kb, query, "theme", present, counts, heading=words.group_label(group))
    return found


def chips(kb: KnowledgeBase, query: Query) -> list[Chip]:
    """Return the filters in force, each with the address that lifts it."""
    return [
        Chip(FILTER_LABELS[name], label(kb, name, value), address(query, without=(name, value)))
        for name, values in query.filters.items()
        for value in values
    ]


def orders(query: Query) -> list[Order]:
    """Return the orders that make sense: best match only where something was typed."""
    return [
        Order(name, address(query, sort=sort), sort == query.sort)
        for sort, name in SORT_LABELS.items()
        if query.text or sort != "relevance"
    ]


def parameters(query: Query) -> list[tuple[str, str]]:
    """Return the search as (name, value) pairs without its page, for hidden fields of a form."""
    pairs = [("q", query.text)] if query.text else []
    pairs += [(name, value) for name, values in query.filters.items() for value in values]
    pairs += [("nowiden", concept) for concept in sorted(query.unwidened)]
    if query.sort != ("relevance" if query.text else "sources"):
        pairs.append(("sort", query.sort))
    return pairs


def address(
    query: Query,
    *,
    without: tuple[str, str] | None = None,
    nowiden: str | None = None,
    sort: str | None = None,
    page: int | None = None,
    endpoint: str = "search.results",
) -> str:
    """Return the address of this search with one thing changed; anything but `page` leads to the first page."""
    arguments: dict[str, list[str]] = {}
    for name, value in parameters(query):
        if (name, value) != without:
            arguments.setdefault(name, []).append(value)
    if nowiden:
        arguments.setdefault("nowiden", []).append(nowiden)
    if sort:
        arguments["sort"] = [sort]
    if page and page > 1:
        arguments["page"] = [str(page)]
    return url_for(endpoint, **arguments)  # type: ignore[arg-type]  # lists are several values of one name


def export_address(query: Query, ending: str) -> str:
    """Return the address of all results of this search, in their order, as a file with this ending."""
    path, _, asked = address(query).partition("?")
    return f"{path}search.{ending}{f'?{asked}' if asked else ''}"


def _group(
    kb: KnowledgeBase,
    query: Query,
    name: str,
    values: Sequence[str],
    counts: Mapping[str, int],
    *,
    heading: str | None = None,
) -> Iterator[Group]:
    """Yield the group of these values, or nothing where none of them would leave any result."""
    if not any(counts[value] for value in values):
        return
    chosen = query.filters.get(name, ())
    offered = set(nsmallest(MOST_OPTIONS, values, key=lambda value: (value not in chosen, -counts[value])))
    options = tuple(
        Option(value, label(kb, name, value), counts[value], value in chosen) for value in values if value in offered
    )
    yield Group(name, heading or FILTER_LABELS[name], options, len(values) - len(options))


@cache
def _fixed_labels() -> Mapping[str, Mapping[str, str]]:
    return {
        "type": {item.value: words.TYPES[item].label for item in ClaimType},
        "verdict": {item.value: words.VERDICTS[item].label for item in Verdict},
        "certainty": {item.value: words.CERTAINTY[item].label for item in CertaintyLevel},
        "status": {item.value: words.STATUSES[item].label for item in Status},
    }
