"""`overstated`: words that go further than the certainty of the evidence lets them."""

from __future__ import annotations

from bisect import bisect_left
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from kb.audit.answers import answers_no, harm_asked
from kb.audit.base import Match, Polarity, Strength, Subject, UnitKind
from kb.audit.beside import there, warns_of_such
from kb.audit.caveats import HARMS, harm
from kb.audit.clearing import spared
from kb.audit.denying import denies_harm
from kb.audit.effects import EFFECTS, effects
from kb.audit.grade import allowed, standing, sureness
from kb.audit.likeness import likeness
from kb.audit.polarity import scarcely
from kb.audit.rates import above, percent, shares, span_words, with_shares
from kb.audit.rules.base import AuditRule, Basis, Found, Kind, Mark
from kb.audit.wording import Cue, strong_words
from kb.finding import Level
from kb.model import ClaimType, DisclosureKey, Verdict
from kb.text.subjects import TREATMENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kb.audit.audited import Audited
    from kb.audit.base import Mention, Unit
    from kb.audit.context import Reading
    from kb.audit.wording import Strong
    from kb.model import Claim

_HIGH, _NEVER = 3, 4
_MANY = 6
"""Benefits named in one unit that no one body of evidence carries."""

_NEEDED = {Cue.EFFECT: 1, Cue.CAUSE: 2, Cue.PROOF: 3, Cue.BETTER: 3, Cue.SAFE: 3, Cue.HARM: 3}
"""How far up GRADE's scale (0 very low to 3 high) a claim must stand for such words; the others never pass."""

_HEDGE_CLEARS = frozenset({*_NEEDED, Cue.PEOPLE, Cue.ABSOLUTE, Cue.CURE, Cue.SPEED, Cue.CERTAIN})
_SAYS = {
    Cue.PRAISE: "praise that no evidence can carry",
    Cue.LIFE: "a promise about a whole life",
    Cue.DEGREE: "praise instead of a measured effect",
    Cue.SUCCESS: "praise instead of a measured effect",
    Cue.CHOICE: "advice to choose it, which nobody can give without knowing the patient",
    Cue.PROOF: "said to be proven",
    Cue.PEOPLE: "said of more people than were studied",
    Cue.ABSOLUTE: "said without exception",
    Cue.CURE: "a promise of cure",
    Cue.CAUSE: "a cause stated as a fact",
    Cue.EFFECT: "an effect stated as a fact",
    Cue.SAFE: "safety without limits",
    Cue.HARM: "harm made small",
    Cue.HARMLESS: "harm denied",
    Cue.PRICE: "the price made small",
    Cue.SPEED: "faster than any trial has measured",
    Cue.CERTAIN: "a result promised, which nobody can know beforehand",
    Cue.BETTER: "set above other treatments",
    Cue.WORSE: "another treatment run down, which the reader cannot check here",
}
_WANTED = {
    Cue.SAFE: frozenset({ClaimType.SAFETY}),
    Cue.HARM: frozenset({ClaimType.SAFETY}),
    Cue.HARMLESS: frozenset({ClaimType.SAFETY}),
    Cue.PRICE: frozenset({ClaimType.ACCESS}),
    Cue.BETTER: frozenset({ClaimType.COMPARISON, ClaimType.EFFICACY, ClaimType.ONSET}),
}
_ELSEWHERE = frozenset({Cue.PRAISE, Cue.LIFE, Cue.CHOICE, Cue.PRICE, Cue.WORSE})
"""What is looked for in units that name no treatment, or another one."""

_OF_ILLNESS = frozenset({Cue.CURE, Cue.LIFE})
"""What is looked for in units on an illness as such: "stubborn depression meets its match"."""

_IN_STORIES = frozenset({Cue.PRAISE, Cue.LIFE, Cue.DEGREE, Cue.SUCCESS, Cue.CURE, Cue.ABSOLUTE})
"""What is looked for in a patient's own words."""

_IT = frozenset({"it", "this", "ours", "no", "nothing"})
"""Words with which copy opens that sets ours above the treatment which it names: "no SSRI can do that"."""

_MEASURE = "Say what was measured, in whom, and against what."
_INSTEAD: Mapping[Cue | None, str] = {
    Cue.SAFE: "Say which side effects there are, how often they come, and who must not have it.",
    Cue.HARM: "Say which side effects there are, how often they come, and who must not have it.",
    Cue.HARMLESS: "Say which side effects there are, how often they come, and who must not have it.",
    Cue.PRICE: "Give the price of a whole course, repeat sessions included.",
    Cue.WORSE: "Leave the other treatment out, or name the trial that compared the two.",
}
"""What to say where no claim gives the words."""

