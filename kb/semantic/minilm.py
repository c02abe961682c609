"""all-MiniLM-L6-v2 in numpy: a small BERT whose word pieces' last states, averaged, stand for a sentence.

Any BERT of the same architecture with mean pooling works. The folder holds what its makers publish:

    config.json          the sizes
    model.safetensors    the weights (a format that cannot run code)
    tokenizer.json       how text is cut into word pieces

Texts of the same number of pieces go through together, so that nothing is padded and no mask is needed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np
from pydantic import BaseModel, PositiveFloat, PositiveInt, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from kb.errors import KbError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kb.semantic.base import Matrix

    Read = TypeVar("Read")

MAX_PIECES = 256
"""Longer texts are cut; the model was taught on no more."""

_FORMAT = 1
"""Raise it when the same files come to give other vectors."""

_FILES = ("config.json", "model.safetensors", "tokenizer.json")
_PIECES_AT_ONCE = 4_096
"""How many word pieces go through together at most: more would not be faster, and takes memory."""

_SHORTEST = 1e-12
"""A vector is taken to be no shorter than this, so that none is divided by 0."""


class Config(BaseModel):
    """What `config.json` says, as far as it matters."""

    model_type: Literal["bert"]
    hidden_act: Literal["gelu"]
    position_embedding_type: Literal["absolute"] = "absolute"
    hidden_size: PositiveInt
    num_hidden_layers: PositiveInt
    num_attention_heads: PositiveInt
    intermediate_size: PositiveInt
    max_position_embeddings: PositiveInt
    vocab_size: PositiveInt
    layer_norm_eps: PositiveFloat


@dataclass(frozen=True, slots=True, eq=False)
class _Linear:
    weight: Matrix
    """Transposed: inputs first."""
    bias: Matrix

    def __call__(self, states: Matrix) -> Matrix:
        turned: Matrix = states @ self.weight + self.bias
        return turned


@dataclass(frozen=True, slots=True, eq=False)
class _Norm:
    weight: Matrix
    bias: Matrix
    eps: float

    def __call__(self, states: Matrix) -> Matrix:
        centred = states - states.mean(axis=-1, keepdims=True)
        variance = np.square(centred).mean(axis=-1, keepdims=True)
        scaled: Matrix = centred / np.sqrt(variance + np.float32(self.eps)) * self.weight + self.bias
        return scaled


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """One layer of the transformer: every piece looks at every other, then thinks by itself."""

    heads: int
    query_key_value: _Linear
    attended: _Linear
    attended_norm: _Norm
    wider: _Linear
    narrower: _Linear
    norm: _Norm

    def __call__(self, states: Matrix) -> Matrix:
        states = self.attended_norm(states + self.attended(self._attend(states)))
        return self.norm(states + self.narrower(gelu(self.wider(states))))

    def _attend(self, states: Matrix) -> Matrix:
        texts, pieces, size = states.shape
        split = self.query_key_value(states).reshape(texts, pieces, 3, self.heads, size // self.heads)
        query, key, value = np.moveaxis(split, (2, 3), (0, 2))  # each: texts, heads, pieces, size of a head
        alike = query @ key.swapaxes(-1, -2) / np.float32(np.sqrt(size // self.heads))
        joined: Matrix = np.moveaxis(softmax(alike) @ value, 1, 2).reshape(texts, pieces, size)
        return joined


def gelu(states: Matrix) -> Matrix:
    """Return x · Φ(x), with Φ from the error function (not from tanh), as the model was taught with."""
    half = np.float32(0.5)
    return half * states * (1 + erf(states * np.float32(np.sqrt(0.5))))


def erf(values: Matrix) -> Matrix:
    """Return the error function, exact to 2e-7, which is what 32 bits can tell (Abramowitz and Stegun 7.1.26)."""
    size = np.abs(values)
    step = 1 / (1 + np.float32(0.3275911) * size)
    series = np.zeros_like(step)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = (series + np.float32(factor)) * step
    return np.copysign(1 - series * np.exp(-np.square(size)), values)


def softmax(values: Matrix) -> Matrix:
    """Return shares that add up to 1 along the last axis."""
    raised = np.exp(values - values.max(axis=-1, keepdims=True))
    shares: Matrix = raised / raised.sum(axis=-1, keepdims=True)
    return shares


class MiniLM:
    """A model ready for use; `load` makes one."""

    def __init__(self, name: str, digest: str, config: Config, weights: _Weights, tokenizer: Tokenizer) -> None:
        """Take the parts as `load` has checked them."""
        self.name = name
        self.digest = digest
        self._tokenizer = tokenizer
        self._words = weights.take("embeddings.word_embeddings.weight", config.vocab_size, config.hidden_size)
        places = ("embeddings.position_embeddings.weight", config.max_position_embeddings, config.hidden_size)
        # one text, not a pair of them: the first kind for every piece
        self._places = weights.take(*places) + weights.first_row("embeddings.token_type_embeddings.weight")
        self._norm = weights.norm("embeddings.LayerNorm", config)
        self._layers = [weights.layer(number, config) for number in range(config.num_hidden_layers)]
        self._size = config.hidden_size

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Return one row of length 1 for each text."""
        rows = np.empty((len(texts), self._size), dtype=np.float32)
        readable = [text.encode(errors="replace").decode() for text in texts]  # half a surrogate pair is no text
        pieces = [encoding.ids for encoding in self._tokenizer.encode_batch(readable)]
        for batch in _batches(pieces):
            rows[batch] = self._forward(np.array([pieces[number] for number in batch]))
        return rows

    def _forward(self, ids: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> Matrix:
        states = self._norm(self._words[ids] + self._places[: ids.shape[1]])
        for layer in self._layers:
            states = layer(states)
        mean = states.mean(axis=1)
        length = np.sqrt(np.square(mean).sum(axis=1, keepdims=True))
        rows: Matrix = mean / np.maximum(length, np.float32(_SHORTEST))
        return rows


def _batches(pieces: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Yield the numbers of texts that have the same number of pieces, no more than may go through together."""
    by_length: defaultdict[int, list[int]] = defaultdict(list)
    for number, ids in enumerate(pieces):
        by_length[len(ids)].append(number)
    for length, numbers in by_length.items():
        many = max(1, _PIECES_AT_ONCE // length)
        for first in range(0, len(numbers), many):
            yield numbers[first : first + many]


class _Weights:
    """The tensors of a file by name, each asked for with the shape that it must have."""

    def __init__(self, tensors: Mapping[str, Matrix]) -> None:
        # a model that was saved inside a larger one has its names prefixed
        self._tensors = {name.removeprefix("bert."): tensor for name, tensor in tensors.items()}

    def take(self, name: str, *shape: int) -> Matrix:
        if name not in self._tensors:
            raise KbError(f"it has no tensor {name!r}")
        tensor = self._tensors[name]
        if tensor.shape != shape:
            raise KbError(f"its tensor {name!r} has the shape {tensor.shape}, and config.json says {shape}")
        return np.ascontiguousarray(tensor, dtype=np.float32)

    def first_row(self, name: str) -> Matrix:
        return self.take(name, *self._tensors[name].shape)[0] if name in self._tensors else self.take(name)

    def linear(self, name: str, inputs: int, outputs: int) -> _Linear:
        weight = np.ascontiguousarray(self.take(f"{name}.weight", outputs, inputs).T)
        return _Linear(weight, self.take(f"{name}.bias", outputs))

    def norm(self, name: str, config: Config) -> _Norm:
        size = config.hidden_size
        return _Norm(self.take(f"{name}.weight", size), self.take(f"{name}.bias", size), config.layer_norm_eps)

    def layer(self, number: int, config: Config) -> _Layer:
        at, size, inner = f"encoder.layer.{number}", config.hidden_size, config.intermediate_size
        three = [self.linear(f"{at}.attention.self.{name}", size, size) for name in ("query", "key", "value")]
        joined = _Linear(np.hstack([each.weight for each in three]), np.hstack([each.bias for each in three]))
        return _Layer(
            heads=config.num_attention_heads,
            query_key_value=joined,
            attended=self.linear(f"{at}.attention.output.dense", size, size),
            attended_norm=self.norm(f"{at}.attention.output.LayerNorm", config),
            wider=self.linear(f"{at}.intermediate.dense", size, inner),
            narrower=self.linear(f"{at}.output.dense", inner, size),
            norm=self.norm(f"{at}.output.LayerNorm", config),
        )


def load(folder: Path) -> MiniLM:
    """Read the model in a folder; raise `KbError`, saying which file is wrong and how."""
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if missing:
        what = f"there is no {' and no '.join(missing)} in {folder}"
        raise KbError(f"{what}; a folder with a sentence model such as all-MiniLM-L6-v2 has {', '.join(_FILES)}")
    config = _read(folder / "config.json", lambda path: Config.model_validate_json(path.read_bytes()))
    if config.hidden_size % config.num_attention_heads:
        raise KbError(f"{folder / 'config.json'} cannot be used: hidden_size is no multiple of num_attention_heads")
    tokenizer = _read(folder / "tokenizer.json", lambda path: _tokenizer(path, config))
    weights = folder / "model.safetensors"
    return _read(
        weights,
        lambda path: MiniLM(folder.resolve().name, _digest(folder), config, _Weights(load_file(path)), tokenizer),
    )


def _tokenizer(path: Path, config: Config) -> Tokenizer:
    text = path.read_text(encoding="utf-8")
    try:
        tokenizer = Tokenizer.from_str(text)
    except Exception as error:  # the library raises nothing narrower
        raise KbError(str(error)) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(min(MAX_PIECES, config.max_position_embeddings))
    if tokenizer.get_vocab_size() > config.vocab_size:
        raise KbError(f"it has {tokenizer.get_vocab_size()} word pieces, and config.json says {config.vocab_size}")
    if not tokenizer.encode("").ids:
        raise KbError("it adds no [CLS] and [SEP] to a text")
    return tokenizer


def _read(path: Path, read: Callable[[Path], Read]) -> Read:
    """Read one file of the model, and name it in whatever is wrong."""
    try:
        return read(path)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise KbError(f"{path} cannot be used: {wrong.removeprefix(': ')}") from error
    except (KbError, OSError, ValueError, SafetensorError) as error:
        raise KbError(f"{path} cannot be used: {error}") from error


def _digest(folder: Path) -> str:
    """Return a digest of the model's files and of how they are used."""
    digest = hashlib.sha256(f"mean-pooling/{_FORMAT}/{MAX_PIECES}".encode())
    for name in _FILES:
        with (folder / name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
