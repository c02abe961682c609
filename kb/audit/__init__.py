"""The audit: from a page of copy to the claims it makes, the caveats it owes and the words that go too far.

extract → subject → mentions and disclosures → rules → suppress → report. Every stage is a pure function of what the
stage before gave and of the knowledge base, so the same input gives the same bytes.
"""

from kb.audit.base import Disclosure, Document, Match, Mention, Part, Polarity, Subject, Unit, UnitKind, Why, Word
from kb.audit.pipeline import Auditor
from kb.audit.report import AuditReport, Balance, DocumentReport

__all__ = [
    "AuditReport",
    "Auditor",
    "Balance",
    "Disclosure",
    "Document",
    "DocumentReport",
    "Match",
    "Mention",
    "Part",
    "Polarity",
    "Subject",
    "Unit",
    "UnitKind",
    "Why",
    "Word",
]
