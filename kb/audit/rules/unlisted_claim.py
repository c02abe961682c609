"""Something checkable is said of the treatment that no claim of the knowledge base says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.base import Match, Subject, UnitKind
from kb.audit.beside import there
from kb.audit.claimlike import claim_like
from kb.audit.known import known
from kb.audit.likeness import alike
from kb.audit.rules.base import AuditRule, Basis, Found, Kind, Mark
from kb.audit.rules.testimonial_claim import benefits
from kb.audit.speaker import speaker
from kb.finding import Level
from kb.model import Verdict
from kb.text.subjects import TREATMENT
from kb.words import theme_label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit.audited import Audited
    from kb.audit.base import Mention, Unit

BASIS = (
    Basis(
        "FTC, Health Products Compliance Guidance, 2022",
        "https://www.ftc.gov/business-guidance/resources/health-products-compliance-guidance",
        "Every claim about health that copy makes or implies needs evidence, also one that nobody has looked up.",
        Mark.SECONDARY,
    ),
)

_ELSEWHERE = {
    Subject.VETERINARY: "given to animals",
    Subject.ANAESTHESIA: "in anaesthesia and sedation",
    Subject.RECREATIONAL: "taken without a prescription",
}
_MEASURES = frozenset({"%", "usd"})
"""Units of numbers that a claim must have for it to say the same."""

_DOES = frozenset({"efficacy", "onset-and-duration", "mechanism", "safety", "comparison"})
"""Groups of themes on what a treatment does."""

_LABEL = "unlisted"
"""The label learned for units that can be checked and say what no claim does."""

_CHECK = "Look for a claim that says as much, condition and number included; if there is none, check it by hand."

_NEAREST = 2
"""Claims that are offered as coming near, at most."""


def unlisted_claim(audited: Audited) -> Iterator[Found]:
    """Report what copy says of the treatment and no claim of the knowledge base says.

    What nobody has looked up is neither true nor false here. The list of it is what editors should look up next, and
    what a reviewer must check by hand.

    Fails: a statement about the treatment in which no claim is recognised, or in which a claim is turned into its
    opposite against the evidence; also one that reads like copy which says more than any claim, by what was learned
    from labelled copy. Statements about the same drug in other hands (animals, anaesthesia, the street) are reported
    together, in one note for each run of them.

    Passes: questions, headings, calls to action; statements about an illness or another treatment; what neither speaks
    on a theme nor names the treatment; what resembles a claim on its theme, since that is reported as uncertain; what
    reads like copy that says no more than claims do, by what was learned; what a house offers, where nothing is said of
    what it does; a benefit told in a patient's own words, which is for `testimonial-claim`.

    Fix: check the statement by hand. Editors: write an entry for it, or add its words to the entry that it belongs to.
    """
    run: list[Unit] = []
    for unit in audited.document.units:
        subject = audited.subjects[unit.index]
        checkable = _checkable(audited, unit)
        if run and not (checkable and subject is audited.subjects[run[0].index]):
            yield _together(audited, run)
            run = []
        if checkable and subject in _ELSEWHERE:
            run.append(unit)
        elif subject.ours and not _told_by_patient(audited, unit):
            yield from _of_ours(audited, unit, checkable=checkable)
    if run:
        yield _together(audited, run)


def _of_ours(audited: Audited, unit: Unit, *, checkable: bool) -> Iterator[Found]:
    """Yield a unit about the treatment: by rules, unless it reads like what is listed, or since it reads like new."""
    left = not checkable or _left_to_others(audited, unit) or _listed(audited, unit)
    if not left and not audited.judging.doubts(unit.index, _LABEL):
        yield _found(audited, unit)
    elif message := alike(audited, unit, _LABEL, "says more than any claim of the knowledge base"):
        yield Found(unit.start, unit.end, message, _CHECK)


def _checkable(audited: Audited, unit: Unit) -> bool:
    return not unit.link and claim_like(audited.readings[unit.index], audited.subjects[unit.index])


def _left_to_others(audited: Audited, unit: Unit) -> bool:
    """Return whether there is nothing in a unit to look up, or another rule reports it."""
    return (not audited.readings[unit.index].numbers and _offers(audited, unit)) or not _speaks(audited, unit)


def _told_by_patient(audited: Audited, unit: Unit) -> bool:
    """Tell a benefit without a number in a patient's own words, which is for `testimonial-claim`."""
    reading = audited.readings[unit.index]
    told = unit.kind is UnitKind.TESTIMONIAL and not reading.numbers and benefits(audited, unit)
    return bool(told and speaker(audited.document, reading))


