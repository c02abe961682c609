"""A model small enough to follow by hand: two layers of width 8, random weights, a dozen words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

if TYPE_CHECKING:
    from pathlib import Path

WORDS = "[PAD] [UNK] [CLS] [SEP] relief last ##s hours not bladder harm it is . sleep mood lift"
CONFIG: dict[str, Any] = {
    "model_type": "bert",
    "hidden_act": "gelu",
    "hidden_size": 8,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 16,
    "max_position_embeddings": 12,
    "vocab_size": len(WORDS.split()),
    "layer_norm_eps": 1e-12,
    "transformers_version": "4.8.2",
}


def tensors(seed: int = 1) -> dict[str, np.ndarray]:
    """Return random weights under the names that such a model has."""
    chance = np.random.default_rng(seed)
    size, inner = CONFIG["hidden_size"], CONFIG["intermediate_size"]
    shapes = {
        "embeddings.word_embeddings.weight": (CONFIG["vocab_size"], size),
        "embeddings.position_embeddings.weight": (CONFIG["max_position_embeddings"], size),
        "embeddings.token_type_embeddings.weight": (2, size),
        "embeddings.LayerNorm.weight": (size,),
        "embeddings.LayerNorm.bias": (size,),
    }
    for number in range(CONFIG["num_hidden_layers"]):
        layer = f"encoder.layer.{number}"
        for name, outputs, inputs in (
            ("attention.self.query", size, size),
            ("attention.self.key", size, size),
            ("attention.self.value", size, size),
            ("attention.output.dense", size, size),
            ("intermediate.dense", inner, size),
            ("output.dense", size, inner),
        ):
            shapes |= {f"{layer}.{name}.weight": (outputs, inputs), f"{layer}.{name}.bias": (outputs,)}
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes |= {f"{layer}.{name}.weight": (size,), f"{layer}.{name}.bias": (size,)}
    return {name: chance.normal(0, 0.7, shape).astype(np.float32) for name, shape in shapes.items()}


def tokenizer(*, special: bool = True) -> Tokenizer:
    """Return a tokenizer for the dozen words, with the padding and truncation that published ones bring along."""
    vocabulary = {word: number for number, word in enumerate(WORDS.split())}
    made = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106 - a word, no password
    made.normalizer = BertNormalizer()
    made.pre_tokenizer = BertPreTokenizer()
    if special:
        made.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    made.enable_padding(length=5)
    made.enable_truncation(4)
    return made


def write(folder: Path, weights: dict[str, np.ndarray] | None = None, **config: Any) -> Path:
    """Write the model into a new folder and return it."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(CONFIG | config))
    save_file(tensors() if weights is None else weights, folder / "model.safetensors")
    tokenizer().save(str(folder / "tokenizer.json"))
    return folder
