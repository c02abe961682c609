"""Every audit rule, in the order in which they are documented."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.audit.rules.base import AuditRule

RULES: tuple[AuditRule, ...] = ()
