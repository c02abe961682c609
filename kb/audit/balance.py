"""Fair balance: benefits against risks, and the ten disclosure keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.report import Balance
from kb.model import DisclosureKey

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.audit.audited import Audited
    from kb.audit.rules.base import Found


def measure(audited: Audited, found: Iterable[tuple[str, Found]]) -> Balance:
    """Return the balance of a document; `found` has (rule id, finding) of every rule that ran before."""
    del found
    disclosed = {disclosure.key for disclosure in audited.disclosures if disclosure.key}
    return Balance(
        disclosed=tuple(key.value for key in DisclosureKey if key.value in disclosed),
        missing=tuple(key.value for key in DisclosureKey if key.value not in disclosed),
    )
