"""Which words of a unit go far: praise, proof, absolutes, cures, bare causes, harm or price made small, high rates.

Nothing here knows how far the evidence goes; the rule `overstated` weighs what is found here against the claim.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.audit.beside import (
    DENYING,
    around,
    expressed,
    hedged,
    near,
    negators_of,
    only_looks_so,
    part_of,
    taken_back,
    there,
)
from kb.audit.causes import bare
from kb.audit.cue import Cue
from kb.audit.lexicon import WordHit
from kb.audit.polarity import told, turned
from kb.audit.promises import promises, unhurt
from kb.text.subjects import APPROVED_USE, OTHER_TREATMENT, TREATMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kb.audit.context import Reading

__all__ = ["Cue", "Strong", "harms_denied", "strong_words"]


class Strong(NamedTuple):
    """Words that go far, at code points `start` to `end`."""

    cue: Cue
    start: int
    end: int


_LISTS: Mapping[str, Cue] = {
    "hype-novelty": Cue.PRAISE,
    "hype-life": Cue.LIFE,
    "hype-degree": Cue.DEGREE,
    "hype-power": Cue.DEGREE,
    "hype-success": Cue.SUCCESS,
    "hype-choice": Cue.CHOICE,
    "proof": Cue.PROOF,
    "absolute-people": Cue.PEOPLE,
    "absolute-effect": Cue.ABSOLUTE,
    "cure": Cue.CURE,
    "cause-strong": Cue.CAUSE,
    "cause-plain": Cue.EFFECT,
    "small-safe": Cue.SAFE,
    "safe-absolute": Cue.SAFE,
    "small-harm": Cue.HARM,
    "harm-denied": Cue.HARMLESS,
    "small-price": Cue.PRICE,
    "better": Cue.BETTER,
    "disparaging": Cue.WORSE,
}
_RANK = {cue: rank for rank, cue in enumerate(Cue)}
_NEEDS_EFFECT = frozenset({Cue.DEGREE, Cue.PROOF})
_NEEDS_OUTCOME = frozenset({Cue.PEOPLE, Cue.ABSOLUTE})
_NEGATION_WITHIN = frozenset({Cue.HARM, Cue.HARMLESS, Cue.SAFE})
_HEDGE_CLEARS = frozenset({Cue.PROOF, Cue.PEOPLE, Cue.ABSOLUTE, Cue.CURE, Cue.SAFE, Cue.HARM, Cue.BETTER})
_MEASURED = frozenset({Cue.BETTER, Cue.SPEED})
"""What a sentence on one trial, with a number in it, may well report as it was measured."""

_VERBS = frozenset({Cue.CAUSE, Cue.EFFECT})

_NAMED = 3
"""Words from "no worse than" to the name of what it is compared with, at most."""

_BESIDE = 60
"""Characters between an absolute and the words of the effect that it is about, at most."""

_REACH = 8
"""Words between an absolute and the benefit that it is about, at most."""


def strong_words(reading: Reading, effects: Iterable[tuple[int, int]] = ()) -> tuple[Strong, ...]:
    """Return the words that go far in a unit, in the order of the text; of overlapping ones the longest.

    `effects` are the places where the unit is known to speak of an effect, whatever its words.
    """
    places = tuple(effects)
    known: tuple[Strong, ...] | None = reading.worked_out.get((strong_words, places))
    if known is None:
        known = reading.worked_out[strong_words, places] = _strong_words(reading, places)
    return known


def _strong_words(reading: Reading, places: tuple[tuple[int, int], ...]) -> tuple[Strong, ...]:
    found = [
        (hit, cue)
        for name, cue in _LISTS.items()
        for hit in reading.words.get(name, ())
        if _stands(reading, cue, hit, places)
    ]
    found += promises(reading)
    found += [(hit, Cue.HARM) for hit in harms_small(reading)]
    found += [(hit, Cue.HARMLESS) for hit in harms_absent(reading)]
    if there(reading, "trial") and reading.numbers:
        found = [(hit, cue) for hit, cue in found if cue not in _MEASURED]
    chosen: list[tuple[WordHit, Cue]] = []
    taken: set[int] = set()
    for hit, cue in sorted(found, key=lambda pair: (pair[0].first - pair[0].last, pair[0].first, _RANK[pair[1]])):
        tokens = range(hit.first, hit.last + 1)
        if taken.isdisjoint(tokens):
            taken.update(tokens)
            chosen.append((hit, cue))
    return tuple(sorted((Strong(cue, hit.start, hit.end) for hit, cue in chosen), key=lambda strong: strong.start))


def _stands(reading: Reading, cue: Cue, hit: WordHit, effects: tuple[tuple[int, int], ...]) -> bool:
    """Return whether the words say what the list takes them for, here."""
    if cue in _VERBS:
        return bare(reading, hit)
    reach = 1 if cue in _NEGATION_WITHIN else DENYING
    if (
        taken_back(reading, hit, reach)
        or only_looks_so(reading, hit)
        or (cue in _NEGATION_WITHIN and told(reading, hit.first))
        or (cue in _HEDGE_CLEARS and hedged(reading, hit))
        or (cue is Cue.HARM and _compares(reading, hit))
    ):
        return False
    if cue is Cue.SAFE:
        return APPROVED_USE not in reading.concepts or there(reading, "safe-absolute", "absolute-people")
    if cue is Cue.PEOPLE and (there(reading, "differs") or part_of(reading, hit)):
        return False
    if cue in _NEEDS_OUTCOME:
        beside = any(hit.start - _BESIDE < end and start < hit.end + _BESIDE for start, end in effects)
        return beside or any(near(reading, name, hit, _REACH) for name in ("outcome", "relieving", "good"))
    benefit = effects or there(reading, "outcome", "treatment") or TREATMENT in reading.concepts
    return bool(benefit) or cue not in _NEEDS_EFFECT


def _compares(reading: Reading, hit: WordHit) -> bool:
    """Tell "no worse than ECT", which sets two treatments side by side, from "no worse than a headache"."""
    last = reading.tokens[hit.last].word
    return last == "than" and expressed(reading, OTHER_TREATMENT, hit.last + 1, hit.last + _NAMED)


def harms_denied(reading: Reading) -> Iterator[WordHit]:
    """Yield words that say there is no harm: "no lasting side effects", but not "no serious side effects"."""
    yield from reading.words.get("harm-denied", ())
    for hit in reading.words.get("negator-noun", ()):
        for harm in around(reading.words.get("side-effects", ()), hit.last + 1, hit.last + _HARM_AFTER)[:1]:
            between = {token.word for token in reading.tokens[hit.last + 1 : harm.first]}
            if between <= _ALL_OF_THEM and not _free(reading, harm) and not of_another(reading, harm):
                yield WordHit(hit.first, harm.last, hit.start, harm.end)
    yield from _unhooked(reading)
    for hit in unhurt(reading):
        if _RECORD.isdisjoint(token.word for token in reading.tokens[hit.first : hit.last]):
            yield hit  # "not one has had a reaction" boasts of a record, which may be true
    for hit in reading.words.get("always-mild", ()):
        for name in ("side-effects", "harm"):
            for harm in around(reading.words.get(name, ()), hit.first - _HARM_NEAR, hit.first)[:1]:
                if not turned(reading, hit.first):
                    yield WordHit(harm.first, hit.last, harm.start, hit.end)


def _unhooked(reading: Reading) -> Iterator[WordHit]:
    """Yield "no physical dependence" and "nothing addictive about it", not "no history of addiction"."""
    neither = [hit for hit in reading.words.get("negator-verb", ()) if reading.tokens[hit.first].word == "neither"]
    for hit in (*reading.words.get("negator-noun", ()), *neither):
        for habit in around(reading.words.get("habit", ()), hit.last + 1, hit.last + _HABIT_AFTER)[:1]:
            between = {token.word for token in reading.tokens[hit.last + 1 : habit.first]}
            after = {token.word for token in reading.tokens[habit.last + 1 : habit.last + 2]}
            if (
                habit.first > hit.last
                and between <= _ALL_OF_THEM
                and not _free(reading, habit)
                and after.isdisjoint(_CARE)
            ):
                yield WordHit(hit.first, habit.last, hit.start, habit.end)


def of_another(reading: Reading, harm: WordHit) -> bool:
    """Tell "none of the side effects that come with pills", where it is another treatment's harm that is missing."""
    at = next((hit.first for hit in reading.concepts.get(OTHER_TREATMENT, ()) if hit.first > harm.last), 0)
    between = [token.word for token in reading.tokens[harm.last + 1 : at]]
    return 0 < len(between) <= _HARM_NEAR and not _ITS.isdisjoint(between) and _UNLIKE.isdisjoint(between)


