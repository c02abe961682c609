"""What a unit is judged by: its word stems, each two that follow one another, its concepts and its kinds of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.audit.context import Reading
    from kb.text import Token

NUMBER, SHARE = "#", "#%"
"""Stand for any number: what is said matters here, not how much."""


def features(reading: Reading) -> dict[str, tuple[int, int]]:
    """Return feature → the first and last token that show it, the first time that it is there; (-1, -1) for none."""
    stems = [_stem(token) for token in reading.tokens]
    found: dict[str, tuple[int, int]] = {}
    before = ""
    for at, stem in enumerate(stems):
        if stem not in found:
            found[stem] = (at, at)
        if before and (both := f"{before} {stem}") not in found:
            found[both] = (at - 1, at)
        before = stem
    for concept, hits in reading.concepts.items():
        found[f"[{concept}]"] = (hits[0].first, hits[0].last)
    for name, words in reading.words.items():
        found[f"<{name}>"] = (words[0].first, words[0].last)
    if reading.ends == "?":
        found["?"] = (-1, -1)
    return found


def _stem(token: Token) -> str:
    stem = token.stem
    last = stem[-1:]
    if last == "%":
        return SHARE
    return NUMBER if last.isdecimal() else stem
