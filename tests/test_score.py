"""How well the audit agrees with labelled copy: figures that only rise (`kb score corpus/labelled --raise-floor`)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb.audit.scoring import score
from kb.formats.audit.json import content
from kb.library import Library
from kb.library.auditing import Copy, audit

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "corpus" / "labelled"
FLOOR = json.loads((ROOT / "corpus" / "floor.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def figures():
    copies = [Copy(path.name, path) for path in sorted(FOLDER.glob("*.txt"))]
    return score(FOLDER, content(audit(Library.open(ROOT / "claims").kb, copies))).figures()


@pytest.mark.parametrize("name", FLOOR)
def test_no_figure_falls(figures, name):
    assert round(figures[name], 3) >= FLOOR[name]


def test_every_figure_has_a_floor(figures):
    assert set(FLOOR) == set(figures)
