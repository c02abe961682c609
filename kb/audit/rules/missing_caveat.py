"""A claim is made and its caveat stands nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.nearness import owed
from kb.audit.owing import told
from kb.audit.rules.base import AuditRule, Basis, Kind, Mark
from kb.finding import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit.audited import Audited
    from kb.audit.rules.base import Found

BASIS = (
    Basis(
        "FTC, Health Products Compliance Guidance, 2022",
        "https://www.ftc.gov/business-guidance/resources/health-products-compliance-guidance",
        "What qualifies a claim must be hard to miss, easy to understand, and given in the same way as the claim; "
        "implied claims count as well.",
        Mark.SECONDARY,
    ),
    Basis(
        "FDA, The Bad Ad Program",
        "https://fda.gov/drugs/office-prescription-drug-promotion/truthful-prescription-drug-advertising-and-promotion",
        "Promotion by or for the sponsor of a drug must balance benefit and risk and reveal material facts.",
        Mark.READ,
    ),
)


def missing_caveat(audited: Audited) -> Iterator[Found]:
    """Report a claim whose caveat stands nowhere in the copy.

    A claim of the knowledge base may be true and mislead all the same, where what limits it is left out. Its entry
    lists the caveats that it owes. Hedged claims owe them too; claims that are denied, asked about, or put into
    somebody else's mouth do not. A caveat that is not true of what the copy speaks of, such as of another form of the
    drug that has an approval of its own, is not owed there (`not_of` of the caveat).

    Each claim and caveat is reported once, at a headline if one makes the claim, else at the first place. Where
    several claims lack the same caveat, the gravest of them carries the level and names the others, which are notes:
    a headline first, then what asks for its caveat nearest. Claims about process, access, history and background are
    notes.

    Passes: the caveat in any words that its `recognise` rules know. A question, a denial ("no side effects") or a
    caveat sold as a pleasure is not one.

    Fix: say what is suggested, as near to the claim as the message asks, or drop the claim.
    """
    for debt, speaks, more in told(audited, [debt for debt in audited.debts if not debt.elsewhere]):
        yield debt.found(
            f"“{debt.claim.claim.rstrip('.')}” is claimed without the caveat “{debt.caveat.short}”, "
            f"owed {owed(debt.near, audited.unit(debt.lacking[0]))}{more}",
            speaks=speaks,
        )


RULE = AuditRule(
    "missing-caveat",
    "A claim is made and a caveat that it owes stands nowhere.",
    Kind.FAIL,
    Level.WARNING,
    missing_caveat,
    BASIS,
    {"us-fda-rx": Level.ERROR},
)
