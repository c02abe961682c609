from __future__ import annotations

from kb.search.memory import MemoryEngine
from tests.search.contract import SearchContract


class TestMemory(SearchContract):
    @staticmethod
    def engine(folder):
        return MemoryEngine(folder)
