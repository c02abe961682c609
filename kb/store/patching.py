"""Change a YAML text only where its meaning is to change.

A change is taken apart into the smallest steps, and each step is tried in the most careful way first: only the scalar,
only the lines of the item. The text is read back after each; where it does not say exactly what was meant, or a comment
is gone that was not inside of what was taken out, the smallest field around is written anew with its comments, then
the next larger one, and the whole file at last. Whatever was done beyond the careful way is said in words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from kb.errors import FormatNotStable
from kb.store.emit import Comments, emit
from kb.store.formatting import in_order
from kb.store.hunks import hunks, rewriting
from kb.store.kinds import modeline
from kb.store.layout import Layout, layout_of
from kb.store.schemas import described, json_schema
from kb.store.steps import Add, Remove, Set, same, steps, stripped, taken
from kb.store.yaml12 import Shape, field_path

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

    from kb.store.kinds import Kind
    from kb.store.steps import Step
    from kb.store.yaml12 import Path

__all__ = ["Patched", "create", "cut", "patch", "prune", "replace_lines", "stripped"]

_BOM = "\ufeff"
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class Patched:
    """A text that says what was meant, and what had to be done for it beyond changing what changes."""

    text: str
    notes: tuple[str, ...] = ()


def patch(text: str, meant: Any, kind: Kind) -> Patched:
    """Return a file's text changed so that it says what is meant; a text that says so already stays as it is.

    The text must be readable YAML. Raise `FormatNotStable` where no way to write it was read back as it was meant.
    """
    bom = _BOM if text.startswith(_BOM) else ""
    layout = layout_of(text.removeprefix(_BOM))
    meant = stripped(meant)
    if same(layout.value, meant):
        return Patched(text)
    patched = _in_one_part(layout, meant, kind) or _stepwise(layout, meant, kind)
    return Patched(bom + patched.text, patched.notes)


def create(value: Mapping[str, Any], kind: Kind) -> str:
    """Return the canonical text of a new file."""
    return emit(in_order(stripped(value), kind), kind, Comments(header=[modeline(kind)]))


def prune(value: Any, old: Any, kind: Kind, path: Path = ()) -> Any:
    """Return a value without what says nothing: empty fields and defaults, unless `old` has just these.

    A form sends all of its fields, empty ones too; they shall not come to the file for that.
    """
    if isinstance(value, list):
        items = old if isinstance(old, list) else []
        return [
            item if item in items else prune(item, _at(items, number), kind, (*path, number))
            for number, item in enumerate(value)
        ]
    if not isinstance(value, dict):
        return value
    known = old if isinstance(old, dict) else {}
    kept = {key: prune(item, known.get(key), kind, (*path, key)) for key, item in value.items()}
    return {
        key: item
        for key, item in kept.items()
        if (key in known and same(known[key], item)) or not _says_nothing(item, kind, (*path, key))
    }


def cut(text: str, keys: Path) -> slice | None:
    """Return where an entry of a shared file stands: its lines, with the key; `None` where it is not there.

    Nor under an explicit key, since what is cut out there is no field by itself: no id is so long that it needs one.
    """
    layout = layout_of(text.removeprefix(_BOM))
    shift = len(text) - len(layout.text)
    lines = _lines_of(layout, tuple(keys))
    if lines is None or layout.is_explicit(tuple(keys)):
        return None
    return slice(lines.start + shift, lines.stop + shift)


def replace_lines(old: str, new: str) -> str:
    """Return a text that somebody typed with the byte order mark and the line ends of the text that it replaces.

    Lines that stay keep their own line end; others get the one that most lines have.
    """
    plain = re.sub(r"\r\n?", "\n", new.removeprefix(_BOM))
    mark = _BOM if old.startswith(_BOM) else ""
    before = _LINE.findall(old.removeprefix(_BOM))
    if not any(line.endswith("\r\n") for line in before):
        return mark + plain
    after = _LINE.findall(plain)
    most = "\r\n" if sum(line.endswith("\r\n") for line in before) * 2 > len(before) else "\n"
    bare = [line.replace("\r\n", "\n") for line in before]
    made: list[str] = []
    for tag, start, stop, first, last in SequenceMatcher(None, bare, after, autojunk=False).get_opcodes():
        made += before[start:stop] if tag == "equal" else [line.replace("\n", most) for line in after[first:last]]
    return mark + "".join(made)


def _at(items: list[Any], number: int) -> Any:
    return items[number] if number < len(items) else None


def _says_nothing(item: Any, kind: Kind, path: Path) -> bool:
    if item is None or item in ("", [], {}):
        return True
    # Not `in (True, False)`: the numbers 1 and 0 are equal to these.
    return isinstance(item, bool) and item is described(path, json_schema(kind)).get("default")


def _in_one_part(layout: Layout, meant: Any, kind: Kind) -> Patched | None:
    """Patch one entry of a shared file by itself, where only that one changes: the others need no look."""
    value, key = layout.value, None
    if isinstance(value, dict) and isinstance(meant, dict) and len(value) > 1 and value.keys() == meant.keys():
        changed = [name for name in value if not same(value[name], meant[name])]
        key = changed[0] if len(changed) == 1 else None
    if key is None or layout.values[()].shape is not Shape.BLOCK:
        return None
    lines = _lines_of(layout, (key,))
    if lines is None:
        return None
    part = Layout(layout.text[lines], layout.line_break(lines.start))
    if part.reading.problems or not same(part.value, {key: value[key]}):
        return None
    patched = _stepwise(part, {key: meant[key]}, kind)
    whole = layout_of(layout.text[: lines.start] + patched.text + layout.text[lines.stop :])
    return Patched(whole.text, patched.notes) if _says(whole, meant) else None


def _lines_of(layout: Layout, keys: Path) -> slice | None:
    start = layout.start(keys) if keys in layout.keys else None
    if start is None:
        return None
    if layout.in_flow(keys) or not layout.stands_alone(start):
        return slice(start, layout.end(keys))
    return slice(layout.line_start(start), layout.next_line(layout.end(keys)))


def _stepwise(layout: Layout, meant: Any, kind: Kind) -> Patched:
    notes: list[str] = []
    for step in steps(layout.value, in_order(meant, kind)):
        wanted = taken(layout.value, step)
        layout, note = _taken(layout, step, wanted, kind)
        notes.extend(note)
    if not _says(layout, meant):
        raise FormatNotStable("the change cannot be written so that it is read back as it was meant")
    return Patched(layout.text, tuple(notes))


def _taken(layout: Layout, step: Step, wanted: Any, kind: Kind) -> tuple[Layout, tuple[str, ...]]:
    """Take one step, in the most careful way that leads there."""
    for hunk in hunks(layout, step, kind):
        tried = Layout(hunk.on(layout.text), layout.usual_break)
        if _says(tried, wanted):
            gone = layout.comment_counts - tried.comment_counts
            if not gone:
                return tried, ()
            if isinstance(step, Remove) and _inside(gone, layout.text[hunk.start : hunk.end]):
                return tried, (_with_comments(step.path, gone),)
    return _rewritten(layout, step, wanted, kind)


def _rewritten(layout: Layout, step: Step, wanted: Any, kind: Kind) -> tuple[Layout, tuple[str, ...]]:
    """Write the smallest field around a step anew that leads there."""
    comments = _moved(layout.comments, step)
    own = step.path if isinstance(step, Set) else step.path[:-1] if isinstance(step, Add | Remove) else step.path
    for depth in range(len(own), 0, -1):
        path = own[:depth]
        value = wanted
        for key in path:
            value = value[key]
        for hunk in rewriting(layout, path, value, kind, _housed(comments, wanted)):
            tried = Layout(hunk.on(layout.text), layout.usual_break)
            if _says(tried, wanted) and not layout.comment_counts - tried.comment_counts:
                return tried, () if path == step.path or depth == len(own) else (_anew(path),)
    whole = Layout(emit(wanted, kind, _housed(comments, wanted)) if isinstance(wanted, dict) else "")
    if not _says(whole, wanted):
        raise FormatNotStable(f"the change of {field_path(step.path)} cannot be written; edit the raw text")
    gone = layout.comment_counts - whole.comment_counts
    if gone:
        raise FormatNotStable(f"the change of {field_path(step.path)} would lose a comment; edit the raw text")
    return whole, ("the layout of the file is so unusual that all of it was written anew",)


def _says(layout: Layout, wanted: Any) -> bool:
    return not layout.reading.problems and same(layout.value, wanted)


def _inside(gone: Counter[str], removed: str) -> bool:
    return all(removed.count(comment) >= number for comment, number in gone.items())


def _with_comments(path: Path, gone: Counter[str]) -> str:
    comments = "; ".join(gone)
    return f"a comment went with {field_path(path)}: {comments}"


def _anew(path: Path) -> str:
    return f"{field_path(path)} was written anew as a whole, since its layout left no room for a smaller change"


def _moved(comments: Comments, step: Step) -> Comments:
    """Return comments at the numbers that items have after a step."""
    if isinstance(step, Set) or not isinstance(step.path[-1] if step.path else "", int):
        return comments
    where, number = len(step.path) - 1, step.path[-1] if step.path else 0
    by = 1 if isinstance(step, Add) else -1 if isinstance(step, Remove) else 0

    def moved(path: Path) -> Path:
        if path[:where] != step.path[:where] or len(path) <= where or not isinstance(path[where], int):
            return path
        if isinstance(step, Remove) and path[where] == number:
            return path[:where]
        late = int(path[where]) >= int(number)
        return (*path[:where], int(path[where]) + by, *path[where + 1 :]) if late else path

    made = Comments(header=comments.header)
    for path, lines in comments.before.items():
        made.before.setdefault(moved(path), []).extend(lines)
    for path, lines in comments.below.items():
        made.below.setdefault(moved(path), []).extend(lines)
    for path, line in comments.beside.items():
        if moved(path) in made.beside:
            made.before.setdefault(moved(path), []).append(line)
        else:
            made.beside[moved(path)] = line
    return made


def _housed(comments: Comments, value: Any) -> Comments:
    """Return comments with those of fields and items that are gone put above what was around these."""
    made = Comments(header=list(comments.header), below={})
    for path, lines in comments.before.items():
        made.before.setdefault(_nearest(path, value), []).extend(lines)
    for path, lines in comments.below.items():
        nearest = _nearest(path, value)
        if nearest == path and _holds(value, path):
            made.below.setdefault(path, []).extend(lines)
        else:
            made.before.setdefault(nearest, []).extend(lines)
    for path, line in comments.beside.items():
        nearest = _nearest(path, value)
        if nearest == path:
            made.beside[path] = line
        else:
            made.before.setdefault(nearest, []).append(line)
    if () in made.before:
        made.header += made.before.pop(())
    return made


def _nearest(path: Path, value: Any) -> Path:
    """Return a path or, where there is nothing, the path of the nearest thing around it."""
    for depth, key in enumerate(path):
        is_there = key in value if isinstance(value, dict) else isinstance(value, list) and int(key) < len(value)
        if not is_there:
            return path[:depth]
        value = value[key]
    return path


def _holds(value: Any, path: Path) -> bool:
    for key in path:
        value = value[key]
    return isinstance(value, dict | list) and bool(value)
