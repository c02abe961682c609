"""The benchmark of ranking by meaning, on three claims of our own in the shape of the outside data."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from kb.semantic import fusion
from tests.semantic import tiny

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks" / "relevance"))
import semantic

CLAIMS = (
    {"_id": "7", "title": "Does relief last?", "text": "Relief lasts for hours."},
    {"_id": "8", "title": "Is it harm?", "text": "It is not harm to the bladder."},
    {"_id": "9", "title": "Sleep", "text": "Sleep lifts the mood."},
)
TEXTS = ({"_id": "1", "text": "bladder harm!"}, {"_id": "2", "text": "how mood lifts"})


@pytest.fixture
def folder(tmp_path):
    for name, lines in (("corpus", CLAIMS), ("queries.dev", TEXTS)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (tmp_path / "qrels.dev.tsv").write_text("query-id\tcorpus-id\tscore\n1\t8\t1\n2\t9\t1\n")
    return tmp_path


def test_words_meaning_and_both_are_measured_and_vectors_kept(folder, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(fusion, "WEIGHT", fusion.WEIGHT)  # put back afterwards
    model = str(tiny.write(tmp_path / "model"))
    arguments = [model, str(folder), "--split", "dev", "--cache", str(tmp_path / "cache"), "--weight", "0.5"]
    assert semantic.main(arguments) == 0
    first = re.sub(r"\d+\.\d(?= ms)", "N", capsys.readouterr().out)
    assert semantic.main(arguments) == 0
    second = re.sub(r"\d+\.\d(?= ms)", "N", capsys.readouterr().out)
    assert first == "3 vectors made, N ms each\n" + second
    assert re.fullmatch(
        r"N ms a text for its vector and its likeness to all\n"
        r"dev: 2 texts against 3 claims, MAP@5\n"
        r"  words alone         1\.000\n"
        r"  meaning alone       \d\.\d{3}\n"
        r"  both, weight 0\.50   1\.000\n",
        second,
    )


def test_what_is_missing_is_said_plainly(folder, tmp_path, capsys):
    assert semantic.main([str(tmp_path / "none"), str(tmp_path / "gone")]) == 2
    missing = f"No CheckThat! 2020 Task 2 data in {tmp_path / 'gone'}: nothing was measured.\n"
    assert capsys.readouterr().err == missing
    assert semantic.main([str(tmp_path / "none"), str(folder)]) == 2
    assert capsys.readouterr().err.startswith("Nothing was measured: there is no config.json and no model.safetensors")
