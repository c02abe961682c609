"""Which treatment each unit of a document speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.base import Subject, UnitKind
from kb.audit.claimlike import claim_like
from kb.audit.cues import cues
from kb.audit.learned import Judging
from kb.audit.whole import SETTINGS, Whole
from kb.text.subjects import TREATMENT
from kb.text.subjects import subject as subject_concept

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from kb.audit.context import Reading
    from kb.audit.cues import Cues
    from kb.model import KnowledgeBase

_ASKING = frozenset({UnitKind.CALL_TO_ACTION})


class SubjectFinder:
    """Finds the subject of every unit of a document.

    A unit's own words decide where they name something. Where they do not, pronouns go back to the unit before,
    list items and answers to what introduces them, and everything else to the section or the whole document.
    """

    def __init__(self, kb: KnowledgeBase) -> None:
        self._told = TREATMENT in kb.concepts
        self._about = subject_concept(kb) or ""

    def subjects(self, readings: Sequence[Reading], judging: Judging | None = None) -> tuple[Subject, ...]:
        """Return one subject for each unit; all are ours where the vocabulary has no words for subjects."""
        if not self._told:
            return tuple(Subject.KETAMINE for _ in readings)
        return _Walk(readings, self._about, judging or Judging(readings, None)).subjects()


def settled(readings: Sequence[Reading], subjects: Sequence[Subject], spoken: Collection[int]) -> tuple[Subject, ...]:
    """Return the subjects once it is known in which units something was recognised (`spoken`).

    A heading, a greeting or a direction in which nothing was recognised and nothing can be checked is about nothing.
    """
    return tuple(
        subject
        if reading.unit.index in spoken
        or subject is Subject.CONDITION
        or claim_like(reading, subject)
        or (reading.unit.kind is UnitKind.QUESTION and TREATMENT in reading.concepts)
        else Subject.NONE
        for reading, subject in zip(readings, subjects, strict=True)
    )


class _Walk:
    """One pass over the units of a document, with what was spoken of last."""

    def __init__(self, readings: Sequence[Reading], about: str, judging: Judging) -> None:
        self._readings = readings
        self._cues = [cues(reading) for reading in readings]
        self._whole = Whole(readings, self._cues, about, judging).subject()
        self._sprayed = any(cue.esketamine for cue in self._cues)
        self._found: list[Subject] = []

    def subjects(self) -> tuple[Subject, ...]:
        for index in range(len(self._readings)):
            self._found.append(self._subject(index))
        return tuple(self._found)

    def _subject(self, index: int) -> Subject:
        cue, around = self._cues[index], self._around(index)
        if around in SETTINGS:
            return _in_setting(cue, around, self._before(index))
        if cue.form and self._sprayed:
            return Subject.ESKETAMINE
        if around is Subject.OTHER_TREATMENT and cue.named and cue.setting and not cue.other:
            return cue.setting  # "for the anaesthetic, ketamine may be used"
        return _own(cue, around) or self._carried(index, cue, around)

    def _around(self, index: int) -> Subject:
        """Return what the section is about: its nearest heading that names something, else the whole document."""
        for heading in reversed(self._readings[index].unit.headings):
            if heading < index and self._found[heading] not in {Subject.CONDITION, Subject.NONE}:
                cue = self._cues[heading]
                if cue.named or cue.esketamine or cue.other:
                    return self._found[heading]
        return self._whole

    def _carried(self, index: int, cue: Cues, around: Subject) -> Subject:
        """Return what a unit that names nothing goes back to."""
        reading = self._readings[index]
        if reading.unit.kind in _ASKING or (cue.trading and not (cue.signs or cue.treats)):
            return Subject.NONE
        before, lead = self._before(index), self._lead(index)
        if lead is not None and reading.unit.kind is UnitKind.LIST_ITEM:
            return lead
        headed = any(self._cues[heading].touched for heading in reading.unit.headings)
        parted = around is Subject.KETAMINE and self._parted(index) and not cue.others
        carried = before is Subject.CONDITION and not parted
        if around is not Subject.OTHER_TREATMENT and _is_condition(cue, before, headed=headed, carried=carried):
            return Subject.CONDITION
        if cue.others and cue.common and not (cue.relief or cue.pronoun):
            return Subject.OTHER_TREATMENT
        return (self._pronoun(index, cue, around) if cue.pronoun else None) or lead or self._section(cue, around)

    def _parted(self, index: int) -> bool:
        """Return whether a unit opens a paragraph, but not the first below its heading, which goes on from that."""
        before = self._readings[index - 1].unit
        return before.block != self._readings[index].unit.block and before.kind is not UnitKind.HEADING

    def _section(self, cue: Cues, around: Subject) -> Subject:
        """Return what the section is about; the page, where that is about something else and the unit does not fit in.

        Under the last heading of a list of services, "We accept most insurance plans." speaks of the house.
        """
        fits = cue.refers or cue.signs or cue.relief or cue.harm
        return self._whole if around.ours and not self._whole.ours and not fits else around

    def _pronoun(self, index: int, cue: Cues, around: Subject) -> Subject | None:
        """Return what a pronoun goes back to: the unit before, unless "it" follows a plural or an illness "eases"."""
        before = self._before(index)
        if before is Subject.OTHER_TREATMENT and cue.single and self._cues[index - 1].plural:
            return around
        return None if before is Subject.CONDITION and (cue.relief or cue.treats) else before

    def _lead(self, index: int) -> Subject | None:
        """Return the subject of what introduces a unit, if that has one."""
        lead = self._readings[index].unit.lead
        return (
            self._found[lead] if lead is not None and lead < index and self._found[lead] is not Subject.NONE else None
        )

    def _before(self, index: int) -> Subject | None:
        """Return the subject of the unit before, if it is in the same paragraph."""
        if index == 0:
            return None
        unit, previous = self._readings[index].unit, self._readings[index - 1].unit
        apart = 1 if self._whole.ours or not self._found[index - 1].ours else 0
        near = unit.section == previous.section and unit.block - previous.block <= apart
        return self._found[index - 1] if near and self._found[index - 1] is not Subject.NONE else None


def _own(cue: Cues, around: Subject) -> Subject | None:
    """Return what the unit's own words name."""
    if cue.esketamine:
        return Subject.ESKETAMINE
    if cue.named and not (cue.compared and around in {Subject.OTHER_TREATMENT, Subject.ESKETAMINE}):
        return Subject.KETAMINE
    if cue.other and cue.contrast and around.ours and cue.relief and (cue.ours or cue.treats):
        return around  # "while tablets take weeks, our patients feel better the same day"
    if cue.other or (cue.others and around is Subject.OTHER_TREATMENT):
        return Subject.OTHER_TREATMENT
    return None


def _is_condition(cue: Cues, before: Subject | None, *, headed: bool, carried: bool) -> bool:
    """Tell a sentence on an illness as such: what it is, how common it is, what it does to people."""
    if cue.relief or cue.treats or cue.harm:
        return False
    opens = before is None and not headed and not cue.refers and not cue.ours
    if cue.condition or (cue.ill and (cue.common or opens or before is Subject.CONDITION)):
        return True
    return carried and not cue.refers


def _in_setting(cue: Cues, around: Subject, before: Subject | None) -> Subject:
    """Return the subject of a unit in a document about the drug in other hands than ours."""
    if cue.esketamine:
        return Subject.ESKETAMINE
    if cue.setting and around not in {*cue.settings, Subject.VETERINARY}:
        return cue.setting
    if cue.signs and not cue.settings and (cue.touched or cue.pronoun or before is Subject.KETAMINE):
        return Subject.KETAMINE
    if cue.other and not cue.touched:
        return Subject.OTHER_TREATMENT
    return around
