"""Every audit rule, in the order in which they are documented."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.rules import (
    approval_confusion,
    caveat_not_near,
    contradicted,
    fair_balance,
    missing_caveat,
    overstated,
    prescription_only_named,
    testimonial_claim,
    uncertain_match,
    unlisted_claim,
    withdrawn_claim,
)

if TYPE_CHECKING:
    from kb.audit.rules.base import AuditRule

RULES: tuple[AuditRule, ...] = (
    missing_caveat.RULE,
    caveat_not_near.RULE,
    testimonial_claim.RULE,
    withdrawn_claim.RULE,
    uncertain_match.RULE,
    fair_balance.RULE,
    prescription_only_named.RULE,
    overstated.RULE,
    contradicted.RULE,
    approval_confusion.RULE,
    unlisted_claim.RULE,
)
