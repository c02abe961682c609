"""Sentences told from queries: in a pasted text, quotation marks, dashes, colons and stars are punctuation.

Somebody who pastes a sentence of a leaflet means what it says, the quotation in it included, and no phrase search.
"""

from __future__ import annotations

import re

PASTED_WORDS = 8
"""A text of so many words is taken for a sentence; nobody types as many to look something up."""

_BESIDE_QUOTATION = 5
"""With so many words beside it, a quotation is part of a sentence; with fewer, it is a phrase to look for."""

_ENDS = (".", "!", "…")
"""No question mark: who types a short question looks something up, as without the mark."""
_CLOSING = '"”’) \n\t'  # noqa: RUF001 - typographic marks are what people paste
_SENTENCE_END = re.compile(r"[.!?…][\"”’)]*(?:\s|\Z)|\n")  # noqa: RUF001
_QUOTATION = re.compile(r'"[^"]*(?:"|\Z)')
_MARKED = re.compile(r"(?:^|\s)-[^\W\d]|\w\*|\bOR\b")
"""A minus before a word, a star behind one, OR: marks of a query that stand in sentences as well."""
_LINKING = re.compile(r"\b(?:an?|the|of|to|in|is|are|was|it|that|this|and|with|for|on|by|as|at)\b", re.IGNORECASE)
"""Words that sentences have, and lists of what to look for have not."""

_ADDRESS = re.compile(
    r"(?:https?://|\bwww\.|\bpic\.twitter\.com/)\S+"
    r"|\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.(?:com|org|net|gov|edu|co|ly|me)/\S*",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"(?<![\w@.])@\w+")
_TAG = re.compile(r"#(\w+)")
_SEAM = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])|_")


def is_pasted(text: str) -> bool:
    """Tell a sentence or more from a few words to look up: eight words, or several that end like a statement."""
    words = len(text.split())
    return words >= PASTED_WORDS or (words > 2 and text.rstrip(_CLOSING).endswith(_ENDS))  # noqa: PLR2004


def is_prose(text: str) -> bool:
    """Tell whether a text without any `field:value` is a sentence or more, and no query of several parts.

    Its quotation marks must be plain ones.
    """
    if not is_pasted(text):
        return False
    quotations = _QUOTATION.findall(text)
    beside = _QUOTATION.sub(" ", text)
    ended = _SENTENCE_END.search(text)
    if _MARKED.search(beside) and not ended:
        return False
    if not quotations or any(len(quotation.split()) >= PASTED_WORDS for quotation in quotations):
        return True
    return len(beside.split()) >= _BESIDE_QUOTATION and bool(ended or _LINKING.search(beside))


def has_marks(text: str) -> bool:
    """Tell whether a text has what would mean something in a query."""
    return '"' in text or bool(_MARKED.search(text))


def said(text: str) -> str:
    """Return what a pasted text says: without addresses and names of accounts, and with its tags as words."""
    return _TAG.sub(lambda tag: _SEAM.sub(" ", tag[1]), _ACCOUNT.sub(" ", _ADDRESS.sub(" ", text)))
