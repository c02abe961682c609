"""Which engine searches: the one that is asked for, else that of `kb.yaml`, else the default."""

from __future__ import annotations

import sys

import pytest

from kb.errors import KbError
from kb.library import Library
from kb.model import About
from kb.search.base import Query
from kb.search.engines import DEFAULT, ENGINES


def _name_engine(root, name):
    with (root / "kb.yaml").open("a", encoding="utf-8") as about:
        about.write(f"engine: {name}\n")


def test_the_model_names_every_engine():
    assert About.model_fields["engine"].annotation.__args__ == ENGINES
    assert About.model_fields["engine"].default == DEFAULT


def test_what_is_asked_for_goes_before_the_file_and_that_before_the_default(root):
    assert Library.open(root).index().engine == "whoosh"
    _name_engine(root, "memory")
    assert Library.open(root).index().engine == "memory"
    assert Library.open(root, engine="whoosh").index().engine == "whoosh"


def test_only_those_who_search_need_the_package(root, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("kb.search.tantivy")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tantivy", None)
    _name_engine(root, "tantivy")
    library = Library.open(root)
    assert library.lint().findings == ()
    message = r"^the engine tantivy needs a package \(tantivy\); install it with: pip install 'caveat-kb\[fast\]'$"
    with pytest.raises(KbError, match=message):
        library.search(Query("cold"))
    with pytest.raises(KbError, match=message):
        Library.open(root, engine="tantivy")


def test_an_engine_that_there_is_none_of_is_found_by_lint(root):
    _name_engine(root, "grep")
    assert [finding.rule for finding in Library.open(root).findings] == ["schema"]
