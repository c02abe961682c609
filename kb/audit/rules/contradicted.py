"""Copy says what the knowledge base refutes, or denies what it supports."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from kb.audit.answers import answers_no, harm_asked
from kb.audit.approval import approvals
from kb.audit.base import Match, Polarity, Strength, Subject, UnitKind
from kb.audit.beside import there, warns_of_such
from kb.audit.caveats import HARMS, by_key, harm, obstacle, safeguard
from kb.audit.claimlike import claim_like
from kb.audit.clearing import done_without, no_obstacle, spared
from kb.audit.denying import called_needless, denies_harm, own_record
from kb.audit.effects import effects
from kb.audit.grade import ORDER, allowed, standing, sureness
from kb.audit.likeness import likeness
from kb.audit.polarity import scarcely, turned
from kb.audit.rates import above, percent, shares, span_words, with_shares
from kb.audit.records import earlier_than_record
from kb.audit.rules.base import AuditRule, Basis, Found, Kind, Mark
from kb.audit.strength import hedges
from kb.audit.wording import Cue, harms_denied, strong_words
from kb.finding import Level
from kb.model import ClaimType, DisclosureKey, RelationType, Verdict
from kb.text.subjects import APPROVED_USE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit.audited import Audited
    from kb.audit.base import Mention, Unit
    from kb.audit.context import Reading
    from kb.audit.wording import Strong
    from kb.model import Caveat, Claim

BASIS = (
    Basis(
        "FDA, The Bad Ad Program",
        "https://fda.gov/drugs/office-prescription-drug-promotion/truthful-prescription-drug-advertising-and-promotion",
        "Promotion must not be false or misleading.",
        Mark.READ,
    ),
    Basis(
        "UK CAP Code, 12.1",
        "https://www.asa.org.uk/resource/health-beauty-and-slimming-claims-substantiation.html",
        "An objective claim needs evidence, if relevant from trials on people.",
        Mark.READ,
    ),
)

_MODERATE = 2
_NOT_SAID = frozenset({Polarity.ATTRIBUTED, Polarity.ASKED})
_RECORDED = frozenset({ClaimType.SAFETY, ClaimType.REGULATORY})
"""Types of which a low certainty is enough for a denial to contradict; of benefits, "not for all" is no denial."""

_EFFECTS = frozenset({ClaimType.EFFICACY, ClaimType.ONSET, ClaimType.MECHANISM, ClaimType.COMPARISON})
"""Types of which only a denied verb is a denial: "does not block", not "no drug blocks more"."""

_LABEL = "contradicted"
"""The label learned for units that contradict what is known."""

_CHECK = "Hold it against the evidence and the caveats; say what they bear, or leave it out."

_FLAT = frozenset({Cue.SAFE, Cue.HARMLESS, Cue.ABSOLUTE, Cue.PEOPLE, Cue.CURE, Cue.PROOF})
_FOR_SAFETY = HARMS - {DisclosureKey.NOT_FOR_EVERYONE} | {DisclosureKey.MEDICAL_SUPERVISION}
_LISTING = frozenset({"and", "or", "nor"})
_JUST_BEFORE = 30
"""Characters from a share of people to what is denied of them, at most."""

_BRIEF = 6
"""Words of a question that asks for nothing but side effects, at most."""

_CLOSE = 20
"""Characters from a denied verb to the words of the claim, at most."""

_MARGIN = 10.0
"""Percentage points above the highest share that was reported before a number is called wrong, not only generous."""


def contradicted(audited: Audited) -> Iterator[Found]:
    """Report copy that the knowledge base contradicts.

    What is said is held against the entry: its verdict, its evidence, and the claims and caveats that it is tied to.

    Fails: a claim whose verdict is refuted, said as a fact; a supported claim about harm, law or history that is
    denied; harm denied outright ("no side effects") or safety for everybody; an absolute about a claim that a
    supported claim contradicts; approval for an illness claimed of a drug that has none; a share of patients far above
    all that the evidence reports; a year before the first one on record; the opposite of a caveat, in words that the
    caveat's entry gives ("drive yourself home").

    Passes: the same in a question or put into somebody else's mouth, behind "may", or denied in its turn; a benefit
    that does not come to everybody; what befell a patient, in that patient's words.

    Fix: say what the entry says, which the suggestion does, or leave the sentence out.
    """
    for unit in audited.document.units:
        subject = audited.subjects[unit.index]
        if not subject.ours or unit.kind is UnitKind.QUESTION:
            continue
        mentions = [one for one in audited.mentions_by_unit.get(unit.index, ()) if one.match is Match.CERTAIN]
        reported = mentions and all(one.polarity in _NOT_SAID for one in mentions)
        if reported or warns_of_such(audited.readings[unit.index]):
            continue
        asserts, by_patient = _asserts(audited, unit), _by_patient(audited, unit)
        seen: set[tuple[str | None, str | None]] = set()
        for found in _unit(audited, unit, mentions) if asserts else _done_without(audited, unit, mentions):
            if by_patient and not _of_safety(audited, found):
                continue  # what befell one patient is for `testimonial-claim`
            if (found.claim, found.caveat) not in seen:
                seen.add((found.claim, found.caveat))
                yield found
        if asserts and not seen and not by_patient:
            yield from _reads_so(audited, unit)


def _by_patient(audited: Audited, unit: Unit) -> bool:
    """Tell "it cured me", in a patient's own words, from an advert that is set in quotation marks."""
    return unit.kind is UnitKind.TESTIMONIAL and "speaker-self" in audited.readings[unit.index].words


