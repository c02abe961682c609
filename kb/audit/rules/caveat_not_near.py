"""A claim is made and its caveat stands too far away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.nearness import owed, place
from kb.audit.owing import told
from kb.audit.placing import Placing
from kb.audit.rules.base import AuditRule, Basis, Kind, Mark
from kb.finding import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit.audited import Audited
    from kb.audit.base import Unit
    from kb.audit.owing import Debt
    from kb.audit.rules.base import Found

BASIS = (
    Basis(
        "21 CFR 202.1(e)(3)(i)",
        "https://www.ecfr.gov/current/title-21/chapter-I/subchapter-C/part-202/subpart-A/section-202.1",
        "What misleads in one part of an advertisement is not put right by true information in another, distinct part.",
        Mark.SECONDARY,
    ),
    Basis(
        "FTC, Health Products Compliance Guidance, 2022",
        "https://www.ftc.gov/business-guidance/resources/health-products-compliance-guidance",
        "What qualifies a claim must be hard to miss and given in the same way as the claim: not only in a footer, and "
        "not behind a link.",
        Mark.SECONDARY,
    ),
)


def caveat_not_near(audited: Audited) -> Iterator[Found]:
    """Report a claim whose caveat is present, but not near.

    Readers do not carry a limit from the foot of a page back to a headline. Each claim says how near each of its
    caveats must stand: in the same sentence or the next, in the same section, or anywhere in the body. A headline is
    read alone, so it needs its caveat in the section that it heads. A footer, a footnote, an aside, a folded part and
    the words of a link are near nothing in the body.

    A section runs from one heading to the next; copy without headings is one section. Where several claims of a
    section lack the same caveat, the gravest carries the level and names the others, which are notes.

    Passes: the caveat where it is owed, once for as many claims as stand there.

    Fix: move the caveat, or repeat it beside the claim.
    """
    placing = Placing(audited.document.text)
    for debt, speaks, more in told(audited, [debt for debt in audited.debts if debt.elsewhere]):
        yield debt.found(
            f"the caveat “{debt.caveat.short}” is present, not near: “{debt.claim.claim.rstrip('.')}” "
            f"{_places(audited, debt, placing)}; owed {owed(debt.near, audited.unit(debt.lacking[0]))}{more}",
            speaks=speaks,
        )


def _places(audited: Audited, debt: Debt, placing: Placing) -> str:
    """Return where the claim stands and where the caveat does, the nearest place if it stands in several."""
    claim = audited.unit(debt.lacking[0])
    caveat = min(debt.elsewhere, key=lambda unit: (abs(unit.index - claim.index), unit.index))

    def told(unit: Unit) -> str:
        return f"{place(unit, audited.document)} (line {placing.place(unit.start)[0]})"

    return f"stands {told(claim)}, the caveat {told(caveat)}"


RULE = AuditRule(
    "caveat-not-near",
    "A claim is made and a caveat that it owes stands too far away.",
    Kind.FAIL,
    Level.WARNING,
    caveat_not_near,
    BASIS,
)
