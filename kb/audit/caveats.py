"""Which caveat of a knowledge base stands for a disclosure key or a theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.model import DisclosureKey

if TYPE_CHECKING:
    from collections.abc import Collection

    from kb.model import Caveat, KnowledgeBase

HARMS = frozenset(
    {
        DisclosureKey.SIDE_EFFECTS,
        DisclosureKey.BP_MONITORING,
        DisclosureKey.BLADDER_LONG_TERM,
        DisclosureKey.ABUSE_DEPENDENCE,
        DisclosureKey.NOT_FOR_EVERYONE,
    }
)
"""Keys of what can go wrong; a denial of it contradicts the caveat."""

_REASONS_AGAINST = frozenset({DisclosureKey.NOT_FOR_EVERYONE, DisclosureKey.SIDE_EFFECTS, DisclosureKey.BP_MONITORING})
"""Keys of what may speak against the treatment for somebody."""

_MAIN = 2
"""How many of a caveat's themes say what it is mainly about."""

_SAFEGUARDS = frozenset(
    {
        DisclosureKey.MEDICAL_SUPERVISION,
        DisclosureKey.MAINTENANCE_NEEDED,
        DisclosureKey.NOT_FOR_EVERYONE,
        None,
    }
)
"""Keys, or none, of what is needed before, during and after a session."""


def by_key(kb: KnowledgeBase, key: DisclosureKey) -> Caveat | None:
    """Return the caveat of a key that most claims owe."""
    return _most_owed(kb, [caveat for caveat in kb.caveats.values() if caveat.key is key])


def harm(kb: KnowledgeBase, themes: Collection[str], *, widely: bool = False) -> Caveat | None:
    """Return the caveat about a harm that most claims owe, on one of these themes that is of harm; `widely`, on any."""
    harmful = {theme for theme in themes if theme not in kb.topics or kb.topics[theme].key in HARMS}
    found = _of_harm(kb, harmful)
    return _most_owed(kb, _of_harm(kb, themes) if widely and not found else found)


def _of_harm(kb: KnowledgeBase, themes: Collection[str]) -> list[Caveat]:
    on = set(themes)
    return [one for one in kb.caveats.values() if one.key in HARMS and not on.isdisjoint(one.themes)]


def obstacle(kb: KnowledgeBase, themes: Collection[str]) -> Caveat | None:
    """Return the caveat on who must not have it, or must be watched, that is on one of these themes."""
    on = set(themes)
    about = [one for one in kb.caveats.values() if one.key in _REASONS_AGAINST]
    return _most_owed(kb, [one for one in about if not on.isdisjoint(one.themes[:_MAIN])])


def safeguard(kb: KnowledgeBase, themes: Collection[str]) -> Caveat | None:
    """Return the caveat on something needed for safety that has one of these themes for its first."""
    about = [one for one in kb.caveats.values() if one.denied and one.key in _SAFEGUARDS]
    return _most_owed(kb, [one for one in about if one.themes and one.themes[0] in themes])


def _most_owed(kb: KnowledgeBase, caveats: list[Caveat]) -> Caveat | None:
    return max(caveats, key=lambda caveat: (len(kb.claims_by_caveat.get(caveat.id, ())), caveat.id), default=None)
