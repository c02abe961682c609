"""What copy does with a claim: asserts it, denies it, asks about it or puts it into somebody's mouth."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.audit.base import Polarity, Subject, UnitKind
from kb.text.subjects import SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.audit.context import Reading
    from kb.audit.lexicon import WordHit
    from kb.text import ConceptHit

_NOUN_REACH = 5
"""How many words after "no" or "without" may still be what it denies."""

_DESCRIBING = 6
"""How many words before a negator "who" or "when" makes it a description: "people who have not responded"."""

_WHO = frozenset(
    {"who", "whom", "whose", "when", "whenever", "where", "if", "after", "unless", "until", "once", "before"}
)
_PEOPLE = frozenset(
    {"people", "those", "patients", "anyone", "individuals", "adults", "sufferers", "clients", "others"}
)
_CONDITION = next(concept for concept, subject in SUBJECTS.items() if subject == Subject.CONDITION)
_NEGATORS = ("negator-verb", "negator-noun")
_SOFT = (*_NEGATORS, "asking", "myth", "negator-void")


class Stance(NamedTuple):
    """How a claim is worded, and whether the copy says the opposite of it."""

    polarity: Polarity
    denied: bool
    notes: tuple[str, ...]


class Negator(NamedTuple):
    """A negator and the tokens that it denies."""

    hit: WordHit
    first: int
    last: int
    whole: bool
    """Whether it denies its clause, so what stands before it too: "insurers do not pay"."""


def is_soft(reading: Reading, hit: ConceptHit) -> bool:
    """Tell whether words deny or ask, so that they decide how a claim is worded rather than whether it is made."""
    for name in _SOFT:
        for other in reading.words.get(name, ()):
            if other.first <= hit.last and hit.first <= other.last:
                return True
    return False


def negators(reading: Reading) -> tuple[Negator, ...]:
    """Return the negators of a unit that deny what it says, not those that describe patients or circumstances."""
    void = reading.tokens_of("negator-void")
    return tuple(
        Negator(hit, *_scope(reading, hit, verbal=name == "negator-verb"))
        for name in _NEGATORS
        for hit in reading.words.get(name, ())
        if hit.first not in void and not _describes(reading, hit) and not _contrasts(reading, hit)
    )


def opens_description(lead: Reading) -> bool:
    """Tell a lead-in such as "For people who:", below which a negator describes people."""
    return bool(lead.tokens) and lead.tokens[-1].word in {*_WHO, "that"}


def _scope(reading: Reading, hit: WordHit, *, verbal: bool) -> tuple[int, int, bool]:
    first, last = reading.clause(hit.first)
    if verbal:
        return hit.first, last, True
    opens = hit.first - first <= 1 and reading.tokens[hit.first].word not in {"without", "free", "zero", "lacking"}
    if opens:
        return hit.first, last, True
    return hit.first, min(last, hit.last + _NOUN_REACH), False


def _describes(reading: Reading, hit: WordHit) -> bool:
    """Tell "people who have not responded" and "an illness that drugs have not helped" from a denial."""
    first, _ = reading.clause(hit.first)
    words = [token.word for token in reading.tokens[max(first, hit.first - _DESCRIBING) : hit.first]]
    if not _WHO.isdisjoint(words) or reading.tokens[first].word in _WHO - {"before", "until"}:
        return True
    ill = {hit.last + 1 for hit in reading.concepts.get(_CONDITION, ())}
    start = max(first, hit.first - _DESCRIBING)
    return any(
        word == "that" and (start + index in ill or (index and words[index - 1] in _PEOPLE))
        for index, word in enumerate(words)
    )


def _contrasts(reading: Reading, hit: WordHit) -> bool:
    """Tell "within hours, not weeks", which denies nothing that copy claims."""
    if reading.tokens[hit.first].word != "not" or not hit.first:
        return False
    return hit.first in reading.commas or reading.tokens[hit.first - 1].word == "and"


def stance(reading: Reading, hits: Sequence[ConceptHit], found: Sequence[Negator], *, told: str = "") -> Stance:
    """Return how the claim is worded that `hits` make; `told` is what introduces the unit, such as "Myth"."""
    own = [hit for hit in hits if hit.first >= 0]
    if reading.unit.kind is UnitKind.QUESTION or reading.ends == "?":
        return Stance(Polarity.ASKED, denied=False, notes=("asked, not said",))
    for name, note, denied in (
        ("myth", "called untrue", True),
        ("distancing", "put into somebody's mouth", False),
        ("asking", "left open", False),
    ):
        word = _governing(reading, name, own)
        if word:
            polarity = Polarity.ASKED if name == "asking" else Polarity.ATTRIBUTED
            return Stance(polarity, denied, (f"{note} by “{word}”",))
    if told:
        return Stance(Polarity.ATTRIBUTED, denied=True, notes=(f"introduced as “{told}”",))
    return _negated(reading, own, found)


def _negated(reading: Reading, own: Sequence[ConceptHit], found: Sequence[Negator]) -> Stance:
    inside = [negator for negator in found if any(hit.first <= negator.hit.first <= hit.last for hit in own)]
    over = [negator for negator in found if negator not in inside and _covers(reading, negator, own)]
    notes = tuple(f"negated by “{_words(reading, negator.hit)}”" for negator in over[:1])
    notes += tuple(f"“{_words(reading, negator.hit)}” belongs to the claim" for negator in inside[:1])
    if not inside and not over:
        return Stance(Polarity.ASSERTED, denied=False, notes=())
    return Stance(Polarity.NEGATED, bool(over) and not inside, notes)


def _covers(reading: Reading, negator: Negator, own: Sequence[ConceptHit]) -> bool:
    """Tell whether a negator denies what some of these words say."""
    after = [hit for hit in own if negator.hit.first < hit.first <= negator.last]
    if after:
        return True
    if not negator.whole:
        return False
    first, last = reading.clause(negator.hit.first)
    return any(first <= hit.first <= last for hit in own)


def _governing(reading: Reading, name: str, own: Sequence[ConceptHit]) -> str:
    """Return the words of a list that stand before the claim, or "" if there are none."""
    last = max((hit.last for hit in own), default=-1)
    for hit in reading.words.get(name, ()):
        if hit.last < last:
            return _words(reading, hit)
    return ""


def _words(reading: Reading, hit: WordHit) -> str:
    return " ".join(token.surface for token in reading.tokens[hit.first : hit.last + 1])


def answered(reading: Reading) -> Stance | None:
    """Return how an answer takes up what was asked: "Yes.", "Not at all.", "Under supervision, no."."""
    last = len(reading.tokens) - 1
    for name, how in (
        ("answer-no", Stance(Polarity.NEGATED, denied=True, notes=("what was asked is answered with no",))),
        ("answer-yes", Stance(Polarity.ASSERTED, denied=False, notes=("what was asked is answered with yes",))),
    ):
        if any(hit.first == 0 or hit.last == last for hit in reading.words.get(name, ())):
            return how
    return None


def introduced(leads: Iterator[Reading]) -> str:
    """Return the word by which what introduces a unit calls it untrue, such as the heading "Myth"."""
    for lead in leads:
        for hit in lead.words.get("myth", ())[:1]:
            if hit.first <= 1:
                return _words(lead, hit)
    return ""
