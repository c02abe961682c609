"""The stems of a vocabulary are kept from run to run, and never trusted where they are not ours."""

from __future__ import annotations

import pytest

from kb.store import places, stems
from kb.text.tokens import learning, stem


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("CAVEAT_HOME", str(tmp_path))
    stem.cache_clear()
    yield
    stem.cache_clear()
    with learning({}):
        pass


def _file():
    return places.cache_dir() / "stems.json"


def test_what_was_learnt_is_known_the_next_time():
    with stems.remembered():
        assert stem("infusions") == "infus"
    stem.cache_clear()
    assert '"infusions":"infus"' in _file().read_text("utf-8")
    before = _file().stat().st_mtime_ns
    with stems.remembered():
        assert stem("infusions") == "infus"
    assert _file().stat().st_mtime_ns == before


def test_words_met_afterwards_are_not_kept():
    with stems.remembered():
        stem("infusions")
    stem("secretly")
    with stems.remembered():
        stem("doses")
    assert "secretly" not in _file().read_text("utf-8")


@pytest.mark.parametrize("damage", [lambda text: text.replace("infus", "wrong"), lambda text: text[:-3], lambda _: ""])
def test_a_damaged_file_counts_as_empty(damage):
    with stems.remembered():
        stem("infusions")
    _file().write_text(damage(_file().read_text("utf-8")), "utf-8")
    stem.cache_clear()
    with stems.remembered():
        assert stem("infusions") == "infus"


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be", "utf-8")
    with stems.remembered():
        assert stem("infusions") == "infus"
