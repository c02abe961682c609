"""Numbers in copy with their units and the bounds put on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.audit.base import Number
    from kb.audit.context import Reading


def numbers(reading: Reading, start: int, end: int) -> tuple[Number, ...]:
    """Return the numbers in a stretch of a unit."""
    del reading, start, end
    return ()