def _of_safety(audited: Audited, found: Found) -> bool:
    """Tell the denial of a harm or of a safeguard, which misleads whoever says so."""
    return found.caveat is not None and audited.kb.caveats[found.caveat].key in _FOR_SAFETY


def _asserts(audited: Audited, unit: Unit) -> bool:
    if unit.kind is UnitKind.HEADING or unit.index in audited.denials_by_unit:
        return True
    return claim_like(audited.readings[unit.index], audited.subjects[unit.index])


def _unit(audited: Audited, unit: Unit, mentions: list[Mention]) -> Iterator[Found]:
    for mention in mentions:
        if mention.polarity in _NOT_SAID:
            continue
        if mention.claim and mention.strength is not Strength.HEDGED and not _limits(audited, unit):
            yield from _of_claim(audited.readings[unit.index], mention, audited.kb.claims[mention.claim])
    hedged = any(mention.strength is Strength.HEDGED for mention in mentions)
    if not hedged and not _modal(audited.readings[unit.index]):
        yield from _flat(audited, unit, mentions)
    if not any(shares(audited.readings[unit.index])):
        yield from _harmless(audited, unit, mentions)
        yield from _needless(audited, unit, mentions)
        yield from _cleared(audited, unit, mentions)
    yield from _approved(audited, unit)
    for denial in audited.denials_by_unit.get(unit.index, ()):
        caveat = audited.kb.caveats[denial.caveat]
        others = caveat.key in HARMS and there(audited.readings[unit.index], "of-others")
        if not (
            others
            or (caveat.key in HARMS and own_record(audited.readings[unit.index]))
            or _of_a_share(audited, unit, denial.start)
            or _warns_as_well(audited, unit)
        ):
            yield from _denied(denial.start, denial.end, caveat)
    yield from _numbers(audited, unit, mentions)


def _modal(reading: Reading) -> bool:
    """Tell "it may help everybody" from "nobody whom we could not help"."""
    modal = reading.words.get("hedge-modal", ())
    return bool(modal) and not set(modal).isdisjoint(hedges(reading))


def _limits(audited: Audited, unit: Unit) -> bool:
    """Tell a unit that itself says how little is known: "evidence in … is thin"."""
    return any(one.key is DisclosureKey.EVIDENCE_LIMITED for one in audited.disclosures_by_unit.get(unit.index, ()))


