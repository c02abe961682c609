"""From a posted form back to the fields of an entry.

What a form cannot tell apart stays as the entry had it: a field that is written out though it has its default value,
a text with space around it, a field that this form only shows.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from webapp.editing.parts import Part, Widget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from werkzeug.datastructures import MultiDict

    Form = MultiDict[str, str]

FROM = "@"
"""Ends the name of the hidden field that says which group of the entry a posted group was."""

_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,15}")
_STEP = re.compile(r"([^.\[\]]+)|\[([0-9]{1,5})\]")
_DIGITS = 5
_BETWEEN_IDS = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class Posted:
    """What a form says."""

    tree: dict[str, Any]
    """As the form has it: with groups in which nothing is filled in, and `FROM` in each that the entry had."""
    fields: dict[str, Any]
    """As the entry would have it."""
    _names: dict[str, str]

    def name_of(self, path: str) -> str:
        """Return the name in the form of a field of the entry; blank groups before it shift its number."""
        for found in sorted(self._names, key=len, reverse=True):
            if path == found or path.startswith((f"{found}.", f"{found}[")):
                return self._names[found] + path[len(found) :]
        return path


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one form into a tree; `names` gathers where numbers in the form differ from those in the tree."""

    form: Form
    names: dict[str, str]

    def group(self, parts: Iterable[Part], base: Mapping[str, Any], at: str) -> dict[str, Any]:
        """Return the fields of one group; `at` is its name in the form."""
        known = tuple(parts)
        found: dict[str, Any] = {}
        for part in known:
            value = base.get(part.name) if part.kept else self._value(part, base.get(part.name), _below(at, part.name))
            if _says_something(part, value):
                found[part.name] = value
            elif part.name in base and _is_default(part, base[part.name]):
                found[part.name] = base[part.name]
        names = {part.name for part in known}
        return {name: value for name, value in base.items() if name not in names} | found

    def _value(self, part: Part, base: Any, at: str) -> Any:
        match part.widget:
            case Widget.GROUP:
                return self.group(part.parts, base if isinstance(base, dict) else {}, at) or None
            case Widget.GROUPS:
                return self._groups(part, base if isinstance(base, list) else [], at)
            case _:
                return self._single(part, base, at)

    def _single(self, part: Part, base: Any, at: str) -> Any:
        match part.widget:
            case Widget.CHECKS:
                return self.form.getlist(at)
            case Widget.PICKS:
                return self._several(at, lambda text: _BETWEEN_IDS.split(text.lower()))
            case Widget.LINES:
                texts = [*_lines(self.form.get(at, "")), *self._several(at, lambda text: [text])]
                return _as_before(texts, base)
            case Widget.FLAG:
                return at in self.form
            case _:
                text = self._text(at).lower() if part.widget is Widget.PICK else self._text(at)
                if base is not None and _normal(str(base)) == text:
                    return base
                return int(text) if part.widget is Widget.NUMBER and _WHOLE_NUMBER.fullmatch(text) else text

    def _groups(self, part: Part, base: Sequence[Any], at: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for number in self._numbers(at):
            name = f"{at}[{number}]"
            self._note(f"{at}[{len(found)}]", name)
            was = self.form.get(name + FROM, "")
            before = base[int(was)] if was.isdecimal() and int(was) < len(base) else None
            if isinstance(before, dict):
                found.append({FROM: int(was)} | self.group(part.parts, before, name))
            else:
                found.append(self.group(part.parts, {}, name))
        return found

    def _several(self, at: str, split: Callable[[str], list[str]]) -> list[str]:
        found: list[str] = []
        for number in self._numbers(at):
            for text in split(self._text(f"{at}[{number}]")):
                if text:
                    self._note(f"{at}[{len(found)}]", f"{at}[{number}]")
                    found.append(text)
        return found

    def _note(self, in_tree: str, in_form: str) -> None:
        if in_tree != in_form:
            self.names[in_tree] = in_form

    def _numbers(self, at: str) -> list[int]:
        """Return the numbers of a repeated field, in order."""
        start = f"{at}["
        rest = {name[len(start) :].partition("]")[0] for name in self.form if name.startswith(start)}
        return sorted(int(number) for number in rest if number.isdecimal() and len(number) <= _DIGITS)

    def _text(self, at: str) -> str:
        return _normal(self.form.get(at, ""))


def read(parts: Iterable[Part], form: Form, base: Mapping[str, Any]) -> Posted:
    """Return the fields of an entry as a form gives them; `base` is the entry that the form was made from.

    What cannot be understood (a number that is none) stays as it was typed, so that the checks can say so.
    """
    in_form: dict[str, str] = {}
    tree = _Reader(form, in_form).group(parts, base, "")
    return settled(tree, in_form)


def settled(tree: dict[str, Any], in_form: Mapping[str, str] | None = None) -> Posted:
    """Return the fields that a tree comes to, once groups in which nothing is filled in are left out."""
    names = dict(in_form or {})
    fields: dict[str, Any] = _settled(tree, "", "", names)
    return Posted(tree, fields, names)


def _settled(value: Any, at: str, to: str, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        found = {}
        for name, inner in value.items():
            kept = _settled(inner, _below(at, name), _below(to, name), names)
            if name != FROM and not (kept in ({}, []) and inner not in ({}, [])):
                found[name] = kept
        return found
    if not isinstance(value, list) or not any(isinstance(item, dict) for item in value):
        return value
    kept_items: list[Any] = []
    for number, item in enumerate(value):
        name, path = f"{at}[{number}]", f"{to}[{len(kept_items)}]"
        inner = _settled(item, name, path, names)
        if inner != {}:
            if path != name:
                names[path] = name
            kept_items.append(inner)
    return kept_items


def arranged(tree: Mapping[str, Any], move: str, path: str) -> dict[str, Any]:
    """Return a tree in which a repeated group at `path` was added to, or one of its groups moved or removed.

    `move` is `add`, `remove`, `up` or `down`; a path that leads nowhere changes nothing.
    """
    found: dict[str, Any] = copy.deepcopy(dict(tree))
    steps = [int(number) if number else name for name, number in _STEP.findall(path)]
    number = steps.pop() if steps and isinstance(steps[-1], int) and move != "add" else None
    rows = _rows(found, steps) if steps else None
    if rows is None:
        return found
    if move == "add":
        rows.append({})
    elif isinstance(number, int) and number < len(rows):
        row = rows.pop(number)
        if move != "remove":
            rows.insert(max(0, number - 1) if move == "up" else number + 1, row)
    return found


def _rows(tree: dict[str, Any], steps: Sequence[str | int]) -> list[Any] | None:
    """Return the list at a path, made where nothing is; `None` where something else is."""
    at: Any = tree
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        if isinstance(step, int):
            if not isinstance(at, list) or step >= len(at):
                return None
            at = at[step]
        elif isinstance(at, dict):
            at = at.setdefault(step, [] if following is None or isinstance(following, int) else {})
        else:
            return None
    return at if isinstance(at, list) else None


def _below(above: str, name: str) -> str:
    return f"{above}.{name}" if above else name


def _says_something(part: Part, value: Any) -> bool:
    """Whether a value goes into the file: neither nothing nor, for a flag, what holds anyway."""
    if part.widget is Widget.FLAG and isinstance(value, bool):
        return value != bool(part.default)
    return value is not None and value not in ("", [])


def _is_default(part: Part, value: Any) -> bool:
    """Whether a field of the file, now without a value in the form, says nothing either, so that it can stay."""
    if part.widget is Widget.FLAG:
        return value is bool(part.default)
    if part.widget is Widget.GROUP:
        return value is None or (isinstance(value, dict) and not any(value.values()))
    return value in (None, "", [])


def _lines(text: str) -> list[str]:
    return [line.strip() for line in re.split(r"[\r\n]+", text) if line.strip()]


def _normal(text: str) -> str:
    """Return a text with the line breaks that YAML has, where browsers send others."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _as_before(texts: list[str], base: Any) -> list[str]:
    """Return texts as the entry spells them where they differ in nothing that a form can show."""
    spelt = {_normal(text): text for text in base if isinstance(text, str)} if isinstance(base, list) else {}
    return [spelt.get(text, text) for text in texts]
