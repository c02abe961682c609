"""Measure how long a saved entry takes to be found: from the file on the disk to the first answer with it.

    python benchmarks/saving.py --claims claims
    python benchmarks/saving.py --generated 1000 10000

In one process, as a server's: the library is open and has answered. Each save changes the sentence of a claim; now and
then one adds a claim or takes one away. Medians and worst of all saves are printed, in milliseconds: writing the file
durably, reading it and bringing the index up to date, the first search for the new word, and the sum of the last two,
which is what an editor waits for beyond the disk; `processor` is the processor's share of that sum, which other work on
the machine does not lengthen. `restart` is opening library and index with all these edits, which were never written to
an index; `build` is building the index from nothing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from generate import generate

from kb import store
from kb.library import Library
from kb.search.base import FILTERS, Query

SAVES = 40
_WORDS = ("zanzibar", "quagmire", "xylophone", "vermilion", "juggernaut", "kaleidoscope", "obelisk", "wickerwork")


class Save(NamedTuple):
    """Seconds of one save."""

    what: str
    writing: float
    applying: float
    searching: float
    processor: float

    @property
    def waited(self) -> float:
        """From the file on the disk to the answer."""
        return self.applying + self.searching


def save(library: Library, number: int) -> Save:
    """Change, add or remove one claim and look for it."""
    word = f"{_WORDS[number % len(_WORDS)]}{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}"
    ids = sorted(library.kb.claims)
    claim = library.kb.claims[ids[number * 7919 % len(ids)]]
    path = library.files["claim", claim.id]
    what = {3: "add", 7: "remove"}.get(number % 10, "change")
    if what == "add":
        claim = claim.model_copy(update={"id": f"{claim.id}-{word}", "related": (), "aliases": ()})
        path = f"{path.removesuffix('.yaml')}-{word}.yaml"
    text = store.encode(claim.model_copy(update={"claim": f"{claim.claim[:150]} {word}"}))
    began = time.perf_counter()
    if what == "remove":
        (library.root / path).unlink()
    else:
        store.save_text(library.root / path, text)
    written, worked = time.perf_counter(), time.process_time()
    assert library.apply_saved([path])  # noqa: S101 - the figures would mean nothing
    applied = time.perf_counter()
    found = library.search(Query(word, facets=FILTERS))
    ended, worked = time.perf_counter(), time.process_time() - worked
    assert (claim.id in {hit.id for hit in found.hits}) == (what != "remove")  # noqa: S101
    return Save(what, written - began, applied - written, ended - applied, worked)


def measure(root: Path, saves: int) -> list[tuple[str, str]]:
    """Return what was measured for one knowledge base, as rows of a table."""
    library = Library.open(root, follow_edits=False)
    began = time.perf_counter()
    library.index(force=True)
    built = time.perf_counter() - began
    for text in ("", "pain", "theme:mood", "wrogn spelling"):
        library.search(Query(text, facets=FILTERS))
    library.complete("pa")
    done = [save(library, number) for number in range(saves)]
    began = time.perf_counter()
    again = Library.open(root)
    opened = time.perf_counter()
    again.search(Query("pain", facets=FILTERS))
    ended = time.perf_counter()
    parts = ("writing", "applying", "searching", "waited", "processor")
    rows = [(part, told([getattr(each, part) for each in done])) for part in parts]
    kinds = ("change", "add", "remove")
    rows += [(f"waited: {what}", told([each.waited for each in done if each.what == what])) for what in kinds]
    rows.append(("restart", f"{(opened - began) * 1000:.0f} to read, {(ended - opened) * 1000:.0f} to first answer"))
    rows.append(("build", f"{built * 1000:.0f}"))
    return rows


def told(seconds: list[float]) -> str:
    """Return median and worst in milliseconds."""
    if not seconds:
        return "none"
    return f"{statistics.median(seconds) * 1000:.1f} median, {max(seconds) * 1000:.1f} worst of {len(seconds)}"


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    made = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    made.add_argument("--claims", type=Path, action="append", default=[], metavar="FOLDER", help="a knowledge base")
    made.add_argument("--generated", type=int, nargs="*", default=[], metavar="N", help="make some of N claims first")
    made.add_argument("--saves", type=int, default=SAVES, metavar="N", help="how many saves (%(default)s)")
    return made


def main(arguments: list[str] | None = None) -> None:
    """Read the command line, measure on copies and print."""
    made = parser()
    options = made.parse_args(arguments)
    if not options.claims and not options.generated:
        made.error("give --claims FOLDER or --generated N")
    with tempfile.TemporaryDirectory() as home:
        os.environ["CAVEAT_HOME"] = home
        for folder in options.claims:
            _print(f"{folder}", Path(shutil.copytree(folder, Path(home, "copy", folder.name))), options.saves)
        for claims in options.generated:
            _print(f"{claims} generated", generate(Path(home, f"generated-{claims}"), claims), options.saves)


def _print(title: str, root: Path, saves: int) -> None:
    print(f"{title}: milliseconds")
    for part, told in measure(root, saves):
        print(f"  {part:<16}{told}", flush=True)


if __name__ == "__main__":
    main()
