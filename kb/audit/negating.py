"""Negators, and how far they reach: what a unit denies, and what it only describes or sets against something."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from kb.audit.context import once
from kb.text.subjects import CONDITION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.audit.context import Reading
    from kb.audit.lexicon import WordHit

_NOUN_REACH = 5
"""How many words after "no" or "without" may still be what it denies."""
_DESCRIBING = 6
"""How many words before a negator "when" or "that" makes it a description: "when drugs have not helped"."""
_RELATING = 9
"""The same for "whose": "whose illness two or more other treatments have not helped"."""
_PART_NEAR = 4
"""How many words into its clause, or behind a negator, a word such as "others" makes it so of some only."""
_KNOWING_NEAR = 4
"""How many words after a negator a word such as "known" makes it deny knowledge."""

_ALL_NEAR = 3
"""How many words after a negator a word such as "everyone" leaves the thing to some."""
_WHOSE = frozenset({"who", "whom", "whose"})
_WHO = _WHOSE | {"when", "whenever", "where", "if", "after", "unless", "until", "once", "before"}
_PEOPLE = frozenset(
    {"people", "those", "patients", "anyone", "individuals", "adults", "sufferers", "clients", "others"}
)
NEGATORS = ("negator-verb", "negator-noun")


class Negator(NamedTuple):
    """A negator and the tokens that it denies."""

    hit: WordHit
    first: int
    last: int
    whole: bool
    """Whether it denies its clause, so what stands before it too: "insurers do not pay"."""
    flat: bool = True
    """Whether it says that a thing is not so, rather than whom to leave out."""
    tail: bool = False
    """Whether it sets what follows against what was said, and denies that alone: "a lift, not a cure"."""


@once
def negators(reading: Reading) -> tuple[Negator, ...]:
    """Return the negators of a unit that deny what it says, not those that describe patients or circumstances."""
    if not any(name in reading.words for name in NEGATORS):
        return ()
    void = reading.tokens_of("negator-void")
    aside = reading.tokens_of("leaving-out")
    return tuple(
        Negator(
            hit,
            *_scope(reading, hit, verbal=name == "negator-verb"),
            flat=hit.last not in aside and not _of_some(reading, hit) and not _of_knowing(reading, hit),
            tail=_contrasts(reading, hit),
        )
        for name in NEGATORS
        for hit in reading.words.get(name, ())
        if hit.first not in void
        and not _describes(reading, hit)
        and (not _contrasts(reading, hit) or _tail(reading, hit))
        and not _of_part(reading, hit)
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


def _of_knowing(reading: Reading, hit: WordHit) -> bool:
    """Tell "we do not have enough data on the bladder", which denies knowledge and not what it is of."""
    after = [token.word for token in reading.tokens[hit.last + 1 : hit.last + 1 + _KNOWING_NEAR]]
    return not _KNOWING.isdisjoint(after)


def _tail(reading: Reading, hit: WordHit) -> bool:
    """Tell "a lift, not a cure", which denies what follows, from "and not everyone …"."""
    after = reading.tokens[hit.last + 1].word if hit.last + 1 < len(reading.tokens) else ""
    return reading.tokens[hit.first].word == "not" and hit.first > 0 and after not in _ALL


def _scope(reading: Reading, hit: WordHit, *, verbal: bool) -> tuple[int, int, bool]:
    first, last = reading.clause(hit.first)
    if verbal and _contrasts(reading, hit):
        comma = min((at for at in reading.commas if at > hit.last), default=len(reading.tokens))
        return hit.first, min(last, comma - 1, hit.last + _NOUN_REACH), False
    last = next((at - 1 for at in range(hit.last + 1, last + 1) if reading.tokens[at].word in _UNTIL), last)
    if verbal:
        if _told_of(reading, first, hit.first):
            return hit.first, last, False
        opens = _predicate(reading, hit.first)
        joined = opens > first and (reading.tokens[opens - 1].word in _AND or opens in reading.commas)
        return hit.first, last, not joined
    if reading.tokens[hit.first - 1].word == "or" and hit.first > first:
        return hit.first, hit.last, False  # "a little better, or no different"
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
    if _of_whom(reading, first, hit.first) or _at_times(reading, first, hit.first):
        return True
    ill = {hit.last + 1 for hit in reading.concepts.get(CONDITION, ())}
    return any(
        word == "that" and (start + index in ill or (index and words[index - 1] in _PEOPLE | _DRUGS))
        for index, word in enumerate(words)
    )


def _at_times(reading: Reading, first: int, negator: int) -> bool:
    """Tell "when gabapentin or morphine-type medicines have not been enough", which says when it is given."""
    return any(token.word in _WHEN for token in reading.tokens[max(first, negator - _RELATING) : negator])


def _of_part(reading: Reading, hit: WordHit) -> bool:
    """Tell "others gain no benefit" and "rarely, someone becomes agitated": it is so of some, or at times."""
    first, _ = reading.clause(hit.first)
    earlier = [token.word for token in reading.tokens[first : hit.first] if token.word not in PARTING]
    if reading.tokens[hit.first].word in _SCARCELY:
        return all(word in _OFTEN for word in earlier) and len(reading.tokens) > hit.last + 1
    if _some(earlier[:_PART_NEAR]):
        return True
    after = [token.word for token in reading.tokens[hit.last + 1 : hit.last + 1 + _PART_NEAR]]
    return any(word in _FOR and _some(after[at + 1 : at + 2]) for at, word in enumerate(after))


def _some(words: Sequence[str]) -> bool:
    """Tell words for a part of people: "some", "others", "the rest", "a third of patients"."""
    return any(word in _SOME for word in words) or any(pair in _PARTS for pair in pairwise(words))


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
    """Tell "the part of you that never …" and "what years of therapy could not", where only what follows is denied."""
    if any(reading.tokens[index].word == "what" for index in range(max(first, negator - _RELATING), negator)):
        return True
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


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_HELPING = _set(
    "have has had having do does did is are was were be been being am can could will would shall should may might "
    "must haven't hasn't hadn't don't doesn't didn't isn't aren't wasn't weren't can't couldn't won't wouldn't"
)
_MIDDLE = _set("still yet also just simply really ever already so far as either both often usually always")
_PRONOUNS = _set("it they we you this that he she i there which")
_SOME = _set("some others minority")
_PARTS = {("the", "rest"), ("the", "remainder"), ("a", "third"), ("a", "quarter"), ("about", "half")}
_WHEN = frozenset({"when", "where", "once"})
_FOR = frozenset({"for", "in", "by"})
_OFTEN = frozenset({"very", "more", "only", "quite"})
_ALL = _set("all always every everybody everyone necessarily alike")
_UNTIL = frozenset({"until", "till", "unless"})
_DRUGS = _set("drugs medicines medications compounds molecules analogues analogs substances antidepressants")
_HAD = _set("psychotic psychosis history features mania manic prior previous active diagnosis insurance dementia")
_AND = frozenset({"and", "but", "yet", "or", "so"})
PARTING = _AND - {"or"}
_SCARCELY = frozenset({"rarely", "seldom", "hardly", "barely", "scarcely"})
"""Negators that leave something: "breathing rarely slows" warns."""
_NOTHING = frozenset({"nothing", "no", "nobody", "none", "few"})
_KNOWING = _set("know knows known data information studied tested measured established certain agreement looked")
_MORE = frozenset({"more", "better", "less", "worse"})
_BY = _set("by through because in with for from on at to as")
