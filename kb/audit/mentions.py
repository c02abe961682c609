"""Recognition: which claims and which caveats the units of a document express, and how they are worded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple

from kb.audit.base import Denial, Match, Mention, Polarity, Strength, Subject, UnitKind, Why, Word
from kb.audit.claimlike import claim_like
from kb.audit.context import joined, without
from kb.audit.cues import elsewhere
from kb.audit.disclosures import disclosed
from kb.audit.headings import announces
from kb.audit.learned import credible, recognitions
from kb.audit.own_words import OwnWords
from kb.audit.polarity import answered, introduced, is_soft, leaves_out, negators, opens_description, stance, turned
from kb.audit.similar import Similar
from kb.audit.strength import PLAIN, hedges, hedging, wording
from kb.audit.topics import spoken
from kb.model import ClaimType, DisclosureKey
from kb.text import DENIAL, Span
from kb.text.subjects import REFERRING, TREATMENT
from kb.text.subjects import subject as subject_concept

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.audit.base import Disclosure, Number
    from kb.audit.context import Reading
    from kb.audit.learned import Judging
    from kb.audit.polarity import Negator, Stance
    from kb.model import KnowledgeBase
    from kb.text import ConceptHit, Recogniser, Recognition
    from kb.text.keeping import Keep

_DISTANCED = "distanced"
"""The list of words behind which nothing is said outright: "beware of"."""

_OPEN = frozenset({"if", "unless", "whether", "almost", "nearly"})

_AROUND = frozenset({Subject.CONDITION, Subject.OTHER_TREATMENT})
"""What copy on the treatment speaks of besides: the illness, and what others do for it."""

_NEGATIVE = frozenset({DisclosureKey.OFF_LABEL, DisclosureKey.EVIDENCE_LIMITED})
"""Keys of what is not so: not approved, not known."""

_RIGHT_BEFORE = 2
"""How many words before what is said a negator may stand that takes it back."""

_PASSING = 4
"""One unit in so many must be about the treatment, of those about anything; else it is mentioned in passing."""

_FEW = 4
"""An answer of so few words says nothing besides."""

_ANSWER_WORDS = 8
"""An answer of so many words that begins or ends with yes or no says what was asked."""


@dataclass(frozen=True, slots=True, eq=False)
class _Scene:
    """One unit with what is needed to say how its claims are worded."""

    reading: Reading
    subject: Subject
    lead: Reading | None
    negators: tuple[Negator, ...]
    led_by: tuple[str, ...]
    """Hedges of the lead-in of a list item."""
    told: str
    """By what the lead-in or heading calls it untrue."""
    understood: str
    """From what the treatment is understood where the unit does not name it."""
    about: frozenset[str]
    """The concept of the treatment, whose words are neither denied nor hedged."""

    def telling(self, found: Recognition) -> list[ConceptHit]:
        """Return the words of the unit that make the claim; the treatment's name only where there are no others."""
        own = [hit for hit in found.hits if hit.first >= 0]
        return [hit for hit in own if hit.concept not in self.about] or own

    def stance(self, found: Recognition) -> Stance:
        """Return how the unit words what was recognised in it."""
        asked = any(hit.first < 0 for hit in found.hits) and self.lead and self.lead.unit.kind is UnitKind.QUESTION
        answer = answered(self.reading) if asked else None
        theme = found.kind == "topic"
        return answer or stance(self.reading, self.telling(found), self.negators, told=self.told, theme=theme)


class Recognised(NamedTuple):
    """What the units of a document express, each row in the order of the text."""

    mentions: tuple[Mention, ...]
    disclosures: tuple[Disclosure, ...]
    denials: tuple[Denial, ...]


