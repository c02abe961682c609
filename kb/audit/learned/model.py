"""A linear model, one logistic regression for each label, and the weights that ship with the program.

The weight of a feature falls with the number of units that have it (inverse document frequency), and all of a unit's
are divided by their length, so that long sentences are not taken for sure of more (Manning, Raghavan, Schütze:
Introduction to Information Retrieval, 2008, sections 6.2 and 6.3). `weights.json` has the frequencies multiplied in.
"""

from __future__ import annotations

import hashlib
import json
import math
from functools import lru_cache, partial
from importlib import resources
from struct import Struct
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from kb.audit.learned.features import by_kind, features, kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kb.audit.context import Reading
    from kb.model import KnowledgeBase

    Places = tuple[tuple[int, int], ...]
    """Tokens, first and last."""

FORMAT = 1
THEME = "theme:"
"""Begins the label of a theme on which a unit speaks."""

_FILE = "weights.json"
_PER_ONE = 100
_LANE = 32
"""Bits for the sum of one label, enough for more features than any unit has."""

_ZERO = 1 << _LANE - 1
"""What a lane holds for 0, so that no sum is negative and borrows from the next lane."""

_SHOWN = 4
"""How many of the words that spoke most for a label are named."""


class Judgement:
    """How likely a label is, from 0 to 1."""

    __slots__ = ("_places", "_spoke", "label", "likelihood")

    def __init__(self, label: str, likelihood: float, spoke: Callable[[], Places]) -> None:
        self.label, self.likelihood = label, likelihood
        self._spoke, self._places = spoke, cast("Places | None", None)

    @property
    def places(self) -> Places:
        """The tokens (first, last) of the words that spoke most for it; looked for when they are asked for."""
        if self._places is None:
            self._places = self._spoke()
        return self._places


class Judgements(NamedTuple):
    """What was learned of one unit."""

    likely: dict[str, Judgement]
    """Label → judgement, of the labels that are likely enough."""
    lanes: Sequence[int]
    """The sum of each label, as it was packed."""
    length: float


class Judging:
    """What was learned of the units of one document, each judged when it is first asked for."""

    def __init__(self, readings: Sequence[Reading], weights: Learned | None) -> None:
        """Take the units, and the weights to judge them with; without any, nothing is likely."""
        self._readings = readings
        self._weights = weights
        self._judged: dict[int, Judgements] = {}

    @property
    def can_tell(self) -> bool:
        """Whether there are weights to judge with."""
        return self._weights is not None

    def of(self, unit: int) -> Mapping[str, Judgement]:
        """Return label → judgement of a unit, of the labels that are likely enough."""
        return {} if self._weights is None else self._of(self._weights, unit).likely

    def doubts(self, unit: int, label: str) -> bool:
        """Tell whether a label was learned and is so unlikely of a unit that words alone should not tell for it."""
        return self._weights is not None and self._weights.doubts(self._of(self._weights, unit), label)

    def odds(self, label: str) -> float | None:
        """Return the mean over all units of a label's log odds; `None` where it was not learned or there is no unit.

        That tells of a page what no share of units does that are likely enough: many that lean to one side count, too.
        """
        weights = self._weights
        if weights is None or not self._readings or not weights.knows(label):
            return None
        found = [weights.odds(self._of(weights, unit), label) for unit in range(len(self._readings))]
        return math.fsum(found) / len(found)

    def _of(self, weights: Learned, unit: int) -> Judgements:
        found = self._judged.get(unit)
        if found is None:
            found = self._judged[unit] = weights.judge(self._readings[unit])
        return found


