"""Which themes a mention carries: of its claim's themes those that the unit itself speaks on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from kb.model import Topic


def spoken(themes: tuple[str, ...], found: Collection[str], topics: Mapping[str, Topic]) -> tuple[str, ...]:
    """Return the themes of a claim that a unit speaks on; `found` are the topics that were recognised in it.

    A claim on suicidal thoughts easing within hours has two themes, and the words "eases suicidal thoughts" make the
    claim without a word on hours. A theme without rules of its own goes by the claim. Nothing may be left:
    "cutting-edge" praises the treatment, and speaks on none of its uses, risks or prospects.
    """
    return tuple(theme for theme in themes if theme in found or theme not in topics or not topics[theme].recognise)
