"""Guided by what code runs, make up bytes that break a reader: by hand, with `pip install atheris` (docs/faults.md).

    python tests/hostile/fuzz.py copy -max_total_time=600
    python tests/hostile/fuzz.py entries tests/store/golden -max_total_time=600

What breaks is left beside as `crash-…`; the same command with that file repeats it. Folders hold what to begin with.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["kb"]):
    from kb.audit.extract import extract
    from kb.errors import CopyUnreadable, KbError
    from kb.library import Library
    from kb.library.auditing import AuditOptions, Audits, Copy
    from kb.search.base import Query
    from kb.store import codec, encode
    from kb.store.kinds import Kind

_NAMES = ("x.txt", "x.md", "x.html", "x.docx", "x.pdf")
_KINDS = tuple(Kind)
_LIBRARY = Library(ROOT / "claims", engine="memory", cache=False)
_AUDITS = Audits(_LIBRARY.kb, AuditOptions())


def copy(data: bytes) -> None:
    """Read copy; its first byte says of which format it is. Spans hold, and no word of a unit is made up."""
    if len(data) > 1:
        try:
            document = extract(data[1:], _NAMES[data[0] % len(_NAMES)])
        except CopyUnreadable:
            return
        assert len(document.plain) == len(document.text)
        for unit in document.units:
            assert 0 <= unit.start < unit.end <= len(document.text)


def audits(data: bytes) -> None:
    """Audit copy."""
    if len(data) > 1:
        _AUDITS.of(Copy(_NAMES[data[0] % 3], content=data[1:]))


def entries(data: bytes) -> None:
    """Read an entry file; its first byte says of which kind it is. What is sound is written and read again."""
    kind = _KINDS[data[0] % len(_KINDS)] if data else Kind.CLAIM
    entry, found = codec.decode_all(data[1:].decode("utf-8", "replace"), kind, "a.yaml")
    assert (entry is None) == bool(found)
    if entry is not None:
        assert codec.decode_all(encode(entry, kind), kind, "a.yaml") == (entry, ())


def queries(data: bytes) -> None:
    """Search."""
    try:
        _LIBRARY.search(Query(data.decode("utf-8", "replace")))
    except KbError:
        return


_TARGETS = {target.__name__: target for target in (copy, audits, entries, queries)}

if __name__ == "__main__":
    named = sys.argv.pop(1) if len(sys.argv) > 1 else ""
    if not re.fullmatch("|".join(_TARGETS), named):
        sys.exit(f"which of {', '.join(_TARGETS)}?")
    atheris.Setup(sys.argv, _TARGETS[named])
    atheris.Fuzz()
