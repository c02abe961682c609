"""The checks of one entry say just what `kb lint` says of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from kb import checks
from kb.library import entry_checks
from kb.library.entry_checks import _RULES
from kb.store import load

TODAY = dt.date(2028, 7, 1)
EVERY = 7


def spoilt():
    """Return the knowledge base of this repository with something wrong in every third claim, and fewer words."""
    kb = load(Path(__file__).parents[2] / "claims", cache=False).kb
    claims = dict(kb.claims)
    for number, (name, claim) in enumerate(kb.claims.items()):
        wrong = [
            {"themes": ("nope",)},
            {"recognise": claim.recognise[:1], "caveats": ()},
            {"evidence": tuple(line.model_copy(update={"reference": "beman2000"}) for line in claim.evidence)},
        ]
        claims[name] = claim.model_copy(update=wrong[number % 3])
    concepts = {
        name: concept.model_copy(update={"terms": concept.terms[:1]}) if number % EVERY == 0 else concept
        for number, (name, concept) in enumerate(kb.concepts.items())
    }
    return replace(kb, claims=claims, concepts=concepts)


def test_the_checks_of_one_entry_are_those_of_lint():
    kb = spoilt()
    whole = checks.run(kb, today=TODAY, rules=_RULES)
    assert len(whole) > 100
    kinds = {
        "claim": kb.claims,
        "caveat": kb.caveats,
        "source": kb.sources,
        "topic": kb.topics,
        "reference": kb.references,
        "concept": kb.concepts,
    }
    for kind, entries in kinds.items():
        for entry_id in list(entries)[::EVERY]:
            expected = {str(problem) for problem in whole if (problem.kind, problem.entry_id) == (kind, entry_id)}
            found = entry_checks.run(kb, kind, entry_id, today=TODAY)
            assert {str(problem) for problem in found} == expected, (kind, entry_id)
