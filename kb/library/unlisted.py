"""Claims that audits found and the knowledge base does not list: sent to the editors' desk by people, one by one.

Like the list of gaps it lies beside the knowledge base, in the system's folder for a person's own data, one JSON line
each, and is only ever added to: what is done with is marked so by a later line. Nothing gets here by itself.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kb.library import lists
from kb.library.gaps import cleaned
from kb.text import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ALIKE = 0.4
"""Share of their words that two sentences must have in common (Jaccard) to stand in one group."""

_COMMON_WORDS = "a an and are as at be by can for from has have in is it may of on or our that the to with you your"
_COMMON = frozenset(_COMMON_WORDS.split())
_FULL = "the list of unlisted claims is full; an editor must look through it first"


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A sentence of copy that makes a claim which is not listed, however often it was sent."""

    text: str
    times: int
    first: dt.date
    last: dt.date
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Sentences that are alike, the one that was sent most often first."""

    sentences: tuple[Unlisted, ...]

    @property
    def times(self) -> int:
        """How often any of them was sent."""
        return sum(one.times for one in self.sentences)

    @property
    def text(self) -> str:
        """The sentence that stands for all."""
        return self.sentences[0].text


def file_of(name: str) -> Path:
    """Return the file of the knowledge base of this name."""
    return lists.file_of("unlisted", name)


def send(file: Path, texts: Iterable[str], by: str, on: dt.date) -> int:
    """Add sentences and return how many; raise `GapsFull`, `NotWritten`.

    What could name a person is left out, as of gaps.
    """
    kept = [text for text in dict.fromkeys(cleaned(text) for text in texts) if _words(text)]
    lists.add(file, ({"text": text, "by": by, "on": on.isoformat()} for text in kept), _FULL)
    return len(kept)


def dismiss(file: Path, texts: Iterable[str], by: str, on: dt.date) -> None:
    """Take sentences off the list, until somebody sends them again."""
    lists.add(file, ({"text": text, "by": by, "on": on.isoformat(), "done": True} for text in texts), _FULL)


def groups(file: Path) -> tuple[Group, ...]:
    """Return what is on the list in groups of sentences that are alike, what was sent most often first."""
    found: list[tuple[frozenset[str], list[Unlisted]]] = []
    for one in sorted(_read(file), key=lambda one: (-one.times, -one.last.toordinal(), one.text)):
        words = _words(one.text)
        group = next((members for first, members in found if _share(first, words) >= ALIKE), None)
        if group is None:
            found.append((words, [one]))
        else:
            group.append(one)
    made = [Group(tuple(members)) for _, members in found]
    return tuple(sorted(made, key=lambda group: (-group.times, group.text)))


def _read(file: Path) -> Iterable[Unlisted]:
    found: dict[str, Unlisted] = {}
    for text, by, on, done in lists.read(file, _line):
        key = text.casefold()
        known = found.pop(key, None)
        if done:
            continue
        by_all = (*(known.by if known else ()), by)
        first = min(known.first, on) if known else on
        last = max(known.last, on) if known else on
        times = known.times + 1 if known else 1
        found[key] = Unlisted(text, times, first, last, tuple(dict.fromkeys(by_all)))
    return found.values()


def _line(entry: Any) -> tuple[str, str, dt.date, bool]:
    return str(entry["text"]), str(entry["by"]), dt.date.fromisoformat(entry["on"]), bool(entry.get("done"))


def _words(text: str) -> frozenset[str]:
    return frozenset(token.stem for token in tokens(text)) - _COMMON


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0