def _of_claim(reading: Reading, mention: Mention, claim: Claim) -> Iterator[Found]:
    level = Level.ERROR if claim.certainty and ORDER.index(claim.certainty.level) >= _MODERATE else Level.WARNING
    listed = level is Level.WARNING and (reading.unit.kind is UnitKind.LIST_ITEM or _among_others(reading, claim))
    if not mention.denied and claim.verdict is Verdict.REFUTED and not listed:
        message = f"the evidence speaks against “{claim.claim.rstrip('.')}”: {standing(claim)}. {claim.rationale}"
        yield _about((mention.start, mention.end), message, claim, allowed(claim), level)
    elif mention.denied and claim.verdict is Verdict.SUPPORTED and _denies(reading, mention, claim):
        message = f"the copy denies what the evidence supports, “{claim.claim.rstrip('.')}”: {standing(claim)}"
        yield _about((mention.start, mention.end), message, claim, allowed(claim), level)


def _among_others(reading: Reading, claim: Claim) -> bool:
    """Tell a mere name in a row of illnesses: "such as migraine, neuropathy and fibromyalgia"."""
    hits = [hit for theme in claim.themes for hit in reading.concepts.get(theme, ())]
    return bool(hits) and all(
        hit.last + 1 in reading.commas
        or any(token.word in _LISTING for token in reading.tokens[max(0, hit.first - 1) : hit.first])
        or any(token.word in _LISTING for token in reading.tokens[hit.last + 1 : hit.last + 2])
        for hit in hits
    )


def _denies(reading: Reading, mention: Mention, claim: Claim) -> bool:
    """Tell a denial from a mere "no": of harm and law any will do; else the verb itself must be denied."""
    if claim.type in _RECORDED:
        return sureness(claim) >= 1 and denies_harm(reading, mention)
    if claim.type not in _EFFECTS:
        return False
    before = [
        hit
        for hit in reading.words.get("negator-verb", ())
        if hit.start < mention.end and not (hit.first and reading.tokens[hit.first - 1].word in {"and", "but", "or"})
    ]
    return sureness(claim) >= _MODERATE and any(mention.start - hit.end < _CLOSE for hit in before)


def _reads_so(audited: Audited, unit: Unit) -> Iterator[Found]:
    """Yield a unit in which no rule finds a contradiction, and that reads like copy which contradicts what is known."""
    message = likeness(audited, unit, _LABEL, "says the opposite of what is known")
    if message:
        yield Found(unit.start, unit.end, message, _CHECK, level=Level.NOTE)


def _about(span: tuple[int, int], message: str, claim: Claim, says: str, level: Level) -> Found:
    references = tuple(dict.fromkeys(item.reference for item in claim.evidence))
    suggestion = f"What the evidence bears: “{says}”" if says else ""
    return Found(*span, message, suggestion, claim.id, None, references, level)


def _proven(audited: Audited, mentions: list[Mention], strong: list[Strong]) -> Iterator[Found]:
    """Yield what is called proven where the entry says that it is not."""
    for at in strong:
        for mention in mentions:
            claim = audited.kb.claims[mention.claim] if mention.claim and not mention.denied else None
            if at.cue is Cue.PROOF and claim and claim.verdict is Verdict.UNPROVEN and claim.type in _EFFECTS:
                message = f"called proven, and “{claim.claim.rstrip('.')}” is {standing(claim)}"
                yield _about((at.start, at.end), message, claim, allowed(claim), Level.WARNING)
                return


def _everybody(audited: Audited, mentions: list[Mention], strong: list[Strong], *, better: bool) -> Iterator[Found]:
    """Yield benefits promised to everybody where the evidence reports that only a share got better."""
    made = [one for one in mentions if one.claim and not one.denied]
    for at in strong:
        if at.cue is Cue.PEOPLE and (made or better):
            for span, claim in with_shares(audited.kb, made, widely=better)[:1]:
                message = (
                    f"not everybody got better: the evidence beside “{claim.claim.rstrip('.')}” has {span_words(span)}"
                )
                yield _about((at.start, at.end), message, claim, allowed(claim), Level.WARNING)
                return


