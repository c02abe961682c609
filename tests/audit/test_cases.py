"""Every audit rule against its cases (`cases/<rule-id>.yaml`): copy that passes, and copy with all that is found.

A case has a `name` and `copy`, and may have
- `media`: `text/plain` (the default), `text/markdown` or `text/html`;
- `profile`: `us-ftc` is the default;
- `change`: fields of the repository's entries that differ for this case, `{claims: {<id>: {verdict: refuted}}}`;
- `claims`, `caveats`, `concepts`, `themes`: a small knowledge base instead of the repository's, each entry with its id
  and what differs from the factories' defaults, as in the cases of the entry checks.
A file may have a `base` of such fields, which hold for every case that says nothing else and has no `change`.

A case that fails lists every finding of the rule, whole: `at` (the words), `message`, and where there are any `claim`,
`caveat`, `suggestion` and `references`; `level` where it is not the rule's own, `line` where the words stand twice.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml

from kb.audit import Auditor
from kb.audit.extract import extract
from kb.audit.rules.registry import RULES
from kb.library import Library
from tests.factories import caveat, claim, knowledge_base

FOLDER = Path(__file__).parent / "cases"
CLAIMS = Path(__file__).parents[2] / "claims"
CASES = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))}
NAMES = {"text/plain": "copy.txt", "text/markdown": "copy.md", "text/html": "copy.html"}
AT_LEAST = 2
KEYS = {"name", "copy", "media", "profile", "change", "claims", "caveats", "concepts", "themes", "findings"}


@cache
def repository():
    return Library.open(CLAIMS).kb


@cache
def auditor(profile):
    return Auditor(repository(), profile=profile)


def changed(change):
    """Return the repository's knowledge base with some fields of some entries replaced."""
    kb = repository()
    for kind, entries in change.items():
        known = dict(getattr(kb, kind))
        for entry_id, fields in entries.items():
            entry = known[entry_id]
            known[entry_id] = type(entry).model_validate(entry.model_dump(mode="json") | fields)
        kb = replace(kb, **{kind: known})
    return kb


def small(case):
    """Return the small knowledge base that a case describes."""
    parts = {
        name: [make(**{f"{name[:-1]}_id": entry["id"]}, **entry) for entry in case[name]]
        for name, make in (("claims", claim), ("caveats", caveat))
        if name in case
    }
    return knowledge_base(**parts, **{name: case[name] for name in ("concepts", "themes") if name in case})


def auditing(rule, case):
    if "change" not in case:
        case = CASES[rule.id].get("base", {}) | case
    profile = case.get("profile", "us-ftc")
    if "change" in case:
        return Auditor(changed(case["change"]), profile=profile)
    if {"claims", "caveats", "concepts", "themes"} & set(case):
        return Auditor(small(case), profile=profile)
    return auditor(profile)


def found(rule, case):
    """Return what one rule finds in the copy of a case, all rules being run, as findings are written in the cases."""
    media = case.get("media", "text/plain")
    report = auditing(rule, case).audit(extract(case["copy"].encode(), NAMES[media], media=media))
    of_rule = [finding for finding in report.findings if finding.rule == rule.id]
    assert {finding.kind for finding in of_rule} <= {rule.kind.value}
    return [written(finding) for finding in of_rule]


def written(finding):
    return {
        "at": finding.region.text,
        "line": finding.location.line,
        "level": finding.level.value,
        "message": finding.message,
        "suggestion": finding.suggestion,
        "claim": finding.claim,
        "caveat": finding.caveat,
        "references": list(finding.references),
    }


def expected(rule, findings, actual):
    """Fill in what a case leaves out; the line of a finding is compared where the case gives it."""
    lines = [finding["line"] for finding in actual] + [0] * len(findings)
    defaults = {"level": rule.level.value, "suggestion": "", "claim": None, "caveat": None, "references": []}
    return [defaults | {"line": line} | finding for line, finding in zip(lines, findings, strict=False)]


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_what_passes(rule):
    cases = CASES[rule.id]["pass"]
    assert {case["name"]: found(rule, case) for case in cases} == {case["name"]: [] for case in cases}


@pytest.mark.parametrize(
    ("rule", "case"),
    [
        pytest.param(rule, case, id=f"{rule.id}: {case['name']}")
        for rule in RULES
        for case in CASES.get(rule.id, {"fail": ()})["fail"]
    ],
)
def test_what_fails(rule, case):
    actual = found(rule, case)
    assert actual == expected(rule, case["findings"], actual)


def test_every_rule_has_cases_and_every_case_a_rule():
    assert sorted(CASES) == sorted(rule.id for rule in RULES)
    few = [key for key, cases in CASES.items() if min(len(cases["pass"]), len(cases["fail"])) < AT_LEAST]
    assert few == []
    assert [key for key, cases in CASES.items() if not all(case["findings"] for case in cases["fail"])] == []


def test_cases_say_nothing_that_is_not_read_and_are_told_apart_by_name():
    for cases in CASES.values():
        every = [*cases["pass"], *cases["fail"]]
        assert set().union(*every) <= KEYS
        names = [case["name"] for case in every]
        assert sorted(names) == sorted(set(names))
