"""The fast engine on disk: tantivy, of the extra `fast`; nothing outside this package knows it.

Tantivy keeps terms and finds; what the terms are is decided by `kb.search.analysis`, so it finds what other engines do.
"""

from __future__ import annotations

from kb.search.tantivy.engine import TantivyEngine

__all__ = ["TantivyEngine"]
