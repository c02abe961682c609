"""What a browser would send of a form that is drawn: every control with its value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.datastructures import MultiDict

from webapp.editing.parts import Widget

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from webapp.editing.drawing import Drawn


def form_of(drawn: Iterable[Drawn]) -> MultiDict[str, str]:
    """Return the fields that are sent when nothing was touched."""
    return MultiDict(list(_pairs(drawn)))


def _pairs(drawn: Iterable[Drawn]) -> Iterator[tuple[str, str]]:
    for found in drawn:
        if found.part.kept:
            continue
        for row in found.rows:
            if row.was is not None:
                yield f"{row.name}@", str(row.was)
            yield from _pairs(row.fields)
        if found.part.widget is Widget.GROUP:
            yield from _pairs(found.fields)
        elif found.part.widget is not Widget.GROUPS:
            yield from _controls(found)


def _controls(found: Drawn) -> Iterator[tuple[str, str]]:
    match found.part.widget:
        case Widget.CHECKS:
            yield from ((found.name, value) for value in found.value)
        case Widget.FLAG:
            yield from [(found.name, "on")] if found.value else []
        case Widget.PICKS:
            yield from ((one.name, one.value) for one in found.fields)
            yield found.spare, ""
        case _:
            yield from ((one.name, one.value.replace("\n", "\r\n")) for one in found.fields)
            yield found.name, found.value.replace("\n", "\r\n")
