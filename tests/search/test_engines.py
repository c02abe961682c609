from __future__ import annotations

import subprocess
import sys

import pytest

from kb.errors import IndexUnavailable
from kb.search.engines import engine, open_or_build
from tests.search.bases import EXACT, base


def test_an_unknown_engine_is_refused(tmp_path):
    known = "memory, whoosh, tantivy, postgres"
    with pytest.raises(ValueError, match=rf"^unknown search engine 'grep'; it must be one of: {known}$"):
        engine("grep", tmp_path)


@pytest.mark.parametrize("name", EXACT)
def test_every_engine_answers_to_its_name(tmp_path, name):
    assert open_or_build(engine(name, tmp_path), base()).backend.info.engine == name


def test_whoosh_is_loaded_only_by_those_who_use_it():
    code = "import sys, kb.search.engines as e; e.engine('memory', None); print('whoosh' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def test_an_index_that_cannot_be_built_is_no_index(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(IndexUnavailable):
        open_or_build(engine("whoosh", tmp_path / "taken"), base())
