"""Which fields an approval vouches for, and whether an edit changed what they say.

Case, white space, quotation marks, dashes and the punctuation between words do not change what is said; everything
else does. A program cannot tell a spelling mistake from another word ("prescribe" and "proscribe" are one letter
apart), so a corrected letter in one of these fields is for a second person to look at as well.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

MEANING: Mapping[str, tuple[str, ...]] = {
    "claim": ("claim", "verdict", "certainty", "scope", "evidence", "caveats", "no_caveat", "recognise"),
    "caveat": (
        *("caveat", "suggested_disclosure", "key", "not_of", "restates_article", "evidence", "recognise", "denied"),
    ),
}
"""Kind → the fields that an approval vouches for."""

WORDING: Mapping[str, tuple[str, ...]] = {"claim": ("claim", "verdict", "scope"), "caveat": ("caveat",)}
"""Kind → the fields after whose change evidence may no longer fit."""

_UNORDERED = frozenset({"evidence", "caveats", "recognise", "not_of", "reasons", "all", "any", "unless"})
"""Lists whose order says nothing."""

_PIECES = re.compile(r"\d(?:[\d.,:/-]*\d)?|[^\W\d_]+(?:'[^\W\d_]+)*|[%<>=±+~≤≥$€£°]")
_SAME = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-"})  # noqa: RUF001


def changed_meaning(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the fields of an entry that say something else than before, in canonical order."""
    return tuple(name for name in MEANING.get(kind, ()) if core(before.get(name), name) != core(after.get(name), name))


def core(value: Any, name: str = "") -> Any:
    """Return what a value says, without how it is written: two values with one core mean the same."""
    if isinstance(value, str):
        return _PIECES.findall(unicodedata.normalize("NFKC", value).translate(_SAME).casefold())
    if isinstance(value, list | tuple):
        items = [core(item) for item in value]
        return (sorted(items, key=_sortable) if name in _UNORDERED else items) or None
    if isinstance(value, dict):
        inner = {key: core(item, key) for key, item in value.items() if key != "recheck"}
        return {key: item for key, item in inner.items() if item is not None} or None
    return value or None


def _sortable(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
