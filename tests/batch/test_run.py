"""A batch from beginning to end: what is written, what is passed over, what is done again."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os

import jsonschema
import pytest

from kb.batch.folder import Folder
from kb.batch.results import Damaged, load
from kb.errors import KbError
from kb.formats.audit import json as json_format
from kb.library.auditing import AuditOptions, Copy
from kb.library.auditing import audit as plain
from tests.batch.conftest import Here, contents


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def counting(seen):
    return lambda setting: Here(setting, lambda shard: seen.append(shard.number))


def test_results_are_a_header_a_line_for_each_page_and_an_end(audit, out):
    progress = audit()
    assert (progress.shards, progress.done, progress.counts.pages, progress.counts.unchecked) == (4, 4, 10, 0)
    assert sorted(contents(out)) == [f"shard-0000000{number}.jsonl" for number in range(4)]
    head, *lines, end = map(json.loads, (out / "shard-00000000.jsonl").read_text(encoding="utf-8").splitlines())
    assert (head["schema"], head["profile"], head["tool"]["name"], head["as_of"]) == (
        "kb-batch/1",
        "us-ftc",
        "kb",
        "2026-01-01",
    )
    assert "overstated" in head["rules"]
    assert [line["page"]["id"] for line in lines] == ["a.example/0.txt", "a.example/2.txt", "a.example/4.txt"]
    assert lines[0]["page"]["site"] == "a.example"
    assert end["end"]["counts"]["pages"] == 3
    assert json.loads((out / "run.json").read_bytes())["state"] == "finished"


def test_a_document_is_as_in_a_report(audit, out, kb, site):
    audit()
    found = [line["document"] for number in range(4) for line in Folder(out).whole(number).pages()]
    paths = sorted(site.rglob("*.txt"))
    copies = [Copy(path.relative_to(site).as_posix(), path) for path in paths]
    report = plain(kb, copies, AuditOptions(today=dt.date(2026, 1, 1)))
    assert found == json.loads(json_format.render(report))["documents"]


def test_what_is_finished_is_not_done_again(audit, out):
    audit()
    before, seen = contents(out), []
    progress = audit(counting(seen))
    assert (progress.before, seen) == (4, [])
    assert contents(out) == before


def test_the_day_of_the_first_start_holds(audit):
    audit(day=dt.date(2026, 1, 1))
    assert audit(day=dt.date(2026, 2, 1)).before == 4


def test_another_setting_or_page_is_audited_anew(audit, site, out):
    audit()
    (site / "b.example" / "3.txt").write_text("Other words.", encoding="utf-8")
    seen = []
    audit(counting(seen))
    assert len(seen) == 1
    seen.clear()
    audit(counting(seen), options=AuditOptions(profile="uk-cap", today=dt.date(2026, 1, 1)))
    assert seen == [0, 1, 2, 3]
    assert load(out / "shard-00000000.jsonl").head["profile"] == "uk-cap"


def test_fewer_pages_leave_no_shard_of_more(audit, out):
    audit()
    audit(limit=4)
    assert len(contents(out)) == 2
    assert audit(limit=4).before == 2


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "foreign", "line lost"])
def test_a_damaged_shard_is_done_again(damage, audit, out):
    audit()
    whole, file = contents(out), out / "shard-00000001.jsonl"
    content = file.read_bytes()
    lines = content.splitlines(keepends=True)
    middle = len(content) // 3
    damaged = {
        "cut": content[:-10],
        "flip": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        "empty": b"",
        "foreign": b'{"schema": "other/1"}\n{"end": {}}\n',
        "line lost": b"".join([*lines[:1], *lines[2:]]),
    }
    file.write_bytes(damaged[damage])
    with pytest.raises(Damaged):
        load(file)
    seen = []
    audit(counting(seen))
    assert seen == [1]
    assert contents(out) == whole


def test_packed_results_are_the_same_and_replace_the_others(audit, out):
    audit()
    plain = contents(out)
    audit(packed=True, options=AuditOptions(profile="uk-cap", today=dt.date(2026, 1, 1)))
    assert sorted(contents(out)) == [f"shard-0000000{number}.jsonl.gz" for number in range(4)]
    audit(packed=True)
    packed = contents(out)
    assert [load(out / name).lines for name in packed] == [
        b"".join(c.splitlines(keepends=True)[:-1]) for c in plain.values()
    ]
    assert audit().before == 4
    assert contents(out) == packed


def test_a_full_disk_stops_the_run_and_leaves_what_is_whole(audit, out, monkeypatch):
    audit()
    whole = contents(out)
    for file in list(out.iterdir()):
        file.unlink()
    real, writes = os.fsync, []

    def full(handle):
        writes.append(handle)
        if len(writes) > 6:  # run.json and its folder, then two shards and theirs
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(KbError, match="No space left on device"):
            audit()
    assert contents(out) == {name: whole[name] for name in list(whole)[:2]}
    assert audit().before == 2
    assert contents(out) == whole


def test_an_engine_is_closed_whatever_happens(audit):
    engines = []

    def failing(setting):
        def fail(shard):
            if shard.number == 2:
                raise KeyboardInterrupt

        engines.append(Here(setting, fail))
        return engines[0]

    with pytest.raises(KeyboardInterrupt):
        audit(failing)
    assert engines[0].closed


def test_a_shard_that_an_engine_cannot_do_is_left_for_the_next_start(audit, out):
    class Half(Here):
        def results(self, shards):
            for shard, results in super().results(shards):
                yield shard, "it failed" if shard.number == 1 else results

    progress = audit(Half)
    assert (progress.done, progress.failed) == (3, {1: "it failed"})
    assert json.loads((out / "run.json").read_bytes())["state"] == "stopped"
    assert audit().before == 3


def test_two_runs_do_not_write_to_one_folder(audit):
    def second(setting):
        return Here(setting, lambda _: audit())

    with pytest.raises(KbError, match="another run is writing to"):
        audit(second)


def test_what_a_killed_run_left_is_swept_and_nothing_else(audit, out):
    audit()
    (out / ".shard-00000000.jsonl.0123456789abcdef.tmp").write_text("half")
    (out / "notes.txt").write_text("mine")
    audit()
    assert sorted(path.name for path in out.iterdir() if "shard" not in path.name) == ["notes.txt", "run.json"]


def test_a_folder_with_other_files_is_refused(audit, out):
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    with pytest.raises(KbError, match="holds other files"):
        audit()


def test_pages_that_cannot_be_read_are_results_and_may_be_tried_again(audit, site, out):
    (site / "a.example" / "0.txt").write_bytes(b"\x00\x01\x02\xff" * 50)
    (site / "a.example" / "2.txt").unlink()
    (site / "a.example" / "2.txt").symlink_to("nowhere")
    progress = audit()
    assert (progress.counts.pages, progress.counts.unchecked, progress.counts.transient) == (10, 2, 0)
    errors = [line["error"] for line in load(out / "shard-00000000.jsonl").pages() if "error" in line]
    assert [error["kind"] for error in errors] == ["unreadable", "unreadable"]
    assert errors[1]["reason"] == "No such file or directory"
    assert audit(retry=True).before == 4


def test_errors_that_may_go_well_another_time_are_tried_again(audit):
    class Slow(Here):
        def results(self, shards):
            for shard, results in super().results(shards):
                late = type(results[0])(kind="time", reason="it took longer than 60 seconds")
                yield shard, [late, *results[1:]] if shard.number == 1 else results

    assert audit(Slow).counts.transient == 1
    assert audit().before == 4
    progress = audit(retry=True)
    assert (progress.before, progress.counts.transient) == (3, 0)


def test_a_line_without_a_document_is_an_error(audit, out):
    audit()
    schema = {"oneOf": [{"required": ["page", "document"]}, {"required": ["page", "error"]}]}
    for number in range(4):
        for line in Folder(out).whole(number).pages():
            jsonschema.validate(line, schema)
