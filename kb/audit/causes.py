"""Verbs of cause in the bare present: "repairs", "and repair", "by repairing", "lets the brain repair itself"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.base import UnitKind
from kb.audit.beside import DENYING, EVIDENCE, around, before, denied, expressed, hedged
from kb.audit.lexicon import WordHit
from kb.text.subjects import CONDITION, REFERRING, TREATMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit.context import Reading

_NOT_BARE = 4
_OBJECT = 5
"""Words between a verb of change and what it changes, at most."""

_US_NEAR = 2
"""Words from "we" to what the house says that it does, at most: "we literally regrow"."""

_SUBORDINATE = 7
"""Words from "after" to what is done by then, at most."""

_PASSIVE = 3
"""Words from "are" to what is done, at most: "has physically been rebuilt"."""

_OPENS = 3
"""Words before a verb that a name of an illness and its article take, at most."""


def bare(reading: Reading, hit: WordHit, *, by_us: bool = False) -> bool:
    """Return whether a verb states a fact of the treatment, not of an illness, and without a "may" or an "in mice".

    What a house says that it does itself counts where that is asked for: "we rebuild your brain".
    """
    verb = reading.tokens[hit.first].word
    if hit.first < hit.last and verb in _PREFIXES:
        verb = reading.tokens[hit.first + 1].word
    before_it = reading.tokens[hit.first - 1].word if hit.first else ""
    if (
        before_it in _NOUNS_FOLLOW
        or verb.endswith(_NOUN_ENDINGS)
        or not (_finite(reading, hit, verb, before_it) or (by_us and _by_us(reading, hit)))
    ):
        return False
    return not (
        before(reading, "unevidenced", hit, EVIDENCE)
        or before(reading, "not-bare", hit, _NOT_BARE)
        or denied(reading, hit, DENYING)
        or hedged(reading, hit)
        or _of_illness(reading, hit)
    )


def _finite(reading: Reading, hit: WordHit, verb: str, before_it: str) -> bool:
    if verb.endswith("ing"):
        return before_it in _GERUND_FOLLOWS
    if verb.endswith("s") and not verb.endswith("ss"):
        return hit.first > 0 or (reading.unit.kind is UnitKind.LIST_ITEM and len(reading.tokens) > 1)
    if before(reading, "enabling", hit, _NOT_BARE):
        return True
    return before_it.endswith("s") and before_it not in _NO_PLURALS


def _by_us(reading: Reading, hit: WordHit) -> bool:
    return any(token.word == "we" for token in reading.tokens[max(0, hit.first - _US_NEAR) : hit.first])


def _of_illness(reading: Reading, hit: WordHit) -> bool:
    """Tell "depression rewires the brain"."""
    first, _ = reading.clause(hit.first)
    return hit.first - first <= _OPENS and expressed(reading, CONDITION, first, hit.first - 1)


def changes(reading: Reading) -> Iterator[WordHit]:
    """Yield verbs that say that something in the brain, an illness or a life is changed or set right."""
    strong = reading.words.get("cause-strong", ()) if "we" in reading.rows.words else ()
    for hit in (*reading.words.get("change-verb", ()), *strong):
        _, last = reading.clause(hit.first)
        end = min(last, hit.last + _OBJECT)
        if hit.first < end and changed(reading, hit.first + 1, end) and bare(reading, hit, by_us=True):
            yield hit


def undone(reading: Reading) -> Iterator[WordHit]:
    """Yield what is said to be changed by nobody named: "fear circuits are rebooted", "the brain has been rewired"."""
    known = {hit for name in ("change-verb", "cause-strong") for hit in reading.words.get(name, ())}
    for hit in sorted(known):
        verb = reading.tokens[hit.first].word
        first, _ = reading.clause(hit.first)
        before_it = [token.word for token in reading.tokens[max(first, hit.first - _PASSIVE) : hit.first]]
        if not verb.endswith(_PARTICIPLE) or _BECOMES.isdisjoint(before_it) or not _NO_FACT.isdisjoint(before_it):
            continue
        if not _AFTER.isdisjoint(token.word for token in reading.tokens[max(0, hit.first - _SUBORDINATE) : hit.first]):
            continue  # "even after the injury is healed"
        named = bool(hit.first > first) and changed(reading, first, hit.first - 1)
        if named and not (
            before(reading, "not-bare", hit, _NOT_BARE) or denied(reading, hit, DENYING) or hedged(reading, hit)
        ):
            yield hit


def does(reading: Reading) -> Iterator[WordHit]:
    """Yield any verb at all with which the treatment, or "it", acts on a mind, an illness or a life: "it [tames] fear".

    Verbs of plain effect are left to the claims that they make.
    """
    known = reading.at("verb", "cause-plain")
    for index in sorted(_subjects(reading)):
        if index >= len(reading.tokens) or index in known or reading.tokens[index].word in _NO_DEED:
            continue
        token = reading.tokens[index]
        end = min(reading.clause(index)[1], index + _OBJECT)
        finite = token.word.endswith("s") and not token.word.endswith(("ss", "us", "is"))
        if finite and changed(reading, index + 1, end):
            hit = WordHit(index, index, token.start, token.end)
            if bare(reading, hit):
                yield hit


def _subjects(reading: Reading) -> set[int]:
    """Return the tokens behind the treatment's name, a word that goes back to it, or "it"."""
    named = {hit.last + 1 for concept in (TREATMENT, REFERRING) for hit in reading.concepts.get(concept, ())}
    return named | {index + 1 for index, token in enumerate(reading.tokens) if token.word in _IT}


def changed(reading: Reading, first: int, last: int) -> bool:
    """Return whether an illness or what it does to people is named among some tokens."""
    return expressed(reading, CONDITION, first, last) or bool(around(reading.words.get("changed", ()), first, last))


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NOUNS_FOLLOW = _set(
    "the a an this that these those its their your our my his her of in for with new neural natural medical no any "
    "some several most all both two other previous such traditional conventional standard many"
)
"""Words after which "repair" or "works" is a noun."""

_PARTICIPLE = ("ed", "wn", "en", "ilt", "undone", "reset")
_BECOMES = _set("is are gets get becomes become has have")
_AFTER = _set("after when whenever once if until before while where unless")
_NO_FACT = _set("was were being be will would if once when until")
_NOUN_ENDINGS = ("ments", "tions", "sions", "nesses")
_PREFIXES = _set("re kick jump")
_NO_PLURALS = _set("is was this its has does as us always perhaps")
_NO_DEED = _set(
    "hours days weeks months years minutes patients people sessions doses clinics infusions treatments studies trials "
    "fades wears wanes lasts lapses ends disappears passes remains stays carries costs takes needs differs varies"
)
"""Words behind the treatment's name that are no deed of it: "hours to days", "fades within a week"."""

_GERUND_FOLLOWS = _set("by and while then thereby thus")
_IT = _set("it this which that")