class Learned:
    """Weights, ready to judge units with.

    A unit has some sixty features, each with weights for some hundred labels. So what is known of a feature is packed
    into one whole number, a lane of bits for its length and one for each label, and a unit is a sum of sixty numbers.
    All have two decimals: as hundredths they add up exactly, in any order.
    """

    def __init__(self, weights: Mapping[str, Any]) -> None:
        """Take the content of a file of weights."""
        self._labels = list(weights["labels"])
        self._at = {label: at for at, label in enumerate(self._labels)}
        self._bias = [float(one["bias"]) for one in weights["labels"].values()]
        self._needed = self._bounds(weights, "enough")
        self._least = min(self._needed, default=math.inf)
        self._too_little = self._bounds(weights, "doubted")
        self._features: Mapping[str, tuple[float, Sequence[tuple[int, float]]]] = weights["features"]
        self._packed = tuple(_Packed(self._features, names) for names in by_kind(self._features))
        self._weights: dict[str, dict[int, float]] = {}
        """Feature → label → weight, of those whose share in a judgement somebody asked for."""

        self._zero = sum(_ZERO << at * _LANE for at in range(len(self._labels) + 1))
        self._unpack = Struct(f"<{len(self._labels) + 1}i").unpack
        self.themes = frozenset(label.removeprefix(THEME) for label in self._labels if label.startswith(THEME))
        """On which it can tell that a unit speaks."""
        self.digest: str = weights["digest"]
        """Names these weights."""

    def _bounds(self, weights: Mapping[str, Any], name: str) -> list[float]:
        """Return what a label's sum must reach for its likelihood to be the one that the file gives under a name."""
        odds = (_log_odds(one[name]) for one in weights["labels"].values())
        return [_PER_ONE * (one - bias) for one, bias in zip(odds, self._bias, strict=True)]

    def judge(self, reading: Reading) -> Judgements:
        """Return which labels are likely enough, and what the others come to."""
        total = self._zero
        for packed, shown in zip(self._packed, kinds(reading), strict=True):
            total = sum(map(packed.__getitem__, packed.known.intersection(shown)), total)
        # without what no lane can hold for 0, each is a number with its sign
        square, *lanes = self._unpack((total ^ self._zero).to_bytes(_LANE // 8 * (len(self._labels) + 1), "little"))
        length = math.sqrt(square / _PER_ONE) or 1.0
        least = self._least * length  # few labels come so far, so the others are not asked for their own bound
        likely = [
            (self._labels[at], at, lane / _PER_ONE)
            for at, lane in enumerate(lanes)
            if lane >= least and lane and lane >= self._needed[at] * length
        ]
        return Judgements(
            {
                label: Judgement(
                    label,
                    round(1 / (1 + math.exp(-self._bias[at] - weight / length)), 2),
                    partial(self._spoke, reading, at),
                )
                for label, at, weight in sorted(likely)
            },
            lanes,
            length,
        )

    def doubts(self, judged: Judgements, label: str) -> bool:
        """Tell whether a label was learned, and is too unlikely of a unit to be told by a word or two."""
        at = self._at.get(label)
        return at is not None and judged.lanes[at] < self._too_little[at] * judged.length

    def knows(self, label: str) -> bool:
        """Tell whether a label was learned."""
        return label in self._at

    def odds(self, judged: Judgements, label: str) -> float:
        """Return the log odds of a label that was learned."""
        at = self._at[label]
        return self._bias[at] + judged.lanes[at] / _PER_ONE / judged.length

    def _spoke(self, reading: Reading, label: int) -> Places:
        weighed = [
            (weight, place)
            for name, place in features(reading).items()
            if name in self._features and place[0] >= 0 and (weight := self._weight(name, label)) > 0
        ]
        return tuple(sorted({place for _, place in sorted(weighed, reverse=True)[:_SHOWN]}))

    def _weight(self, name: str, label: int) -> float:
        known = self._weights.get(name)
        if known is None:
            known = self._weights[name] = dict(self._features[name][1])
        return known.get(label, 0.0)


class _Packed(dict[Any, int]):
    """The features of one kind, each packed when copy first has it."""

    def __init__(
        self, features: Mapping[str, tuple[float, Sequence[tuple[int, float]]]], names: Mapping[Any, str]
    ) -> None:
        super().__init__()
        self.known = frozenset(names)
        self._names, self._features = names, features

    def __missing__(self, key: Any) -> int:
        square, weights = self._features[self._names[key]]
        packed = sum(round(weight * _PER_ONE) << (at + 1) * _LANE for at, weight in weights)
        self[key] = packed = packed + round(square * _PER_ONE)
        return packed


def _log_odds(likelihood: float) -> float:
    return math.log(likelihood / (1 - likelihood)) if likelihood else -math.inf


def learned_for(kb: KnowledgeBase) -> Learned | None:
    """Return the weights that come with the package, if they were learned for this knowledge base's themes."""
    weights = _learned() if kb.topics else None
    return weights if weights and len(weights.themes & kb.topics.keys()) * 2 > len(weights.themes) else None


@lru_cache(maxsize=1)
def _learned() -> Learned:
    content = (resources.files(__package__) / _FILE).read_bytes()
    return Learned(json.loads(content) | {"digest": hashlib.sha256(content).hexdigest()[:16]})
