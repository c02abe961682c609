"""HTML that cannot be broken by what stands in it: elements are built, never pasted together.

Whatever is not `Html` already is text, and is escaped.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_VOID = frozenset({"meta", "br"})
_BREAK = re.compile(r"\r\n?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


class Html(str):
    """Text that is markup and escaped already."""

    __slots__ = ()


def text(content: str) -> Html:
    """Return text as HTML; what HTML does not allow becomes the replacement character, and CRLF one line end."""
    if isinstance(content, Html):
        return content
    return Html(escape(_CONTROL.sub("\ufffd", _BREAK.sub("\n", content))))


def element(name: str, /, *children: str | None, **attributes: str | int | bool | None) -> Html:
    """Return an element; children and attributes that are `None` or `False` are left out.

    An underscore in the name of an attribute is a hyphen, one at its end is dropped: `class_`, `aria_label`.
    """
    inside = joined(children)
    opening = "".join(_attribute(key, value) for key, value in attributes.items())
    return Html(f"<{name}{opening}>" if name in _VOID else f"<{name}{opening}>{inside}</{name}>")


def joined(children: Iterable[str | None], between: str = "") -> Html:
    """Return pieces one after the other, those that are `None` left out."""
    return Html(text(between).join(text(child) for child in children if child is not None))


def _attribute(key: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{text(str(value))}"'
