"""Copied text: the articles are not ours, so no text of ours repeats their words."""

from __future__ import annotations

import re
import unicodedata
from itertools import chain
from typing import TYPE_CHECKING

from kb.checks.base import Problem
from kb.checks.fields import patterns, prose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kb.checks.base import Context

IN_A_ROW = 7
"""How many words in a row must not be the same."""

_WORD = re.compile(r"[^\W_]+")


def copied_text(context: Context) -> Iterator[Problem]:
    """Report seven words in a row that an attached source has, too.

    Why: the articles are not ours to repeat; entries paraphrase them and point at the place. Case and punctuation do
    not count. Only sources whose text is attached can be compared.

    Fix: say it in your own words.
    """
    rows = _rows(context.texts)
    if not rows:
        return
    for kind, entry_id, field, text in chain(prose(context.kb), patterns(context.kb)):
        for source_id, words in _shared(_words(text), rows):
            message = f"{len(words)} words in a row stand in the source '{source_id}', too: “{' '.join(words)}”"
            yield Problem(kind, entry_id, field, message, "Say it in your own words.")


def _words(text: str) -> list[str]:
    """Return the words in lower case; whatever is not a letter or digit separates, so that no copy slips through."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).lower())


def _rows(texts: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    """Every row of seven words of the sources → the first source (by id) that has it."""
    rows: dict[tuple[str, ...], str] = {}
    for source_id in sorted(texts):
        for row in _sevens(_words(texts[source_id])):
            rows.setdefault(row, source_id)
    return rows


def _sevens(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[start : start + IN_A_ROW]) for start in range(len(words) - IN_A_ROW + 1))


def _shared(words: Sequence[str], rows: Mapping[tuple[str, ...], str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield (source, words) for each longest stretch whose rows of seven all stand in one source."""
    start, source = 0, None
    found = [rows.get(row) for row in _sevens(words)]
    for index, here in enumerate([*found, None]):
        if here != source:
            if source is not None:
                yield source, words[start : index + IN_A_ROW - 1]
            start, source = index, here
