"""What a document is about as a whole: that goes for every unit which names nothing itself."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kb.audit.base import Subject, UnitKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.audit.context import Reading
    from kb.audit.cues import Cues
    from kb.audit.learned import Judging

_HEADING = 2
"""How many times as much the words of a heading tell as those of another unit."""

_TITLE = 3
"""The same for what a document opens with."""

_MENTIONED = 2
"""Another treatment is what a document is about if it is named so many times as often as ours."""

_SETTING_SHARE = 4
"""One unit in so many must have signs of a setting: an anaesthetist on the staff makes it no page on operations."""

_HANDLED = 2
"""So many times as many units must have signs of settings as of what the treatment is for, where settings differ."""

_HANDS_SHARE = 3
"""One unit in so many must have signs of some setting, where settings differ."""

_UNNAMED = 2
"""So many units must speak of the treatment without its name, and of what it is for, where no treatment is named."""

_READS_LIKE_OURS = 1.56
"""Where no treatment is named: from which mean log odds of its units a page reads like one on the treatment."""

_NAMED_AND_LIKE_OURS = 1.35
"""The same where it is named."""

_IN_OTHER_HANDS = 0.9
"""The same where it is told of in two other hands, as hardly any drug but ours is, and beside that has signs of what
it is for."""

_EACH_UNNAMED = 0.1
"""What each unit adds to those odds that speaks of the treatment without its name, of so many as `_UNNAMED`."""

_LIKE_OURS = 3
"""One unit in so many reads like copy on the treatment where that is what a document is about, however it is named."""

_BORNE_OUT = 2
"""So many times what bears out that a document is about the treatment must come to the number of its units."""

_FEWEST = 6
"""Of fewer units than these a name is enough, whatever else is said."""

_OURS, _PAGE = "ours", "page"
"""The labels learned for units about the treatment, and for all units of pages about it."""

SETTINGS = (Subject.VETERINARY, Subject.RECREATIONAL, Subject.ANAESTHESIA)
"""The drug in other hands than ours; the last is what a document is about that tells of none."""


class Whole:
    """Weighs what the units of a document speak of, and above all its headings."""

    def __init__(self, readings: Sequence[Reading], found: Sequence[Cues], about: str, judging: Judging) -> None:
        """Take the units with their cues; `about` is the concept of the treatment.

        Copy that names nothing at all may still speak of it ("the infusions").
        """
        self._readings, self._found, self._about, self._judging = readings, found, about, judging
        self._seen: Counter[Subject] = Counter()
        self._signs = self._named = 0
        for reading, cue in zip(readings, found, strict=True):
            weight = _HEADING if reading.unit.kind is UnitKind.HEADING else 1
            self._add(cue, weight if reading.unit.index else _TITLE)

    def _add(self, cue: Cues, weight: int) -> None:
        self._signs += weight * cue.signs
        named = cue.named and not cue.compared
        self._named += weight * named
        self._seen[Subject.ESKETAMINE] += weight * (cue.esketamine and not named)
        self._seen[Subject.OTHER_TREATMENT] += weight * (cue.others and not cue.rival and not named)
        self._seen[Subject.CONDITION] += weight * cue.condition
        for subject in cue.settings:
            self._seen[subject] += weight

    def subject(self) -> Subject:
        """Return what most of the units speak of."""
        seen, named = self._seen, self._named
        touched = named or any(cue.touched for cue in self._found)
        setting = max(SETTINGS, key=lambda subject: seen[subject])
        if touched and (hands := self._in_hands(setting)):
            return hands
        if seen[Subject.ESKETAMINE] > named * _MENTIONED:
            return Subject.ESKETAMINE
        if not touched and self._in_two_hands():
            return Subject.KETAMINE
        others = seen[Subject.OTHER_TREATMENT] > max(1, named * _MENTIONED) and not seen[Subject.ESKETAMINE]
        if others or self._one_of_many():
            return Subject.OTHER_TREATMENT
        if named or seen[Subject.ESKETAMINE]:
            return self._named_for(setting)
        return Subject.KETAMINE if self._unnamed() else Subject.NONE

    def _in_hands(self, setting: Subject) -> Subject | None:
        """Return in which hands the drug is: those of a setting, or several, as on a page on the drug as such."""
        seen = self._seen[setting]
        if seen > max(1, self._signs) and seen * _SETTING_SHARE >= len(self._readings) and not self._outweighs(seen):
            return setting
        hands = [subject for subject in SETTINGS if self._seen[subject]]
        units = sum(bool(cue.settings) for cue in self._found)
        signs = sum(cue.signs for cue in self._found)
        many = units * _HANDS_SHARE >= len(self._readings) >= _FEWEST
        return SETTINGS[-1] if len(hands) > 1 and units > signs * _HANDLED and many else None

    def _in_two_hands(self) -> bool:
        """Tell copy that never names it: "the same as the street drug, far below the dose for surgery", for a mood."""
        hands = sum(bool(self._seen[subject]) for subject in SETTINGS)
        others = sum(cue.others for cue in self._found)
        odds = self._judging.odds(_PAGE) if hands > 1 >= others and self._signs >= _UNNAMED else None
        return odds is not None and odds >= _IN_OTHER_HANDS

    def _outweighs(self, seen: int) -> bool:
        """Tell a clinic's page on doses, or on misuse, from one on the street.

        More of it speaks of doses and relief than of the setting, and as much of it reads like copy on ours.
        """
        told = sum(cue.treats + cue.relief for cue in self._found)
        return told > seen and self._alike() >= seen

    def _named_for(self, setting: Subject) -> Subject:
        """Return what a document that names the treatment is about: something else where nothing bears that out.

        A leaflet on births that names the drug once, as one of several that may put somebody to sleep, is about
        neither mood nor lasting pain. Nor is a page that says of some hospitals, in passing, that they try it.
        """
        if len(self._readings) < _FEWEST or not self._judging.can_tell or self._seen[Subject.ESKETAMINE]:
            return Subject.KETAMINE
        titled = self._found[0].touched
        naming = [cue for cue in self._found if cue.named]
        if all(cue.passing for cue in naming) and not titled:
            return Subject.NONE
        if (self._judging.odds(_PAGE) or 0) >= _NAMED_AND_LIKE_OURS:
            return Subject.KETAMINE
        alike = self._alike()
        in_setting = naming and all(cue.settings and not cue.signs for cue in naming)
        if in_setting and not titled and alike * _LIKE_OURS < len(self._readings):
            return setting  # but copy on the treatment, too, may name it only to say how old it is
        told = alike + sum(cue.signs + cue.relief + cue.treats + cue.ill for cue in self._found)
        if told * _BORNE_OUT >= len(self._readings) or self._opens_with_it() or self._helped_by_it():
            return Subject.KETAMINE
        return setting if self._seen[setting] else SETTINGS[-1]

    def _opens_with_it(self) -> bool:
        """Tell a leaflet that opens with the drug for its reader, and speaks neither of a setting nor of much else."""
        elsewhere = (*SETTINGS, Subject.CONDITION)
        return self._found[0].named and not self._found[0].passing and not any(map(self._seen.get, elsewhere))

    def _helped_by_it(self) -> bool:
        """Tell a patient's story that names the drug once, as what helps, and speaks of no other hands."""
        helping = any(cue.named and not cue.passing and (cue.relief or cue.treats) for cue in self._found)
        return helping and not any(map(self._seen.get, (*SETTINGS, Subject.CONDITION)))

    def _one_of_many(self) -> bool:
        """Tell a list of treatments: ours is named under its own heading alone, and most headings name another."""
        ours = {index for index, cue in enumerate(self._found) if index and cue.named and self._heads(index)}
        others = sum(self._heads(index) and cue.others and not cue.named for index, cue in enumerate(self._found))
        return (
            bool(ours)
            and others > len(ours)
            and all(
                index in ours or not ours.isdisjoint(self._readings[index].unit.headings)
                for index, cue in enumerate(self._found)
                if cue.named
            )
        )

    def _heads(self, index: int) -> bool:
        return self._readings[index].unit.kind is UnitKind.HEADING

    def _unnamed(self) -> bool:
        """Tell copy on the treatment that names none: it speaks of what it is for, in words like those of such copy."""
        unnamed = sum(self._about in reading.concepts for reading in self._readings)
        if min(unnamed, self._signs) >= _UNNAMED:
            return True
        odds = self._judging.odds(_PAGE)
        of_settings = any(cue.settings for cue in self._found)
        if odds is None or not (unnamed or (len(self._readings) >= _FEWEST and not of_settings)):
            return False
        return odds + _EACH_UNNAMED * min(unnamed, _UNNAMED) >= _READS_LIKE_OURS

    def _alike(self) -> int:
        """Return how many units read like copy on the treatment."""
        return sum(_OURS in self._judging.of(reading.unit.index) for reading in self._readings)
