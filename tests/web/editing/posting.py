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
        match found.part.widget:
            case Widget.GROUP:
                yield from _pairs(found.fields)
            case Widget.GROUPS:
                for row in found.rows:
                    if row.was is not None:
                        yield f"{row.name}@", str(row.was)
                    yield from _pairs(row.fields)
            case Widget.CHECKS:
                yield from ((found.name, value) for value in found.value)
            case Widget.FLAG:
                yield from [(found.name, "on")] if found.value else []
            case Widget.PICKS:
                yield from ((one.name, one.value) for one in found.fields)
                yield found.spare, ""
            case Widget.LINES:
                yield from ((one.name, one.value.replace("\n", "\r\n")) for one in found.fields)
                yield found.name, found.value.replace("\n", "\r\n")
            case _:
                yield found.name, found.value.replace("\n", "\r\n")
