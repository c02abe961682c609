"""The forward pass written out with plain numbers and loops, after the papers, to compare the quick one with."""

from __future__ import annotations

from math import erf, exp, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    Vector = list[float]


def embed(ids: Sequence[int], tensors: Mapping[str, np.ndarray], layers: int, heads: int, eps: float) -> Vector:
    """Return the unit vector of one text's word pieces."""
    plain = {name: tensor.tolist() for name, tensor in tensors.items()}
    words, places = plain["embeddings.word_embeddings.weight"], plain["embeddings.position_embeddings.weight"]
    kind = plain["embeddings.token_type_embeddings.weight"][0]
    summed = [[a + b + c for a, b, c in zip(words[id_], places[at], kind, strict=True)] for at, id_ in enumerate(ids)]
    states = [_norm(state, plain, "embeddings.LayerNorm", eps) for state in summed]
    for number in range(layers):
        states = _layer(states, plain, f"encoder.layer.{number}", heads, eps)
    mean = [sum(column) / len(states) for column in zip(*states, strict=True)]
    length = sqrt(sum(value * value for value in mean))
    return [value / length for value in mean]


def _layer(states: list[Vector], plain: Mapping[str, list], at: str, heads: int, eps: float) -> list[Vector]:
    query, key, value = (
        [_linear(state, plain, f"{at}.attention.self.{name}") for state in states] for name in ("query", "key", "value")
    )
    size = len(states[0]) // heads
    result = []
    for place, state in enumerate(states):
        seen: Vector = []
        for head in range(heads):
            part = slice(head * size, (head + 1) * size)
            scores = [_dot(query[place][part], other[part]) / sqrt(size) for other in key]
            shares = [exp(score) / sum(map(exp, scores)) for score in scores]
            seen += [_dot(shares, column) for column in zip(*(other[part] for other in value), strict=True)]
        attended = _add(state, _linear(seen, plain, f"{at}.attention.output.dense"))
        attended = _norm(attended, plain, f"{at}.attention.output.LayerNorm", eps)
        wide = [x * 0.5 * (1 + erf(x / sqrt(2))) for x in _linear(attended, plain, f"{at}.intermediate.dense")]
        thought = _add(attended, _linear(wide, plain, f"{at}.output.dense"))
        result.append(_norm(thought, plain, f"{at}.output.LayerNorm", eps))
    return result


def _linear(state: Vector, plain: Mapping[str, list], name: str) -> Vector:
    rows, bias = plain[f"{name}.weight"], plain[f"{name}.bias"]
    return [_dot(row, state) + more for row, more in zip(rows, bias, strict=True)]


def _norm(state: Vector, plain: Mapping[str, list], name: str, eps: float) -> Vector:
    mean = sum(state) / len(state)
    spread = sqrt(sum((value - mean) ** 2 for value in state) / len(state) + eps)
    weight, bias = plain[f"{name}.weight"], plain[f"{name}.bias"]
    return [(value - mean) / spread * w + b for value, w, b in zip(state, weight, bias, strict=True)]


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _add(one: Vector, other: Vector) -> Vector:
    return [a + b for a, b in zip(one, other, strict=True)]