class Recognising:
    """Recognises mentions and disclosures by the rules of one knowledge base; build it once, use it for any number."""

    def __init__(self, kb: KnowledgeBase, recogniser: Recogniser, keep: Keep | None = None) -> None:
        self._kb = kb
        self._keep = keep
        self._recogniser = recogniser
        about = subject_concept(kb)
        self._given = frozenset({about} if about else ())
        self._own_words = OwnWords(kb)

    def recognise(self, readings: tuple[Reading, ...], subjects: tuple[Subject, ...], judging: Judging) -> Recognised:
        """Return what is claimed, what is disclosed and what of it is denied."""
        mentions: list[Mention] = []
        disclosures: list[Disclosure] = []
        denials: list[Denial] = []
        on_ours = _on_ours(subjects)
        for whole, subject in zip(readings, subjects, strict=True):
            if own := self._own_words.disclosed(whole):
                disclosures.append(own)
                continue
            reading = without(whole, beside) if whole.columns and (beside := elsewhere(whole)) else whole
            recognised = self._recognised(reading, _lead(readings, reading), ours=subject.ours)
            if subject.ours:
                recognised = credible(self._kb, judging, reading.unit.index, recognised)
            # "Under supervision, no." says what was asked, not what it names, and warns of nothing
            short = len(reading.tokens) <= _FEW and _answers(reading)
            if subject.ours and not short:
                recognised += recognitions(self._kb, reading, judging.of(reading.unit.index), recognised)
            scene = _scene(readings, reading, subject, self._given)
            worded = [(found, scene.stance(found)) for found in recognised]
            said = [
                found
                for found, how in worded
                if not found.despite and (_is_said(how) or _is_negative(self._kb, scene, found, how))
            ]
            denied = tuple(_denials(self._kb, scene, said)) if subject.ours else ()
            turned_round = {self._kb.caveats[one.caveat].key for one in denied}
            warned = tuple(
                one
                for one in disclosed(self._kb, reading.unit, subject, said)
                if not short and (one.key is None or one.key not in turned_round or one.why.rule is not None)
            )
            denials.extend(denied)
            disclosures.extend(warned)
            if subject.ours:
                certain = tuple(self._mentions(scene, worded))
                mentions.extend(certain)
                ruled = any(one.why.rule is not None or one.verbatim for one in warned)
                # likeness is blind to polarity: a warning looks like the promise that it limits
                if not ruled and not any(one.claim for one in certain) and claim_like(reading, subject):
                    mentions.extend(self._possible(reading, subject))
            elif subject in _AROUND and on_ours:
                mentions.extend(self._background(scene, worded))
        return Recognised(tuple(mentions), tuple(disclosures), tuple(denials))

    @cached_property
    def _similar(self) -> Similar:
        return Similar(self._kb, self._recogniser, self._keep)

    def _possible(self, reading: Reading, subject: Subject) -> Iterator[Mention]:
        """Yield the claims that a unit only resembles."""
        unit = reading.unit
        for one in self._similar.match(reading):
            note = f"its words and concepts are alike to “{one.sentence}” by {one.score:.2f} of 1"
            themes = self._kb.claims[one.claim].themes
            yield Mention(
                unit.index,
                one.claim,
                themes,
                unit.start,
                unit.end,
                Match.POSSIBLE,
                subject=subject,
                why=Why(notes=(note,)),
            )

    def _recognised(self, reading: Reading, lead: Reading | None, *, ours: bool) -> tuple[Recognition, ...]:
        """Return what a unit expresses, by its own words first, then together with what introduces it."""
        given = self._given if ours else frozenset()
        span = Span(reading.unit.start, reading.unit.end)
        soft = partial(is_soft, reading)
        found = self._recogniser.recognise_hits(reading.concepts, span, given=given, passing=soft)
        if lead is None or not ours:
            return found
        known = {(one.kind, one.id) for one in found}
        asked = _answers(reading) and lead.unit.kind is UnitKind.QUESTION
        led = self._recogniser.recognise_hits(joined(lead, reading), span, given=given, passing=soft)
        more = (
            one for one in led if (one.kind, one.id) not in known and (asked or any(hit.first >= 0 for hit in one.hits))
        )
        return (*found, *more)

    def _mentions(self, scene: _Scene, worded: Sequence[tuple[Recognition, Stance]]) -> Iterator[Mention]:
        topics = {found.id for found, _ in worded if found.kind == "topic"}
        announced = announces(scene.reading)
        claimed: set[str] = set()
        for found, how in worded:
            if found.kind == "claim" and not _tells_who_failed(scene, found):
                themes = spoken(self._kb.claims[found.id].themes, topics, self._kb.topics)
                claimed.update(themes)
                yield _mention(scene, found, how, found.id, themes)
            elif found.kind == "topic" and found.id not in claimed and not announced:
                yield _mention(scene, found, how, None, (found.id,))

    def _background(self, scene: _Scene, worded: Sequence[tuple[Recognition, Stance]]) -> Iterator[Mention]:
        """Yield what copy on the treatment says of the illness or of other treatments, where claims tell of that.

        It speaks on no theme, since themes are those of the treatment.
        """
        for found, how in worded:
            if found.kind == "claim" and self._kb.claims[found.id].type is ClaimType.BACKGROUND:
                yield _mention(scene, found, how, found.id, ())


