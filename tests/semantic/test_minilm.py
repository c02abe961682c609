from __future__ import annotations

import json
from math import erf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save_file

from kb.errors import KbError
from kb.semantic import minilm
from tests.semantic import naive, tiny

TEXTS = ["Relief lasts.", "", "It is not harm", "sleep", "mood", "lift lift lift lift lift lift lift lift lift lift"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny.write(tmp_path_factory.mktemp("models") / "tiny-model")


@pytest.fixture(scope="module")
def model(folder):
    return minilm.load(folder)


def pieces(text, most=12):
    tokenizer = tiny.tokenizer()
    tokenizer.no_padding()
    tokenizer.enable_truncation(most)
    return tokenizer.encode(text).ids


def expected(text):
    return naive.embed(pieces(text), tiny.tensors(), layers=2, heads=2, eps=1e-12)


def test_a_text_goes_through_as_the_papers_say(model):
    assert [len(pieces(text)) for text in TEXTS] == [6, 2, 6, 3, 3, 12]  # two lengths twice, one text cut
    np.testing.assert_allclose(model.embed(TEXTS), [expected(text) for text in TEXTS], atol=2e-6)


def test_rows_are_float32_of_length_1_and_none_for_no_text(model):
    rows = model.embed(TEXTS)
    assert (rows.dtype, rows.shape, model.embed([]).shape) == (np.float32, (6, 8), (0, 8))
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)


@given(texts=st.lists(st.one_of(st.sampled_from(TEXTS), st.text(st.characters(codec=None), max_size=40)), max_size=8))
def test_a_row_depends_on_its_own_text_alone_whatever_the_text(model, texts):
    alone = [model.embed([text])[0] for text in texts]
    np.testing.assert_allclose(model.embed(texts), np.reshape(alone, (len(texts), 8)), atol=2e-6)


def test_many_texts_of_one_length_go_through_in_parts(model, monkeypatch):
    whole = model.embed(["sleep", "mood", "lift", "harm"])
    monkeypatch.setattr(minilm, "_PIECES_AT_ONCE", 7)  # two texts of three pieces
    np.testing.assert_allclose(model.embed(["sleep", "mood", "lift", "harm"]), whole, atol=2e-6)


def test_the_error_function_is_exact_enough():
    values = np.linspace(-6, 6, 2_001, dtype=np.float32)
    np.testing.assert_allclose(minilm.erf(values), [erf(value) for value in values.tolist()], atol=5e-7)


def test_names_may_be_prefixed_and_weights_of_16_bits(model, tmp_path):
    weights = {f"bert.{name}": tensor.astype(np.float16) for name, tensor in tiny.tensors().items()}
    other = minilm.load(tiny.write(tmp_path / "prefixed", weights))
    np.testing.assert_allclose(other.embed(TEXTS), model.embed(TEXTS), atol=0.02)


def test_the_digest_is_of_every_file(model, tmp_path):
    again = minilm.load(tiny.write(tmp_path / "again"))
    others = [
        minilm.load(tiny.write(tmp_path / "eps", layer_norm_eps=1e-6)),
        minilm.load(tiny.write(tmp_path / "weights", tiny.tensors(seed=2))),
    ]
    assert (model.name, again.name) == ("tiny-model", "again")
    assert again.digest == model.digest
    assert len({model.digest, *(other.digest for other in others)}) == 3


def message(folder):
    with pytest.raises(KbError) as caught:
        minilm.load(folder)
    return str(caught.value).replace(str(folder), "FOLDER")


def test_missing_files_are_named_with_what_a_model_has(tmp_path):
    wanted = (
        "a folder with a sentence model such as all-MiniLM-L6-v2 has config.json, model.safetensors, tokenizer.json"
    )
    folder = tiny.write(tmp_path / "model")
    (folder / "model.safetensors").unlink()
    assert message(folder) == f"there is no model.safetensors in FOLDER; {wanted}"
    (folder / "tokenizer.json").unlink()
    assert message(folder) == f"there is no model.safetensors and no tokenizer.json in FOLDER; {wanted}"


CONFIGS = {
    "model_type: Input should be 'bert'": {"model_type": "roberta"},
    "hidden_act: Input should be 'gelu'; num_hidden_layers: Input should be greater than 0": {
        "hidden_act": "gelu_new",
        "num_hidden_layers": 0,
    },
    "hidden_size is no multiple of num_attention_heads": {"num_attention_heads": 3},
}


@pytest.mark.parametrize("problem", CONFIGS)
def test_a_config_of_another_kind_is_refused(tmp_path, problem):
    folder = tiny.write(tmp_path / "model", **CONFIGS[problem])
    assert message(folder) == f"FOLDER/config.json cannot be used: {problem}"


def test_tensors_that_do_not_fit_are_refused(tmp_path):
    folder = tiny.write(tmp_path / "model", intermediate_size=17)
    name = "encoder.layer.0.intermediate.dense.weight"
    wrong = f"its tensor '{name}' has the shape (16, 8), and config.json says (17, 8)"
    assert message(folder) == f"FOLDER/model.safetensors cannot be used: {wrong}"
    weights = tiny.tensors()
    for name in ("encoder.layer.1.output.dense.bias", "embeddings.token_type_embeddings.weight"):
        del weights[name]
        save_file(weights, folder / "model.safetensors")
        (folder / "config.json").write_text(json.dumps(tiny.CONFIG))
        assert message(folder) == f"FOLDER/model.safetensors cannot be used: it has no tensor '{name}'"


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b"[]"])
def test_a_damaged_file_is_named(tmp_path, name, content):
    folder = tiny.write(tmp_path / "model")
    (folder / name).write_bytes(content)
    assert message(folder).startswith(f"FOLDER/{name} cannot be used: ")


def test_a_tokenizer_of_another_model_is_refused(tmp_path):
    folder = tiny.write(tmp_path / "model", vocab_size=9)
    at = "FOLDER/tokenizer.json cannot be used: "
    assert message(folder) == f"{at}it has 17 word pieces, and config.json says 9"
    folder = tiny.write(tmp_path / "other")
    tiny.tokenizer(special=False).save(str(folder / "tokenizer.json"))
    assert message(folder) == f"{at}it adds no [CLS] and [SEP] to a text"
