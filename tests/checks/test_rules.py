"""Every rule against its cases (`cases/<rule-id>.yaml`): what passes, and what fails with which words."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from kb.checks import RULES, Problem, run
from kb.finding import Level
from tests.factories import caveat, claim, knowledge_base, reference, source

FOLDER = Path(__file__).parent / "cases"
TODAY = dt.date(2026, 1, 1)
CASES = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))}


def base(case):
    """Build the knowledge base of a case: each entry needs its id and what differs from the factories' defaults."""
    parts = {
        name: [make(**{f"{name[:-1]}_id": entry["id"]}, **entry) for entry in case[name]]
        for name, make in (("claims", claim), ("caveats", caveat), ("sources", source))
        if name in case
    }
    if "references" in case:
        parts["references"] = {key: reference(**fields) for key, fields in case["references"].items()}
    parts |= {name: case[name] for name in ("concepts", "themes", "topics") if name in case}
    kb = knowledge_base(**parts)
    return replace(kb, about=kb.about.model_copy(update=case.get("about", {})))


def found(rule, case):
    return run(base(case), today=TODAY, texts=case.get("texts"), rules=[rule])


def expected(rule, problems):
    return [
        Problem(
            kind=problem.get("kind", "claim"),
            entry_id=problem["id"],
            field=problem["field"],
            message=problem["message"],
            suggestion=problem["suggestion"],
            rule=rule.id,
            level=rule.level,
        )
        for problem in problems
    ]


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_cases(rule):
    cases = CASES[rule.id]
    assert {case["name"]: found(rule, case) for case in cases["pass"]} == {case["name"]: [] for case in cases["pass"]}
    for case in cases["fail"]:
        assert found(rule, case) == expected(rule, case["problems"]), case["name"]


def test_every_rule_has_cases_and_every_case_a_rule():
    assert sorted(CASES) == sorted(rule.id for rule in RULES)
    lacking = [
        key for key, cases in CASES.items() if not cases["pass"] or not all(c["problems"] for c in cases["fail"])
    ]
    assert lacking == []
    assert [key for key, cases in CASES.items() if not cases["fail"]] == []


def test_case_names_are_unique():
    for cases in CASES.values():
        names = [case["name"] for case in (*cases["pass"], *cases["fail"])]
        assert sorted(names) == sorted(set(names))


def test_the_base_of_the_factories_breaks_no_rule():
    problems = run(knowledge_base(), today=TODAY)
    assert [problem for problem in problems if problem.level is Level.ERROR] == []
    assert {problem.rule for problem in problems} == {"recognise-missing"}
