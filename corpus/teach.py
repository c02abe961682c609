# ruff: noqa: INP001  (a script, not a package)
"""Learn the weights in `kb/audit/learned/weights.json` from the labelled copy, or measure how well they do unseen.

    python corpus/teach.py                write the weights
    python corpus/teach.py --left-out 5   leave a fifth of the documents out, five times, and print F1 on those

Needs scikit-learn (`uv pip install --group teach`). `corpus/kept` and `corpus/withheld` are never learned from.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
import yaml
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

from kb import store
from kb.audit.context import Reader
from kb.audit.extract import extract
from kb.audit.learned import features
from kb.audit.learned.model import FORMAT
from kb.audit.scoring import Tally
from kb.text import Recogniser

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[1]
WEIGHTS = ROOT / "kb" / "audit" / "learned" / "weights.json"
OURS = {"ketamine", "esketamine"}
KB = store.load(ROOT / "claims").kb
KEYS = {theme: topic.key.value for theme, topic in KB.topics.items() if topic.key}
"""Theme → the disclosure key that a warning on it serves."""
NEW = "unlisted"
"""Label of what can be checked and stands in no claim; looked for in units about the treatment."""
PAGE = "page"
"""Label of every unit of a page about the treatment, whatever the unit itself is about."""
ABOUT = frozenset({"theme", "warns", "overstated", "contradicted", "ours"})
_STATED = frozenset({"overstated", "contradicted"})
"""Labels of what a unit states; none was looked for in headings."""
FEWEST_UNITS = 2
"""A feature that fewer units have is left out."""
FEWEST_EXAMPLES = 5
"""A label that fewer units have is not learned."""
STRENGTH = 10.0
"""Inverse of how strongly large weights are held down (`C` of scikit-learn)."""
OF_PAGES = 3.0
"""The same for `PAGE`, of which fewer pages tell than units of the others."""
RARE = 5.0
"""How many times as much a unit with a label counts as one without, but for `NEW` and `PAGE`, which are not."""
MOST_WEIGHTS = 400
"""How many weights a label keeps, the largest: more changes no figure by 0.01."""
ENOUGH = {"theme": 0.355, "warns": 0.7, "overstated": 0.6, "contradicted": 0.8, "ours": 0.6, NEW: 0.85, PAGE: 0.999}
"""From which likelihood a label counts, by kind; chosen with `--left-out`."""
DOUBTED = {"theme": 0.1, NEW: 0.55}
"""Below which likelihood a label is doubted where a rule finds it, by kind; chosen the same way."""


@dataclass(frozen=True)
class Unit:
    """A piece of copy with its features and labels; `about` has the kinds of labels that somebody looked for."""

    group: str
    features: frozenset[str]
    labels: frozenset[str]
    about: frozenset[str]


class Reading:
    """Reads copy as the audit does."""

    def __init__(self) -> None:
        self._reader = Reader(Recogniser(KB, topics=True))

    def of(self, text: str, name: str = "copy.txt") -> list[tuple[int, int, frozenset[str]]]:
        """Return start, end and features of each unit."""
        document = extract(text.encode(), name)
        return [(one.unit.start, one.unit.end, frozenset(features(one))) for one in self._reader.read(document)]

    def all_of(self, text: str) -> frozenset[str]:
        """Return the features of a text as of one unit."""
        return frozenset(name for _, _, found in self.of(text) for name in found)


def labels_of(unit: dict[str, Any]) -> frozenset[str]:
    """Return the labels of a unit as they stand in labels.jsonl or in a file of `taught`."""
    ours = unit["subject"] in OURS
    found = {f"theme:{theme}" for theme in unit["claims"]} | {
        f"warns:{KEYS[theme]}" for theme in unit["caveat_keys"] if theme in KEYS
    }
    found |= {flag for flag in _STATED if _has(unit, flag)}
    found |= {NEW} if _has(unit, "claim_like") and unit["kb"] == "no" else set()
    return frozenset(found | {"ours"} if ours else found & _STATED)


def looked_for(unit: dict[str, Any]) -> frozenset[str]:
    """Return the kinds of labels that were looked for in a unit; of what stands there in part, "new" says nothing."""
    new = unit["subject"] in OURS and not (_has(unit, "claim_like") and unit["kb"] == "partial")
    return (ABOUT - (_STATED if unit["unit"] == "heading" else set())) | ({NEW} if new else set())


def _has(unit: dict[str, Any], flag: str) -> bool:
    return bool(unit.get(flag)) or flag in unit.get("flags", ())


def lines(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file of JSON lines."""
    with file.open(encoding="utf-8") as opened:
        yield from (json.loads(line) for line in opened if line.strip())


