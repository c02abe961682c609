"""What people looked for and the knowledge base does not have: a list for editors, beside the knowledge base.

A gap is the text that was searched for and the day, one JSON line each, in the system's folder for a person's own
data. Nothing says who asked; addresses, links and long numbers are left out of what is kept.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kb.errors import KbError
from kb.library import lists

if TYPE_CHECKING:
    from pathlib import Path

MAX_CHARS = 300
"""How much of a text is kept: a sentence."""

_UNSHOWABLE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
_PERSONAL = re.compile(r"\S+@\S+|\bhttps?://\S+|\bwww\.\S+|\+?\d[\d ().-]{5,}\d")
_LEFT_OUT = "[…]"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that was looked for in vain, however often, in whatever case it was typed."""

    text: str
    times: int
    first: dt.date
    last: dt.date


def file_of(name: str) -> Path:
    """Return the file with the gaps of the knowledge base of this name."""
    return lists.file_of("gaps", name)


def cleaned(text: str) -> str:
    """Return what is kept of a text: one line, cut at `MAX_CHARS`, without what could name or reach a person."""
    shown = _UNSHOWABLE.sub(" ", text).strip()[:MAX_CHARS]
    return _PERSONAL.sub(_LEFT_OUT, shown).strip()


def record(file: Path, text: str, on: dt.date) -> str:
    """Add a text to the list and return it as it was kept; raise `KbError` for nothing at all, `GapsFull`.

    Raise `NotWritten` where there is no room on the disk; nothing of the line stays then.
    """
    kept = cleaned(text)
    if not kept.replace(_LEFT_OUT, "").strip():
        raise KbError("there are no words to record")
    full = "the list of gaps is full; an editor must look through it first"
    lists.add(file, [{"text": kept, "on": on.isoformat()}], full)
    return kept


def read(file: Path) -> tuple[Gap, ...]:
    """Return the gaps, those asked for most first, then the latest. A line that cannot be read is logged and left."""
    found: dict[str, Gap] = {}
    for text, on in lists.read(file, _line):
        known = found.get(text.casefold())
        found[text.casefold()] = (
            Gap(known.text, known.times + 1, min(known.first, on), max(known.last, on))
            if known
            else Gap(text, 1, on, on)
        )
    return tuple(sorted(found.values(), key=lambda gap: (-gap.times, -gap.last.toordinal(), gap.text)))


def _line(entry: Any) -> tuple[str, dt.date]:
    return str(entry["text"]), dt.date.fromisoformat(entry["on"])