def _tells_who_failed(scene: _Scene, found: Recognition) -> bool:
    """Tell "other drugs have not helped depression", where what helps and what did not are the same words.

    They say that others failed, which the claim speaks of, but not that the treatment does what they do not.
    """
    own = [hit for hit in found.hits if hit.first >= 0]
    if any(hit.concept in scene.about for hit in own):
        return False
    for negator in scene.negators:
        failed = [hit for hit in own if hit.first <= negator.hit.first <= hit.last]
        helped = [hit for hit in own if hit not in failed and negator.hit.last < hit.first <= negator.last]
        if failed and helped and min(hit.first for hit in helped) <= failed[0].last + 1:
            return True
    return False


def _on_ours(subjects: Sequence[Subject]) -> bool:
    """Tell copy on the treatment from a page on an illness, or on other treatments, that mentions it in passing."""
    spoken = [subject.ours for subject in subjects if subject is not Subject.NONE]
    return any(spoken) and sum(spoken) * _PASSING >= len(spoken)


def _lead(readings: Sequence[Reading], reading: Reading) -> Reading | None:
    """Return what a unit must be read together with: the lead-in of a list, the question just before an answer."""
    unit = reading.unit
    if unit.lead is None or unit.lead >= unit.index:
        return None
    lead = readings[unit.lead]
    if unit.kind is UnitKind.LIST_ITEM:
        return lead if lead.ends not in {".", "!"} else None  # a sentence that is closed introduces nothing
    return lead if lead.unit.index == unit.index - 1 and unit.kind is not UnitKind.QUESTION else None


def _scene(readings: Sequence[Reading], reading: Reading, subject: Subject, about: frozenset[str]) -> _Scene:
    lead = _lead(readings, reading)
    listed = lead is not None and lead.unit.kind is not UnitKind.QUESTION
    found = negators(reading)
    if lead is not None and listed:
        found = () if opens_description(lead) else (*found, *_inherited(lead, reading))
    above = (readings[index] for index in reversed(reading.unit.headings[-1:]) if index < reading.unit.index)
    told = introduced(iter([*above, *([lead] if lead else [])]))
    led_by = hedging(lead) if lead is not None and listed else ()
    return _Scene(reading, subject, lead, found, led_by, told, _understood(readings, reading), about)


def _inherited(lead: Reading, reading: Reading) -> Iterator[Negator]:
    """Yield the negators of a lead-in that go on over the items below it: "It does not: …"."""
    last = len(lead.tokens) - 1
    for negator in negators(lead):
        if negator.last == last:
            flat = negator.flat and not leaves_out(lead)
            yield negator._replace(first=-1, last=len(reading.tokens) - 1, whole=True, flat=flat)


def _answers(reading: Reading) -> bool:
    """Tell an answer that says nothing without its question: "Under supervision, no.", "Not at all."."""
    last = len(reading.tokens) - 1
    return any(
        hit.first == 0 or (hit.last == last < _ANSWER_WORDS)
        for name in ("answer-yes", "answer-no")
        for hit in reading.words.get(name, ())
    )


def _understood(readings: Sequence[Reading], reading: Reading) -> str:
    """Return from what the treatment is understood where a unit does not name it, in words."""
    for index in (*reversed(reading.unit.headings), *([reading.unit.lead] if reading.unit.lead is not None else [])):
        above = readings[index]
        if TREATMENT in above.concepts or (REFERRING in above.concepts and index < reading.unit.index):
            words = " ".join(token.surface for token in above.tokens[:8])
            return f"treatment understood from “{words}”"
    return "treatment understood from the rest of the page"


