"""Tables that take long to make, such as the terms of a vocabulary by their stems, kept by whoever has the place.

A table is key → JSON. Its values are read one by one, when copy first asks for them: a page has few of the words that a
large vocabulary knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

Keep = Callable[[str, Callable[[], Mapping[str, str]]], Mapping[str, str]]
"""Returns the table of a name as it was kept, else as it is made now, and keeps that."""
