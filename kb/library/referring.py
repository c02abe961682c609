"""Which entries name another one, and how they read once that one has a new id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kb.model import Caveat, Claim, KnowledgeBase, Rule

    Named = tuple[str, str]
    """(kind, id)."""


def users(kb: KnowledgeBase, kind: str, entry_id: str) -> tuple[tuple[str, str], ...]:
    """Return (kind, id) of every entry that names this one, itself apart."""
    found = {user for user, named in _uses(kb, kind) if entry_id in named}
    return tuple(sorted(found - {(kind, entry_id)}))


def recognised_by(kb: KnowledgeBase, concept_id: str) -> tuple[Claim | Caveat, ...]:
    """Return the claims and caveats whose rules ask for a concept, by itself or as part of one that includes it."""
    names, found = {concept_id}, 0
    while found != len(names):  # a concept may include one that includes it
        found = len(names)
        names |= {key for key, concept in kb.concepts.items() if names.intersection(concept.includes)}
    claims = (claim for claim in kb.claims.values() if names & _concepts(claim.recognise))
    caveats = (one for one in kb.caveats.values() if names & _concepts((*one.recognise, *one.denied)))
    return (*claims, *caveats)


def renamed_in(fields: Mapping[str, Any], kind: str, old: str, new: str) -> dict[str, Any]:
    """Return the fields of a claim or caveat in which the claim or caveat `old` is called `new`."""
    changed = dict(fields)
    for name in {"claim": ("related",), "caveat": ("caveats",)}.get(kind, ()):
        if name in changed:
            changed[name] = [item | {kind: new} if item.get(kind) == old else item for item in changed[name]]
    withdrawal = changed.get("withdrawal")
    if isinstance(withdrawal, dict) and withdrawal.get("replacement") == old:
        changed["withdrawal"] = withdrawal | {"replacement": new}
    return changed


def _uses(kb: KnowledgeBase, kind: str) -> Iterator[tuple[Named, set[str]]]:
    """Yield each entry with what it names of one kind."""
    entries: Iterable[tuple[str, Claim | Caveat]] = (
        *(("claim", claim) for claim in kb.claims.values()),
        *(("caveat", caveat) for caveat in kb.caveats.values()),
    )
    match kind:
        case "claim" | "caveat":
            yield from _related(kb, kind)
        case "source":
            for own, entry in entries:
                yield (own, entry.id), {occurrence.source for occurrence in entry.occurrences}
        case "reference":
            for own, entry in entries:
                yield (own, entry.id), {line.reference for line in entry.evidence}
        case "theme":
            for own, entry in entries:
                yield (own, entry.id), set(entry.themes)
            yield from ((("topic", theme), {theme}) for theme in kb.topics)
            yield ("kb", "kb"), set(kb.about.care_themes)
        case "concept":
            yield from _with_concepts(kb)


def _with_concepts(kb: KnowledgeBase) -> Iterator[tuple[Named, set[str]]]:
    for claim in kb.claims.values():
        yield ("claim", claim.id), _concepts(claim.recognise)
    for caveat in kb.caveats.values():
        yield ("caveat", caveat.id), _concepts((*caveat.recognise, *caveat.denied))
    for theme, topic in kb.topics.items():
        yield ("topic", theme), _concepts((*topic.recognise, *topic.discloses))
    for key, concept in kb.concepts.items():
        yield ("concept", key), set(concept.includes)


def _related(kb: KnowledgeBase, kind: str) -> Iterator[tuple[Named, set[str]]]:
    for claim in kb.claims.values():
        named = (relation.claim for relation in claim.related)
        owed = (caveat.caveat for caveat in claim.caveats)
        yield ("claim", claim.id), set(named if kind == "claim" else owed) | _replacement(claim, kind, "claim")
    for caveat in kb.caveats.values():
        yield ("caveat", caveat.id), _replacement(caveat, kind, "caveat")


def _replacement(entry: Claim | Caveat, kind: str, own: str) -> set[str]:
    replacement = entry.withdrawal.replacement if entry.withdrawal and kind == own else None
    return {replacement} if replacement else set()


def _concepts(rules: Iterable[Rule]) -> set[str]:
    return {concept for rule in rules for concept in (*rule.all, *rule.any, *rule.unless)}
