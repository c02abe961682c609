"""Promises, read from how words stand together: everybody with a benefit, an illness with "gone", a life with "back".

No list of phrases holds all ways to say that nobody fails to recover, and at once. Each finder here joins two or three
lists of plain English (`lexicon/promise.toml`), none of which goes far alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.audit.beside import around, hedged, only_looks_so, part_of, taken_back
from kb.audit.causes import changed, changes, does, undone
from kb.audit.context import once
from kb.audit.cue import Cue
from kb.audit.lexicon import WordHit
from kb.text.subjects import CONDITION, OTHER_TREATMENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kb.audit.context import Reading

_NAMING = 3
"""Words from "every" to the people meant: "every combat veteran", at most."""

_RESULT = 10
"""Words from those people to the result that they are promised, at most."""

_WILL_NEAR, _PROMISED = 3, 4
"""Words from "will" to its verb, and from the verb to the result, at most."""

_REGAINED = 9
"""Words among which "give", "life" and "back" must stand."""


class Promise(NamedTuple):
    """Words that promise, with the way in which they do."""

    hit: WordHit
    cue: Cue


_MET = 5
"""Words from "never met" to the people meant, and from them to what is denied of them, at most."""

_NO_OTHER = 6
"""Words from "no other drug" to what none of them does, at most."""

_ONE_OF = 2
"""Words from "no" to the treatment of which none is meant, at most: "no modern SSRI"."""

_ALONE: Mapping[str, Cue] = {
    "promising": Cue.CERTAIN,
    "turning": Cue.LIFE,
    "unrivalled": Cue.BETTER,
    "lasting": Cue.ABSOLUTE,
    "untroubled": Cue.HARM,
    "unburdened": Cue.PRICE,
    "scene": Cue.LIFE,
    "thrilled": Cue.LIFE,
    "all-it-takes": Cue.LIFE,
    "grand-evidence": Cue.PROOF,
    "safe-praised": Cue.HARM,
    "cheap-as": Cue.PRICE,
    "run-down": Cue.WORSE,
}
"""Lists of phrases that go far by themselves."""

_OF_OTHERS = frozenset({"scene", "thrilled"})
"""Lists that go far where the page tells of others; a patient may well tell such a scene of their own life."""

_DENIED = frozenset({"no", "not"})
_UNHEDGED = frozenset({Cue.LIFE, Cue.PRICE})
"""What a "may" does not make modest."""


@once
def promises(reading: Reading) -> tuple[Promise, ...]:
    """Return the promises of a unit that nothing takes back."""
    return tuple(_promises(reading))


def _promises(reading: Reading) -> Iterator[Promise]:
    for cue, hits in (
        *((cue, _alone(reading, name)) for name, cue in _ALONE.items()),
        (Cue.PEOPLE, _everybody(reading)),
        (Cue.PEOPLE, _never_failed(reading)),
        (Cue.CURE, _gone(reading)),
        (Cue.LIFE, _regained(reading)),
        (Cue.SPEED, _at_once(reading)),
        (Cue.CERTAIN, _certain(reading)),
        (Cue.BETTER, _most(reading)),
        (Cue.BETTER, _no_other(reading)),
        (Cue.BETTER, _outdone(reading)),
        (Cue.HARM, _small(reading)),
        (Cue.CURE, _freed(reading)),
        (Cue.HARM, unhurt(reading)),
    ):
        for hit in hits:
            if _stands(reading, hit, cue):
                yield Promise(hit, cue)
    for hit in (*changes(reading), *does(reading), *undone(reading)):
        yield Promise(hit, Cue.CAUSE)


def _alone(reading: Reading, name: str) -> Sequence[WordHit]:
    """Return words of a list, none that tells of others where somebody speaks of themselves."""
    return () if name in _OF_OTHERS and "speaker-self" in reading.words else reading.words.get(name, ())


def _stands(reading: Reading, hit: WordHit, cue: Cue) -> bool:
    if taken_back(reading, hit) or only_looks_so(reading, hit):
        return False
    return cue in _UNHEDGED or not hedged(reading, hit)


def _everybody(reading: Reading) -> Iterator[WordHit]:
    """Yield "every combat veteran … got better" and "the great majority recover"; no rule of the house."""
    if "differs" in reading.words:
        return
    for all_of in reading.words.get("quantifier", ()):
        if reading.tokens[all_of.first].word in _DENIED or part_of(reading, all_of):
            continue
        for people in around(reading.words.get("person", ()), all_of.last + 1, all_of.last + _NAMING)[:1]:
            if people.first > all_of.last and _better(reading, people.last + 1, people.last + _RESULT):
                yield _from(all_of, people)
    for share in reading.words.get("nearly-all", ()):
        if _better(reading, share.last + 1, share.last + _RESULT):
            yield share


def _never_failed(reading: Reading) -> Iterator[WordHit]:
    """Yield "we have yet to meet a patient we could not help": two denials that leave nobody out."""
    denials = [hit for name in ("negator-verb", "negator-noun") for hit in reading.words.get(name, ())]
    for met in reading.words.get("never-met", ()):
        for people in around(reading.words.get("person", ()), met.last + 1, met.last + _MET)[:1]:
            for second in sorted(around(denials, people.last + 1, people.last + _MET))[:1]:
                if people.first > met.last and _better(reading, second.last, second.last + _MET):
                    yield _from(met, second)


def _gone(reading: Reading) -> Iterator[WordHit]:
    """Yield "gone" and its like behind the name of what one suffers from."""
    suffered = [hit.first for hit in reading.words.get("changed", ())[:1]]
    suffered += [hit.first for hit in reading.concepts.get(CONDITION, ())[:1]]
    first = min(suffered, default=len(reading.tokens))
    if not _passes(reading):
        yield from (gone for gone in reading.words.get("vanishing", ()) if first < gone.first)


def _regained(reading: Reading) -> Iterator[WordHit]:
    """Yield "hands you back your days", "gives people their futures back"."""
    for again in reading.words.get("back", ()):
        near = range(again.first - _REGAINED, again.last + _REGAINED + 1)
        verbs = [
            hit
            for hit in around(reading.words.get("regaining", ()), near[0], again.first)
            if hit.first in near and reading.tokens[hit.last + 1].word != "up"
        ]
        lives = around(reading.words.get("regained", ()), near[0], near[-1])
        gone = again.first and reading.tokens[again.first - 1].word in _GOING
        if verbs and lives and not gone and not _passes(reading):
            first = min(verbs[-1], lives[0], key=lambda hit: hit.first)
            last = max(again, lives[-1], key=lambda hit: hit.last)
            yield _from(first, last)


def _at_once(reading: Reading) -> Iterator[WordHit]:
    """Yield words for "at once" beside a benefit; a side effect may well come or go at once."""
    soon = reading.words.get("speed", ())
    if soon and not _passes(reading) and _WORTH & {*reading.words, *reading.concepts}:
        yield from soon


def _certain(reading: Reading) -> Iterator[WordHit]:
    """Yield "you will wake up happy" and "finally, an end to the pain"."""
    if _passes(reading):
        return
    for verb in reading.words.get("will-verb", ()):
        before_it = [token.word for token in reading.tokens[max(0, verb.first - _WILL_NEAR) : verb.first]]
        if _WILL.isdisjoint(before_it) or not _HOUSE.isdisjoint(before_it) or not _NOT.isdisjoint(before_it):
            continue
        for good in around(reading.words.get("good", ()), verb.first, verb.last + _PROMISED)[:1]:
            if good.first >= verb.first:
                yield _from(verb, good)
    for hit in reading.words.get("at-last", ()):
        if _better(reading, hit.last + 1, hit.last + _RESULT) or changed(reading, hit.last + 1, hit.last + _RESULT):
            yield hit


def _most(reading: Reading) -> Iterator[WordHit]:
    """Yield "the most exciting": a superlative that is no number of people and no frequency."""
    tokens = reading.tokens
    for index in [index for index, word in enumerate(reading.rows.words) if word == "most"]:
        if 0 < index < len(tokens) - 1 and tokens[index - 1].word in _THE and tokens[index + 1].word not in _COUNTED:
            yield WordHit(index, index + 1, tokens[index].start, tokens[index + 1].end)


def _no_other(reading: Reading) -> Iterator[WordHit]:
    """Yield "no other medication on the shelf does" and "no SSRI ever made can", not "no drug helps everyone"."""
    barred = [(none.first, none.last) for none in reading.words.get("no-other", ())]
    barred += [
        (name.first, name.last)
        for name in reading.concepts.get(OTHER_TREATMENT, ())
        if "no" in [token.word for token in reading.tokens[max(0, name.first - _ONE_OF) : name.first]]
    ]
    for first, last in barred:
        for does_it in around(reading.words.get("doing", ()), last + 1, last + _NO_OTHER)[:1]:
            rest = {token.word for token in reading.tokens[does_it.last + 1 : does_it.last + _NO_OTHER]}
            if does_it.first > last and _ALL.isdisjoint(rest):
                yield _over(reading, first, does_it.last)


def _outdone(reading: Reading) -> Iterator[WordHit]:
    """Yield "what ten years of tablets could not", not "people whom tablets could not help"."""
    for name in reading.concepts.get(OTHER_TREATMENT, ()):
        if "what" not in [token.word for token in reading.tokens[max(0, name.first - _NO_OTHER) : name.first]]:
            continue
        for at in range(name.last + 1, min(name.last + _NAMING, len(reading.tokens) - 1)):
            word, then = reading.tokens[at].word, reading.tokens[at + 1].word
            if word in _UNABLE or (word == "could" and then == "not"):
                yield _over(reading, name.first, at)
                break


def _over(reading: Reading, first: int, last: int) -> WordHit:
    return WordHit(first, last, reading.tokens[first].start, reading.tokens[last].end)


def _small(reading: Reading) -> Iterator[WordHit]:
    """Yield "nothing worse than a headache", "at worst you feel sleepy"."""
    for hit in reading.words.get("no-more-than", ()):
        for name in ("fading", "harm", "side-effects"):
            if around(reading.words.get(name, ()), hit.last + 1, hit.last + _RESULT):
                yield hit
                break


def _freed(reading: Reading) -> Iterator[WordHit]:
    """Yield "headache-free" and "free of anxiety", not "a drug-free day"."""
    for hit in reading.concepts.get(CONDITION, ()):
        if 0 <= hit.last < len(reading.tokens) - 1 and reading.tokens[hit.last + 1].word == "free":
            yield WordHit(hit.first, hit.last + 1, reading.tokens[hit.first].start, reading.tokens[hit.last + 1].end)


def unhurt(reading: Reading) -> Iterator[WordHit]:
    """Yield "not one has had a serious reaction", which is no record of harm but a boast."""
    for none in reading.words.get("none-of-them", ()):
        for harm in around(reading.words.get("mishap", ()), none.last + 1, none.last + _RESULT)[:1]:
            between = {token.word for token in reading.tokens[none.last + 1 : harm.first]}
            if harm.first > none.last and _UNLESS.isdisjoint(between):
                yield _from(none, harm)


def _better(reading: Reading, first: int, last: int) -> bool:
    return any(around(reading.words.get(name, ()), first, last) for name in ("good", "relieving"))


def _passes(reading: Reading) -> bool:
    return "fading" in reading.words


def _from(first: WordHit, last: WordHit) -> WordHit:
    return WordHit(first.first, last.last, first.start, last.end)


_WORTH = frozenset({"good", "relieving", "changed", CONDITION})
_WILL = frozenset({"will", "you'll", "they'll", "it'll"})
_NOT = frozenset({"not", "never", "no", "if"})
_HOUSE = frozenset({"we", "i", "nurse", "doctor", "staff", "team", "clinician", "clinic"})
_GOING = frozenset({"go", "goes", "going", "gone", "went", "come", "comes", "came", "coming", "call", "calls"})
_ALL = frozenset({"everyone", "everybody", "all", "always", "every"})
_UNABLE = frozenset({"couldn't", "can't", "cannot", "never"})
_UNLESS = frozenset({"before", "until", "unless", "without", "asked", "told", "who", "if", "when"})
_THE = frozenset({"the", "our", "its", "psychiatry's", "medicine's"})


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_COUNTED = _set(
    "common commonly often frequent frequently people patients of likely recent recently studied part widely "
    "usual severe important immediate cases clients adults serious dangerous troublesome abundant plentiful"
)
