"""Every rule, in the order in which they are documented, and the function that runs them all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kb.checks import (
    asked,
    caveats,
    certainty,
    copied,
    duplicates,
    evidence,
    examples,
    ids,
    links,
    occurrences,
    relations,
    review,
    spelling,
    unused,
    vocabulary,
)
from kb.checks.base import Context, Problem, Rule
from kb.finding import Level

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from kb.model import KnowledgeBase

_E, _W, _N = Level.ERROR, Level.WARNING, Level.NOTE

RULES: tuple[Rule, ...] = (
    Rule("alias-clash", _E, "An alias is an id or an alias already.", ids.alias_clash),
    Rule("unknown-claim", _E, "A relation names a claim that is not there.", links.unknown_claim),
    Rule("unknown-caveat", _E, "A claim owes a caveat that is not there.", links.unknown_caveat),
    Rule("unknown-source", _E, "An occurrence names a source that is not there.", links.unknown_source),
    Rule("unknown-reference", _E, "Evidence names a reference that is not there.", links.unknown_reference),
    Rule("unknown-theme", _E, "An entry has a theme that is not in the list.", links.unknown_theme),
    Rule("unknown-concept", _E, "A rule or concept names a concept that is not there.", links.unknown_concept),
    Rule("relation-asymmetric", _E, "A relation is not returned by the other claim.", relations.relation_asymmetric),
    Rule("relation-self", _E, "A claim is related to itself.", relations.relation_self),
    Rule("relation-note", _E, "A contradiction or likeness has no note.", relations.relation_note),
    Rule("certainty-missing", _E, "A verdict has no certainty.", certainty.certainty_missing),
    Rule("certainty-unwanted", _E, "What cannot be checked has a certainty.", certainty.certainty_unwanted),
    Rule("certainty-reasons", _E, "A certainty below high has no reason for it.", certainty.certainty_reasons),
    Rule("evidence-missing", _E, "The evidence does not bear out the verdict.", evidence.evidence_missing),
    Rule("animal-evidence-alone", _E, "A claim about people rests on animals alone.", evidence.animal_evidence_alone),
    Rule("evidence-design", _E, "Evidence has another design than its reference.", evidence.evidence_design),
    Rule("caveat-missing", _E, "A claim owes no caveat and does not say why.", caveats.caveat_missing),
    Rule("caveat-unevidenced", _E, "A caveat rests on nothing.", caveats.caveat_unevidenced),
    Rule("disclosure-length", _E, "A suggested disclosure is not one sentence.", caveats.disclosure_length),
    Rule("selector-outside", _E, "A selector ends after the text does.", occurrences.selector_outside),
    Rule("section-unknown", _E, "An occurrence names a section that is not there.", occurrences.section_unknown),
    Rule("section-mismatch", _E, "An occurrence starts in another section.", occurrences.section_mismatch),
    Rule("copied-text", _E, "Seven words in a row stand in a source, too.", copied.copied_text),
    Rule("drug-name", _E, "A drug name is spelt wrongly.", spelling.drug_name),
    Rule("approval-missing", _E, "A published entry has no approval.", review.approval_missing),
    Rule("approval-own", _E, "An author approved the entry.", review.approval_own),
    Rule("withdrawal-missing", _E, "A withdrawn entry does not say why.", review.withdrawal_missing),
    Rule("withdrawal-unwanted", _E, "An entry that stands has a withdrawal.", review.withdrawal_unwanted),
    Rule("replacement-unsound", _E, "What replaces a withdrawn entry cannot.", review.replacement_unsound),
    Rule("dispute-missing", _E, "A disputed entry does not say why.", review.dispute_missing),
    Rule("example-missed", _E, "An example is not recognised.", examples.example_missed),
    Rule("example-fired", _E, "A counter-example is recognised.", examples.example_fired),
    Rule("disclosure-missed", _E, "A suggested disclosure is not recognised.", examples.disclosure_missed),
    Rule("example-contradicts", _E, "A contradicting claim is recognised as well.", examples.example_contradicts),
    Rule("concept-cycle", _E, "A concept includes itself.", vocabulary.concept_cycle),
    Rule("concept-empty", _E, "A concept or a term has no words.", vocabulary.concept_empty),
    Rule("concept-gap", _W, "A `*` in a term stands for nothing.", vocabulary.concept_gap),
    Rule("near-duplicate", _W, "Two claims say nearly the same.", duplicates.near_duplicate),
    Rule("evidence-recheck", _W, "Evidence may no longer fit the wording.", review.evidence_recheck),
    Rule("example-missing", _W, "Rules have no example.", examples.example_missing),
    Rule("recognise-missing", _W, "An entry has no rules.", examples.recognise_missing),
    Rule("unused-caveat", _W, "No claim owes a caveat.", unused.unused_caveat),
    Rule("unused-concept", _W, "Nothing uses a concept.", unused.unused_concept),
    Rule("unused-reference", _N, "Nothing cites a reference.", unused.unused_reference),
    Rule("asked-twice", _N, "Two ways of asking for a claim are the same.", asked.asked_twice),
    Rule("asked-of-many", _N, "The same words ask for many claims.", asked.asked_of_many),
    Rule("review-due", _N, "An entry is past its review date.", review.review_due),
)
"""All rules; the gravest first, then by what they are about."""


def run(
    kb: KnowledgeBase,
    *,
    today: dt.date,
    texts: Mapping[str, str] | None = None,
    rules: Iterable[Rule] = RULES,
) -> list[Problem]:
    """Return everything that the rules find, rule by rule, each problem with its rule and level.

    `texts` has the words of those sources that are attached (source id → text); without them nothing can be said
    about copied text. The same knowledge base on the same day gives the same list.
    """
    context = Context(kb, today, texts or {})
    return [replace(problem, rule=rule.id, level=rule.level) for rule in rules for problem in rule.check(context)]
