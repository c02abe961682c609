"""The editors' own tests: `recognise` rules do what the examples say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.checks.base import Problem
from kb.checks.fields import entries, ruled
from kb.model import RelationType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.checks.base import Context


def example_missed(context: Context) -> Iterator[Problem]:
    """Report an example that should be recognised as its entry and is not.

    Why: the audit would pass over copy that says the same.

    Fix: add the missing words to the concepts in `vocabulary.yaml`, or add or loosen a rule. A rule looks at one
    sentence at a time.
    """
    for found in ruled(context.kb):
        if not found.rules:
            continue
        for index, text in enumerate(found.examples.match):
            if (found.recognised_as, found.entry_id) not in context.recognised(text):
                field = f"{found.examples_field}.match[{index}]"
                message = f"no rule of this {found.kind} recognises “{text}”"
                suggestion = "Add the missing words to the vocabulary, or loosen a rule."
                yield Problem(found.kind, found.entry_id, field, message, suggestion)


def example_fired(context: Context) -> Iterator[Problem]:
    """Report an example that should not be recognised as its entry and is.

    Why: a false alarm costs the audit more trust than a miss.

    Fix: narrow the rule with a further concept in `all`, an `unless`, or `within`.
    """
    for found in ruled(context.kb):
        for index, text in enumerate(found.examples.no_match):
            if (found.recognised_as, found.entry_id) in context.recognised(text):
                field = f"{found.examples_field}.no_match[{index}]"
                message = f"a rule of this {found.kind} recognises “{text}”, which it should not"
                suggestion = "Narrow the rule: a further concept in `all`, an `unless`, or `within`."
                yield Problem(found.kind, found.entry_id, field, message, suggestion)


def example_contradicts(context: Context) -> Iterator[Problem]:
    """Report an example that a contradicting claim claims for itself.

    Why: a sentence cannot assert a claim and its contradiction; the audit would report copy as contradicting itself.

    Fix: narrow the rules of the contradicting claim, most often with `unless: [negation]` or a more exact concept.
    """
    for claim in context.kb.claims.values():
        against = [relation.claim for relation in claim.related if relation.type is RelationType.CONTRADICTS]
        if not against:
            continue
        for index, text in enumerate(claim.examples.match):
            recognised = context.recognised(text)
            for other in against:
                if other != claim.id and ("claim", other) in recognised:
                    message = f"'{other}', which contradicts this claim, is recognised in “{text}”"
                    suggestion = f"Narrow the rules of '{other}', or mend the example."
                    yield Problem("claim", claim.id, f"examples.match[{index}]", message, suggestion)


def disclosure_missed(context: Context) -> Iterator[Problem]:
    """Report a suggested disclosure that the caveat's own rules do not recognise.

    Why: a copywriter who pastes it would be told that the caveat is still missing.

    Fix: add its words to the vocabulary, or word the disclosure as copy does.
    """
    for caveat in context.kb.caveats.values():
        if caveat.recognise and ("caveat", caveat.id) not in context.recognised(caveat.suggested_disclosure):
            message = f"no rule of this caveat recognises its own disclosure “{caveat.suggested_disclosure}”"
            suggestion = "Add the missing words to the vocabulary, or reword the disclosure."
            yield Problem("caveat", caveat.id, "suggested_disclosure", message, suggestion)


def example_missing(context: Context) -> Iterator[Problem]:
    """Report rules that no example tests.

    Why: a rule without a sentence that it must recognise may recognise nothing.

    Fix: add two or three sentences to `examples.match`, as copy at large would word them, and near misses to
    `examples.no_match`; a topic's `discloses` is tested by `disclosure_examples`.
    """
    for found in ruled(context.kb):
        if found.rules and not found.examples.match:
            field = found.examples_field
            message = "the rules have no example that they must recognise"
            yield Problem(found.kind, found.entry_id, field, message, f"Add sentences of your own to `{field}.match`.")


def recognise_missing(context: Context) -> Iterator[Problem]:
    """Report an entry without rules.

    Why: the audit can find neither the claim nor the disclosure of the caveat in copy.

    Fix: add `recognise` rules with examples.
    """
    for kind, entry in entries(context.kb):
        if not entry.recognise:
            message = f"no rule says how to recognise this {kind} in copy"
            yield Problem(kind, entry.id, "recognise", message, "Add `recognise` rules and examples.")
