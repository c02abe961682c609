"""The form of every kind of entry, made from its model: a tree of parts, each with the widget that its type needs."""

from __future__ import annotations

import datetime as dt
import inspect
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import StringConstraints
from pydantic_core import PydanticUndefined

from kb.model import Model, Occurrence, Passage
from webapp.editing import hints

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic.fields import FieldInfo


class Widget(StrEnum):
    """How a part is drawn and read back."""

    LINE = "line"
    TEXT = "text"
    """Several lines, that is."""
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"
    CHOICE = "choice"
    CHECKS = "checks"
    """Any of a few values, in the order of the file."""
    PICK = "pick"
    """The id of another entry."""
    PICKS = "picks"
    """Ids in a row."""
    LINES = "lines"
    """Short texts, one a line."""
    MARK = "mark"
    """Something that the program noted and a person can take away."""
    GROUP = "group"
    GROUPS = "groups"
    """Any number of groups, which can be added, removed and moved."""


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a form. `parts` are those of a group, or of each of several."""

    name: str
    label: str
    help: str
    widget: Widget
    required: bool = False
    default: Any = None
    choices: tuple[tuple[str, str, str], ...] = ()
    """(value, label, meaning) of what may be chosen."""
    picks: str = ""
    """The kind of entry whose id is asked for."""
    most: int | None = None
    """Characters at most."""
    parts: tuple[Part, ...] = ()
    kept: bool = False
    """Whether it is shown only: the review pages, or a rename, change it."""
    finds: str = ""
    """`occurrence` or `passage`, where groups are places in an article that can be found by their words."""
    one: str = ""
    """What one of several groups is called."""


@cache
def parts_of(model: type[Model]) -> tuple[Part, ...]:
    """Return the parts of a model's form in the order of its fields; the id, which is the file's name, is none."""
    return tuple(
        _part(model, field.alias or name, name, field) for name, field in model.model_fields.items() if name != "id"
    )


def walk(parts: Iterable[Part], above: str = "") -> Iterable[tuple[str, Part]]:
    """Yield every part with its path; those of repeated groups stand under `name[]`."""
    for part in parts:
        path = f"{above}.{part.name}" if above else part.name
        yield path, part
        yield from walk(part.parts, f"{path}[]" if part.widget is Widget.GROUPS else path)


def _part(model: type[Model], name: str, attribute: str, field: FieldInfo) -> Part:
    inner, inner_extras = _inner(field.annotation)
    extras = (*field.metadata, *inner_extras)
    key = f"{model.__name__}.{attribute}"
    repeated = _is_repeated(field.annotation)
    widget = _widget(key, inner, extras, repeated=repeated)
    group = widget in {Widget.GROUP, Widget.GROUPS}
    return Part(
        name=name,
        label=hints.label(key, name),
        help=hints.help_of(key, _description(field, inner)),
        widget=widget,
        required=field.is_required(),
        default=None if field.default is PydanticUndefined else field.default,
        choices=hints.choices(inner) if isinstance(inner, type) and issubclass(inner, Enum) else (),
        picks=hints.PICKS.get(key, ""),
        most=None if repeated else _most(extras),
        parts=parts_of(inner) if group else (),
        kept=key in hints.KEPT,
        finds=_finds(inner) if widget is Widget.GROUPS else "",
        one=hints.one_of(name),
    )


_OF_TYPES = {"A kebab-case id; ids are never reused."}
"""Descriptions of types, which say nothing about a field."""


def _description(field: FieldInfo, inner: Any) -> str:
    """Return what the model says of a field, or else what the type of a group or choice says of itself."""
    if field.description and field.description not in _OF_TYPES:
        return field.description
    of_ours = isinstance(inner, type) and issubclass(inner, (Model, Enum))
    said = inspect.cleandoc(inner.__doc__ or "") if of_ours else ""
    return said.partition("\n\n")[0].replace("\n", " ").replace("`", "")


def _widget(key: str, inner: Any, extras: tuple[Any, ...], *, repeated: bool) -> Widget:
    if key in hints.MARKS:
        return Widget.MARK
    if isinstance(inner, type) and issubclass(inner, Model):
        return Widget.GROUPS if repeated else Widget.GROUP
    if isinstance(inner, type) and issubclass(inner, Enum):
        return Widget.CHECKS if repeated else Widget.CHOICE
    if repeated:
        return Widget.PICKS if _is_id(extras) else Widget.LINES
    one_line = Widget.PICK if key in hints.PICKS else Widget.LINE
    return _OF_TYPE.get(inner, Widget.TEXT if key in hints.LONG else one_line)


_OF_TYPE = {bool: Widget.FLAG, int: Widget.NUMBER, dt.date: Widget.DATE}


def _inner(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return the type without `None`, tuple and `Annotated`, and what `Annotated` added inside."""
    extras: tuple[Any, ...] = ()
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *more = get_args(annotation)
            extras = (*extras, *more)
        elif origin in {Union, UnionType}:
            annotation = next(choice for choice in get_args(annotation) if choice is not NoneType)
        elif origin is tuple:
            annotation = get_args(annotation)[0]
        else:
            return annotation, extras


def _is_repeated(annotation: Any) -> bool:
    return get_origin(annotation) is tuple


def _is_id(extras: tuple[Any, ...]) -> bool:
    """Whether the text is an id, in which no space can stand."""
    return any(isinstance(extra, StringConstraints) and extra.pattern for extra in extras)


def _most(extras: tuple[Any, ...]) -> int | None:
    found = [extra.max_length for extra in extras if getattr(extra, "max_length", None)]
    return min(found) if found else None


def _finds(inner: type[Model]) -> str:
    if issubclass(inner, Occurrence):
        return "occurrence"
    return "passage" if issubclass(inner, Passage) else ""
