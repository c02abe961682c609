"""Recognition: which claims and which caveats the units of a document express."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.base import Mention, Subject, Why, Word
from kb.audit.disclosures import disclosed
from kb.audit.topics import spoken
from kb.text import Span
from kb.text.subjects import subject as subject_concept

if TYPE_CHECKING:
    from kb.audit.base import Disclosure, Unit
    from kb.model import KnowledgeBase
    from kb.text import Recognition


class Recognising:
    """Recognises mentions and disclosures by the rules of one knowledge base; build it once, use it for any number."""

    def __init__(self, kb: KnowledgeBase, recogniser: Recogniser) -> None:
        self._kb = kb
        self._recogniser = recogniser
        about = subject_concept(kb)
        self._given = frozenset({about} if about else ())

    def recognise(
        self, readings: tuple[Reading, ...], subjects: tuple[Subject, ...]
    ) -> tuple[tuple[Mention, ...], tuple[Disclosure, ...]]:
        """Return mentions and disclosures in the order of the text."""
        mentions: list[Mention] = []
        disclosures: list[Disclosure] = []
        for reading in readings:
            unit = reading.unit
            claimed: set[str] = set()
            subject = subjects[unit.index]
            if not subject.ours:
                continue
            recognised = self._recogniser.recognise_hits(
                reading.concepts, Span(unit.start, unit.end), given=self._given
            )
            topics = {found.id for found in recognised if found.kind == "topic"}
            for found in recognised:
                if found.kind == "claim":
                    themes = spoken(self._kb.claims[found.id].themes, topics, self._kb.topics)
                    mentions.append(_mention(found, unit, subject, themes))
                    claimed.update(mentions[-1].themes)
                elif found.kind == "topic" and subject.ours and found.id not in claimed:
                    mentions.append(_topic(found, unit, subject))
            disclosures.extend(disclosed(self._kb, unit, subject, recognised))
        return tuple(mentions), tuple(disclosures)


def _mention(found: Recognition, unit: Unit, subject: Subject, themes: tuple[str, ...]) -> Mention:
    return Mention(unit.index, found.id, themes, *_extent(found), subject=subject, why=_why(found))


def _topic(found: Recognition, unit: Unit, subject: Subject) -> Mention:
    return Mention(unit.index, None, (found.id,), *_extent(found), subject=subject, why=_why(found))


def _extent(found: Recognition) -> tuple[int, int]:
    return min(hit.start for hit in found.hits), max(hit.end for hit in found.hits)


def _why(found: Recognition) -> Why:
    return Why(found.rule, tuple(Word(hit.concept, hit.start, hit.end) for hit in found.hits))
