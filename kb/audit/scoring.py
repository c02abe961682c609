"""How well audits agree with labelled copy: precision, recall and F1 over what each figure counts.

A labelled folder holds NNN.txt, labels.jsonl (a unit a line) and docs.jsonl (a document a line); its README says what
the labels mean. The report is the content of schema `kb-audit/1`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kb.errors import KbError
from kb.model import DisclosureKey

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

OURS = frozenset({"ketamine", "esketamine"})
"""Subjects that the knowledge base is about."""

TALLIES = ("themes", "overstated", "contradicted", "unlisted", "negated", "hedged", "disclosed")
_KEYS = {key.value for key in DisclosureKey}

_CALLED_UNTRUE = ("called untrue", "introduced as")
"""How the notes of a mention begin that the copy puts down as a myth."""

_Pair = tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """What was found rightly, in excess, and not at all; each item names its place."""

    right: list[_Pair] = field(default_factory=list)
    extra: list[_Pair] = field(default_factory=list)
    missed: list[_Pair] = field(default_factory=list)

    def add(self, predicted: AbstractSet[str], gold: AbstractSet[str], *where: str) -> None:
        """Compare two sets at one place."""
        self.right += [(*where, item) for item in sorted(predicted & gold)]
        self.extra += [(*where, item) for item in sorted(predicted - gold)]
        self.missed += [(*where, item) for item in sorted(gold - predicted)]

    @property
    def precision(self) -> float | None:
        """Share of what was found that is right; `None` where nothing was found."""
        return _share(len(self.right), len(self.right) + len(self.extra))

    @property
    def recall(self) -> float | None:
        """Share of what there is that was found; `None` where there is nothing."""
        return _share(len(self.right), len(self.right) + len(self.missed))

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; `None` where there is nothing to count."""
        return _share(2 * len(self.right), 2 * len(self.right) + len(self.extra) + len(self.missed))


@dataclass(slots=True)
class Score:
    """All figures of one report against one labelled folder."""

    tallies: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in TALLIES})
    balance: list[int] = field(default_factory=lambda: [0, 0])
    """Documents whose rating is the labelled one, of how many."""
    quiet: list[int] = field(default_factory=lambda: [0, 0])
    """Units about something else, in documents about something else, that nothing certain or grave is said of."""

    def figures(self) -> dict[str, float | None]:
        """Return figure → value between 0 and 1: F1 of the tallies, shares of the other two."""
        tallies = {name: tally.f1 for name, tally in self.tallies.items()}
        return tallies | {"balance": _share(*self.balance), "quiet": _share(*self.quiet)}


def score(folder: Path, report: Mapping[str, Any], *, only: AbstractSet[str] | None = None) -> Score:
    """Compare a report with a labelled folder, or with those of its documents that `only` names.

    Raise `KbError` for a document that is not in the report.
    """
    documents = {document["path"].rpartition("/")[2]: document for document in report["documents"]}
    labels = {
        document["doc"]: document
        for document in _lines(folder / "docs.jsonl")
        if only is None or document["doc"] in only
    }
    absent = sorted(name for name in labels if f"{name}.txt" not in documents)
    if absent:
        message = f"not in the report: {', '.join(absent)}"
        raise KbError(message)
    result = Score()
    units = defaultdict(list)
    for unit in _lines(folder / "labels.jsonl"):
        units[unit["doc"]].append(unit)
    for name, gold in labels.items():
        document = documents[f"{name}.txt"]
        for unit in units[name]:
            _unit(result, unit, document, frozenset(report["kb"]["themes"]), elsewhere=gold["kind"] == "hard-negative")
        if gold["kind"] != "hard-negative":
            _document(result, name, gold, document)
    return result


def _unit(
    result: Score, unit: Mapping[str, Any], document: Mapping[str, Any], known: AbstractSet[str], *, elsewhere: bool
) -> None:
    where = (unit["doc"], str(unit["sent_no"]))
    mentions = [one for one in document["mentions"] if one["match"] == "certain" and _overlaps(one, unit)]
    findings = [one for one in document["findings"] if one["start"] is not None and _overlaps(one, unit)]
    rules = {finding["rule"] for finding in findings}
    ours = unit["subject"] in OURS
    gold = set(unit["claims"]) if ours else set()
    predicted = {theme for mention in mentions for theme in mention["themes"]}
    result.tallies["themes"].add(predicted & known, gold & known, *where)
    if unit["unit"] != "heading":
        for rule in ("overstated", "contradicted"):
            result.tallies[rule].add({rule} & rules, {rule} if unit[rule] else set(), *where)
        if not (unit["claim_like"] and unit["kb"] == "partial"):
            new = unit["claim_like"] and unit["kb"] == "no"
            found = {"unlisted"} if "unlisted-claim" in rules else set()
            result.tallies["unlisted"].add(found, {"unlisted"} if new else set(), *where)
    right = [mention for mention in mentions if gold.intersection(mention["themes"])]
    if right:
        for name, key in (("negated", "polarity"), ("hedged", "strength")):
            found = {name} if any(mention[key] == name or _untrue(mention, name) for mention in right) else set()
            result.tallies[name].add(found, {name} if unit[name] else set(), *where)
    if elsewhere and not ours:
        loud = mentions or any(finding["level"] in {"error", "warning"} for finding in findings)
        result.quiet[0] += not loud
        result.quiet[1] += 1


def _untrue(mention: Mapping[str, Any], name: str) -> bool:
    """Tell what copy calls untrue ("Myth: …"), which labels call negated."""
    return name == "negated" and any(
        note.startswith(_CALLED_UNTRUE) for note in mention.get("why", {}).get("notes", ())
    )


def _document(result: Score, name: str, gold: Mapping[str, Any], document: Mapping[str, Any]) -> None:
    balance = document["balance"]
    disclosed = _KEYS - set(gold["required_disclosures_missing"])
    result.tallies["disclosed"].add(set(balance["disclosed"]) & _KEYS, disclosed, name)
    result.balance[0] += balance["rating"] == gold["fair_balance"]
    result.balance[1] += 1


def _overlaps(span: Mapping[str, Any], unit: Mapping[str, Any]) -> bool:
    return bool(span["start"] < unit["end"] and unit["start"] < span["end"])


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    try:
                        yield json.loads(line)
                    except ValueError as error:
                        message = f"{file}:{number}: {error}"
                        raise KbError(message) from error
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}; a labelled folder has NNN.txt, labels.jsonl and docs.jsonl"
        raise KbError(message) from error
