"""A claim is made that editors have withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb import words
from kb.audit.base import Match
from kb.audit.known import CLOSE
from kb.audit.rules.base import AuditRule, Basis, Found, Kind, Mark
from kb.finding import Level
from kb.model import Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit.audited import Audited
    from kb.model import Claim

BASIS = (
    Basis(
        "Open Source Vulnerability format, field `withdrawn`",
        "https://ossf.github.io/osv-schema/",
        "An entry that was withdrawn stays where it is and says so, and whoever relied on it is told.",
        Mark.READ,
    ),
)


def withdrawn_claim(audited: Audited) -> Iterator[Found]:
    """Report a claim that the editors of the knowledge base have withdrawn.

    Copy outlives the evidence that it was written on. An entry that was withdrawn is kept, so that copy which still
    makes the claim can be found.

    Passes: the claim denied, asked about, or put into somebody else's mouth.

    Fix: take the claim out; the entry says why it was withdrawn, and the message names what replaces it or a claim that
    comes close, where there is one.
    """
    for mention in audited.mentions:
        if not mention.claim or mention.match is not Match.CERTAIN or not mention.subject.ours:
            continue
        claim = audited.kb.claims[mention.claim]
        if claim.status is Status.WITHDRAWN and mention.made:
            message = f"“{claim.claim.rstrip('.')}” was withdrawn from the knowledge base{_when_and_why(claim)}"
            yield Found(mention.start, mention.end, message, _instead(audited, claim), claim.id)


def _when_and_why(claim: Claim) -> str:
    """Return the date and the reason where the entry gives them, else why it was judged as it was."""
    if claim.withdrawal is None:
        return f": {claim.rationale}"
    reason = words.WITHDRAWALS[claim.withdrawal.reason]
    return f" on {claim.withdrawal.date.isoformat()} ({reason.label}): {claim.withdrawal.note or reason.meaning}"


def _instead(audited: Audited, claim: Claim) -> str:
    """Return what might be said instead: what replaces the claim, else one that is supported and named as near."""
    replacement = audited.kb.claims.get((claim.withdrawal and claim.withdrawal.replacement) or "")
    if replacement and replacement.status is not Status.WITHDRAWN:
        return f"In its place the knowledge base has: “{replacement.claim}” ({replacement.id})"
    for relation in claim.related:
        other = audited.kb.claims.get(relation.claim)
        stands = other and other.status is not Status.WITHDRAWN and other.verdict is Verdict.SUPPORTED
        if other and stands and relation.type in CLOSE:
            return f"What comes close and still stands: “{other.claim}” ({other.id})"
    return ""


RULE = AuditRule(
    "withdrawn-claim",
    "A claim is made that editors have withdrawn.",
    Kind.FAIL,
    Level.ERROR,
    withdrawn_claim,
    BASIS,
)