_LABEL = "overstated"
"""The label learned for units that go too far."""

_NOT_SAID = frozenset({Polarity.ATTRIBUTED, Polarity.ASKED})
_HIGH_RATE = 70.0
"""Per cent of people who got better; above it no controlled trial of a course goes."""


class _Excess(NamedTuple):
    start: int
    end: int
    cue: Cue | None
    claim: Claim | None
    says: str


def overstated(audited: Audited) -> Iterator[Found]:
    """Report words that go further than the evidence behind the claim.

    The same claim misleads or not by how firmly it is put. GRADE ties words to certainty: plain at high certainty,
    "probably" at moderate, "may" at low, and at very low only that the evidence is very uncertain. The words are
    general English; whether they go too far is decided by the entry.

    Fails: praise instead of a measured effect; "proven" below high certainty; everybody and always; a cure; relief at
    once; a result or a new life promised; a bare cause ("repairs", "switches off") where certainty is low, or a bare
    effect ("eases") where it is very low or the claim is refuted; safety without limits, harm denied, harm or price
    made small; a share of patients above what the entry's evidence reports, above 70 %, or 70 % after one dose; a
    treatment set above others, or another one run down.

    Passes: "may" and the like, except around praise; "can" before a verb; "clinically proven" where certainty is high;
    praise denied or held at a distance; a patient's own story without praise; a question.

    Fix: put the claim as firmly as the suggestion does, or give the number, the people and the comparison.
    """
    ours = any(subject.ours for subject in audited.subjects)
    for unit in audited.document.units:
        if unit.kind is not UnitKind.QUESTION and _heard(audited.subjects[unit.index], ours=ours):
            yield from _unit(audited, unit)


def _heard(subject: Subject, *, ours: bool) -> bool:
    return subject.ours or subject is Subject.OTHER_TREATMENT or (ours and subject in {Subject.NONE, Subject.CONDITION})


def _unit(audited: Audited, unit: Unit) -> Iterator[Found]:
    mentions = [one for one in audited.mentions_by_unit.get(unit.index, ()) if one.match is Match.CERTAIN]
    if warns_of_such(audited.readings[unit.index]) or (mentions and all(one.polarity in _NOT_SAID for one in mentions)):
        return
    excesses = [*_words(audited, unit, mentions), *_rates(audited, unit, mentions), *_harms(audited, mentions)]
    if not excesses:
        excesses = list(_breadth(audited, unit, mentions))
    if not excesses and answers_no(audited, unit) and harm_asked(audited, unit):
        excesses = [_Excess(unit.start, unit.end, Cue.HARMLESS, None, _SAYS[Cue.HARMLESS])]
    if not excesses:
        excesses = list(_of_denials(audited, unit))
    if not excesses:
        yield from _reads_so(audited, unit)
    if any(one.cue is not Cue.EFFECT for one in excesses):
        excesses = [one for one in excesses if one.cue is not Cue.EFFECT]
    ordered = sorted(excesses, key=lambda one: (one.claim.id if one.claim else "", one.start))
    for _, group in groupby(ordered, key=lambda one: one.claim):
        yield _found(audited, unit, list(group))


def _of_denials(audited: Audited, unit: Unit) -> Iterator[_Excess]:
    """Yield the opposite of a caveat on a harm or on how long it lasts, in the words that the caveat's entry gives."""
    for denial in audited.denials_by_unit.get(unit.index, ()):
        key = audited.kb.caveats[denial.caveat].key
        cue = Cue.HARMLESS if key in HARMS else Cue.CERTAIN if key is DisclosureKey.TRANSIENT_EFFECT else None
        if cue:
            yield _Excess(denial.start, denial.end, cue, None, _SAYS[cue])


def _reads_so(audited: Audited, unit: Unit) -> Iterator[Found]:
    """Yield a unit that none of the rules on words finds fault with, and that reads like copy which was overstated."""
    message = likeness(audited, unit, _LABEL, "says more than is known")
    if message:
        yield Found(unit.start, unit.end, message, _MEASURE, level=Level.NOTE)