def _flat(audited: Audited, unit: Unit, mentions: list[Mention]) -> Iterator[Found]:
    """Yield what is contradicted because it is said without any limit."""
    reading = audited.readings[unit.index]
    strong = [
        one
        for one in strong_words(reading, effects(audited.kb, mentions))
        if one.cue in _FLAT and not turned(reading, bisect_left(reading.tokens, (one.start,)))
    ]
    cues = {one.cue for one in strong}
    if any(shares(reading)):
        return
    yield from _proven(audited, mentions, strong)
    yield from _everybody(audited, mentions, strong, better=there(reading, "response") and not there(reading, "chance"))
    if there(reading, "safe-absolute", "harm-denied", "cure"):
        yield from _against(audited, mentions, strong)
    for name, key in (("lasting", DisclosureKey.TRANSIENT_EFFECT), ("safe-absolute", DisclosureKey.SIDE_EFFECTS)):
        for at in strong if name == "lasting" or not any(one.claim for one in mentions) else ():
            if any(at.start <= hit.start < at.end for hit in reading.words.get(name, ())):
                yield from _denied(at.start, at.end, by_key(audited.kb, key))
    if {Cue.SAFE, Cue.PEOPLE} <= cues:
        at = next(one for one in strong if one.cue is Cue.PEOPLE)
        yield from _denied(at.start, at.end, by_key(audited.kb, DisclosureKey.NOT_FOR_EVERYONE))


def _harmless(audited: Audited, unit: Unit, mentions: list[Mention]) -> Iterator[Found]:
    """Yield harm that is denied outright, be it behind a "seems"; of use in anaesthesia it may be true."""
    reading = audited.readings[unit.index]
    if APPROVED_USE in reading.concepts or own_record(reading):
        return
    themes = {theme for mention in mentions for theme in mention.themes}
    for hit in [hit for hit in sorted(harms_denied(reading)) if not turned(reading, hit.first)][:1]:
        caveat = harm(audited.kb, themes, widely=True) or by_key(audited.kb, DisclosureKey.SIDE_EFFECTS)
        yield from _denied(hit.start, hit.end, caveat)
    for mention in mentions:
        warned = scarcely(reading) or there(reading, "hedge-modal") or unit.index in audited.disclosures_by_unit
        if mention.denied and not mention.claim and not warned and denies_harm(reading, mention):
            caveat = harm(audited.kb, mention.themes)
            if caveat and caveat.key is not DisclosureKey.NOT_FOR_EVERYONE:  # "we do not treat you if" is that caveat
                yield from _denied(mention.start, mention.end, caveat)


def _needless(audited: Audited, unit: Unit, mentions: list[Mention]) -> Iterator[Found]:
    """Yield what is needed for safety, or to keep well, and said not to be needed."""
    reading = audited.readings[unit.index]
    for mention in mentions:
        if mention.denied and not there(reading, "hedge-modal") and called_needless(reading, mention):
            yield from _denied(mention.start, mention.end, safeguard(audited.kb, mention.themes))


def _cleared(audited: Audited, unit: Unit, mentions: list[Mention]) -> Iterator[Found]:
    """Yield harm that is said to stay away, reasons against it that are said to be none, and safeguards left out."""
    reading = audited.readings[unit.index]
    if answers_no(audited, unit):
        yield from _denied(unit.start, unit.end, _harm_asked(audited, unit))
    for mention in mentions:
        if mention.polarity in _NOT_SAID or mention.strength is Strength.HEDGED:
            continue
        for finder, caveat in ((spared, harm), (no_obstacle, obstacle), (done_without, safeguard)):
            hit = finder(reading, mention)
            if hit:
                at = min(hit.start, mention.start), max(hit.end, mention.end)
                yield from _denied(*at, caveat(audited.kb, mention.themes))


