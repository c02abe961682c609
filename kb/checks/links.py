"""Links: whatever an entry names is there, under its present id."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from kb.checks.base import Problem
from kb.checks.fields import entries, ruled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kb.checks.base import Context
    from kb.model import Caveat, Claim

_ENDS = 3
"""Letters at either end of a name that a misspelt name is expected to share with the name that was meant."""

_CANDIDATES = 200
"""Names that are compared letter by letter, at most; more would make a broken base of 10,000 entries slow."""


def unknown_claim(context: Context) -> Iterator[Problem]:
    """Report a relation to a claim that is not there.

    Why: a relation to nothing hides a contradiction from readers and from the audit.

    Fix: write the claim's present id (a former one, kept as an alias, is for old links from outside), or delete the
    relation.
    """
    names = _Names("claim", context.kb.claims, _aliases(context.kb.claims.values()))
    for claim in context.kb.claims.values():
        for index, relation in enumerate(claim.related):
            yield from names.missing("claim", claim.id, f"related[{index}].claim", relation.claim)


def unknown_caveat(context: Context) -> Iterator[Problem]:
    """Report an owed caveat that is not there.

    Why: copy that makes the claim would be asked for a caveat that nobody can show.

    Fix: write the caveat's present id, or write the caveat (`kb new caveat ID`).
    """
    names = _Names("caveat", context.kb.caveats, _aliases(context.kb.caveats.values()))
    for claim in context.kb.claims.values():
        for index, owed in enumerate(claim.caveats):
            yield from names.missing("claim", claim.id, f"caveats[{index}].caveat", owed.caveat)


def unknown_source(context: Context) -> Iterator[Problem]:
    """Report an occurrence in a source that is not there.

    Why: nobody can look up whether the source says so.

    Fix: write the id of a file in `sources/`, or add the source (`kb new source ID`).
    """
    names = _Names("source", context.kb.sources)
    for kind, entry in entries(context.kb):
        for index, occurrence in enumerate(entry.occurrences):
            yield from names.missing(kind, entry.id, f"occurrences[{index}].source", occurrence.source)


def unknown_reference(context: Context) -> Iterator[Problem]:
    """Report evidence from a reference that is not there.

    Why: evidence that cannot be looked up is no evidence.

    Fix: write a key of `references.yaml`, or add the reference there once it has been read.
    """
    names = _Names("reference", context.kb.references)
    for kind, entry in entries(context.kb):
        for index, line in enumerate(entry.evidence):
            yield from names.missing(kind, entry.id, f"evidence[{index}].reference", line.reference)


def unknown_theme(context: Context) -> Iterator[Problem]:
    """Report a theme that is not in the list.

    Why: themes are a closed list, so that filters and counts mean the same to everyone.

    Fix: choose from `themes.yaml`; add a theme there only if several entries need it.
    """
    names = _Names("theme", context.kb.theme_descriptions)
    for kind, entry in entries(context.kb):
        for index, theme in enumerate(entry.themes):
            yield from names.missing(kind, entry.id, f"themes[{index}]", theme)
    for theme in context.kb.topics:
        yield from names.missing("topic", theme, "", theme)


def unknown_concept(context: Context) -> Iterator[Problem]:
    """Report a rule or a concept that names a concept which is not there.

    Why: a rule that needs it can never hold, and an `unless` that names it never stops anything.

    Fix: write a key of `vocabulary.yaml`, or add the concept there.
    """
    names = _Names("concept", context.kb.concepts)
    for found in ruled(context.kb):
        for number, rule in enumerate(found.rules):
            for part, concepts in (("all", rule.all), ("any", rule.any), ("unless", rule.unless)):
                for index, concept in enumerate(concepts):
                    field = f"{found.field}[{number}].{part}[{index}]"
                    yield from names.missing(found.kind, found.entry_id, field, concept)
    for key, entry_concept in context.kb.concepts.items():
        for index, inner in enumerate(entry_concept.includes):
            yield from names.missing("concept", key, f"includes[{index}]", inner)


class _Names:
    """The names of one kind, and how to tell which one was meant by a name that is not among them."""

    def __init__(self, what: str, known: Iterable[str], former: Mapping[str, str] | None = None) -> None:
        self._what = what
        self._known = frozenset(known)
        self._former = former or {}
        self._by_ends: dict[str, list[str]] = {}

    def missing(self, kind: str, entry_id: str, field: str, name: str) -> Iterator[Problem]:
        """Yield a problem if there is nothing of this name."""
        if name in self._known:
            return
        if name in self._former:
            current = self._former[name]
            message = f"'{name}' is a former id of the {self._what} '{current}'"
            yield Problem(kind, entry_id, field, message, f"Write '{current}'.")
            return
        meant = self._meant(name, entry_id)
        suggestion = f"Did you mean '{meant}'?" if meant else ""
        yield Problem(kind, entry_id, field, f"there is no {self._what} '{name}'", suggestion)

    def _meant(self, name: str, asker: str) -> str:
        if not self._by_ends:
            for known in sorted(self._known):
                for end in _ends(known):
                    self._by_ends.setdefault(end, []).append(known)
        candidates = [known for end in _ends(name) for known in self._by_ends.get(end, ()) if known != asker]
        return next(iter(get_close_matches(name, candidates[:_CANDIDATES], n=1, cutoff=0.75)), "")


def _ends(name: str) -> tuple[str, str]:
    """Return the beginning and the end of a name, marked so that they are not taken for each other."""
    return f"{name[:_ENDS]}-", f"-{name[-_ENDS:]}"


def _aliases(found: Iterable[Claim] | Iterable[Caveat]) -> dict[str, str]:
    return {alias: entry.id for entry in found for alias in entry.aliases}
