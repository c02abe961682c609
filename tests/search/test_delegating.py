"""An engine that finds by itself finds, counts and marks what the reference engine does."""

from __future__ import annotations

from tests.search.contract import SearchContract
from tests.search.finders import PlainEngine


class TestDelegating(SearchContract):
    @staticmethod
    def engine(folder):
        return PlainEngine(folder)