def _offers(audited: Audited, unit: Unit) -> bool:
    """Tell "we offer X and Y", which says nothing of what they do, from "we offer a safe treatment"."""
    if not there(audited.readings[unit.index], "offering"):
        return False
    spoken = {theme for one in audited.mentions_by_unit.get(unit.index, ()) for theme in one.themes}
    return spoken.isdisjoint(known(audited.kb).of_groups(_DOES)) and not there(
        audited.readings[unit.index], "relieving", "good", "outcome"
    )


def _speaks(audited: Audited, unit: Unit) -> bool:
    """Return whether a unit speaks on a theme or names the treatment; if neither, it may be about anything.

    Only rules tell that it speaks on one; what resembles a claim on its theme is left to uncertain-match.
    """
    mentions = audited.mentions_by_unit.get(unit.index, ())
    ruled = [one for one in mentions if one.match is Match.CERTAIN and one.why.rule is not None]
    certain = {theme for one in ruled for theme in one.themes}
    if not certain:
        named = [unit.index] if unit.lead is None else [unit.index, unit.lead]
        return unit.kind is UnitKind.TABLE_ROW or any(TREATMENT in audited.readings[at].concepts for at in named)
    alike = any(not certain.isdisjoint(one.themes) for one in mentions if one.match is Match.POSSIBLE)
    return not alike or unit.index in audited.disclosures_by_unit


def _listed(audited: Audited, unit: Unit) -> bool:
    """Return whether a claim says this, numbers and all, and is not turned into its opposite."""
    mentions = [one for one in audited.mentions_by_unit.get(unit.index, ()) if one.match is Match.CERTAIN]
    claims = [audited.kb.claims[one.claim] for one in mentions if one.claim and not _against_evidence(audited, one)]
    named = {number.value for number in audited.readings[unit.index].numbers if number.unit in _MEASURES}
    return any(not named or named <= known(audited.kb).numbers(claim) for claim in claims)


def _against_evidence(audited: Audited, mention: Mention) -> bool:
    supported = mention.claim is not None and audited.kb.claims[mention.claim].verdict is Verdict.SUPPORTED
    return mention.denied and supported


def _found(audited: Audited, unit: Unit) -> Found:
    mentions = audited.mentions_by_unit.get(unit.index, ())
    themes = list(dict.fromkeys(theme for mention in mentions for theme in mention.themes))
    caveats = [one.caveat for one in audited.disclosures_by_unit.get(unit.index, ()) if one.caveat]
    message = "no claim of the knowledge base says this"
    if caveats:
        message += f"; it has it only as the caveat “{audited.kb.caveats[caveats[0]].short}”"
    elif themes:
        about = ", ".join(f"“{theme_label(audited.kb, theme)}”" for theme in themes)
        message += f"; it speaks on {about}"
    return Found(unit.start, unit.end, message, _nearest(audited, mentions, themes))


def _nearest(audited: Audited, mentions: tuple[Mention, ...], themes: list[str]) -> str:
    """Return the claims that come nearest: those that the words resemble, else those on most of the same themes."""
    alike = [audited.kb.claims[one.claim] for one in mentions if one.claim and one.match is Match.POSSIBLE]
    near = known(audited.kb).near(themes)
    chosen = list(dict.fromkeys(f"“{claim.claim}” ({claim.id})" for claim in [*alike, *near]))[:_NEAREST]
    return f"What comes nearest: {'; '.join(chosen)}" if chosen else ""


def _together(audited: Audited, run: list[Unit]) -> Found:
    """Return one finding for a run of statements about the same drug in other hands."""
    where = _ELSEWHERE[audited.subjects[run[0].index]]
    what = "a statement" if len(run) == 1 else f"{len(run)} statements"
    message = f"{what} about the drug {where}, of which the knowledge base has no claims"
    return Found(run[0].start, run[-1].end, message)


RULE = AuditRule(
    "unlisted-claim",
    "Something checkable is said that no claim of the knowledge base says.",
    Kind.OPEN,
    Level.NOTE,
    unlisted_claim,
    BASIS,
)
