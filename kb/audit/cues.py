"""What the words of one unit say about its subject, before anything around it is looked at."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.audit.base import Subject
from kb.audit.context import between, taken
from kb.text.subjects import ASIDE, FORMS, REFERRING, SIGNS, SUBJECTS, TREATMENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.audit.context import Reading
    from kb.text import Place, Span

_SETTINGS = (Subject.VETERINARY, Subject.ANAESTHESIA, Subject.RECREATIONAL)
"""Subjects that are the same drug in other hands."""

_CONCEPTS = {Subject(subject): concept for concept, subject in SUBJECTS.items()}

_SINGLE = frozenset({"it", "its", "it's", "itself", "this"})

_HOUSE = frozenset({"we", "our", "us", "you", "your"})

_CONTRAST = frozenset({"while", "whereas", "but", "unlike", "whilst", "instead", "where"})

_REACH = 4
"""How many words before a name a preposition or a subordinator makes it a mere comparison or circumstance."""


@dataclass(frozen=True, slots=True)
class Cues:
    """What one unit names, and what it only touches on."""

    named: bool
    """It names the treatment, not only for comparison."""
    compared: bool
    """It names the treatment for comparison only: "unlike X, it …"."""
    touched: bool
    """It has the treatment's name at all."""
    passing: bool
    """It names the treatment as what others may do: "some hospitals try X", "X may be chosen"."""
    esketamine: bool
    """It names esketamine, and not only beside the treatment."""
    form: bool
    """It has words that go back to esketamine once that has been named."""
    other: bool
    """Another treatment is what it is about."""
    others: bool
    """It names another treatment at all."""
    rival: bool
    """It names other treatments for comparison only: "no weight gain, unlike X"."""
    condition: bool
    """An illness is what it is about."""
    signs: bool
    """It speaks of what the treatment is for."""
    refers: bool
    """A pronoun or a word such as "dose" goes back to the treatment spoken of."""
    pronoun: bool
    settings: frozenset[Subject]
    """Animals, operations or the street."""
    relief: bool
    """It speaks of getting better."""
    harm: bool
    """It says of something that it can come, as of a harm: "addiction is a possibility"."""
    ill: bool
    """It has an illness's name at all."""
    common: bool
    """It speaks of how common something is."""
    treats: bool
    """A word such as "dose" goes back to the treatment spoken of."""
    ours: bool
    """It speaks of "we" and "you"."""
    contrast: bool
    """It sets one thing against another: "while tablets take weeks, …"."""
    single: bool
    """Its pronoun is "it"."""
    trading: bool
    """It speaks of a company's business: shares, rents, profits."""
    plural: bool
    """The other treatment that it is about is named in the plural."""

    @property
    def setting(self) -> Subject | None:
        """The one setting that it has signs of."""
        return next((subject for subject in _SETTINGS if subject in self.settings), None)