def _harms(audited: Audited, mentions: list[Mention]) -> Iterator[_Excess]:
    """Yield harm that is denied in whatever words: "it won't hook anybody"."""
    for mention in mentions:
        reading = audited.readings[mention.unit]
        warned = scarcely(reading) or mention.unit in audited.disclosures_by_unit
        said = mention.strength is not Strength.HEDGED and not warned
        if mention.denied and said and mention.polarity is Polarity.NEGATED and denies_harm(reading, mention):
            caveat = harm(audited.kb, mention.themes)
            if caveat and caveat.key is not DisclosureKey.NOT_FOR_EVERYONE:
                yield _Excess(mention.start, mention.end, Cue.HARMLESS, None, _SAYS[Cue.HARMLESS])
        elif mention.strength is not Strength.HEDGED and mention.polarity not in _NOT_SAID:
            hit = spared(reading, mention)
            if hit and harm(audited.kb, mention.themes):
                yield _Excess(hit.start, hit.end, Cue.HARMLESS, None, _SAYS[Cue.HARMLESS])


def _words(audited: Audited, unit: Unit, mentions: list[Mention]) -> Iterator[_Excess]:
    for strong in strong_words(audited.readings[unit.index], effects(audited.kb, mentions)):
        if strong.cue in _looked_for(audited, unit):
            yield from _weighed(audited, strong, mentions)


def _looked_for(audited: Audited, unit: Unit) -> frozenset[Cue]:
    subject, reading = audited.subjects[unit.index], audited.readings[unit.index]
    cues = frozenset(Cue) if subject.ours else _ELSEWHERE
    if subject is Subject.CONDITION:
        cues = _OF_ILLNESS
    if subject is Subject.OTHER_TREATMENT and (TREATMENT in reading.concepts or reading.tokens[0].word in _IT):
        cues |= {Cue.BETTER}  # "it outperforms every antidepressant"
    if unit.kind is UnitKind.TABLE_ROW:
        cues -= {Cue.WORSE}  # a table of treatments names what each of them is
    return cues & _IN_STORIES if unit.kind is UnitKind.TESTIMONIAL else cues


def _weighed(audited: Audited, strong: Strong, mentions: list[Mention]) -> Iterator[_Excess]:
    """Weigh strong words against the claim that they carry: of several the one that can carry least."""
    claims = _carried(audited, strong, mentions)
    if strong.cue is Cue.EFFECT and not claims:
        return
    if not claims:
        if not (strong.cue in _HEDGE_CLEARS and any(one.strength is Strength.HEDGED for one in mentions)):
            yield _Excess(strong.start, strong.end, strong.cue, None, _SAYS[strong.cue])
        return
    weakest, _ = min(
        claims.values(),
        key=lambda near: (near[0].verdict is Verdict.NOT_CHECKABLE, sureness(near[0]), near[1], near[0].id),
    )
    words = audited.document.plain[strong.start : strong.end].lower()
    own = sureness(weakest) == _HIGH and words in weakest.claim.lower()
    if not own and _footing(weakest, strong.cue) < _NEEDED.get(strong.cue, _NEVER):
        yield _Excess(strong.start, strong.end, strong.cue, weakest, _says(strong.cue, weakest))


def _footing(claim: Claim, cue: Cue) -> int:
    """Return how far up GRADE's scale a claim stands; for a bare effect an unproven one stands a step lower.

    How a drug acts is mostly known from animals and told in bare verbs, which mislead less than a benefit told so.
    """
    benefit = claim.type is not ClaimType.MECHANISM
    return sureness(claim) - (benefit and cue is Cue.EFFECT and claim.verdict is Verdict.UNPROVEN)


def _says(cue: Cue, claim: Claim) -> str:
    if cue is Cue.PEOPLE and claim.scope and claim.scope.population:
        return f"wider than those studied ({claim.scope.population})"
    return _SAYS[cue]


def _carried(audited: Audited, strong: Strong, mentions: list[Mention]) -> dict[str, tuple[Claim, int]]:
    """Return the claims that strong words may go with, by id, with how far from the words each is made."""
    found: dict[str, tuple[Claim, int]] = {}
    for mention in mentions:
        reading = audited.readings[mention.unit]
        if mention.claim is None or not mention.subject.ours or mention.denied or mention.polarity in _NOT_SAID:
            continue
        claim = audited.kb.claims[mention.claim]
        hedged = mention.strength is Strength.HEDGED and strong.cue in _HEDGE_CLEARS
        if not hedged and claim.type in _WANTED.get(strong.cue, EFFECTS) and _tied(reading, strong, mention, claim):
            found[claim.id] = claim, max(mention.start - strong.end, strong.start - mention.end, 0)
    return found


