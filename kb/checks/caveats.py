"""Caveats: each claim owes one or says why not, each caveat rests on something and can be pasted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.checks.base import Problem
from kb.text import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.checks.base import Context


def caveat_missing(context: Context) -> Iterator[Problem]:
    """Report a claim that neither owes a caveat nor says why it owes none.

    Why: what must be said with a claim is the purpose of this knowledge base; to owe nothing is a decision, and a
    decision has a reason.

    Fix: list the caveats under `caveats`, or give `no_caveat: {reason: …}`; not both.
    """
    for claim in context.kb.claims.values():
        if not claim.caveats and claim.no_caveat is None:
            suggestion = "List what must be said with it under `caveats`, or give a reason in `no_caveat`."
            yield Problem("claim", claim.id, "caveats", "the claim owes no caveat and does not say why", suggestion)
        elif claim.caveats and claim.no_caveat is not None:
            message = "the claim owes caveats and also says that it owes none"
            yield Problem("claim", claim.id, "no_caveat", message, "Delete `no_caveat` or `caveats`.")


def caveat_unevidenced(context: Context) -> Iterator[Problem]:
    """Report a caveat that rests on nothing.

    Why: a caveat is itself an assertion, and a copywriter is asked to print it.

    Fix: add `evidence`. Where the caveat only repeats what an article concedes, write `restates_article: true` and
    give the occurrence.
    """
    for caveat in context.kb.caveats.values():
        if caveat.restates_article and not caveat.occurrences:
            message = "the caveat restates an article, but no occurrence says which"
            yield Problem("caveat", caveat.id, "restates_article", message, "Add the place under `occurrences`.")
        elif not caveat.restates_article and not caveat.evidence:
            message = "the caveat has no evidence and does not restate an article"
            suggestion = "Add `evidence`, or `restates_article: true` with an occurrence."
            yield Problem("caveat", caveat.id, "evidence", message, suggestion)


def disclosure_length(context: Context) -> Iterator[Problem]:
    """Report a suggested disclosure that is not one sentence.

    Why: a copywriter pastes it beside the claim; two sentences will be cut to one, and perhaps to the wrong one.

    Fix: say it in one sentence, or split the caveat in two.
    """
    for caveat in context.kb.caveats.values():
        count = len(sentences(caveat.suggested_disclosure))
        if count != 1:
            message = f"the suggested disclosure has {count} sentences"
            yield Problem("caveat", caveat.id, "suggested_disclosure", message, "Say it in one sentence.")