def cues(reading: Reading) -> Cues:
    """Read the signs in one unit."""
    aside = taken(reading.concepts.get(ASIDE, ()))
    treatment = _hits(reading, TREATMENT)
    esketamine = _hits(reading, _CONCEPTS[Subject.ESKETAMINE])
    other = _hits(reading, _CONCEPTS[Subject.OTHER_TREATMENT], aside)
    condition = _hits(reading, _CONCEPTS[Subject.CONDITION], aside)
    head = _head(reading)
    comparing = reading.tokens_of("comparing")
    topical = [hit for hit in treatment if not _circumstance(reading, comparing, hit)]
    esk_topical = [hit for hit in esketamine if not _circumstance(reading, comparing, hit)]
    other_first = _leads(reading, [hit for hit in other if not _circumstance(reading, comparing, hit)], head)
    named = bool(topical) or (bool(treatment) and not other_first and not esk_topical)
    headed = any(TREATMENT in concepts for _, concepts in reading.columns)
    settings = frozenset(subject for subject in _SETTINGS if _hits(reading, _CONCEPTS[subject], aside))
    pronouns = reading.at("referring") | (reading.at("referring-first") & {0})
    referring = _hits(reading, REFERRING, taken(condition))
    first = min(pronouns, default=len(reading.tokens))
    return Cues(
        named=named or headed,
        compared=bool(treatment) and not topical and not headed,
        touched=bool(treatment) or headed,
        passing="in-passing" in reading.words,
        esketamine=_is_esketamine(reading, treatment, esketamine, topical, esk_topical),
        form=bool(reading.concepts.get(FORMS)) and not treatment,
        other=other_first and "taken-along" not in reading.words,
        others=bool(other),
        rival=bool(other) and all(_circumstance(reading, comparing, hit) for hit in other),
        condition=_leads(reading, [hit for hit in condition if hit.first < first], head),
        signs=bool(_hits(reading, SIGNS, aside)),
        refers=bool(pronouns or referring),
        pronoun=bool(pronouns),
        settings=settings,
        relief="relieving" in reading.words,
        harm="harm-told" in reading.words,
        ill=bool(condition),
        common="prevalence" in reading.words,
        treats=bool(referring),
        ours=not _HOUSE.isdisjoint(reading.rows.words),
        contrast=not _CONTRAST.isdisjoint(reading.rows.words),
        single=any(reading.tokens[index].word in _SINGLE for index in pronouns),
        trading="trading" in reading.words,
        plural=bool(other) and reading.tokens[other[0].last].word.endswith("s"),
    )


def _hits(reading: Reading, concept: str, aside: frozenset[int] = frozenset()) -> list[Place]:
    """Return the hits of a concept that do not lie within words that only look like it."""
    return [hit for hit in reading.concepts.get(concept, ()) if aside.isdisjoint(range(hit.first, hit.last + 1))]


def _is_esketamine(
    reading: Reading,
    treatment: Sequence[Place],
    esketamine: Sequence[Place],
    topical: Sequence[Place],
    esk_topical: Sequence[Place],
) -> bool:
    if not esketamine:
        return False
    if not treatment:
        return not all(_after_or(reading, hit) for hit in esketamine)
    return bool(esk_topical) and (not topical or esk_topical[0].first < topical[0].first)


def _after_or(reading: Reading, hit: Place) -> bool:
    """Tell "by drip or with esketamine", where it is but one of two ways."""
    return any(token.word == "or" for token in reading.tokens[max(0, hit.first - _REACH) : hit.first])


def _circumstance(reading: Reading, comparing: frozenset[int], hit: Place) -> bool:
    """Tell whether a name is there for comparison only: "unlike X", "than X", "compared with X"."""
    first = max(reading.clause(hit.first)[0], hit.first - _REACH)
    return not comparing.isdisjoint(range(first, hit.first))


def _head(reading: Reading) -> int:
    """Return the token at which the verb of the first clause begins; what comes before is what it is about."""
    first = reading.words.get("verb", ())
    return first[0].first if first else len(reading.tokens)


def _leads(reading: Reading, hits: Sequence[Place], head: int) -> bool:
    """Tell whether one of the hits is what a clause is about: before its verb, behind no preposition."""
    verbs = sorted(reading.at("verb"))
    turns = sorted({0, *(turn + 1 for turn in reading.tokens_of("clause-start") | reading.told)})
    amounts = {hit.last + 1 for hit in reading.words.get("amount", ())}
    barred = sorted(reading.at("relating", "subordinating") - reading.told - amounts)
    for hit in hits:
        start = turns[bisect_right(turns, hit.first) - 1]
        if between(barred, start, hit.first):
            continue
        if hit.last < head or not between(verbs, start, hit.first):
            return True
    return False


def elsewhere(reading: Reading) -> list[Span]:
    """Return the cells of a table row that stand in the column of another treatment."""
    other = _CONCEPTS[Subject.OTHER_TREATMENT]
    return [span for span, concepts in reading.columns if other in concepts and TREATMENT not in concepts]
