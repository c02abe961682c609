"""A roll-up for a terminal: the first rows of each table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.batch.rollup_html import problems, summary
from kb.batch.rollup_sections import sections
from kb.store.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.batch.rollup import Rolled

_MOST = 8
_WIDEST = 44


def render(now: Rolled, before: Rolled | None = None) -> str:
    """Return the text."""
    return "".join(f"{line}\n" for line in _lines(now, before))


def _lines(now: Rolled, before: Rolled | None) -> Iterator[str]:
    yield from summary(now)
    yield from (f"! {problem}" for problem in problems(now, before))
    for section in sections(now, before):
        if section.rows:
            yield ""
            yield section.title
            yield from _table([section.columns, *section.rows[:_MOST]])
            more = len(section.rows) - _MOST + section.left_out
            if more > 0:
                yield f"  and {more:,} more"
    if now.unchecked:
        yield ""
        yield "Not checked"
        yield from (f"  {printable(name)}: {printable(reason)}" for name, reason in now.unchecked[:_MOST])
        more = now.counts.unchecked + now.counts.partly - _MOST
        if more > 0:
            yield f"  and {more:,} more"


def _table(rows: list[tuple[Any, ...]]) -> Iterator[str]:
    cells = [[_cell(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    for row in cells:
        yield ("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))).rstrip()


def _cell(cell: Any) -> str:
    text = f"{cell:,}" if isinstance(cell, int) else printable(str(cell))
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"
