"""Years in copy that lie before the first one on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.base import Polarity
from kb.audit.known import YEAR, known

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.audit.base import Mention
    from kb.audit.context import Reading
    from kb.model import Claim, KnowledgeBase

_LAST_OF_DECADE = 9


def earlier_than_record(
    kb: KnowledgeBase, reading: Reading, mentions: Sequence[Mention]
) -> Iterator[tuple[int, int, str, Claim]]:
    """Yield years (start, end, message, claim) before all that the history on the same theme has on record."""
    themes = {
        theme for one in mentions if one.polarity in {Polarity.ASSERTED, Polarity.NEGATED} for theme in one.themes
    }
    earliest = known(kb).earliest(themes)
    if earliest is None:
        return
    first, claim = earliest
    for index, token in enumerate(reading.tokens):
        decade = reading.tokens[index + 1 : index + 2] and reading.tokens[index + 1].word == "s"
        if YEAR.fullmatch(token.word) and int(token.word) + (_LAST_OF_DECADE if decade else 0) < first:
            message = f"{token.word} is before {first}, the first year on record: “{claim.claim.rstrip('.')}”"
            yield token.start, token.end, message, claim
