"""Every audit rule, in the order in which they are documented."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.rules import (
    caveat_not_near,
    fair_balance,
    missing_caveat,
    prescription_only_named,
    testimonial_claim,
    uncertain_match,
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
)
