"""A roll-up as one HTML file: plots that are drawn, not run, each with the same figures in words and in a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.batch.rollup_sections import sections
from kb.formats.audit.elements import element, joined
from kb.formats.audit.html_page import page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.batch.rollup import Rolled
    from kb.batch.rollup_sections import Bar, Section
    from kb.formats.audit.elements import Html

_STYLE = Path(__file__).with_name("rollup.css")
_WIDTH, _LABEL, _ROW, _BAR = 840, 270, 28, 16
_ROOM = 330
"""What is left for the words behind a bar, of those about 60 fit."""
_LONGEST = 38


def render(now: Rolled, before: Rolled | None = None) -> str:
    """Return the page."""
    title = f"Audit of {now.counts.pages:,} pages"
    found = list(sections(now, before))
    contents = [element("li", element("a", section.title, href=f"#{section.name}")) for section in found]
    main = element(
        "main",
        *_warnings(now, before),
        element("nav", element("ul", *contents), aria_label="Contents"),
        *map(_section, found),
        _unchecked(now),
        id="main",
    )
    header = element("header", element("h1", title), *(element("p", line) for line in summary(now)))
    return page(title, _STYLE, element("a", "Skip to the figures", class_="skip", href="#main"), header, main)


def summary(now: Rolled) -> Iterator[str]:
    """Yield what was audited with what, in sentences."""
    counts, run = now.counts, now.run
    yield f"{now.audited:,} audited, {counts.unchecked:,} not checked, {counts.partly:,} checked in part."
    yield f"{counts.error:,} errors, {counts.warning:,} warnings, {counts.note:,} notes that nobody accepted."
    knows, tool = run.get("kb", {}), run.get("tool", {})
    state = knows.get("digest", "?")[:12]
    yield (
        f"Knowledge base {knows.get('name', '?')}, {knows.get('claims', '?')} claims, state {state}; "
        f"profile {run.get('profile', '?')}; kb {tool.get('version', '?')}; as of {run.get('as_of', '?')}."
    )


def problems(now: Rolled, before: Rolled | None) -> Iterator[str]:
    """Yield what a reader must know before any figure."""
    for which, rolled in (("This run", now), ("The earlier run", before)):
        if rolled is not None and not rolled.finished:
            yield f"{which} is not complete; shards counted: {rolled.shards:,}."
        for name, reason in rolled.left_out[:20] if rolled else ():
            yield f"{which}: {name} is not counted: {reason}."
    for name in ("kb", "tool", "profile", "only", "ignore", "min_level", "baseline"):
        if before is not None and now.run.get(name) != before.run.get(name):
            yield f"The two runs differ in {name.replace('_', ' ')}; part of what changed may come from that."


def _warnings(now: Rolled, before: Rolled | None) -> list[Html]:
    found = list(problems(now, before))
    return [element("ul", *(element("li", one) for one in found), class_="problems")] if found else []


def _section(section: Section) -> Html:
    left_out = f"{section.left_out:,} more rows are in the CSV and Parquet files." if section.left_out else None
    return element(
        "section",
        element("h2", section.title, id=section.name),
        element("p", section.note),
        _plot(section) if section.bars else None,
        _table(section) if section.rows else element("p", "Nothing of the kind was found."),
        element("p", left_out) if left_out else None,
        aria_labelledby=section.name,
    )


def _table(section: Section) -> Html:
    kinds = ["number" if isinstance(cell, int) else None for cell in section.rows[0]]
    named = zip(section.columns, kinds, strict=True)
    head = element("tr", *(element("th", name, scope="col", class_=kind) for name, kind in named))
    rows = [element("tr", *(_cell(cell) for cell in row)) for row in section.rows]
    table = element("table", element("caption", section.title), element("thead", head), element("tbody", *rows))
    return element("div", table, class_="wide", tabindex="0", role="region", aria_label=f"Table: {section.title}")


def _cell(cell: Any) -> Html:
    number = isinstance(cell, int | float)
    return element("td", f"{cell:,}" if number else str(cell), class_="number" if number else None)


def _plot(section: Section) -> Html:
    """Return the bars. What they show stands in words behind each, and all of it in the description."""
    height = _ROW * len(section.bars) + 4
    described = "; ".join(f"{bar.label}: {bar.said}" for bar in section.bars)
    ids = (f"{section.name}-plot", f"{section.name}-words")
    beside = section.name == "trends"
    longest = max((max(p for _, p in bar.parts) if beside else bar.length) for bar in section.bars) or 1
    drawn = [_bar(bar, index * _ROW + 2, longest, beside=beside) for index, bar in enumerate(section.bars)]
    return element(
        "figure",
        element(
            "svg",
            element("title", section.plot, id=ids[0]),
            element("desc", f"{described}.", id=ids[1]),
            *drawn,
            role="img",
            aria_labelledby=" ".join(ids),
            viewBox=f"0 0 {_WIDTH} {height}",
        ),
        element("figcaption", f"{section.plot}."),
    )


def _bar(bar: Bar, top: int, longest: float, *, beside: bool) -> Html:
    room = _WIDTH - _LABEL - _ROOM
    label = bar.label if len(bar.label) <= _LONGEST else f"{bar.label[: _LONGEST - 1]}…"
    pieces, left, end = [], float(_LABEL), 0.0
    for index, (kind, value) in enumerate(bar.parts):
        width = round(room * value / longest, 1)
        thick = _BAR // len(bar.parts) if beside else _BAR
        at, y = (_LABEL, top + 4 + index * thick) if beside else (round(left, 1), top + 4)
        if width:
            pieces.append(element("rect", x=str(at), y=str(y), width=str(width), height=str(thick), class_=kind))
        left += width
        end = max(end, at + width)
    words = element("text", bar.said, x=str(round(max(end, _LABEL) + 6, 1)), y=str(top + 17), class_="said")
    name = element("text", label, x=str(_LABEL - 8), y=str(top + 17), class_="label")
    return element("g", element("title", f"{bar.label}: {bar.said}"), name, joined(pieces), words)


def _unchecked(now: Rolled) -> Html | None:
    total = now.counts.unchecked + now.counts.partly
    if not total:
        return None
    items = [element("li", element("b", name), f": {reason}") for name, reason in now.unchecked]
    more = total - len(now.unchecked)
    return element(
        "section",
        element("h2", "Not checked", id="not-checked"),
        element(
            "p", "Nothing, or only a part, of these pages could be audited. No figure says anything about the rest."
        ),
        element("ul", *items),
        element("p", f"{more:,} more are in the result files.") if more > 0 else None,
        aria_labelledby="not-checked",
    )
