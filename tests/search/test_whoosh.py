from __future__ import annotations

from kb.search.whoosh import WhooshEngine
from tests.search.contract import SearchContract


class TestWhoosh(SearchContract):
    @staticmethod
    def engine(folder):
        return WhooshEngine(folder)
