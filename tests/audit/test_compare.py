"""Two audits side by side: findings known again wherever they moved, and entries that changed meanwhile."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace

import pytest

from kb.audit.compare import compare, decode, encode, snapshot
from kb.errors import KbError
from kb.finding import Level
from kb.formats.audit import comparison, render
from kb.library.auditing import AuditOptions, Copy, audit
from tests.factories import caveat, claim, knowledge_base

LIFTS = "Testamine lifts mood within a day."


def base():
    lifts = claim(
        "lifts-mood",
        claim=LIFTS,
        caveats=[{"caveat": "fades-soon", "near": "document"}],
        recognise=[{"all": ["testamine", "lifts"]}],
        verdict="supported",
        certainty={"level": "low"},
    )
    parts = {
        "claims": [lifts],
        "caveats": [caveat("fades-soon"), caveat("makes-sick")],
        "concepts": {
            "testamine": {"label": "testamine", "terms": ["testamine", "ketamine"]},
            "lifts": {"label": "lifts mood", "terms": ["lifts mood", "lifts the mood"]},
        },
    }
    return knowledge_base(**parts)


COPY = "Our ketamine lifts mood. It always works.\n"


def audited(kb, *copies, profile=None):
    return audit(kb, [Copy(path, content=text.encode()) for path, text in copies], AuditOptions(profile=profile))


def changes(before, after, kb):
    return compare(snapshot(before), after, kb)


def rules(findings):
    return sorted(finding.rule for finding in findings)


@pytest.fixture(scope="module")
def kb():
    return base()


def test_the_same_copy_is_unchanged(kb):
    report = audited(kb, ("a.txt", COPY))
    found = changes(report, report, kb)
    assert (found.new, found.gone, found.unchanged) == (0, 0, len(list(report.findings)))
    assert found.unchanged > 0
    assert (found.base_changed, found.profile_changed, found.claims) == (False, False, ())
    assert not found.documents[0].edited


def test_findings_that_moved_are_known_again_and_those_that_were_mended_are_gone(kb):
    before = audited(kb, ("a.txt", COPY))
    after = audited(kb, ("a.txt", "Welcome to our house.\n\nOur ketamine lifts mood.\n"))
    found = changes(before, after, kb)
    assert found.documents[0].edited
    assert found.new == 0
    assert found.gone > 0
    assert {one.line for one in found.documents[0].gone} == {1}
    assert {finding.location.line for finding in found.documents[0].unchanged} >= {3}


def test_repeats_are_told_apart(kb):
    before = audited(kb, ("a.txt", "It always works: ketamine lifts mood."))
    after = audited(kb, ("a.txt", "It always works: ketamine lifts mood.\n\nIt always works: ketamine lifts mood."))
    found = changes(before, after, kb)
    assert found.gone == 0
    assert found.new == len(list(after.findings)) - len(list(before.findings)) > 0


@pytest.mark.parametrize(
    ("earlier", "later", "was"),
    [
        (["a.txt", "b.txt"], ["b.txt", "a.txt"], {"a.txt": "a.txt", "b.txt": "b.txt"}),
        (["site/a.txt", "site/b.txt"], ["a.txt", "b.txt"], {"a.txt": "site/a.txt", "b.txt": "site/b.txt"}),
        (["old.txt"], ["new.txt"], {"new.txt": "old.txt"}),
        (["a.txt"], ["a.txt", "b.txt"], {"a.txt": "a.txt", "b.txt": None}),
    ],
)
def test_documents_are_paired_by_path_then_name_then_as_the_only_ones(kb, earlier, later, was):
    before = audited(kb, *((path, f"{path[-5]} ketamine lifts mood") for path in earlier))
    after = audited(kb, *((path, f"{path[-5]} really: ketamine lifts mood") for path in later))
    found = changes(before, after, kb)
    assert {document.path: document.was for document in found.documents} == was


def test_a_document_that_is_gone_is_named(kb):
    before = audited(kb, ("a.txt", COPY), ("b.txt", "Nothing here."))
    assert changes(before, audited(kb, ("a.txt", COPY)), kb).dropped == ("b.txt",)


def test_another_profile_gives_other_levels_of_the_same_findings(kb):
    before = audited(kb, ("a.txt", COPY), profile="us-ftc")
    after = audited(kb, ("a.txt", COPY), profile="us-fda-rx")
    found = changes(before, after, kb)
    assert found.profile_changed
    assert [(one.finding.rule, one.was, one.finding.level) for one in found.documents[0].regraded] == [
        ("missing-caveat", Level.WARNING, Level.ERROR)
    ]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"verdict": "refuted"}, [("verdict", ("supported",), ("refuted",))]),
        ({"certainty": {"level": "high"}}, [("certainty", ("low",), ("high",))]),
        ({"certainty": None}, [("certainty", ("low",), ())]),
        ({"caveats": [{"caveat": "makes-sick", "near": "document"}]}, "caveats"),
        ({"status": "withdrawn", "rationale": "The trial was retracted."}, "withdrawn"),
    ],
)
def test_what_the_entries_say_otherwise(kb, fields, said):
    before = audited(kb, ("a.txt", COPY))
    claims = {"lifts-mood": kb.claims["lifts-mood"].model_copy(update=_parsed(fields))}
    now = replace(kb, claims=claims, digest="another")
    found = changes(before, audited(now, ("a.txt", COPY)), now)
    assert all(change.still and change.claim == "lifts-mood" for change in found.claims)
    told = [(change.what, change.before, change.after) for change in found.claims]
    if said == "caveats":
        said = [("caveats-added", (), ("makes-sick",)), ("caveats-removed", ("fades-soon",), ())]
    if said == "withdrawn":
        said = [("withdrawn", (), ("The trial was retracted.",))]
    assert told == said
    again = audited(now, ("a.txt", COPY))
    assert changes(again, again, now).claims == ()


def _parsed(fields):
    whole = claim("lifts-mood", claim=LIFTS, **fields)
    return {name: getattr(whole, name) for name in fields}


def test_a_withdrawal_that_the_earlier_report_told_is_no_news(kb):
    claims = {"lifts-mood": kb.claims["lifts-mood"].model_copy(update=_parsed({"status": "withdrawn"}))}
    once, twice = (replace(kb, claims=claims, digest=digest) for digest in ("once", "twice"))
    before, after = audited(once, ("a.txt", COPY)), audited(twice, ("a.txt", COPY))
    assert "withdrawn-claim" in rules(before.findings)
    assert changes(before, after, twice).claims == ()


def test_a_claim_that_is_no_longer_there_is_said_to_be_removed(kb):
    before = audited(kb, ("a.txt", COPY))
    now = replace(kb, claims={}, digest="another")
    found = changes(before, audited(now, ("a.txt", COPY)), now)
    assert [(change.claim, change.text, change.what, change.still) for change in found.claims] == [
        ("lifts-mood", LIFTS, "removed", False)
    ]


def test_a_renamed_claim_is_the_same_claim(kb):
    before = audited(kb, ("a.txt", COPY))
    renamed = kb.claims["lifts-mood"].model_copy(update={"id": "raises-mood", "aliases": ("lifts-mood",)})
    now = replace(kb, claims={"raises-mood": renamed}, digest="another")
    found = changes(before, audited(now, ("a.txt", COPY)), now)
    assert (found.new, found.gone, found.claims) == (0, 0, ())


def test_a_snapshot_comes_back_from_its_text_and_from_the_json_report(kb):
    report = audited(kb, ("a.txt", COPY + "long words " * 40 + "ketamine lifts mood. \ud7ff🌊\tx"), ("b.txt", COPY))
    seen = snapshot(report)
    assert decode(encode(seen), "it") == seen
    assert decode(render("json", report), "it") == seen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"schema": "kb-lint/1"}',
        '{"schema": "kb-audit/1"}',
        "[" * 100_000,
        '{"schema": "kb-audit/1", "kb": {"digest": 1}, "profile": "", "tool": {"version": ""}, "documents": []}',
    ],
)
def test_what_is_no_report_is_refused_by_name(text):
    with pytest.raises(KbError, match=r"old\.json"):
        decode(text, "old.json")


def test_every_part_of_a_report_that_is_damaged_is_refused_by_name_or_passed_over(kb):
    content = json.loads(render("json", audited(kb, ("a.txt", COPY))))

    def places(value, path=()):
        children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, child in children:
            yield (*path, key)
            yield from places(child, (*path, key))

    refused = set()
    for path in places(content):
        broken = json.loads(json.dumps(content))
        target = broken
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = {"not": ["what", "it", "was"]}
        with contextlib.suppress(KbError):
            decode(json.dumps(broken), "old.json")
            continue
        refused.add(path[0])
    assert refused == {"schema", "kb", "profile", "tool", "documents", "entries"}


@pytest.mark.parametrize(
    ("before", "after", "level", "code"),
    [
        (COPY, COPY, Level.NOTE, 0),
        ("We are open.\n", COPY, Level.WARNING, 1),
        ("We are open.\n", COPY, Level.ERROR, 0),
        ("We are open.\n", COPY, None, 0),
        (COPY + "\nIt never fails.\n", COPY, Level.WARNING, 0),
    ],
)
def test_only_what_is_new_fails(before, after, level, code):
    now = audited(base(), ("page.txt", after))
    assert now.exit_code(Level.WARNING) == 1
    assert changes(audited(base(), ("page.txt", before)), now, base()).exit_code(now, level) == code


def test_a_file_that_could_not_be_read_fails_whatever_is_new():
    now = audited(base(), ("page.txt", COPY), ("page.docx", "no archive"))
    assert changes(now, now, base()).exit_code(now, None) == 2


def test_the_report_has_the_comparison_and_text_tells_it():
    earlier, now = audited(base(), ("old/page.txt", COPY)), audited(base(), ("page.txt", "Our ketamine lifts mood.\n"))
    compared = changes(earlier, now, base())
    told = json.loads(render("json", now, compared=compared))["comparison"]
    assert told["summary"] == {"new": compared.new, "gone": compared.gone, "unchanged": compared.unchanged}
    assert told["documents"][0]["earlier_path"] == "old/page.txt"
    gone = told["documents"][0]["gone"]
    assert gone
    lines = comparison.text(compared).splitlines()
    assert "page.txt: was old/page.txt" in lines
    assert sum(line.startswith("old/page.txt:") and ": gone " in line for line in lines) == len(gone)
    assert "comparison" not in json.loads(render("json", now))
