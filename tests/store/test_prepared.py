"""What was made ready is kept from run to run, and never trusted where it is not ours."""

from __future__ import annotations

import pytest

from kb.model import Concept
from kb.store import places, prepared
from kb.text.concepts import ConceptFinder
from kb.text.tokens import tokens

DIGEST = "sha256:one"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("CAVEAT_HOME", str(tmp_path))


def _files():
    return sorted((places.cache_dir() / "prepared").glob("*"))


def _rows(value="[1]", digest=DIGEST):
    """Return a table as it was kept, else with this value."""
    with prepared.prepared(digest) as keep:
        return dict(keep("table", lambda: {"a key, \u2028 with marks": value}))


def test_what_was_made_is_there_the_next_time():
    assert _rows("[1]") == _rows("[2]")


def test_another_state_of_the_knowledge_base_has_tables_of_its_own():
    assert _rows("[1]") != _rows("[2]", "sha256:two")
    assert len(_files()) == 2


def test_states_of_long_ago_are_removed():
    for number in range(9):
        _rows(digest=f"sha256:{number}")
    assert len(_files()) == 4


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content.replace(b"[1]", b"[7]"),
        lambda content: content[:-1],
        lambda content: content.replace(b"caveat-prepared ", b"caveat-prepared 9"),
        lambda content: content.replace(DIGEST.encode(), b"sha256:two"),
        lambda _: b"\xff\n\xff",
        lambda _: b"",
    ],
)
def test_a_damaged_or_foreign_file_is_made_anew(damage):
    _rows("[1]")
    _files()[0].write_bytes(damage(_files()[0].read_bytes()))
    assert set(_rows("[2]").values()) == {"[2]"}
    assert set(_rows("[3]").values()) == {"[2]"}


def test_a_key_that_a_line_cannot_hold_is_not_kept():
    with prepared.prepared(DIGEST) as keep:
        keep("table", lambda: {"a\tb": "[1]"})
    assert not _files()


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be", "utf-8")
    assert _rows("[1]") != _rows("[2]")


def test_what_was_kept_of_a_vocabulary_finds_the_same():
    concepts = {
        "pressure": Concept(terms=("raises * blood pressure", "hypertension")),
        "agency": Concept(exact=("WHO",)),
    }
    text = "It raised my blood pressure, says the WHO, not who."
    made = ConceptFinder(concepts).find(tokens(text))
    for _ in range(2):
        with prepared.prepared(DIGEST) as keep:
            kept = ConceptFinder(concepts, keep)
        assert kept.find(tokens(text)) == made
        assert len(made) == 2
