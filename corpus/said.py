# ruff: noqa: INP001  (a script, not a package)
"""Say how many sentences of others are recognised as making the claim that they were written for.

    python corpus/said.py FILE... [--half even|odd]

A file maps ids of claims to `says` (sentences that make the claim) and `near` (sentences that share its words and do
not). Each is read on a page about the treatment. One half of the claims, in the order of the files, may be learned
from; of the other look at totals alone: it says whether what was mended holds for more than what was in sight.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import yaml

from kb.audit import Auditor, Match
from kb.audit.extract import extract
from kb.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kb.audit.base import Mention

CLAIMS = Path(__file__).parents[1] / "claims"
BEFORE = "# Ketamine treatment\n\nOur clinic offers ketamine infusions for depression.\n\n"
AFTER = "\n\nKetamine is given through a drip in the arm.\n"


@dataclass(slots=True)
class Share:
    """How many of some sentences have the claim itself, and how many that or a theme of it."""

    sentences: int = 0
    claim: int = 0
    theme: int = 0

    def add(self, claim: str, themes: frozenset[str], found: Sequence[Mention]) -> None:
        """Count one sentence with what was found in it."""
        itself = any(one.claim == claim for one in found)
        self.sentences += 1
        self.claim += itself
        self.theme += itself or any(not themes.isdisjoint(one.themes) for one in found)

    def __str__(self) -> str:
        whole = self.sentences or 1
        return f"{self.sentences:5} sentences: claim {self.claim / whole:.3f}, a theme of it {self.theme / whole:.3f}"


def mentions(auditor: Auditor, sentence: str) -> list[Mention]:
    """Return what is recognised with certainty in a sentence on a page about the treatment."""
    report = auditor.audit(extract(f"{BEFORE}{sentence}{AFTER}".encode(), "page.md"))
    plain = report.document.plain
    first, last = plain.index("for depression.") + len("for depression."), plain.rindex("Ketamine is given through")
    return [one for one in report.mentions if one.match is Match.CERTAIN and first <= one.start < last]


def chosen(said: Mapping[str, Mapping[str, Sequence[str]]], half: str) -> Iterator[str]:
    """Yield the ids of a half: those at even or odd places, or of both."""
    for place, claim in enumerate(said):
        if half == "both" or (place % 2 == 0) == (half == "even"):
            yield claim


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--half", type=click.Choice(["both", "even", "odd"]), default="both")
@click.option("--rules-alone", is_flag=True, help="Without what was learned.")
def main(files: Sequence[Path], half: str, *, rules_alone: bool) -> None:
    """Print the shares of `says` that are recognised and of `near` that are taken for the claim."""
    kb = Library.open(CLAIMS, engine="memory").kb
    auditor = Auditor(kb, profile=kb.about.profile, rules=(), learned=not rules_alone)
    said = {claim: row for file in files for claim, row in yaml.safe_load(file.read_text(encoding="utf-8")).items()}
    says, near = Share(), Share()
    for claim in chosen(said, half):
        themes = frozenset(kb.claims[claim].themes)
        for sentence in said[claim]["says"]:
            says.add(claim, themes, mentions(auditor, sentence))
        for sentence in said[claim]["near"]:
            near.add(claim, themes, [one for one in mentions(auditor, sentence) if one.made])
    click.echo(f"says  {says}\nnear  {near}")


if __name__ == "__main__":
    main()
