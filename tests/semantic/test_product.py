"""Ranking by meaning in the product: from the command line and the library down to the model."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from kb.cli import main
from kb.library import Library
from kb.search.base import FILTERS, Query
from kb.semantic.backend import ADDED_NOTE
from tests.search.bases import EXACT
from tests.semantic import tiny


@pytest.fixture
def model(tmp_path):
    return tiny.write(tmp_path / "model")


@pytest.mark.parametrize("engine", EXACT)
def test_the_same_claims_are_found_and_counted_and_others_only_with_a_note(root, model, engine):
    plain, semantic = Library.open(root, engine=engine), Library.open(root, engine=engine, model=model)
    for text in ("", "relief", "sleep -mood", '"mood"', "it is not harm to the bladder, we say.", "zzz"):
        query = Query(text, facets=FILTERS, per_page=100)
        one, other = plain.search(query), semantic.search(query)
        found, now = {hit.id for hit in one.hits}, {hit.id for hit in other.hits}
        assert found <= now
        assert (found == now) == (ADDED_NOTE not in other.reading.notes)
        assert other.total == len(other.hits)
        if found == now:
            assert other.facets == one.facets


def test_a_second_start_reads_the_vectors_and_an_edit_makes_new_ones(root, model, home):
    library = Library.open(root, model=model)
    assert library.index_info().info is None
    library.index()
    assert not Library.open(root, model=model).index_info().behind
    assert len(list(home.rglob("vectors-*.npy"))) == 1


def test_the_command_line_takes_a_folder_or_the_environment(root, model, tmp_path):
    run = CliRunner().invoke
    asked = ["--claims", str(root), "search", "sleep"]
    by_option = run(main, [*asked, "--semantic", str(model)])
    by_environment = run(main, asked, env={"CAVEAT_MODEL": str(model)})
    assert (by_option.exit_code, by_environment.exit_code) == (0, 0)
    assert by_option.stdout == by_environment.stdout
    missing = run(main, [*asked, "--semantic", str(tmp_path / "none")])
    assert missing.exit_code == 2
    assert missing.stderr.startswith("kb: there is no config.json and no model.safetensors and no tokenizer.json in ")