def _done_without(audited: Audited, unit: Unit, mentions: list[Mention]) -> Iterator[Found]:
    """Yield what is said to stay away or not to be needed, which a direction or a word on the couch may say as well."""
    yield from _needless(audited, unit, mentions)
    yield from _cleared(audited, unit, mentions)


def _harm_asked(audited: Audited, unit: Unit) -> Caveat | None:
    """Return the caveat on the harm that the question before an answer speaks of, be it no more than "side effects"."""
    lead = audited.readings[unit.lead] if unit.lead is not None else None
    named = lead is not None and there(lead, "side-effects") and len(lead.tokens) <= _BRIEF
    return harm_asked(audited, unit) or (by_key(audited.kb, DisclosureKey.SIDE_EFFECTS) if named else None)


def _against(audited: Audited, mentions: list[Mention], strong: list[Strong]) -> Iterator[Found]:
    """Yield claims made without limits that a well supported claim contradicts."""
    for mention in mentions:
        if not strong or not mention.claim or mention.denied:
            continue
        claim = audited.kb.claims[mention.claim]
        for link in claim.related:
            other = audited.kb.claims.get(link.claim)
            if link.type is not RelationType.CONTRADICTS or other is None or claim.verdict is Verdict.SUPPORTED:
                continue
            if other.verdict is Verdict.SUPPORTED and sureness(other) >= _MODERATE:
                at = strong[0]
                message = f"without limits this contradicts “{other.claim.rstrip('.')}”: {standing(other)}"
                yield _about((at.start, at.end), message, other, other.claim, Level.WARNING)


def _denied(start: int, end: int, caveat: Caveat | None) -> Iterator[Found]:
    if caveat:
        message = f"the copy denies the caveat “{caveat.short}”. {caveat.caveat}"
        references = tuple(dict.fromkeys(item.reference for item in caveat.evidence))
        yield Found(start, end, message, caveat.suggested_disclosure, None, caveat.id, references)


def _approved(audited: Audited, unit: Unit) -> Iterator[Found]:
    subject = audited.subjects[unit.index]
    if subject is not Subject.KETAMINE:
        return
    for approval in approvals(audited.readings[unit.index], subject):
        if approval.illness and not approval.lent:
            yield from _denied(approval.start, approval.end, by_key(audited.kb, DisclosureKey.OFF_LABEL))


def _of_a_share(audited: Audited, unit: Unit, start: int) -> bool:
    """Tell "92% had no side effects", which denies them of those alone."""
    return any(0 < start - share.end < _JUST_BEFORE for share in shares(audited.readings[unit.index]))


def _warns_as_well(audited: Audited, unit: Unit) -> bool:
    """Tell "with alcohol it may slow your breathing", which only begins like a denial."""
    return unit.index in audited.disclosures_by_unit and there(audited.readings[unit.index], "hedge-modal")


def _numbers(audited: Audited, unit: Unit, mentions: list[Mention]) -> Iterator[Found]:
    if there(audited.readings[unit.index], "surveyed"):
        return  # so many may well have answered so
    for share, span, claim in above(audited.kb, audited.readings[unit.index], mentions, margin=_MARGIN, widely=True):
        message = (
            f"{percent(share.value)} is far above the {span_words(span)} that the evidence beside "
            f"“{claim.claim.rstrip('.')}” reports"
        )
        yield _about((share.start, share.end), message, claim, allowed(claim), Level.WARNING)
    for start, end, message, claim in earlier_than_record(audited.kb, audited.readings[unit.index], mentions):
        yield _about((start, end), message, claim, claim.claim, Level.ERROR)


RULE = AuditRule(
    "contradicted",
    "The knowledge base contradicts what the copy says.",
    Kind.FAIL,
    Level.ERROR,
    contradicted,
    BASIS,
)
