"""Honest copy and copy about other things must stay quiet: `corpus/clean`, known false alarms listed there."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kb.audit import Match
from kb.finding import Level
from kb.library import Library
from kb.library.auditing import AuditOptions, Audits, Copy

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "corpus" / "clean"
PAGES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".yaml" and path.name != "README.md")
KNOWN = yaml.safe_load((FOLDER / "known_false_positives.yaml").read_text(encoding="utf-8")) or []
OURS = {"ketamine-clinic.md"}
AUDITS = Audits(Library.open(ROOT / "claims").kb, AuditOptions())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_is_reported_is_known(page):
    report = AUDITS.of(Copy(page.name, page))
    loud = [
        {"page": page.name, "rule": finding.rule, "words": finding.region.text}
        for finding in report.findings
        if finding.level.rank <= Level.WARNING.rank
    ]
    certain = [
        {"page": page.name, "claim": mention.claim, "words": report.document.excerpt(mention.start, mention.end)}
        for mention in report.mentions
        if mention.match is Match.CERTAIN and page.name not in OURS
    ]
    known = [{key: value for key, value in one.items() if key != "reason"} for one in KNOWN if one["page"] == page.name]
    assert loud + certain == known


def test_every_known_false_alarm_has_a_reason():
    assert all(one.get("reason") for one in KNOWN)


def test_the_honest_page_makes_every_disclosure():
    report = AUDITS.of(Copy("ketamine-clinic.md", FOLDER / "ketamine-clinic.md"))
    assert (report.balance.rating, report.balance.missing) == ("good", ())
