"""Small valid entries for tests: `claim("x", verdict="refuted")` fills in the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.model import About, Caveat, Claim, Concept, KnowledgeBase, Reference, Source, Topic

if TYPE_CHECKING:
    from collections.abc import Iterable

REVIEW = {"author": "A. Editor", "due": "2030-01-01"}
THEMES = {"efficacy": {"mood": "lifts mood", "sleep": "improves sleep"}, "safety": {"nausea": "nausea"}}


def claim(claim_id: str = "lifts-mood", **fields: Any) -> Claim:
    """Return a claim that passes every lint rule in `knowledge_base()`."""
    defaults: dict[str, Any] = {
        "id": claim_id,
        "claim": f"Testamine does what {claim_id.replace('-', ' ')} says.",
        "type": "efficacy",
        "themes": ["mood"],
        "status": "in-review",
        "verdict": "supported",
        "certainty": {"level": "low", "reasons": ["imprecision"]},
        "rationale": "One small trial points this way.",
        "evidence": [evidence()],
        "caveats": [{"caveat": "fades-soon", "near": "section"}],
        "review": REVIEW,
    }
    return Claim.model_validate(defaults | fields)


def evidence(reference: str = "doe2020", **fields: Any) -> dict[str, Any]:
    """Return one line of direct, supporting trial evidence."""
    defaults = {"reference": reference, "direction": "supports", "directness": "direct", "design": "rct"}
    return defaults | {"finding": "12 people felt better than with placebo."} | fields


def caveat(caveat_id: str = "fades-soon", **fields: Any) -> Caveat:
    """Return a caveat with evidence."""
    defaults: dict[str, Any] = {
        "id": caveat_id,
        "caveat": "The effect fades within days.",
        "short": "Fades within days",
        "suggested_disclosure": "For most people the effect fades within days.",
        "key": "transient-effect",
        "themes": ["mood"],
        "status": "in-review",
        "evidence": [evidence()],
        "review": REVIEW,
    }
    return Caveat.model_validate(defaults | fields)


def source(source_id: str = "clinic-page", **fields: Any) -> Source:
    """Return a source without outline or dispositions."""
    defaults: dict[str, Any] = {
        "id": source_id,
        "title": "A clinic's page on testamine",
        "text": {"sha256": "0" * 64, "chars": 1_000},
    }
    return Source.model_validate(defaults | fields)


def reference(**fields: Any) -> Reference:
    """Return a citation of a small trial."""
    defaults: dict[str, Any] = {
        "type": "article-journal",
        "design": "rct",
        "title": "Testamine for low mood",
        "author": [{"family": "Doe", "given": "J"}],
        "issued": 2020,
        "container-title": "Journal of Tests",
        "finding": "12 people felt better than with placebo.",
        "read": "primary",
    }
    return Reference.model_validate(defaults | fields)


def knowledge_base(
    *,
    claims: Iterable[Claim] | None = None,
    caveats: Iterable[Caveat] | None = None,
    sources: Iterable[Source] | None = None,
    references: dict[str, Reference] | None = None,
    concepts: dict[str, dict[str, Any]] | None = None,
    themes: dict[str, dict[str, str]] | None = None,
    topics: dict[str, dict[str, Any]] | None = None,
) -> KnowledgeBase:
    """Return a whole, small knowledge base; every part may be replaced."""
    return KnowledgeBase(
        about=About(name="Test base", description="For tests.", licence="CC0-1.0"),
        digest="0" * 64,
        themes=THEMES if themes is None else themes,
        concepts={key: Concept.model_validate(value) for key, value in (concepts or {}).items()},
        references=references or {"doe2020": reference()},
        sources={entry.id: entry for entry in ([source()] if sources is None else sources)},
        caveats={entry.id: entry for entry in ([caveat()] if caveats is None else caveats)},
        claims={entry.id: entry for entry in ([claim()] if claims is None else claims)},
        topics={theme: Topic.model_validate(value) for theme, value in (topics or {}).items()},
    )
