"""Pages about something else must stay quiet: `corpus/elsewhere`, false alarms known and listed there."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml

from kb.audit import Match
from kb.finding import Level
from kb.library import Library
from kb.library.auditing import AuditOptions, Audits, Copy

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "corpus" / "elsewhere"
PAGES = yaml.safe_load((FOLDER / "index.yaml").read_text(encoding="utf-8"))
KNOWN = yaml.safe_load((FOLDER / "known_false_positives.yaml").read_text(encoding="utf-8")) or []
QUIET = 0.97
"""Share of the units about something else on which nothing is reported, at least; it may only rise."""


@cache
def audits():
    return Audits(Library.open(ROOT / "claims").kb, AuditOptions())


def spans(plain, words):
    """Return where the stretches of a page stand that may be reported, as often as they are there."""
    found = [(at, at + len(one)) for one in words for at in range(len(plain)) if plain.startswith(one, at)]
    assert len({plain[start:end] for start, end in found}) == len(set(words)), "a stretch is not in the page"
    return found


@cache
def heard(number):
    """Return how many units of a page are about something else, and those of them on which anything is reported."""
    page = PAGES[number]
    report = audits().of(Copy(page["page"], FOLDER / page["page"]))
    plain = report.document.plain
    may = spans(plain, page.get("may_report", ()))
    told = [(one.start, one.end) for one in report.mentions if one.match is Match.CERTAIN]
    told += [
        (one.region.start, one.region.end)
        for one in report.findings
        if one.region and one.level.rank <= Level.WARNING.rank
    ]
    elsewhere = [unit for unit in report.document.units if not _meets(unit, may)]
    return len(elsewhere), [plain[unit.start : unit.end] for unit in elsewhere if _meets(unit, told)]


def _meets(unit, stretches):
    return any(start < unit.end and unit.start < end for start, end in stretches)


@pytest.mark.parametrize("number", range(len(PAGES)), ids=[page["page"] for page in PAGES])
def test_what_is_reported_is_known(number):
    known = {" ".join(one["words"].split()) for one in KNOWN if one["page"] == PAGES[number]["page"]}
    assert {" ".join(words.split()) for words in heard(number)[1]} <= known


def test_most_units_stay_quiet():
    units, loud = zip(*map(heard, range(len(PAGES))), strict=True)
    assert 1 - sum(map(len, loud)) / sum(units) >= QUIET


def test_every_page_is_listed_and_every_known_false_alarm_has_a_cause():
    listed = [page["page"] for page in PAGES]
    others = {"README.md", "index.yaml", "known_false_positives.yaml"}
    assert sorted(listed) == sorted({file.name for file in FOLDER.iterdir()} - others)
    assert all(one.get("cause") and one["page"] in listed for one in KNOWN)
