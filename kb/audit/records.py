"""Years in copy that lie before the first one on record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.audit.base import Polarity
from kb.model import ClaimType, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.audit.base import Mention
    from kb.audit.context import Reading
    from kb.model import Claim, KnowledgeBase

_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")
_LAST_OF_DECADE = 9


def earlier_than_record(
    kb: KnowledgeBase, reading: Reading, mentions: Sequence[Mention]
) -> Iterator[tuple[int, int, str, Claim]]:
    """Yield years (start, end, message, claim) before all that the history on the same theme has on record."""
    themes = {
        theme for one in mentions if one.polarity in {Polarity.ASSERTED, Polarity.NEGATED} for theme in one.themes
    }
    dated = [(years, claim) for claim in kb.claims.values() if (years := _record(claim, themes))]
    if not dated:
        return
    first, claim = min(((min(years), claim) for years, claim in dated), key=lambda pair: (pair[0], pair[1].id))
    for index, token in enumerate(reading.tokens):
        decade = reading.tokens[index + 1 : index + 2] and reading.tokens[index + 1].word == "s"
        if _YEAR.fullmatch(token.word) and int(token.word) + (_LAST_OF_DECADE if decade else 0) < first:
            message = f"{token.word} is before {first}, the first year on record: “{claim.claim.rstrip('.')}”"
            yield token.start, token.end, message, claim


def _record(claim: Claim, themes: set[str]) -> list[int]:
    """Return the years in the evidence of a supported claim of history on one of the themes."""
    if claim.type is not ClaimType.HISTORY or claim.verdict is not Verdict.SUPPORTED or themes.isdisjoint(claim.themes):
        return []
    return [int(year) for item in claim.evidence for year in _YEAR.findall(item.finding)]
