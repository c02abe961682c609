"""The checks of `kb lint` for one entry alone: what it would find wrong once this entry is saved.

The rules are the same; they are only shown a knowledge base in which every name can be looked up and nothing but the
entry in question, and what its rules may clash with, is gone through one by one. So a save takes as long among 10,000
entries as among ten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from kb import checks
from kb.checks.registry import RULES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator

    from kb.checks import Problem
    from kb.model import Caveat, Claim, KnowledgeBase

    Focus = Mapping[str, Collection[str]]

Value = TypeVar("Value")

_OF_THE_WHOLE = {"near-duplicate", "unused-caveat", "unused-concept", "unused-reference", "alias-clash"}
"""Rules that compare all entries with each other; `alias_clashes` looks after the last for one entry."""
_RULES = tuple(rule for rule in RULES if rule.id not in _OF_THE_WHOLE)
_LOOKUPS = {rule.id for rule in _RULES if rule.id.startswith("unknown-")}

_FIELD = {
    "claim": "claims",
    "caveat": "caveats",
    "source": "sources",
    "concept": "concepts",
    "reference": "references",
    "topic": "topics",
}
"""Kind → where a knowledge base keeps entries of it."""


class _Focused(Mapping[str, Value]):
    """A mapping that knows every name and shows only some of them."""

    def __init__(self, whole: Mapping[str, Value], shown: Collection[str]) -> None:
        self._whole = whole
        self._shown = tuple(name for name in shown if name in whole)

    def __getitem__(self, name: str) -> Value:
        return self._whole[name]

    def __contains__(self, name: object) -> bool:
        return name in self._whole

    def __iter__(self) -> Iterator[str]:
        return iter(self._shown)

    def __len__(self) -> int:
        return len(self._shown)


def with_entry(kb: KnowledgeBase, kind: str, entry_id: str, entry: Any) -> KnowledgeBase:
    """Return the knowledge base as it will be; `entry` is what its file holds: a model or, for themes, all of them."""
    if kind == "kb":
        return replace(kb, about=entry)
    if kind == "theme":
        return replace(kb, themes=entry)
    field = _FIELD[kind]
    changed: dict[str, Any] = {field: {**getattr(kb, field), entry_id: entry}}
    return replace(kb, **changed)


def run(
    kb: KnowledgeBase, kind: str, entry_id: str, *, today: dt.date, texts: Mapping[str, str] | None = None
) -> list[Problem]:
    """Return what the rules find wrong with one entry of a knowledge base."""
    found = checks.run(_focused(kb, kind, entry_id), today=today, texts=texts, rules=_RULES)
    if any(problem.rule in _LOOKUPS for problem in found):  # what was meant is looked for among all names
        found = [problem for problem in found if problem.rule not in _LOOKUPS]
        found += checks.run(kb, today=today, rules=[rule for rule in _RULES if rule.id in _LOOKUPS])
    own = [problem for problem in found if (problem.kind, problem.entry_id or entry_id) == (kind, entry_id)]
    return [*own, *_alias_clashes(kb, kind, entry_id)]


def _focused(kb: KnowledgeBase, kind: str, entry_id: str) -> KnowledgeBase:
    """Return the knowledge base with only the entry shown, and those that it names or that its rules may clash with."""
    shown: dict[str, set[str]] = {field: set() for field in _FIELD.values()}
    if kind in _FIELD:
        shown[_FIELD[kind]].add(entry_id)
    if kind == "claim":
        shown["claims"] |= {relation.claim for relation in kb.claims[entry_id].related}
        shown["caveats"] |= {owed.caveat for owed in kb.claims[entry_id].caveats}
    entries: tuple[Claim | Caveat, ...] = (
        *(kb.claims[name] for name in shown["claims"] if name in kb.claims),
        *(kb.caveats[name] for name in shown["caveats"] if name in kb.caveats),
    )
    shown["sources"] |= {occurrence.source for entry in entries for occurrence in entry.occurrences}
    shown["references"] |= {line.reference for entry in entries for line in entry.evidence}
    topics = [kb.topics[name] for name in shown["topics"]]
    rules = [rule for entry in (*entries, *topics) for rule in entry.recognise]
    rules += [rule for topic in topics for rule in topic.discloses]
    rules += [rule for name in shown["caveats"] if name in kb.caveats for rule in kb.caveats[name].denied]
    used = {concept for rule in rules for concept in (*rule.all, *rule.any, *rule.unless)}
    shown["concepts"] |= _with_includes(kb, used | shown["concepts"])
    focused: dict[str, Any] = {name: _Focused(getattr(kb, name), names) for name, names in shown.items()}
    return replace(kb, **focused)


def _with_includes(kb: KnowledgeBase, names: set[str]) -> set[str]:
    """Return these concepts and all that they include, through any number of steps."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found and name in kb.concepts:
            found.add(name)
            waiting.extend(kb.concepts[name].includes)
    return found


def _alias_clashes(kb: KnowledgeBase, kind: str, entry_id: str) -> Iterator[Problem]:
    """Find what `alias-clash` would, by one look at the other entries' ids."""
    entries: Mapping[str, Any] = {"claim": kb.claims, "caveat": kb.caveats}.get(kind, {})
    if not entries:
        return
    given_up = {alias: other.id for other in entries.values() if other.id != entry_id for alias in other.aliases}
    rule = next(rule for rule in RULES if rule.id == "alias-clash")
    for index, alias in enumerate(entries[entry_id].aliases):
        if alias in entries or alias in given_up:
            bearer = alias if alias in entries else given_up[alias]
            message = f"the alias '{alias}' belongs to the {kind} '{bearer}'"
            yield checks.Problem(kind, entry_id, f"aliases[{index}]", message, "Delete it.", rule.id, rule.level)
