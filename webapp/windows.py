"""What of a large table or a long list a page shows, and where the rest is, so that no page is over 100 kB."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request, url_for

from webapp.params import BadParameters, FieldError, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS = 10
"""Articles that stand side by side; of more, a page leads to the next ones."""

ROWS = 25
"""Caveats that a table shows; of more, a page leads to the next ones."""

PAIRS = 40
"""Pairs of articles that are listed where they are too many for a table."""

LISTED = 120
"""Caveats or references on one page of all of them."""

BRIEFS = 80
"""Claims on the page of what they owe or cite."""

PLACES = 160
"""Claims and concessions of an article that one page shows at their places."""

CHANGES = 50
"""Changes on one page of what differs between two states; one may show six fields of four hundred characters."""

_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a row of things, counted from 1."""

    parameter: str
    """What names the part in the address."""
    number: int
    size: int
    total: int

    @property
    def first(self) -> int:
        """The number of the first thing shown."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The number of the last thing shown."""
        return min(self.number * self.size, self.total)

    @property
    def whole(self) -> bool:
        """Whether everything is shown."""
        return self.total <= self.size

    @property
    def slice(self) -> slice:
        """The things shown, of all."""
        return slice(self.first - 1, self.last)

    @property
    def before(self) -> str | None:
        """The address of the things before these, if there are any."""
        return self._address(self.number - 1) if self.number > 1 else None

    @property
    def after(self) -> str | None:
        """The address of the things after these, if there are any."""
        return self._address(self.number + 1) if self.last < self.total else None

    def _address(self, number: int) -> str:
        kept: Mapping[str, str] = {
            **(request.view_args or {}),
            **{name: value for name, value in request.args.items() if name != "at"},
            self.parameter: str(number),
        }
        return url_for(request.endpoint or "", **kept)  # type: ignore[arg-type]  # Flask names some of its own


def window(parameter: str, total: int, size: int, *, holding: int = 1) -> Window:
    """Return the part that the address asks for, if it names none, the one with the thing of the number `holding`.

    Raise `BadParameters` where there is no such part.
    """
    value = request.args.get(parameter) or str((holding - 1) // size + 1)
    most = max(1, -(-total // size))
    if not _NUMBER.fullmatch(value) or int(value) > most:
        message = f"unknown part {shown(value)}; it must be a number from 1 to {most}"
        raise BadParameters([FieldError(parameter, message)])
    return Window(parameter, int(value), size, total)