def _tied(reading: Reading, strong: Strong, mention: Mention, claim: Claim) -> bool:
    """Return whether a verb belongs to the claim, in its clause; other words go with every claim of the unit."""
    if strong.cue not in {Cue.EFFECT, Cue.CAUSE}:
        return True
    at = bisect_left(reading.tokens, (strong.start,))
    first, last = reading.clause(at)
    within = reading.tokens[first].start < mention.end and mention.start < reading.tokens[last].end
    return claim.verdict is not Verdict.NOT_CHECKABLE and within


def _breadth(audited: Audited, unit: Unit, mentions: list[Mention]) -> Iterator[_Excess]:
    """Yield a unit that names more illnesses than any evidence carries at once."""
    benefits = set(audited.kb.themes.get("efficacy", ()))
    plain = [one for one in mentions if not one.denied and one.strength is not Strength.HEDGED]
    named = {theme for one in plain if one.polarity not in _NOT_SAID for theme in one.themes} & benefits
    if len(named) >= _MANY:
        yield _Excess(
            unit.start, unit.end, Cue.PEOPLE, None, f"{len(named)} benefits in one breath, as if all were alike"
        )


def _rates(audited: Audited, unit: Unit, mentions: list[Mention]) -> Iterator[_Excess]:
    reading = audited.readings[unit.index]
    if not audited.subjects[unit.index].ours or not there(reading, "response") or there(reading, "other-rate"):
        return
    if not any(shares(reading)):
        return
    beyond = {share: (span, claim) for share, span, claim in above(audited.kb, reading, mentions)}
    claims = [claim for _, claim in with_shares(audited.kb, mentions)]
    for share in shares(reading):
        if share in beyond:
            span, claim = beyond[share]
            yield _Excess(share.start, share.end, None, claim, f"the evidence beside the claim has {span_words(span)}")
        elif share.value > _HIGH_RATE or (share.value == _HIGH_RATE and there(reading, "single-dose")):
            says = f"a share of {percent(share.value)}, which controlled trials do not bear out"
            yield _Excess(share.start, share.end, None, claims[0] if claims else None, says)


def _found(audited: Audited, unit: Unit, excesses: list[_Excess]) -> Found:
    first, claim = excesses[0], excesses[0].claim
    parts = []
    for says, group in groupby(excesses, key=lambda one: one.says):
        words = dict.fromkeys(" ".join(audited.document.plain[one.start : one.end].split()) for one in group)
        parts.append(f"{', '.join(f'“{word}”' for word in words)}: {says}")
    message = "; ".join(parts) + "."
    level = _level(audited, unit, excesses)
    if claim is None:
        return Found(first.start, first.end, message, _INSTEAD.get(first.cue, _MEASURE), level=level)
    message += f" The claim “{claim.claim}” is {standing(claim)}."
    softer = allowed(claim)
    suggestion = (
        f"As firmly as the evidence goes: “{softer}”" if softer else "Say what was measured, in whom, and against what."
    )
    references = tuple(dict.fromkeys(item.reference for item in claim.evidence))
    return Found(first.start, first.end, message, suggestion, claim.id, references=references, level=level)


def _level(audited: Audited, unit: Unit, excesses: list[_Excess]) -> Level:
    """Return a note where little is amiss or the treatment is not ours, else a warning."""
    claim = excesses[0].claim
    mild = all(one.cue in {Cue.EFFECT, Cue.PRICE} for one in excesses)
    sure = claim is not None and sureness(claim) >= 2  # noqa: PLR2004 - moderate
    return Level.NOTE if mild or sure or not audited.subjects[unit.index].ours else Level.WARNING


RULE = AuditRule(
    id="overstated",
    summary="Words go further than the certainty of the evidence.",
    kind=Kind.FAIL,
    level=Level.WARNING,
    check=overstated,
    basis=(
        Basis(
            "GRADE guidelines 26: informative statements to communicate the findings of systematic reviews (2020)",
            "https://www.jclinepi.com/article/S0895-4356(19)30416-0/fulltext",
            "Words go by certainty: plain at high, “probably” at moderate, “may” at low, “very uncertain” at very low.",
            Mark.SECONDARY,
        ),
        Basis(
            "FTC, Health Products Compliance Guidance (2022)",
            "https://www.ftc.gov/business-guidance/resources/health-products-compliance-guidance",
            "A health benefit needs randomised, controlled trials in people; animal and laboratory work is background.",
            Mark.SECONDARY,
        ),
        Basis(
            "21 CFR 202.1(e)(6)(i)",
            "https://www.ecfr.gov/current/title-21/chapter-I/subchapter-C/part-202/subpart-A/section-202.1",
            "Promotion misleads if it presents a drug as better, safer or useful to more patients than was shown.",
            Mark.SECONDARY,
        ),
    ),
)
