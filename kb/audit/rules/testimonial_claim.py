"""A patient's own words carry a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.base import Match, Polarity, UnitKind
from kb.audit.beside import there
from kb.audit.known import known
from kb.audit.polarity import negators
from kb.audit.rules.base import AuditRule, Basis, Found, Kind, Mark
from kb.audit.speaker import speaker
from kb.finding import Level
from kb.model import CertaintyLevel, ClaimType, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit.audited import Audited
    from kb.audit.base import Unit
    from kb.model import Claim

BASIS = (
    Basis(
        "FTC, Health Products Compliance Guidance, 2022",
        "https://www.ftc.gov/business-guidance/resources/health-products-compliance-guidance",
        "“Results not typical” does not cure a testimonial; the claim that an honest opinion implies needs evidence.",
        Mark.SECONDARY,
    ),
)
_CLAIMS_NOTHING = frozenset({ClaimType.PROCESS, ClaimType.ACCESS, ClaimType.HISTORY, ClaimType.BACKGROUND})
_BENEFITS = frozenset({"efficacy", "onset-and-duration", "outlook"})
"""Groups of themes on what good comes of a treatment."""

_TOLD = frozenset({Polarity.ASSERTED, Polarity.ATTRIBUTED})
_UNLISTED = (
    "tell of a benefit that no claim of the knowledge base has: ask what evidence there is, and how typical it is"
)
_GOOD = ("relieving", "scene", "thrilled", "turning")
"""Lists of words for what good came of it, be it on no theme."""

_WELL_SUPPORTED = frozenset({CertaintyLevel.HIGH, CertaintyLevel.MODERATE})


def testimonial_claim(audited: Audited) -> Iterator[Found]:
    """Report a claim made in a patient's own words that the evidence does not carry.

    A clinic that prints "it cured me" says that it cures. So a quotation is held to the evidence as the clinic's own
    words are, and neither "results may vary" nor "not typical" makes up for evidence that is missing. The finding
    records who speaks, since a reviewer has to ask for that person's consent and experience anyway.

    Also reported, as a note: a patient who tells of a benefit that no claim of the knowledge base has, or of something
    good that came of it in words that no theme has.

    One finding for each quotation. The caveats that its claims owe are asked for by `missing-caveat`.

    Passes: a claim that is supported with moderate or high certainty; a patient who tells what the visit was like; a
    patient who warns.

    Fix: quote something that the evidence carries, or leave the quotation out.
    """
    for unit in audited.document.units:
        index, mentions = unit.index, audited.mentions_by_unit.get(unit.index, ())
        told = {
            mention.claim: mention
            for mention in reversed(mentions)
            if mention.claim
            and mention.match is Match.CERTAIN
            and mention.subject.ours
            and (mention.made or (mention.polarity is Polarity.ATTRIBUTED and not mention.denied))
            and not _carried(audited.kb.claims[mention.claim])
        }
        benefit = not told and (benefits(audited, unit) or _tells_of_good(audited, unit))
        who = speaker(audited.document, audited.readings[index]) if told or benefit else None
        if who and not told:
            yield Found(unit.start, unit.end, f"a patient's own words ({who}) {_UNLISTED}", level=Level.NOTE)
        elif who:
            claims = [audited.kb.claims[claim] for claim in sorted(told, key=lambda claim: (told[claim].start, claim))]
            yield Found(unit.start, unit.end, _message(who, claims), claim=claims[0].id)


def benefits(audited: Audited, unit: Unit) -> bool:
    """Return whether a unit tells of a benefit by its themes alone; where a claim has it, that is what counts."""
    if unit.index in audited.disclosures_by_unit:
        return False
    about = known(audited.kb).of_groups(_BENEFITS)
    told = [
        one
        for one in audited.mentions_by_unit.get(unit.index, ())
        if one.match is Match.CERTAIN and one.subject.ours and one.polarity in _TOLD
    ]
    claims = [audited.kb.claims[one.claim] for one in told if one.claim]
    return all(claim.type in _CLAIMS_NOTHING for claim in claims) and any(
        not about.isdisjoint(one.themes) for one in told
    )


def _tells_of_good(audited: Audited, unit: Unit) -> bool:
    """Tell "I laughed again", where somebody speaks of the treatment and no rule has a theme for it."""
    if unit.kind is not UnitKind.TESTIMONIAL or not audited.subjects[unit.index].ours:
        return False
    if unit.index in audited.disclosures_by_unit or audited.mentions_by_unit.get(unit.index):
        return False
    return there(audited.readings[unit.index], *_GOOD) and not negators(audited.readings[unit.index])


def _carried(claim: Claim) -> bool:
    """Return whether evidence carries a claim, or the claim is on neither effect nor harm, or is itself a warning."""
    warns = claim.type is ClaimType.SAFETY and not claim.caveats
    sure = claim.certainty is not None and claim.certainty.level in _WELL_SUPPORTED
    return claim.type in _CLAIMS_NOTHING or warns or (claim.verdict is Verdict.SUPPORTED and sure)


def _message(who: str, claims: list[Claim]) -> str:
    first = claims[0]
    sure = f" with {first.certainty.level.value.replace('-', ' ')} certainty" if first.certainty else ""
    verdict = f"{first.verdict.value}{sure}".replace("not-checkable", "not checkable")
    others = f"; also {', '.join(claim.id for claim in claims[1:])}" if claims[1:] else ""
    return f"a patient's own words ({who}) claim “{first.claim.rstrip('.')}”, which is {verdict}{others}"


RULE = AuditRule(
    "testimonial-claim",
    "A patient's own words make a claim that the evidence does not carry.",
    Kind.FAIL,
    Level.WARNING,
    testimonial_claim,
    BASIS,
    {"uk-cap": Level.NOTE},
)
