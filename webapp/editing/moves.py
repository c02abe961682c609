"""What the buttons of a form do besides checking and saving: they change what is typed, and show the form again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from webapp.editing import finding
from webapp.editing.drawing import id_of
from webapp.editing.parts import walk
from webapp.editing.posting import arranged
from webapp.editing.sheet import RULES

if TYPE_CHECKING:
    from webapp.editing.sheet import Sheet

_ARRANGING = frozenset({"add", "remove", "up", "down"})


def make(sheet: Sheet, do: str, rest: str) -> None:
    """Make the move that a button asks for and draw the form; a button that there is not changes nothing."""
    name, _, more = rest.partition(":")
    if do in _ARRANGING:
        _arrange(sheet, do, rest)
    elif do in {"find", "take", "mark"} and name in _finding_fields(sheet):
        _find(sheet, do, name, more)
    elif do in {"try", "example"} and name in RULES:
        _try(sheet, do, name, more)
    sheet.draw()


def _arrange(sheet: Sheet, do: str, path: str) -> None:
    sheet.rearrange(arranged(sheet.posted.tree, do, path))
    if do == "add":
        sheet.focus = f"{id_of(path)}-{len(_rows(sheet, path)) - 1}"
    elif do == "remove":
        sheet.focus = id_of(path.rpartition("[")[0])
    else:
        stem, _, number = path.removesuffix("]").rpartition("[")
        moved = int(number) + (1 if do == "down" else -1) if number.isdecimal() else 0
        sheet.focus = f"{id_of(stem)}-{max(0, min(moved, len(_rows(sheet, stem)) - 1))}"


def _rows(sheet: Sheet, path: str) -> list[Any]:
    found = sheet.posted.tree.get(path, [])
    return found if isinstance(found, list) else []


def _finding_fields(sheet: Sheet) -> dict[str, str]:
    return {path: part.finds for path, part in walk(sheet.kind.parts) if part.finds}


def _find(sheet: Sheet, do: str, name: str, more: str) -> None:
    source = sheet.id if sheet.kind.name == "source" else request.form.get(f"find:{name}:source", "")
    words = request.form.get(f"find:{name}:words", "").replace("\r\n", "\n")
    if do == "find":
        found = finding.find(source, words)
        if len(found.places) != 1:
            sheet.found[name] = found
            sheet.focus = f"find-{name}-words"
            return
        start, end = found.places[0].start, found.places[0].end
    else:
        start, end, source = _place(do, name, more, source)
    row = finding.row(_finding_fields(sheet)[name], source, start, end)
    if row is None:
        sheet.found[name] = finding.Find(source, words, problem="There is no such place in the article.")
        return
    tree = arranged(sheet.posted.tree, "add", name)
    tree[name][-1] = row
    sheet.rearrange(tree)
    sheet.focus = f"{id_of(name)}-{len(tree[name]) - 1}"


def _place(do: str, name: str, more: str, source: str) -> tuple[int, int, str]:
    """Return start, end and source of a place that was chosen from several, or marked in the text."""
    if do == "mark":
        numbers = [request.form.get(f"find:{name}:{which}", "") for which in ("start", "end")]
    else:
        source, *numbers = more.split(":")
    if len(numbers) != 2 or not all(number.isdecimal() and len(number) < 9 for number in numbers):  # noqa: PLR2004
        return 0, 0, source
    return int(numbers[0]), int(numbers[1]), source


def _try(sheet: Sheet, do: str, name: str, more: str) -> None:
    text = " ".join(request.form.get(f"try:{name}", "").split())
    if do == "example" and text and more in {"match", "no_match"}:
        tree = dict(sheet.posted.tree)
        tests = dict(tree.get(RULES[name]) or {})
        tests[more] = list(dict.fromkeys([*tests.get(more, ()), text]))
        tree[RULES[name]] = tests
        sheet.rearrange(tree)
    if text:
        sheet.try_rules(name, text)
    sheet.focus = f"try-{name}"
