"""The precise ways to take one step in a text: which characters give way to which.

Each is a guess that the caller tries out; what cannot be told for certain from the layout is left to a coarser way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kb.store.emit import WIDTH, bracketed, emit_node, scalar
from kb.store.formatting import known_fields
from kb.store.kinds import Kind
from kb.store.scalars import quoted, rewritten
from kb.store.steps import Add, Remove, Reorder, Set
from kb.store.yaml12 import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.store.emit import Comments
    from kb.store.layout import Layout
    from kb.store.steps import Step
    from kb.store.yaml12 import Path

_SPACED = frozenset({Kind.TOPICS, Kind.REFERENCES})


@dataclass(frozen=True, slots=True)
class Hunk:
    """Characters from `start` to `end` give way to `text`."""

    start: int
    end: int
    text: str

    def on(self, text: str) -> str:
        """Return a text with the hunk applied."""
        return text[: self.start] + self.text + text[self.end :]


def hunks(layout: Layout, step: Step, kind: Kind) -> Iterator[Hunk]:
    """Yield hunks that may take the step, the smallest first."""
    match step:
        case Set():
            yield from _setting(layout, step)
        case Add():
            yield from _adding(layout, step, kind)
        case Remove():
            yield from _removing(layout, step.path)
        case Reorder():
            yield from _reordering(layout, step)


def rewriting(layout: Layout, path: Path, value: Any, kind: Kind, comments: Comments | None = None) -> Iterator[Hunk]:
    """Yield hunks that write a field or item anew, with all that is in it."""
    node = layout.values[path]
    if layout.in_flow(path) or (node.shape is Shape.FLOW and "\n" not in layout.text[node.start : node.end]):
        text = scalar(value, flow=True) if not isinstance(value, dict | list) else bracketed(value)
        short = text is not None and node.start + len(text) - layout.line_start(node.start) <= WIDTH
        if text is not None and (short or layout.in_flow(path)):
            yield Hunk(node.start, node.end, text)
    start = layout.start(path)
    if start is None or layout.in_flow(path) or not path:
        return
    column = start - layout.line_start(start)
    head = layout.text[start : layout.keys[path].end] + ":" if path in layout.keys else "-"
    lines = emit_node(" " * column + head, value, path, kind, indent=column + 2, comments=comments)
    end = layout.line_end(layout.end(path))
    yield Hunk(start, end, layout.line_break(start).join(lines)[column:])


def _setting(layout: Layout, step: Set) -> Iterator[Hunk]:
    node = layout.values[step.path]
    if isinstance(step.value, dict | list) or node.shape in (Shape.FLOW, Shape.BLOCK):
        return
    token = layout.text[node.start : node.end]
    flow = layout.in_flow(step.path)
    if isinstance(step.value, str) and "\n" in step.value and node.shape is Shape.SCALAR and not flow:
        return  # several lines read better as such
    if not token:
        yield Hunk(node.start, node.end, _spaced_from(layout, node.start) + scalar(step.value, flow=flow))
        return
    for text in rewritten(token, step.value, flow=flow):
        line = node.start - layout.line_start(node.start) + len(text)
        if "\n" in text or flow or line <= WIDTH or len(token) >= len(text):
            yield Hunk(node.start, node.end, text)


def _spaced_from(layout: Layout, place: int) -> str:
    """Return the space that has to stand before a value put at a place where there was none."""
    return " " if place and layout.text[place - 1] in ":-?" else ""


def _adding(layout: Layout, step: Add, kind: Kind) -> Iterator[Hunk]:
    parent, key = step.path[:-1], step.path[-1]
    collection = layout.values[parent]
    siblings = layout.siblings(parent)
    if not siblings or collection.shape not in (Shape.FLOW, Shape.BLOCK):
        return
    number = int(key) if isinstance(key, int) else _place(siblings, step.path, kind)
    if collection.shape is Shape.FLOW:
        yield from _adding_in_flow(layout, step, siblings, number)
        return
    column = collection.column
    head = " " * column + (f"{scalar(key, flow=True)}:" if isinstance(key, str) else "-")
    neighbour = siblings[max(number - 1, 0)]
    lines = _like(layout, head, step, neighbour, kind)
    apart = kind in _SPACED and not parent
    if number:
        place = layout.line_end(layout.end(neighbour))
        eol = layout.line_break(place)
        yield Hunk(place, place, eol * (1 + apart) + eol.join(lines))
        return
    start = layout.start(neighbour)
    if start is None:
        return
    eol = layout.line_break(start)
    if layout.stands_alone(start):
        place = layout.above(start)
        yield Hunk(place, place, eol.join(lines) + eol * (1 + apart))
    else:
        yield Hunk(start, start, eol.join(lines)[column:] + eol + " " * column)


def _place(siblings: Sequence[Path], path: Path, kind: Kind) -> int:
    """Return how many of the fields that are there come before a new one."""
    names = [str(sibling[-1]) for sibling in siblings]
    key = str(path[-1])
    known = known_fields(path[:-1], kind)
    if key in known:
        before = known[: known.index(key)]
        numbers = [number for number, name in enumerate(names) if name in before]
        after = [number for number, name in enumerate(names) if name in known and name not in before]
        return numbers[-1] + 1 if numbers else min(after, default=len(names))
    if names == sorted(names) and not known:
        return sum(name < key for name in names)
    return len(names)


def _like(layout: Layout, head: str, step: Add, neighbour: Path, kind: Kind) -> list[str]:
    """Return the lines of a new field or item in the style of the one beside it."""
    value, node = step.value, layout.values[neighbour]
    if isinstance(step.path[-1], int):
        inline = bracketed(value) if isinstance(value, dict | list) else None
        if node.shape is Shape.FLOW and inline and len(head) + 1 + len(inline) <= WIDTH:
            return [f"{head} {inline}"]
        if node.shape is Shape.BLOCK and isinstance(value, dict) and value:
            return _opened(head, value, step.path, kind)
    quote = layout.text[node.start : node.start + 1]
    if isinstance(value, str) and quote in ("'", '"') and quote and "\n" not in value:
        inline = quoted(value, quote)
        if len(head) + 1 + len(inline) <= WIDTH:
            return [f"{head} {inline}"]
    return emit_node(head, value, step.path, kind, indent=len(head) - len(head.lstrip()) + 2)


def _opened(head: str, value: dict[str, Any], path: Path, kind: Kind) -> list[str]:
    """Return the lines of a mapping that is an item, a field a line."""
    indent = len(head) + 1
    lines: list[str] = []
    for key, inner in value.items():
        start = f"{head} " if not lines else " " * indent
        lines += emit_node(f"{start}{scalar(key, flow=True)}:", inner, (*path, key), kind, indent=indent + 2)
    return lines


def _adding_in_flow(layout: Layout, step: Add, siblings: Sequence[Path], number: int) -> Iterator[Hunk]:
    key, value = step.path[-1], step.value
    text = bracketed(value) if isinstance(value, dict | list) else scalar(value, flow=True)
    neighbour = layout.values[siblings[max(number - 1, 0)]]
    if isinstance(key, int) and isinstance(value, str) and layout.text[neighbour.start] in "'\"":
        text = quoted(value, layout.text[neighbour.start])
    if text is None:
        return
    text = f"{scalar(key, flow=True)}: {text}" if isinstance(key, str) else text
    line = layout.line_end(neighbour.start) - layout.line_start(neighbour.start) + len(text) + 2
    collection = layout.values[step.path[:-1]]
    if line > WIDTH and "\n" not in layout.text[collection.start : collection.end]:
        return  # it reads better as a whole over several lines
    if number:
        place = layout.end(siblings[number - 1])
        yield Hunk(place, place, f", {text}")
        return
    place = layout.start(siblings[0]) or 0
    yield Hunk(place, place, f"{text}, ")


def _removing(layout: Layout, path: Path) -> Iterator[Hunk]:
    siblings = layout.siblings(path[:-1])
    number = siblings.index(path)
    start = layout.start(path)
    following = layout.start(siblings[number + 1]) if number + 1 < len(siblings) else None
    if len(siblings) == 1 or start is None:
        return
    if layout.values[path[:-1]].shape is Shape.FLOW:
        if following is not None:
            yield Hunk(start, following, "")
        else:
            yield Hunk(layout.end(siblings[number - 1]), layout.end(path), "")
        return
    if not layout.stands_alone(start):
        if following is not None:
            yield Hunk(start, following, "")
        return
    first, end = layout.line_start(start), layout.next_line(layout.end(path))
    if end == len(layout.text) and not layout.text.endswith("\n"):
        yield Hunk(layout.line_end(first - 1) if first else 0, end, "")
    else:
        yield Hunk(first, end, "")


def _reordering(layout: Layout, step: Reorder) -> Iterator[Hunk]:
    siblings = layout.siblings(step.path)
    nodes = [layout.values[path] for path in siblings]
    if layout.values[step.path].shape is Shape.FLOW:
        chunks = [(node.start, node.end) for node in nodes]
    else:
        starts = [layout.start(path) for path in siblings]
        if None in starts:
            return
        chunks = [
            (_chunk_start(layout, start), layout.line_end(layout.end(path)))
            for start, path in zip(starts, siblings, strict=True)
            if start is not None
        ]
    yield _permuted(layout, chunks, step.order)


def _chunk_start(layout: Layout, start: int) -> int:
    """Return where an item begins with the comments above it; a dash after another dash begins where it stands."""
    return layout.above(start) if layout.stands_alone(start) else start


def _permuted(layout: Layout, chunks: Sequence[tuple[int, int]], order: Sequence[int]) -> Hunk:
    """Return the hunk that lets stretches of text change places; what is between them stays."""
    moved = [number for number, other in enumerate(order) if number != other]
    first, last = moved[0], moved[-1]
    text, end = "", chunks[first][0]
    for number in range(first, last + 1):
        start, stop = chunks[order[number]]
        text += layout.text[end : chunks[number][0]] + layout.text[start:stop]
        end = chunks[number][1]
    return Hunk(chunks[first][0], end, text)
