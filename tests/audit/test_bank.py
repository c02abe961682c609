"""Recognition over banks of sentences, as many authors would write them: recall and precision of each theme only rise.

Only the rules are measured: what is learned from copy is learned from these very sentences too.

`bank/<name>.yaml` lists sentences: `text`, `themes` (all that it asserts, denies or asks about, none for a near miss),
`under` for another heading than the one below, `notes` for why it is there, and in a bank of risks `discloses`, the
disclosure keys that it serves. Each is audited as a page of its own under its heading. `bank/floor.json` has (bank →
theme → [recall, precision]) for the themes that at least five sentences of the bank carry, and for all themes
together, and the same for disclosure keys; `pytest --update-golden` raises it.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
import yaml

from kb.audit import Auditor, Match
from kb.audit.extract import extract
from kb.audit.scoring import Tally
from kb.library import Library
from kb.model import DisclosureKey

FOLDER = Path(__file__).parent / "bank"
FLOOR = FOLDER / "floor.json"
BANKS = sorted(path.stem for path in FOLDER.glob("*.yaml"))
HEADING = "# Ketamine treatment"
ENOUGH = 5
KEYS = {"text", "themes", "under", "notes", "discloses"}


@cache
def sentences(bank):
    return yaml.safe_load((FOLDER / f"{bank}.yaml").read_text(encoding="utf-8"))


@cache
def knowledge():
    return Library.open(Path(__file__).parents[2] / "claims").kb


@cache
def auditor():
    return Auditor(knowledge(), profile=knowledge().about.profile, rules=(), learned=False)


def recognised(sentence):
    """Return the themes recognised with certainty in a sentence and the keys it serves, its heading left out."""
    page = f"{sentence.get('under', HEADING)}\n\n{sentence['text']}\n"
    report = auditor().audit(extract(page.encode(), "page.md"))
    ours = {unit.index for unit in report.document.units[1:]}
    themes = {
        theme
        for mention in report.mentions
        if mention.unit in ours and mention.match is Match.CERTAIN
        for theme in mention.themes
    }
    return themes, set(report.balance.disclosed)


@cache
def tallies(bank):
    """Return (theme → what was found in a bank, missed, and found in excess), and `all`."""
    kept = {"all": Tally()}
    of_risks = any("discloses" in sentence for sentence in sentences(bank))
    for number, sentence in enumerate(sentences(bank), 1):
        found, served = recognised(sentence)
        _count(kept, found, set(sentence["themes"]), str(number))
        if of_risks:
            _count(kept, served, set(sentence.get("discloses", ())), str(number), prefix="disclosed")
    return kept


def _count(kept, found, said, number, prefix=""):
    for one in found | said:
        for name in (prefix or "all", f"{prefix} {one}".strip()):
            kept.setdefault(name, Tally()).add(found & {one}, said & {one}, number)


def figures(bank):
    return {
        name: [round(tally.recall or 0, 3), round(tally.precision or 0, 3)]
        for name, tally in sorted(tallies(bank).items())
        if len(tally.right) + len(tally.missed) >= ENOUGH
    }


def raised(bank, floor):
    """Return the floor with the figures of a bank that are better than before; write it."""
    before = floor.get(bank, {})
    better = {
        name: [max(pair) for pair in zip(now, before.get(name, now), strict=True)]
        for name, now in figures(bank).items()
    }
    floor = dict(sorted((floor | {bank: better}).items()))
    lines = [
        f' "{name}": {{\n' + ",\n".join(f'  "{theme}": {json.dumps(pair)}' for theme, pair in themes.items()) + "\n }"
        for name, themes in floor.items()
    ]
    FLOOR.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8", newline="")
    return floor


@pytest.mark.parametrize("bank", BANKS)
def test_no_figure_falls(bank, request: pytest.FixtureRequest):
    floor = json.loads(FLOOR.read_text(encoding="utf-8")) if FLOOR.exists() else {}
    if request.config.getoption("--update-golden"):
        floor = raised(bank, floor)
    now = figures(bank)
    assert set(floor[bank]) == set(now)
    fallen = {
        name: {
            "now": now[name],
            "floor": least,
            "missed": tallies(bank)[name].missed,
            "extra": tallies(bank)[name].extra,
        }
        for name, least in floor[bank].items()
        if any(figure < enough for figure, enough in zip(now[name], least, strict=True))
    }
    assert not fallen


@pytest.mark.parametrize("bank", BANKS)
def test_a_bank_names_themes_and_repeats_nothing(bank):
    known = {theme for group in knowledge().themes.values() for theme in group}
    for sentence in sentences(bank):
        assert set(sentence) <= KEYS
        assert set(sentence["themes"]) <= known
        assert set(sentence.get("discloses", ())) <= {key.value for key in DisclosureKey}
    texts = [sentence["text"] for sentence in sentences(bank)]
    assert len(texts) == len(set(texts))


def test_every_floor_has_its_bank():
    assert set(json.loads(FLOOR.read_text(encoding="utf-8"))) == set(BANKS)
