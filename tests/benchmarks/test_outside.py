"""The outside check, on a folder of three claims of our own in the shape of the real one."""

from __future__ import annotations

import json

import outside
import pytest

CLAIMS = (
    {"_id": "7", "title": "Did a lake turn pink?", "text": "A photograph shows a pink lake in Anytown."},
    {"_id": "8", "title": "Was a bridge closed?", "text": "The old bridge of Anytown was closed for repairs."},
    {"_id": "9", "title": "Do cats fly?", "text": "A video shows a flying cat."},
)
TEXTS = ({"_id": "1", "text": "The lake is pink today!"}, {"_id": "2", "text": "my cat can fly"})


@pytest.fixture
def folder(tmp_path):
    for name, lines in (("corpus", CLAIMS), ("queries.test", TEXTS)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (tmp_path / "qrels.test.tsv").write_text("query-id\tcorpus-id\tscore\n1\t7\t1\n2\t9\t1\n")
    return tmp_path


def test_texts_are_matched_through_the_products_own_engine(folder, capsys):
    assert outside.main([str(folder)]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("MAP@5 1.000 on test: 2 texts against 3 claims, ")
    assert (out.endswith(" ms a text (whoosh)\n"), err) == (True, "")


def test_other_rankers_are_measured_on_the_same_data(folder):
    assert outside.measure(outside.split(folder, "test"), lambda _: ["9", "7"]) == 0.75


def test_an_absent_folder_is_said_plainly(tmp_path, capsys):
    assert outside.main([str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"No CheckThat! 2020 Task 2 data in {tmp_path}: nothing was measured.\n"
