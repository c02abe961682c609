"""Auditing as a journey: files in, one report out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb import __version__
from kb.audit import Auditor, AuditReport

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.audit import Document
    from kb.model import KnowledgeBase


def audit(kb: KnowledgeBase, documents: Iterable[Document], *, profile: str | None = None) -> AuditReport:
    """Audit documents against a knowledge base; `profile` defaults to the knowledge base's own."""
    chosen = profile or kb.about.profile
    auditor = Auditor(kb, profile=chosen)
    themes = {theme for claim in kb.claims.values() for theme in claim.themes}
    return AuditReport(
        kb.about.name,
        kb.digest,
        len(kb.claims),
        tuple(sorted(themes)),
        chosen,
        __version__,
        tuple(auditor.audit(document) for document in documents),
    )
