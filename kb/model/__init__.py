"""Frozen models of every kind of entry. JSON Schema in `kb/schema/` is generated from them."""

from kb.model.base import (
    Examples,
    Model,
    Occurrence,
    Passage,
    Rule,
    Selector,
    Status,
    Strength,
)
from kb.model.caveat import Caveat, DisclosureKey
from kb.model.claim import (
    Claim,
    ClaimType,
    Near,
    NoCaveat,
    OwedCaveat,
    Relation,
    RelationType,
    Scope,
    Verdict,
)
from kb.model.evidence import (
    Certainty,
    CertaintyLevel,
    CertaintyReason,
    Design,
    Direction,
    Directness,
    Evidence,
)
from kb.model.knowledge_base import About, KnowledgeBase
from kb.model.reference import Name, Read, Reference
from kb.model.review import REPLACED, Dispute, Position, Review, Withdrawal, WithdrawalReason, same_person
from kb.model.source import Disposition, DispositionKind, Heading, Source, SourceText
from kb.model.vocabulary import Concept, Topic

__all__ = [
    "REPLACED",
    "About",
    "Caveat",
    "Certainty",
    "CertaintyLevel",
    "CertaintyReason",
    "Claim",
    "ClaimType",
    "Concept",
    "Design",
    "Direction",
    "Directness",
    "DisclosureKey",
    "Disposition",
    "DispositionKind",
    "Dispute",
    "Evidence",
    "Examples",
    "Heading",
    "KnowledgeBase",
    "Model",
    "Name",
    "Near",
    "NoCaveat",
    "Occurrence",
    "OwedCaveat",
    "Passage",
    "Position",
    "Read",
    "Reference",
    "Relation",
    "RelationType",
    "Review",
    "Rule",
    "Scope",
    "Selector",
    "Source",
    "SourceText",
    "Status",
    "Strength",
    "Topic",
    "Verdict",
    "Withdrawal",
    "WithdrawalReason",
    "same_person",
]