def harms_absent(reading: Reading) -> Iterator[WordHit]:
    """Yield words that leave no harm: "none of the usual side effects", "side effects … don't come with it"."""
    harms = reading.words.get("harm", ())
    occurring = {hit.first for hit in reading.words.get("occurs", ())}
    for negator in negators_of(reading):
        end = negator.hit.last + 1
        if negator.whole and end in occurring and harms and harms[0].first < negator.hit.first:
            yield negator.hit._replace(last=end, end=reading.tokens[end].end)
    yield from _leading_to(reading, "negator-noun", _HARM_AFTER)


def harms_small(reading: Reading) -> Iterator[WordHit]:
    """Yield words that make harm small: "side effects stay minimal", "negligible risks"."""
    yield from _leading_to(reading, "minimal", _HARM_NEAR)
    for hit in reading.words.get("minimal", ()):
        for harm in around(reading.words.get("harm", ()), hit.first - _HARM_NEAR, hit.first - 1)[:1]:
            if harm.last < hit.first and not hedged(reading, hit):
                yield WordHit(harm.first, hit.last, harm.start, hit.end)


def _leading_to(reading: Reading, name: str, reach: int) -> Iterator[WordHit]:
    """Yield words of a list together with the harm that soon follows them."""
    for hit in reading.words.get(name, ()):
        for harm in around(reading.words.get("harm", ()), hit.last + 1, hit.last + reach)[:1]:
            if harm.first > hit.last and not _free(reading, harm) and not _broken(reading, hit.last, harm.first):
                yield WordHit(hit.first, harm.last, hit.start, harm.end)


def _free(reading: Reading, harm: WordHit) -> bool:
    """Tell "no side effect free drug", which denies no harm."""
    return any(token.word == "free" for token in reading.tokens[harm.last + 1 : harm.last + 2])


def _broken(reading: Reading, first: int, last: int) -> bool:
    """Return whether a verb or a clause stands between two words: "without asking about risks"."""
    between = {token.word for token in reading.tokens[first + 1 : last]} - _ALL_OF_THEM
    return not between.isdisjoint(_PARTING) or any(word.endswith("ing") for word in between)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ALL_OF_THEM = _set(
    "any known lasting long term negative adverse harmful unwanted bad real reported documented other physical "
    "psychological chemical whatsoever such"
)
_RECORD = _set("has have had seen met needed yet")
_ITS = _set("of with from common that")
_UNLIKE = _set("unlike than compared versus")
_PARTING = _set("but and or evidence doubt longer way need")
_CARE = _set(
    "history treatment program programme counselling counseling specialist medicine medicines service problem problems"
)
_HABIT_AFTER = 4
"""Words from a negator to the habit that it denies, at most."""

_HARM_AFTER, _HARM_NEAR = 5, 6
"""Words from a negator to the harm that it denies, and between a harm and the word that makes it small, at most."""
