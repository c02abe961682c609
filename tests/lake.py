"""A small knowledge base on disk about an article of our own, for tests of the library and the command line."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from kb.sources import digest_of
from tests.factories import caveat, claim, knowledge_base, source
from tests.on_disk import write

if TYPE_CHECKING:
    from pathlib import Path

REVIEW = {"author": "A. Editor", "due": "2999-01-01"}
TEXT = "Cold water wakes you up.\r\nIt may also make you sneeze.\r\n"


def lake():
    text = {"sha256": hashlib.sha256(TEXT.encode()).hexdigest(), "chars": len(TEXT)}
    return source("lake-page", title="A day at the lake", text=text)


def occurrence(start: int, end: int) -> dict:
    place = {"selector": {"start": start, "end": end}, "digest": digest_of(TEXT, start, end)}
    return {"source": "lake-page", "section": "Opening", "strength": "plain"} | place


def write_lake(folder: Path) -> Path:
    """Write two claims, a caveat and the source that they come from; return the folder."""
    kb = knowledge_base(
        claims=[
            claim(
                "wakes-up",
                review=REVIEW,
                claim="Cold water wakes people up.",
                occurrences=[occurrence(0, 24)],
                recognise=[{"all": ["cold-water", "waking"]}],
                examples={"match": ["A dip in cold water wakes you."], "no_match": ["Cold water is wet."]},
                related=[{"claim": "lifts-mood", "type": "similar", "note": "Both are said of mornings."}],
                aliases=["wakes"],
            ),
            claim(
                "lifts-mood",
                review=REVIEW,
                claim="Testamine lifts the mood within hours.",
                recognise=[{"all": ["testamine", "better-mood"]}],
                examples={"match": ["Testamine lifts your mood."]},
                related=[{"claim": "wakes-up", "type": "similar", "note": "Both are said of mornings."}],
            ),
        ],
        caveats=[
            caveat(
                review=REVIEW,
                occurrences=[occurrence(26, 54)],
                recognise=[{"all": ["fading"]}],
                examples={"match": ["The effect fades."]},
            )
        ],
        sources=[lake()],
        concepts={
            "better-mood": {"terms": ["lift * mood"]},
            "cold-water": {"terms": ["cold water"]},
            "fading": {"terms": ["fade"]},
            "testamine": {"terms": ["testamine"]},
            "waking": {"terms": ["wake"]},
        },
    )
    return write(kb, folder)


def edit(root: Path, relpath: str, old: str, new: str) -> None:
    """Change a file the way an editor program does, with a time of change that is surely another."""
    path = root / relpath
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    later = path.stat().st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(later, later))
