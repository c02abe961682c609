from __future__ import annotations

import os
import re
import time

import numpy as np
import pytest

from kb.errors import IndexUnavailable
from kb.semantic import vectors
from kb.semantic.vectors import KEPT, Vectors

TEXTS = ["relief lasts", "harm", ""]
STATE = "a" * 64


class Counting:
    """An embedder whose vectors can be told by eye, and that remembers what it was asked."""

    name = "counting"

    def __init__(self, digest: str = "d" * 64) -> None:
        self.digest = digest
        self.asked: list[str] = []

    def embed(self, texts):
        self.asked += texts
        return np.array([[len(text), len(text) + 1] for text in texts], dtype=np.float32).reshape(len(texts), 2)


@pytest.fixture
def embedder():
    return Counting()


@pytest.fixture
def cache(tmp_path, embedder):
    return Vectors(tmp_path / "index", embedder)


def rows(texts):
    return [[len(text), len(text) + 1] for text in texts]


def names(tmp_path):
    return sorted(path.name for path in (tmp_path / "index").iterdir())


def the_file(tmp_path):
    (name,) = names(tmp_path)
    return tmp_path / "index" / name


def test_what_was_made_is_read_again(cache, embedder, tmp_path):
    with pytest.raises(IndexUnavailable, match=r"^no vectors of counting have been made for this state$"):
        cache.read(STATE, TEXTS)
    assert cache.build(STATE, TEXTS).tolist() == rows(TEXTS)
    assert cache.read(STATE, TEXTS).tolist() == rows(TEXTS)
    assert Vectors(tmp_path / "index", Counting()).read(STATE, TEXTS).tolist() == rows(TEXTS)
    assert embedder.asked == TEXTS
    (name,) = names(tmp_path)
    assert re.fullmatch(r"vectors-d{16}-a{16}-[0-9a-f]{16}\.npy", name)
    assert np.load(tmp_path / "index" / name, allow_pickle=False)["vector"].tolist() == rows(TEXTS)


def test_a_knowledge_base_without_claims_has_no_rows(cache):
    assert cache.build(STATE, []).shape == (0, 2)
    assert cache.read(STATE, []).shape == (0, 2)


def test_another_state_model_or_text_is_not_answered_from_it(cache, tmp_path):
    cache.build(STATE, TEXTS)
    for other, state, texts in (
        (cache, "b" * 64, TEXTS),
        (Vectors(tmp_path / "index", Counting("e" * 64)), STATE, TEXTS),
        (cache, STATE, TEXTS[:2]),
        (cache, STATE, [*TEXTS[:2], "other"]),
    ):
        with pytest.raises(IndexUnavailable):
            other.read(state, texts)


def test_after_an_edit_only_what_changed_goes_through_the_model(cache, embedder):
    cache.build(STATE, TEXTS)
    embedder.asked.clear()
    after = ["harm", "new", "relief lasts"]
    assert cache.build("b" * 64, after).tolist() == rows(after)
    assert embedder.asked == ["new"]
    assert cache.read("b" * 64, after).tolist() == rows(after)
    assert cache.read(STATE, TEXTS).tolist() == rows(TEXTS)


def test_any_damage_is_noticed_and_mended(cache, embedder, tmp_path):
    cache.build(STATE, TEXTS)
    whole = the_file(tmp_path).read_bytes()
    for damaged in (b"", whole[:-1], whole + b"\0", whole[:200] + bytes([whole[200] ^ 1]) + whole[201:]):
        the_file(tmp_path).write_bytes(damaged)
        with pytest.raises(IndexUnavailable):
            cache.read(STATE, TEXTS)
        embedder.asked.clear()
        assert cache.build(STATE, TEXTS).tolist() == rows(TEXTS)
        assert embedder.asked == TEXTS  # nothing is taken over from a damaged file
        assert the_file(tmp_path).read_bytes() == whole


def test_a_file_that_is_whole_and_foreign_is_not_trusted(cache, tmp_path):
    cache.build(STATE, TEXTS)
    for foreign in (np.zeros((3, 2), dtype=np.float32), np.array([{"code": 1}], dtype=object)):
        the_file(tmp_path).unlink()
        file = tmp_path / "index" / "foreign.npy"
        np.save(file, foreign, allow_pickle=True)
        check = vectors._check(file.read_bytes())
        file.rename(file.with_name(f"vectors-{'d' * 16}-{'a' * 16}-{check}.npy"))
        with pytest.raises(IndexUnavailable):
            cache.read(STATE, TEXTS)
        cache.build(STATE, TEXTS)
        assert cache.read(STATE, TEXTS).tolist() == rows(TEXTS)


def test_it_is_written_whole_or_not_at_all(cache, tmp_path, monkeypatch):
    cache.build(STATE, TEXTS)
    before = names(tmp_path)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    place = re.escape(str(tmp_path / "index"))
    with pytest.raises(IndexUnavailable, match=rf"^the vectors cannot be kept in {place}: .*No space left on device"):
        cache.build("b" * 64, TEXTS)
    assert names(tmp_path) == before


def test_old_files_and_what_an_interrupted_build_left_are_removed(cache, tmp_path):
    for number in range(KEPT + 2):
        cache.build(f"{number}" * 64, TEXTS)
        for path in (tmp_path / "index").glob(f"vectors-*-{number}*.npy"):
            os.utime(path, (number, number))
    old, new = tmp_path / "index" / ".vectors-old", tmp_path / "index" / ".vectors-new"
    old.touch()
    new.touch()
    os.utime(old, (time.time() - 7_200,) * 2)
    cache.build("f" * 64, TEXTS)
    kept = [name.split("-")[2][:1] for name in names(tmp_path) if name.startswith("vectors-")]
    assert kept == ["3", "4", "5", "6", "f"]
    assert (old.exists(), new.exists()) == (False, True)
