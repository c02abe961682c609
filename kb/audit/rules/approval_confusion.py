"""The approval of one drug is lent to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.approval import approvals
from kb.audit.base import Polarity, Subject, UnitKind
from kb.audit.caveats import by_key
from kb.audit.rules.base import AuditRule, Basis, Found, Kind, Mark
from kb.finding import Level
from kb.model import DisclosureKey
from kb.text.subjects import TREATMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit.approval import Approval
    from kb.audit.audited import Audited
    from kb.audit.base import Unit

BASIS = (
    Basis(
        "FDA news on esketamine nasal spray, 2019, 2020 and 2025",
        "https://epocrates.com/online/article/esketamine-nasal-spray-approved-as-monotherapy-for-treatment-resistant",
        "The nasal spray is approved for depression that other medicines have not helped; what is approved is that "
        "product, under its safety programme, and no infusion, injection or lozenge of the older drug.",
        Mark.SECONDARY,
    ),
    Basis(
        "HHS and FDA action on advertising to consumers, 9 September 2025",
        "https://natlawreview.com/article/fda-takes-aim-drug-ads-what-it-means-compounding-pharmacies-medspas-and-telehealth",
        "Letters to compounders and telehealth firms cite approval that is implied.",
        Mark.SECONDARY,
    ),
)


def approval_confusion(audited: Audited) -> Iterator[Found]:
    """Report copy that lends the approval of one drug to another.

    Two drugs with names alike are easily taken for one. Where one is approved for an illness and the other is not,
    copy that calls both by one name, or speaks of approved treatment without saying which drug is approved for what,
    sells the one with the other's papers.

    Fails: both names for one drug beside an approval; "the only approved" before the name of the drug that is not; a
    treatment called approved on a page that names the approved drug, or without saying for what.

    Passes: an approval that is denied, hoped for or asked about; one that is for anaesthesia; one that goes with the
    approved drug's own name. An approval for an illness claimed outright is reported as contradicted.

    Fix: say which product is approved, for what, and that the other is used off label. What is known of these
    approvals was read in reports of them, so that this is a warning.
    """
    named = any(subject is Subject.ESKETAMINE for subject in audited.subjects)
    for unit in audited.document.units:
        named_here = TREATMENT in audited.readings[unit.index].concepts
        heard = audited.subjects[unit.index].ours or (unit.kind is UnitKind.HEADING and named_here)
        if unit.kind is UnitKind.QUESTION or not heard or _distanced(audited, unit):
            continue
        for approval in approvals(audited.readings[unit.index], audited.subjects[unit.index]):
            if approval.lent or not approval.illness or named:
                yield _found(audited, approval)


def _distanced(audited: Audited, unit: Unit) -> bool:
    mentions = audited.mentions_by_unit.get(unit.index, ())
    return bool(mentions) and all(one.polarity in {Polarity.ATTRIBUTED, Polarity.ASKED} for one in mentions)


def _found(audited: Audited, approval: Approval) -> Found:
    if approval.lent:
        message = "two drugs are taken for one, and the approval of the one is lent to the other"
    elif approval.illness:
        message = "the copy names the approved drug as well; the approval for this illness is that drug's alone"
    else:
        message = "approved for what? It reads as if the treatment sold here were approved"
    caveat = by_key(audited.kb, DisclosureKey.OFF_LABEL)
    if caveat is None:
        return Found(approval.start, approval.end, message, "Say which product is approved, and for what.")
    references = tuple(dict.fromkeys(item.reference for item in caveat.evidence))
    text = f"{message}. {caveat.caveat}"
    return Found(approval.start, approval.end, text, caveat.suggested_disclosure, None, caveat.id, references)


RULE = AuditRule(
    "approval-confusion",
    "The approval of one drug is lent to another.",
    Kind.FAIL,
    Level.WARNING,
    approval_confusion,
    BASIS,
)
