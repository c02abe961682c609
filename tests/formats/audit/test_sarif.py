"""SARIF: valid by the official schema, right by the standard's rules, and read by a real consumer."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from kb.finding import Finding, Level, Location
from kb.formats.audit import sarif
from kb.formats.audit.sarif_places import uri
from tests.formats.audit import reading
from tests.formats.audit.report import CLEAN, FULL
from tests.formats.audit.test_formats import extracted

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


def run(report):
    content = json.loads(sarif.render(report))
    assert [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(content)] == []
    return content["runs"][0]


def without_rules():
    """Return a report that has neither rules nor names, and a finding about the file as a whole."""
    finding = Finding("odd", Level.NOTE, "odd", Location("-"), kind="review")
    return replace(CLEAN, documents=(replace(CLEAN.documents[0], findings=(finding,)),))


@pytest.mark.parametrize("report", [FULL, CLEAN, extracted(), without_rules()], ids=["full", "clean", "pdf", "bare"])
def test_it_is_valid_and_every_index_leads_to_what_it_names(report):
    found = run(report)
    rules = found["tool"]["driver"]["rules"]
    taxa = found["taxonomies"][0]["taxa"]
    for result in found["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert all(taxa[taxon["index"]]["id"] == taxon["id"] for taxon in result.get("taxa", []))
        artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert found["artifacts"][artifact["index"]]["location"]["uri"] == artifact["uri"]
        assert (result["level"] == "none") == (result["kind"] != "fail")
        assert set(result["partialFingerprints"]) == {"claimSpanHash/v1"}


def test_a_claim_passes_where_it_is_made_with_all_its_caveats_and_fails_where_it_is_not():
    results = run(FULL)["results"]
    made = {
        (result["kind"], result["locations"][0]["physicalLocation"]["artifactLocation"]["index"])
        for result in results
        if {"id": "claim/lifts-mood"}.items() <= {**(result.get("taxa") or [{}])[0]}.items()
    }
    assert made == {("fail", 0), ("pass", 1)}


def test_kinds_of_results():
    kinds = [result["kind"] for result in run(FULL)["results"]]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "fail": 7,
        "review": 1,
        "open": 1,
        "pass": 1,
        "notApplicable": 1,
    }


def test_accepted_findings_are_suppressed_with_their_justification():
    suppressed = [result["suppressions"] for result in run(FULL)["results"] if result["suppressions"]]
    assert suppressed == [
        [
            {
                "kind": "inSource",
                "status": "accepted",
                "justification": "the club's doctor agreed",
                "properties": {"expires": "2027-01-31"},
            }
        ],
        [{"kind": "external", "status": "accepted", "justification": "in the baseline"}],
    ]


def test_the_state_is_on_every_result_with_a_baseline_and_on_none_without():
    states = [result["baselineState"] for result in run(FULL)["results"]]
    assert states.count("unchanged") == 1
    assert set(states) == {"new", "unchanged"}
    assert all("baselineState" not in result for result in run(replace(FULL, baseline=False))["results"])


def test_rules_have_help_their_level_in_the_profile_and_whether_they_are_on():
    rules = {rule["id"]: rule for rule in run(replace(FULL, profile="uk-cap"))["tool"]["driver"]["rules"]}
    assert rules["overstated"]["defaultConfiguration"] == {"enabled": True, "level": "error"}
    assert rules["uncertain-match"]["defaultConfiguration"]["level"] == "none"
    assert "**Add** the disclosure" in rules["missing-caveat"]["help"]["markdown"]
    assert "A guidance on health claims (https://example.org/guidance)" in rules["missing-caveat"]["help"]["text"]
    assert run(FULL)["tool"]["driver"]["rules"][-2]["defaultConfiguration"] == {"enabled": False, "level": "none"}


def test_renamed_entries_keep_their_former_ids():
    taxa = run(FULL)["taxonomies"][0]["taxa"]
    assert {taxon["id"]: taxon["deprecatedIds"] for taxon in taxa if "deprecatedIds" in taxon} == {
        "claim/lifts-mood": ["claim/mood-lifts"],
        "caveat/fades": ["caveat/fading"],
    }


def test_what_could_not_be_audited_is_a_failed_invocation():
    assert run(CLEAN)["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]
    invocation = run(FULL)["invocations"][0]
    assert not invocation["executionSuccessful"]
    assert invocation["toolExecutionNotifications"][0]["message"]["text"].startswith("copy/broken.pdf could not be")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("copy/lake page.md", "copy/lake%20page.md"),
        ("/srv/ü.md", "file:///srv/%C3%BC.md"),
        ("C:\\copy\\a.md", "file:///C:/copy/a.md"),
        ("a:b.md", "./a:b.md"),
        ("a#b?c%20.md", "a%23b%3Fc%2520.md"),
        ("-", "-"),
        ("copy\\a.md", "copy/a.md"),
    ],
)
def test_paths_become_uris(path, expected):
    assert uri(path) == expected


def test_sarif_tools_reads_it(tmp_path):
    log = tmp_path / "full.sarif"
    log.write_text(sarif.render(FULL), encoding="utf-8")
    command = Path(sys.executable).with_name("sarif")
    summary = subprocess.run([command, "summary", log], capture_output=True, text=True, check=True).stdout
    assert "error: 3\n" in summary
    assert "warning: 4\n" in summary
    checked = subprocess.run([command, "--check", "error", "csv", log, "-o", tmp_path / "full.csv"], check=False)
    assert checked.returncode == 3, "the number of errors"
    rows = reading.csv_rows(tmp_path / "full.csv")
    read = {(row["Code"], row["Location"], int(row["Line"])) for row in rows}
    findings = {(one.rule, uri(one.location.path), one.location.line) for one in FULL.findings}
    assert findings <= read
    assert {code for code, _, _ in read - findings} == {"missing-caveat", "medium-not-checked"}


def test_a_fix_puts_the_disclosure_behind_the_sentence():
    text = FULL.documents[0].document.text
    fixed = []
    for result in run(FULL)["results"]:
        for fix in result.get("fixes", []):
            replacement = fix["artifactChanges"][0]["replacements"][0]
            region = replacement["deletedRegion"]
            assert (region["charLength"], region["startColumn"]) == (0, region["endColumn"])
            fixed.append(text[: region["charOffset"]][-3:] + replacement["insertedContent"]["text"])
    assert fixed == [
        "🌊🌊. The lift fades within days.",
        "🌊🌊. Cold water may shock.",
        "ar. The lift fades within days.",
    ]
