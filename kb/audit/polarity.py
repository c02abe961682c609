"""What copy does with a claim: asserts it, denies it, asks about it or puts it into somebody's mouth."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.audit.base import Polarity, UnitKind
from kb.audit.context import once
from kb.text.subjects import CONDITION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.audit.context import Reading
    from kb.audit.lexicon import WordHit
    from kb.text import ConceptHit, Place

_NOUN_REACH = 5
"""How many words after "no" or "without" may still be what it denies."""

_DESCRIBING = 6
"""How many words before a negator "when" or "that" makes it a description: "when drugs have not helped"."""

_RELATING = 9
"""The same for "whose": "whose illness two or more other treatments have not helped"."""

_ALL_NEAR = 3
"""How many words after a negator a word such as "everyone" leaves the thing to some."""

_WHOSE = frozenset({"who", "whom", "whose"})
_WHO = _WHOSE | {"when", "whenever", "where", "if", "after", "unless", "until", "once", "before"}
_PEOPLE = frozenset(
    {"people", "those", "patients", "anyone", "individuals", "adults", "sufferers", "clients", "others"}
)
_NEGATORS = ("negator-verb", "negator-noun")
_SOFT = (*_NEGATORS, "asking", "myth", "negator-void")
_SOFT_LISTS = frozenset(_SOFT)


class Stance(NamedTuple):
    """How a claim is worded, and whether the copy says the opposite of it."""

    polarity: Polarity
    denied: bool
    notes: tuple[str, ...]


_ASSERTED = Stance(Polarity.ASSERTED, denied=False, notes=())
_DISTANCES = (
    ("myth", "called untrue", True),
    ("distancing", "put into somebody's mouth", False),
    ("asking", "left open", False),
)
"""Lists of words that hold a claim at a distance, what they do to it, and whether that denies it."""

_DISTANT = frozenset(name for name, _, _ in _DISTANCES)


class Negator(NamedTuple):
    """A negator and the tokens that it denies."""

    hit: WordHit
    first: int
    last: int
    whole: bool
    """Whether it denies its clause, so what stands before it too: "insurers do not pay"."""
    flat: bool = True
    """Whether it says that a thing is not so, rather than whom to leave out."""


def is_soft(reading: Reading, hit: ConceptHit) -> bool:
    """Tell whether words deny or ask, so that they decide how a claim is worded rather than whether it is made."""
    for name in _SOFT if not _SOFT_LISTS.isdisjoint(reading.words) else ():
        for other in reading.words.get(name, ()):
            if other.first <= hit.last and hit.first <= other.last:
                return True
    return False


@once
def negators(reading: Reading) -> tuple[Negator, ...]:
    """Return the negators of a unit that deny what it says, not those that describe patients or circumstances."""
    if not any(name in reading.words for name in _NEGATORS):
        return ()
    void = reading.tokens_of("negator-void")
    aside = reading.tokens_of("leaving-out")
    return tuple(
        Negator(
            hit,
            *_scope(reading, hit, verbal=name == "negator-verb"),
            flat=hit.last not in aside and not _of_some(reading, hit),
        )
        for name in _NEGATORS
        for hit in reading.words.get(name, ())
        if hit.first not in void and not _describes(reading, hit) and not _contrasts(reading, hit)
    )


def scarcely(reading: Reading) -> bool:
    """Tell "breathing rarely slows", which warns of what it seems to deny."""
    return any(reading.tokens[hit.first].word in _SCARCELY for hit in reading.words.get("negator-verb", ()))


def opens_description(lead: Reading) -> bool:
    """Tell a lead-in such as "For people who:", below which a negator describes people."""
    return bool(lead.tokens) and lead.tokens[-1].word in {*_WHO, "that"}


def leaves_out(lead: Reading) -> bool:
    """Tell a lead-in such as "You should not have it if you:", whose items say whom to leave out."""
    return any(token.word in {"if", "who", "when", "with"} for token in lead.tokens[-2:])


def _of_some(reading: Reading, hit: WordHit) -> bool:
    """Tell "does not suit everyone" and "no more numbness", which leave the thing to some, or to before."""
    after = [token.word for token in reading.tokens[hit.last + 1 : hit.last + 1 + _ALL_NEAR]]
    return not _ALL.isdisjoint(after) or (reading.tokens[hit.first].word == "no" and after[:1] == ["more"])


def _scope(reading: Reading, hit: WordHit, *, verbal: bool) -> tuple[int, int, bool]:
    first, last = reading.clause(hit.first)
    last = next((at - 1 for at in range(hit.last + 1, last + 1) if reading.tokens[at].word in _UNTIL), last)
    if verbal:
        if _told_of(reading, first, hit.first):
            return hit.first, last, False
        opens = _predicate(reading, hit.first)
        joined = opens > first and (reading.tokens[opens - 1].word in _AND or opens in reading.commas)
        return hit.first, last, not joined
    opens = hit.first - first <= 1 and reading.tokens[hit.first].word not in {"without", "free", "zero", "lacking"}
    if opens:
        return hit.first, last, True
    return hit.first, min(last, hit.last + _NOUN_REACH), False


def _describes(reading: Reading, hit: WordHit) -> bool:
    """Tell "people who have not responded" and "an illness that drugs have not helped" from a denial."""
    first, _ = reading.clause(hit.first)
    start = max(first, hit.first - _DESCRIBING)
    words = [token.word for token in reading.tokens[start : hit.first]]
    if reading.tokens[hit.first].word == "without" and (hit.first == first or _having(reading, first, hit.first)):
        return True  # "Without further doses, symptoms return" tells when, and denies nothing
    if reading.tokens[first].word in _WHO - {*_WHOSE, "before", "until"} or not (_WHO - _WHOSE).isdisjoint(words):
        return True
    if _of_whom(reading, first, hit.first):
        return True
    ill = {hit.last + 1 for hit in reading.concepts.get(CONDITION, ())}
    return any(
        word == "that" and (start + index in ill or (index and words[index - 1] in _PEOPLE | _DRUGS))
        for index, word in enumerate(words)
    )


def _having(reading: Reading, first: int, negator: int) -> bool:
    """Tell "patients with depression without psychotic symptoms", which says who they are."""
    earlier = {token.word for token in reading.tokens[first:negator]}
    after = {token.word for token in reading.tokens[negator + 1 : negator + 1 + _ALL_NEAR]}
    return not _PEOPLE.isdisjoint(earlier) and not _HAD.isdisjoint(after)


def _of_whom(reading: Reading, first: int, negator: int) -> bool:
    """Tell "who have not responded", where only helping verbs stand between, from "who take it do not suffer"."""
    for index in range(negator - 1, max(first, negator - _RELATING) - 1, -1):
        if reading.tokens[index].word in _WHOSE:
            between = range(index + 1, negator)
            verbs = reading.at("verb").intersection(between)
            return all(reading.tokens[verb].word in _HELPING for verb in verbs) and (
                reading.tokens[index].word != "who"
                or all(reading.tokens[at].word in _HELPING | _MIDDLE for at in between)
            )
    return False


def _contrasts(reading: Reading, hit: WordHit) -> bool:
    """Tell "within hours, not weeks", which denies nothing that copy claims."""
    tokens = reading.tokens
    word = tokens[hit.first].word
    if word in _NOTHING and hit.first - reading.clause(hit.first)[0] <= 1:
        # "nothing works faster than it" praises
        after = [token.word for token in tokens[hit.last + 1 : hit.last + 1 + _RELATING]]
        return "than" in after and any(one in _MORE or one.endswith("er") for one in after)
    if word != "not" or not hit.first:
        return False
    if hit.first in reading.commas or tokens[hit.first - 1].word == "and":
        return True
    after = [token.word for token in tokens[hit.last + 1 : hit.last + 1 + _RELATING]]
    return not _auxiliary(reading, hit.first) and after[:1] != [] and after[0] in _BY and "but" in after


def _told_of(reading: Reading, first: int, negator: int) -> bool:
    """Tell "the part of you that never …", where only what follows is denied."""
    at = negator - 1
    while at > first and reading.tokens[at].word in _HELPING:
        at -= 1
    return at > first and reading.tokens[at].word in {"that", "which"} and at not in reading.told


def _auxiliary(reading: Reading, negator: int) -> bool:
    """Return whether a helping verb stands before "not", adverbs aside."""
    at = negator - 1
    while at > 0 and (reading.tokens[at].word in _MIDDLE or reading.tokens[at].word.endswith("ly")):
        at -= 1
    return at >= 0 and reading.tokens[at].word in _HELPING


def _predicate(reading: Reading, negator: int) -> int:
    """Return the token at which the verb begins that a negator denies: "does" of "and it does not …"."""
    at = negator
    while at > 0 and reading.tokens[at - 1].word in _HELPING | _MIDDLE:
        at -= 1
    return at - 1 if at > 0 and reading.tokens[at - 1].word in _PRONOUNS else at


def stance(
    reading: Reading, hits: Sequence[ConceptHit], found: Sequence[Negator], *, told: str = "", theme: bool = False
) -> Stance:
    """Return how the claim is worded that `hits` make; `told` is what introduces the unit, such as "Myth".

    Where no claim is made but a theme spoken on, all that the unit says on it counts, not its first words alone.
    """
    own = [hit for hit in hits if hit.first >= 0]
    if reading.unit.kind is UnitKind.QUESTION or reading.ends == "?":
        return Stance(Polarity.ASKED, denied=False, notes=("asked, not said",))
    for name, note, denied in () if _DISTANT.isdisjoint(reading.words) else _DISTANCES:
        word = _governing(reading, name, own) or (_called(reading, own) if name == "myth" else "")
        if word:
            polarity = Polarity.ASKED if name == "asking" else Polarity.ATTRIBUTED
            return Stance(polarity, denied, (f"{note} by “{word}”",))
    if told:
        return Stance(Polarity.ATTRIBUTED, denied=True, notes=(f"introduced as “{told}”",))
    how = _negated(reading, own, found)
    return _negated_again(reading, own, found) if theme and how is _ASSERTED else how


def _negated(reading: Reading, own: Sequence[ConceptHit], found: Sequence[Negator]) -> Stance:
    if not found:
        return _ASSERTED
    inside = [negator for negator in found if any(hit.first <= negator.hit.first <= hit.last for hit in own)]
    over = [negator for negator in found if negator not in inside and _covers(reading, negator, own)]
    if not inside and not over:
        return _ASSERTED
    notes = tuple(f"negated by “{_words(reading, negator.hit)}”" for negator in over[:1])
    notes += tuple(f"“{_words(reading, negator.hit)}” belongs to the claim" for negator in inside[:1])
    return Stance(Polarity.NEGATED, any(negator.flat for negator in over) and not inside, notes)


def _negated_again(reading: Reading, own: Sequence[ConceptHit], found: Sequence[Negator]) -> Stance:
    """Return how a theme is worded that is denied where the unit comes back to it: "get a ride, you must not drive".

    The words that told of it first stand undenied, so that the opposite is not said.
    """
    verbal = reading.tokens_of("negator-verb")
    again = [hit for concept in {hit.concept for hit in own} for hit in reading.concepts.get(concept, ())]
    for negator in found:
        if negator.hit.first in verbal and _covers(reading, negator, again):
            return Stance(Polarity.NEGATED, denied=False, notes=(f"negated by “{_words(reading, negator.hit)}”",))
    return _ASSERTED


def _covers(reading: Reading, negator: Negator, own: Sequence[ConceptHit | Place]) -> bool:
    """Tell whether a negator denies what some of these words say."""
    after = [hit for hit in own if negator.hit.first < hit.first <= negator.last]
    if after:
        return True
    if not negator.whole:
        return False
    first, last = reading.clause(negator.hit.first)
    # what stands behind an "until" is not denied along with the rest
    return any(first <= hit.first <= min(last, negator.last) for hit in own)


def _governing(reading: Reading, name: str, own: Sequence[ConceptHit]) -> str:
    """Return the words of a list that stand before the claim, or "" if there are none."""
    last = max((hit.last for hit in own), default=-1)
    for hit in reading.words.get(name, ()):
        if hit.last < last:
            return _words(reading, hit)
    return ""


def _called(reading: Reading, own: Sequence[ConceptHit]) -> str:
    """Return "myth" of "the idea that … is a myth"."""
    first = min((hit.first for hit in own), default=0)
    told = any(hit.last < first for hit in reading.words.get("notion", ()))
    return _words(reading, reading.words["myth"][0]) if told and "myth" in reading.words else ""


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


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_HELPING = _set(
    "have has had having do does did is are was were be been being am can could will would shall should may might "
    "must haven't hasn't hadn't don't doesn't didn't isn't aren't wasn't weren't can't couldn't won't wouldn't"
)
_MIDDLE = _set("still yet also just simply really ever already so far as either both often usually always")
_PRONOUNS = _set("it they we you this that he she i there which")
_ALL = _set("all always every everybody everyone necessarily alike")
_UNTIL = frozenset({"until", "till", "unless"})
_DRUGS = _set("drugs medicines medications compounds molecules analogues analogs substances antidepressants")
_HAD = _set("psychotic psychosis history features mania manic prior previous active diagnosis insurance dementia")
_AND = frozenset({"and", "but", "yet", "or", "so"})
_PARTING = _AND - {"or"}
_SCARCELY = frozenset({"rarely", "seldom", "hardly", "barely", "scarcely"})
"""Negators that leave something: "breathing rarely slows" warns."""

_NOTHING = frozenset({"nothing", "no", "nobody", "none", "few"})
_MORE = frozenset({"more", "better", "less", "worse"})
_BY = _set("by through because in with for from on at to as")


_NEGATIONS = frozenset({"not", "no", "never", "nor", "cannot", "nobody", "hardly", "seldom", "rarely"})
_TURNING = 2
"""How many words before a denial a negator turns it round, whatever else it governs."""
_TELLING = _set("name names named mention mentions mentioned list lists listed disclose discloses admits")


def told(reading: Reading, first: int) -> bool:
    """Tell "a page that names no risks" from "it has no risks"."""
    return first > 0 and reading.tokens[first - 1].word in _TELLING


def turned(reading: Reading, first: int) -> bool:
    """Tell whether a negator turns round a denial that begins at a token: "no treatment is free of side effects"."""
    for negator in negators(reading):
        between = {token.word for token in reading.tokens[max(0, negator.first) : max(0, first)]}
        if negator.first < first <= negator.last and _PARTING.isdisjoint(between):
            return True  # "it is not an opioid and causes no dependence" turns nothing round
    before = reading.tokens[max(0, first - _TURNING) : max(0, first)]
    return told(reading, first) or any(token.word in _NEGATIONS or token.word.endswith("n't") for token in before)
