"""The texts of a knowledge base that a person wrote, each with the path of its field."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.text import DENIAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.model import Caveat, Claim, Concept, Examples, KnowledgeBase, Reference, Rule, Scope, Source


class Written(NamedTuple):
    """A text and where it stands; kind, id and field as in a `Problem`."""

    kind: str
    entry_id: str
    field: str
    text: str


def entries(kb: KnowledgeBase) -> Iterator[tuple[str, Claim | Caveat]]:
    """Yield every claim and every caveat with its kind."""
    for claim in kb.claims.values():
        yield "claim", claim
    for caveat in kb.caveats.values():
        yield "caveat", caveat


class Ruled(NamedTuple):
    """Rules of recognition and the examples that test them."""

    kind: str
    entry_id: str
    recognised_as: str
    """The kind of a `Recognition` by these rules."""
    field: str
    """The field that holds the rules."""
    rules: tuple[Rule, ...]
    examples_field: str
    examples: Examples


def ruled(kb: KnowledgeBase) -> Iterator[Ruled]:
    """Yield the rules of every claim, caveat and topic."""
    for kind, entry in entries(kb):
        yield Ruled(kind, entry.id, kind, "recognise", entry.recognise, "examples", entry.examples)
    for caveat in kb.caveats.values():
        tests = caveat.denial_examples
        yield Ruled("caveat", caveat.id, DENIAL, "denied", caveat.denied, "denial_examples", tests)
    for theme, topic in kb.topics.items():
        yield Ruled("topic", theme, "topic", "recognise", topic.recognise, "examples", topic.examples)
        tests = topic.disclosure_examples
        yield Ruled("topic", theme, "topic-disclosure", "discloses", topic.discloses, "disclosure_examples", tests)


def prose(kb: KnowledgeBase) -> Iterator[Written]:
    """Yield what people read and we wrote.

    Left out are the titles of sources and the bibliographic fields of references, which are not our words.
    """
    yield Written("kb", "", "description", kb.about.description)
    for group, themes in kb.themes.items():
        yield from (Written("themes", "", f"{group}.{theme}", text) for theme, text in themes.items())
    for key, concept in kb.concepts.items():
        yield from (Written("concept", key, field, text) for field, text in _of_concept(concept) if text)
    for key, reference in kb.references.items():
        yield from (Written("reference", key, field, text) for field, text in _of_reference(reference) if text)
    for source in kb.sources.values():
        yield from (Written("source", source.id, field, text) for field, text in _of_source(source) if text)
    for caveat in kb.caveats.values():
        yield from (Written("caveat", caveat.id, *found) for found in _of_caveat(caveat))
    for claim in kb.claims.values():
        yield from (Written("claim", claim.id, field, text) for field, text in _of_claim(claim) if text)


def patterns(kb: KnowledgeBase) -> Iterator[Written]:
    """Yield what texts are matched with, wrong spellings on purpose included: terms, examples, ways of asking."""
    for key, concept in kb.concepts.items():
        for name, terms in (("terms", concept.terms), ("exact", concept.exact)):
            yield from (Written("concept", key, f"{name}[{index}]", term) for index, term in enumerate(terms))
    for found in ruled(kb):
        for name, texts in (("match", found.examples.match), ("no_match", found.examples.no_match)):
            field = f"{found.examples_field}.{name}"
            yield from (
                Written(found.kind, found.entry_id, f"{field}[{index}]", text) for index, text in enumerate(texts)
            )
    for claim in kb.claims.values():
        yield from (Written("claim", claim.id, f"asked[{index}]", text) for index, text in enumerate(claim.asked))


def _of_concept(concept: Concept) -> Iterator[tuple[str, str | None]]:
    yield "label", concept.label
    yield "note", concept.note


def _of_reference(reference: Reference) -> Iterator[tuple[str, str | None]]:
    yield "finding", reference.finding
    yield "limits", reference.limits
    yield "note", reference.note


def _of_source(source: Source) -> Iterator[tuple[str, str | None]]:
    yield "note", source.note
    yield from ((f"outline[{index}].label", heading.label) for index, heading in enumerate(source.outline))
    yield from ((f"dispositions[{index}].reason", found.reason) for index, found in enumerate(source.dispositions))


def _of_caveat(caveat: Caveat) -> Iterator[tuple[str, str]]:
    yield "caveat", caveat.caveat
    yield "short", caveat.short
    yield "suggested_disclosure", caveat.suggested_disclosure
    yield from ((f"evidence[{index}].finding", line.finding) for index, line in enumerate(caveat.evidence))


def _of_claim(claim: Claim) -> Iterator[tuple[str, str | None]]:
    yield "claim", claim.claim
    yield "rationale", claim.rationale
    if claim.scope:
        yield from _of_scope(claim.scope)
    yield from ((f"evidence[{index}].finding", line.finding) for index, line in enumerate(claim.evidence))
    if claim.no_caveat:
        yield "no_caveat.reason", claim.no_caveat.reason
    yield from ((f"related[{index}].note", relation.note) for index, relation in enumerate(claim.related))


def _of_scope(scope: Scope) -> Iterator[tuple[str, str | None]]:
    yield "scope.drug", scope.drug
    yield "scope.route", scope.route
    yield "scope.population", scope.population
    yield "scope.horizon", scope.horizon