def _mention(scene: _Scene, found: Recognition, how: Stance, claim: str | None, themes: tuple[str, ...]) -> Mention:
    reading = scene.reading
    start, end = _extent(reading, found)
    strong = wording(reading, scene.telling(found), hedges(reading), scene.led_by)
    strengthened = strong.strength is Strength.EMPHATIC and how.polarity is not Polarity.ASSERTED
    if strengthened or reading.unit.kind is UnitKind.QUESTION or reading.ends == "?":
        strong = PLAIN
    notes: tuple[str, ...] = (scene.understood,) if found.given else ()
    if any(hit.first < 0 for hit in found.hits) and scene.lead:
        notes += ("read together with what introduces it",)
    words = tuple([Word(hit.concept, hit.start, hit.end) for hit in found.hits])
    if found.likelihood:
        notes += (f"such words stand in copy on this theme (likelihood {found.likelihood:.2f})",)
    return Mention(
        reading.unit.index,
        claim,
        themes,
        start,
        end,
        polarity=how.polarity,
        denied=how.denied,
        strength=strong.strength,
        subject=scene.subject,
        why=Why(found.rule, words, (*notes, *how.notes, *strong.notes)),
        numbers=_numbers(reading, found),
    )


def _denials(kb: KnowledgeBase, scene: _Scene, said: Sequence[Recognition]) -> Iterator[Denial]:
    """Yield the caveats of which a unit says the opposite.

    Not behind a "may", a "not" or "beware of", not within a warning, and not of what the caveat is not true of.
    """
    warnings = [one for one in said if one.rule is not None and one.kind in {"caveat", "topic-disclosure"}]
    held_off = [hit.first for hit in scene.reading.words.get(_DISTANCED, ())]
    held_off += [at for at, word in enumerate(scene.reading.rows.words) if word in _OPEN]
    held_off += [hedge.first for hedge in hedges(scene.reading)]
    for found in said:
        if found.kind != DENIAL or scene.led_by:
            continue
        caveat = kb.caveats[found.id]
        warned = any(_key(kb, one) is caveat.key and not _within(one, found) for one in warnings)
        if (caveat.key and warned) or scene.subject.value in caveat.not_of:
            continue
        first = min(hit.first for hit in found.hits)
        if not any(token < first for token in held_off) and not turned(scene.reading, first):
            words = tuple(Word(hit.concept, hit.start, hit.end) for hit in found.hits)
            yield Denial(scene.reading.unit.index, found.id, *_extent(scene.reading, found), Why(found.rule, words))


def _within(found: Recognition, other: Recognition) -> bool:
    """Tell whether all the words of one recognition lie in the stretch of another."""
    first, last = min(hit.first for hit in other.hits), max(hit.last for hit in other.hits)
    return all(first <= hit.first and hit.last <= last for hit in found.hits)


def _key(kb: KnowledgeBase, found: Recognition) -> DisclosureKey | None:
    return kb.caveats[found.id].key if found.kind == "caveat" else kb.topics[found.id].key


def _is_said(how: Stance) -> bool:
    """Return whether a unit says a thing: it neither asks, nor denies it, nor leaves it to somebody else."""
    return how.polarity in {Polarity.ASSERTED, Polarity.NEGATED} and not how.denied


def _is_negative(kb: KnowledgeBase, scene: _Scene, found: Recognition, how: Stance) -> bool:
    """Tell "whether it lasts has not been tested" and "off-label, so insurers do not pay".

    What is not known or not approved is said with a negator or a "whether", and not taken back by one, unless that
    stands right before it: "no further research is needed".
    """
    if found.kind not in {"caveat", "topic-disclosure"} or _key(kb, found) not in _NEGATIVE:
        return False
    first = min(hit.first for hit in found.hits)
    right_before = any(0 < first - one.hit.last <= _RIGHT_BEFORE for one in scene.negators)
    return not right_before and not (how.polarity is Polarity.ATTRIBUTED and how.denied)


def _extent(reading: Reading, found: Recognition) -> tuple[int, int]:
    """Return the stretch of the words in the unit that satisfy the rule, the whole unit where only its lead has any."""
    own = [hit for hit in found.hits if hit.first >= 0]
    if not own:
        return reading.unit.start, reading.unit.end
    return min(hit.start for hit in own), max(hit.end for hit in own)


def _numbers(reading: Reading, found: Recognition) -> tuple[Number, ...]:
    """Return the numbers in the clauses in which the claim is made."""
    if not reading.numbers:
        return ()
    clauses = {reading.clause(hit.first) for hit in found.hits if hit.first >= 0}
    spans = [(reading.tokens[first].start, reading.tokens[last].end) for first, last in clauses]
    return tuple(one for one in reading.numbers if any(start <= one.start < end for start, end in spans))
