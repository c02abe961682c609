"""A linear model, one logistic regression for each label, and the weights that ship with the program.

The weight of a feature falls with the number of units that have it (inverse document frequency), and all of a unit's
are divided by their length, so that long sentences are not taken for sure of more (Manning, Raghavan, Schütze:
Introduction to Information Retrieval, 2008, sections 6.2 and 6.3). `weights.json` has the frequencies multiplied in.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import defaultdict
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

from kb.audit.learned.features import features

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.audit.context import Reading
    from kb.model import KnowledgeBase

FORMAT = 1
THEME = "theme:"
"""Begins the label of a theme on which a unit speaks."""

_FILE = "weights.json"
_SHOWN = 4
"""How many of the words that spoke most for a label are named."""


class Judgement(NamedTuple):
    """How likely a label is, from 0 to 1, and the tokens (first, last) of the words that spoke most for it."""

    label: str
    likelihood: float
    places: tuple[tuple[int, int], ...]


class Judging:
    """What was learned of the units of one document, each judged when it is first asked for."""

    def __init__(self, readings: Sequence[Reading], weights: Learned | None) -> None:
        """Take the units, and the weights to judge them with; without any, nothing is likely."""
        self._readings = readings
        self._weights = weights
        self._judged: dict[int, dict[str, Judgement]] = {}

    def of(self, unit: int) -> Mapping[str, Judgement]:
        """Return label → judgement of a unit, of the labels that are likely enough."""
        if self._weights is None:
            return {}
        if unit not in self._judged:
            self._judged[unit] = self._weights.judge(self._readings[unit])
        return self._judged[unit]


class Learned:
    """Weights, ready to judge units with."""

    def __init__(self, weights: Mapping[str, Any]) -> None:
        """Take the content of a file of weights."""
        self._bias: dict[str, float] = {label: one["bias"] for label, one in weights["labels"].items()}
        self._enough = {label: _log_odds(one["enough"]) for label, one in weights["labels"].items()}
        labels = list(self._bias)
        self._square: dict[str, float] = {name: one[0] for name, one in weights["features"].items()}
        self._weights: dict[str, tuple[tuple[str, float], ...]] = {
            name: tuple((labels[number], weight) for number, weight in one[1])
            for name, one in weights["features"].items()
        }
        self.themes = frozenset(label.removeprefix(THEME) for label in labels if label.startswith(THEME))
        """On which it can tell that a unit speaks."""
        self.digest: str = weights["digest"]
        """Names these weights."""

    def judge(self, reading: Reading) -> dict[str, Judgement]:
        """Return label → judgement, of the labels that are likely enough."""
        found = {name: place for name, place in features(reading).items() if name in self._square}
        length = math.sqrt(sum(self._square[name] for name in found)) or 1.0
        sums: defaultdict[str, float] = defaultdict(float)
        for name in found:
            for label, weight in self._weights[name]:
                sums[label] += weight
        judged = {}
        for label in sorted(sums):
            odds = self._bias[label] + sums[label] / length
            if odds >= self._enough[label]:
                judged[label] = Judgement(label, round(1 / (1 + math.exp(-odds)), 2), self._spoke(found, label))
        return judged

    def _spoke(self, found: Mapping[str, tuple[int, int]], label: str) -> tuple[tuple[int, int], ...]:
        weighed = ((weight, found[name]) for name in found for own, weight in self._weights[name] if own == label)
        best = sorted(((weight, place) for weight, place in weighed if weight > 0 and place[0] >= 0), reverse=True)
        return tuple(sorted({place for _, place in best[:_SHOWN]}))


def _log_odds(likelihood: float) -> float:
    return math.log(likelihood / (1 - likelihood))


def learned_for(kb: KnowledgeBase) -> Learned | None:
    """Return the weights that come with the package, if they were learned for this knowledge base's themes."""
    weights = _learned() if kb.topics else None
    return weights if weights and len(weights.themes & kb.topics.keys()) * 2 > len(weights.themes) else None


@lru_cache(maxsize=1)
def _learned() -> Learned:
    content = (resources.files(__package__) / _FILE).read_bytes()
    return Learned(json.loads(content) | {"digest": hashlib.sha256(content).hexdigest()[:16]})
