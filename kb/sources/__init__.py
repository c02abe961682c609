"""Articles without their words: private copies, selectors proved by digest, coverage of prose, outlines.

Everything here is pure but for `copies`, which is told its folder. Offsets are code points of the file decoded as
UTF-8 with its newlines untouched, from 0, end excluded; lines count from 1.
"""

from kb.sources.copies import attach, read_copy, source_of, with_copies
from kb.sources.coverage import Coverage, Gap, measure
from kb.sources.outline import Outline, Place, Section, outline
from kb.sources.passages import Mark, MarkKind, Orphan, digest_of, find, marks, orphans

__all__ = [
    "Coverage",
    "Gap",
    "Mark",
    "MarkKind",
    "Orphan",
    "Outline",
    "Place",
    "Section",
    "attach",
    "digest_of",
    "find",
    "marks",
    "measure",
    "orphans",
    "outline",
    "read_copy",
    "source_of",
    "with_copies",
]
