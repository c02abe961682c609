"""Printed citations, from `kb.citations`."""

from kb.citations import (
    Citation,
    Link,
    Part,
    cite,
)

__all__ = [
    "Citation",
    "Link",
    "Part",
    "cite",
]
