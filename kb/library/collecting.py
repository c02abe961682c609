"""How seldom garbage is looked for while copy is audited."""

from __future__ import annotations

import gc

_THRESHOLDS = (2_000_000, 20, 50)


def collect_seldom() -> None:
    """Let the collector pass over all that is there now, and look for garbage seldom.

    The entries stay until the end, and so do mentions and findings: an audit makes little garbage. Without this the
    collector goes through all of them again and again, which takes two fifths of the time for a document of 100,000
    words.
    """
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
