"""Tantivy under the contract, and what is its own: an index on disk that may be missing, foreign, damaged or shared."""

from __future__ import annotations

import pytest

pytest.importorskip("tantivy", reason="the extra `fast` is not installed")

from kb.search.tantivy import TantivyEngine
from tests.search.contract import SearchContract


class TestTantivy(SearchContract):
    @staticmethod
    def engine(folder):
        return TantivyEngine(folder)
