"""How people ask: words that tell one claim from others."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kb.checks.base import Problem
from kb.text import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.checks.base import Context

_MANY = 5
"""Of so many claims people may ask alike; as many are what one looks at in a list of results."""


def asked_twice(context: Context) -> Iterator[Problem]:
    """Report a way of asking for a claim that says the same as one before it, in the same words.

    Why: search counts a word once, however many ways of asking have it.

    Fix: delete it.
    """
    for claim in context.kb.claims.values():
        seen: dict[str, str] = {}
        for index, phrase in enumerate(claim.asked):
            first = seen.setdefault(_said(phrase), phrase)
            if first != phrase:
                message = f"“{phrase}” asks what “{first}” asks already"
                yield Problem("claim", claim.id, f"asked[{index}]", message, "Delete it.")


def asked_of_many(context: Context) -> Iterator[Problem]:
    """Report words with which people are said to ask for more than five claims.

    Why: whoever types them would find each of these claims first, and so none.

    Fix: keep them where they ask for this very claim, and say with the others what is special about those.
    """
    asking: defaultdict[str, list[tuple[str, int, str]]] = defaultdict(list)
    for claim in context.kb.claims.values():
        for index, phrase in enumerate(claim.asked):
            asking[_said(phrase)].append((claim.id, index, phrase))
    for found in asking.values():
        if len(found) > _MANY:
            for claim_id, index, phrase in found:
                message = f"“{phrase}” is how people are said to ask for {len(found)} claims"
                yield Problem(
                    "claim", claim_id, f"asked[{index}]", message, "Keep it where it asks for this very claim."
                )


def _said(phrase: str) -> str:
    """Return the words of a phrase, whatever their capitals and the marks around them."""
    return " ".join(token.word for token in tokens(phrase))