def read_folder(reading: Reading, folder: Path) -> Iterator[Unit]:
    """Yield the units of a labelled folder, read in their documents."""
    texts = {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.txt"))}
    found = {name: reading.of(text) for name, text in texts.items()}
    ours = {one["doc"] for one in lines(folder / "docs.jsonl") if one["kind"] != "hard-negative"}
    for unit in lines(folder / "labels.jsonl"):
        own = [one for start, end, one in found[unit["doc"]] if start < unit["end"] and unit["start"] < end]
        page = {PAGE} if unit["doc"] in ours else set()
        found_of = frozenset().union(*own)
        yield Unit(f"{folder.name}/{unit['doc']}", found_of, labels_of(unit) | page, looked_for(unit) | {PAGE})


def read_taught(reading: Reading) -> Iterator[Unit]:
    """Yield the units that were written to learn from; those of a page stay together, else each dozen."""
    for file in sorted((ROOT / "corpus" / "taught").glob("*.jsonl")):
        for number, unit in enumerate(lines(file)):
            group = f"{file.stem[:1]}/{unit.get('page', f'{file.stem}/{number // 12}')}"
            yield Unit(group, reading.all_of(unit["text"]), labels_of(unit) | {PAGE}, looked_for(unit) | {PAGE})


def read_sentences(reading: Reading) -> Iterator[Unit]:
    """Yield the sentences that themes are tested with: the bank and the examples of the topics."""
    themes = frozenset({"theme"})
    for file in sorted((ROOT / "tests" / "audit" / "bank").glob("*.yaml")):
        for number, one in enumerate(yaml.safe_load(file.read_text(encoding="utf-8"))):
            if "themes" in one:
                labels = frozenset(f"theme:{theme}" for theme in one["themes"])
                yield Unit(f"{file.stem}/{number}", reading.all_of(one["text"]), labels, themes)
    for theme, topic in KB.topics.items():
        for text in topic.examples.match:
            yield Unit(f"topic/{theme}", reading.all_of(text), frozenset({f"theme:{theme}"}), frozenset({"theme"}))


def read_tests(reading: Reading) -> Iterator[Unit]:
    """Yield the sentences that warnings, overstatement and contradictions are tested with."""
    warns, goes_far = frozenset({"warns"}), frozenset({"overstated"})
    disclosures = yaml.safe_load((ROOT / "tests" / "audit" / "disclosures.yaml").read_text(encoding="utf-8"))
    for part in ("discloses", "known_misses"):
        for key, sentences in disclosures[part].items():
            for number, text in enumerate(sentences):
                yield Unit(f"{part}/{key}/{number}", reading.all_of(text), frozenset({f"warns:{key}"}), warns)
    for number, text in enumerate(disclosures["discloses_nothing"]):
        yield Unit(f"nothing/{number}", reading.all_of(text), frozenset(), warns)
    for name in ("first", "second"):
        bank = yaml.safe_load((ROOT / "tests" / "audit" / "wording_bank" / f"{name}.yaml").read_text(encoding="utf-8"))
        for part, labels in (("overstated", goes_far), ("not-overstated", frozenset[str]())):
            for number, text in enumerate(bank[part]):
                yield Unit(f"{name}/{part}/{number}", reading.all_of(text), labels, goes_far)


def read_contradictions(reading: Reading) -> Iterator[Unit]:
    """Yield the contradictions and honest twins of the banks; what else they overstate nobody has looked for."""
    about = frozenset({"contradicted"})
    for file in sorted((ROOT / "tests" / "audit" / "contradiction_bank").glob("*.yaml")):
        bank = yaml.safe_load(file.read_text(encoding="utf-8"))
        for part, labels in (("contradicted", about), ("honest", frozenset[str]())):
            for family, sentences in bank[part].items():
                for number, text in enumerate(sentences):
                    yield Unit(f"{file.stem}/{family}/{number // 12}", reading.all_of(text), labels, about)


def read_clean(reading: Reading) -> Iterator[Unit]:
    """Yield the units of pages about something else."""
    for file in sorted((ROOT / "corpus" / "clean").iterdir()):
        if file.suffix != ".yaml" and file.name not in {"README.md", "ketamine-clinic.md"}:
            for _, _, found in reading.of(file.read_text(encoding="utf-8"), file.name):
                yield Unit(f"clean/{file.stem}", found, frozenset(), ABOUT | {PAGE})


def read_elsewhere(reading: Reading) -> Iterator[Unit]:
    """Yield the units of the pages about something else; of those that speak of the treatment no more than that."""
    folder = ROOT / "corpus" / "elsewhere"
    for page in yaml.safe_load((folder / "index.yaml").read_text(encoding="utf-8")):
        text = (folder / page["page"]).read_text(encoding="utf-8")
        plain = extract(text.encode(), page["page"]).plain
        ours = [(at, at + len(one)) for one in page.get("may_report", ()) for at in _places(plain, one)]
        for start, end, found in reading.of(text, page["page"]):
            about = any(first < end and start < last for first, last in ours)
            labels = frozenset({"ours"} if about else ())
            yield Unit(f"elsewhere/{page['page']}", found, labels, frozenset({"ours", PAGE}))


def _places(plain: str, words: str) -> Iterator[int]:
    at = plain.find(words)
    while at >= 0:
        yield at
        at = plain.find(words, at + 1)


def everything() -> list[Unit]:
    """Return all units that are learned from."""
    reading = Reading()
    corpus = ROOT / "corpus"
    return [
        *read_sentences(reading),
        *read_tests(reading),
        *read_contradictions(reading),
        *read_taught(reading),
        *read_clean(reading),
        *read_elsewhere(reading),
        *read_folder(reading, corpus / "labelled"),
        *read_folder(reading, corpus / "fresh"),
        *read_folder(reading, corpus / "unread"),
        *read_folder(reading, corpus / "blind"),
        *read_folder(reading, corpus / "sealed"),
    ]


@dataclass(frozen=True)
class Trained:
    """A regression for each label, and how features become numbers."""

    column: dict[str, int]
    idf: Any
    """Of each feature: the natural logarithm of (1 + units) / (1 + units that have it), plus 1."""
    models: dict[str, Any]

    def matrix(self, units: Sequence[Unit]) -> Any:
        """Return one row of length 1 for each unit."""
        rows, columns = [], []
        for number, unit in enumerate(units):
            own = [self.column[name] for name in sorted(unit.features) if name in self.column]
            rows += [number] * len(own)
            columns += own
        return normalize(csr_matrix((self.idf[columns], (rows, columns)), shape=(len(units), len(self.column))))


def train(units: Sequence[Unit]) -> Trained:
    """Fit a regression for every label that has examples enough, and keep its largest weights."""
    seen = Counter(name for unit in units for name in unit.features)
    names = sorted(name for name, count in seen.items() if count >= FEWEST_UNITS)
    idf = np.array([math.log((1 + len(units)) / (1 + seen[name])) + 1 for name in names])
    trained = Trained({name: number for number, name in enumerate(names)}, idf, {})
    matrix = trained.matrix(units)
    counts = Counter(label for unit in units for label in unit.labels)
    for label in sorted(label for label, count in counts.items() if count >= FEWEST_EXAMPLES):
        kind = label.partition(":")[0]
        chosen = np.array([at for at, unit in enumerate(units) if kind in unit.about])
        truth = np.array([label in units[at].labels for at in chosen])
        rare = {False: 1, True: 1 if kind in {NEW, PAGE} else RARE}
        strength = OF_PAGES if kind == PAGE else STRENGTH
        model = LogisticRegression(C=strength, class_weight=rare, solver="liblinear", random_state=0)
        model.fit(matrix[chosen], truth)
        weights = model.coef_[0]
        weights[np.argsort(-abs(weights), kind="stable")[MOST_WEIGHTS:]] = 0
        trained.models[label] = model
    return trained


def weights_of(trained: Trained) -> dict[str, Any]:
    """Return what the file holds: for each label its bias, for each feature its square and its weights by label."""
    labels, rows = {}, {name: [] for name in trained.column}
    names = list(trained.column)
    for number, (label, model) in enumerate(trained.models.items()):
        kind = label.partition(":")[0]
        bias = round(float(model.intercept_[0]), 3)
        labels[label] = {"bias": bias, "enough": ENOUGH[kind], "doubted": DOUBTED.get(kind, 0.0)}
        for at in np.flatnonzero(model.coef_[0]):
            rows[names[at]].append([number, round(float(model.coef_[0][at] * trained.idf[at]), 2)])
    squares = {name: round(float(trained.idf[at] ** 2), 2) for name, at in trained.column.items()}
    return {
        "format": FORMAT,
        "labels": labels,
        "features": {name: [squares[name], found] for name, found in rows.items()},
    }


def left_out(units: Sequence[Unit], parts: int) -> Iterator[tuple[str, Tally]]:
    """Yield kind of label → what is found in documents that were not learned from, each left out once."""
    groups = sorted({unit.group for unit in units})
    part = {group: number % parts for number, group in enumerate(groups)}
    tallies = {kind: Tally() for kind in sorted(ABOUT | {NEW, PAGE})}
    for number in range(parts):
        trained = train([unit for unit in units if part[unit.group] != number])
        tested = [unit for unit in units if part[unit.group] == number]
        likely = {label: model.predict_proba(trained.matrix(tested))[:, 1] for label, model in trained.models.items()}
        for at, unit in enumerate(tested):
            for kind in unit.about:
                own = {
                    label for label in likely if label.partition(":")[0] == kind and likely[label][at] >= ENOUGH[kind]
                }
                tallies[kind].add(own, {label for label in unit.labels if label.partition(":")[0] == kind})
    yield from tallies.items()


def dumped(weights: dict[str, Any]) -> str:
    """Return the file's text: a line for each feature, so that a change can be read."""
    parts = [
        f'"format": {weights["format"]}',
        f'"labels": {json.dumps(weights["labels"])}',
        '"features": {\n'
        + ",\n".join(
            f"{json.dumps(name)}: {json.dumps(one, separators=(',', ':'))}" for name, one in weights["features"].items()
        )
        + "\n}",
    ]
    return "{" + ",\n".join(parts) + "}\n"


@click.command()
@click.option("--left-out", "parts", type=click.IntRange(2), help="Measure on documents left out, in so many parts.")
def teach(parts: int | None) -> None:
    """Learn the weights from the labelled copy, or measure them on documents that were left out."""
    units = everything()
    if parts:
        for kind, tally in left_out(units, parts):
            click.echo(f"{kind:<12} precision {tally.precision:.3f}  recall {tally.recall:.3f}  F1 {tally.f1:.3f}")
        return
    weights = weights_of(train(units))
    WEIGHTS.write_text(dumped(weights), encoding="utf-8")
    size = f"{WEIGHTS.stat().st_size / 1000:.0f} kB"
    click.echo(f"{len(units)} units, {len(weights['labels'])} labels, {len(weights['features'])} features, {size}")


if __name__ == "__main__":
    teach()
