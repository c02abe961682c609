"""Pages from folders, JSON lines and web archives; what cannot be read is a page all the same."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
from pathlib import Path

import pytest
import yaml

from kb.batch.inputs import pages
from kb.batch.members import members
from kb.batch.pages import LARGEST, SHARD_BYTES, Cut, Page, shards
from kb.errors import KbError
from tests.batch.archives import archive, flipped

LINES = yaml.safe_load(Path(__file__).with_name("lines.yaml").read_text(encoding="utf-8"))


def _noise(*seed):
    return hashlib.sha256(repr(seed).encode()).hexdigest().encode()


FOUR = [
    # words that pack badly, so that a member is long enough to be damaged in its middle
    (f"http://www.e.example/{number}", "text/html", b"".join(_noise(number, turn) for turn in range(60)))
    for number in range(4)
]


def told(page):
    """Return what matters of a page, without what is empty."""
    said = {"id": page.id, "url": page.url, "path": page.path, "site": page.site, "problem": page.problem}
    said |= {"media": page.media or "", "text": page.content.decode(), "incomplete": page.incomplete}
    return {key: value for key, value in said.items() if value}


def read(content, file):
    file.write_bytes(content)
    return list(pages(file))


@pytest.mark.parametrize("case", LINES, ids=lambda case: case["name"])
def test_a_line_is_a_page(case, tmp_path):
    (page,) = read(case["line"].encode() + b"\n", tmp_path / "x.jsonl")
    assert told(page) == case["page"]


def test_empty_lines_are_passed_over_and_numbers_are_those_of_the_file(tmp_path):
    found = read(b'{"text": "a"}\n\n  \n{"text": "b"}', tmp_path / "x.jsonl")
    assert [page.id for page in found] == ["x.jsonl:1", "x.jsonl:4"]


def test_a_line_without_end_is_not_taken_into_memory(tmp_path, monkeypatch):
    monkeypatch.setattr("kb.batch.jsonlines.LONGEST", 40)
    found = read(b'{"text": "' + b"a" * 200 + b'"}\n{"text": "b"}\n', tmp_path / "x.jsonl")
    assert [page.content or page.problem for page in found] == ["the line is longer than 0 MB", b"b"]


def test_packed_lines_cut_short_say_so(tmp_path):
    whole = gzip.compress(b"".join(json.dumps({"id": str(n), "text": "word"}).encode() + b"\n" for n in range(5)))
    assert len(read(whole, tmp_path / "x.jsonl.gz")) == 5
    assert "cannot be read to its end" in read(whole[:-12], tmp_path / "x.jsonl.gz")[-1].problem


def test_a_folder_gives_its_files_in_order_and_archives_among_them(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.html").write_text("<p>Two")
    (tmp_path / "a.txt").write_text("One")
    (tmp_path / "c.jsonl").write_text('{"id": "three", "text": "Three"}\n')
    (tmp_path / ".hidden.txt").write_text("x")
    (tmp_path / "picture.png").write_text("x")
    found = list(pages(tmp_path))
    names = ["-" if isinstance(page, Cut) else page.name for page in found]
    assert names == ["a.txt", "-", "three", "-", "b/two.html"]


def test_a_file_that_cannot_be_read_is_a_page_with_a_problem(tmp_path):
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    found = [(page.path, page.problem) for page in pages(tmp_path)]
    assert found == [("gone.txt", "No such file or directory"), ("pipe.txt", "this is no file")]


@pytest.mark.parametrize("name", ["x.zip", "x"])
def test_what_is_no_input_is_refused(name, tmp_path):
    (tmp_path / name).write_text("x")
    with pytest.raises(KbError, match="neither a folder nor a file that ends in"):
        pages(tmp_path / name)
    with pytest.raises(KbError, match="is not there"):
        pages(tmp_path / "nowhere")


@pytest.mark.parametrize("packed", [True, False])
def test_an_archive_gives_the_pages_among_its_records(packed, tmp_path):
    content, _ = archive(
        ("http://www.e.example/a", "text/html; charset=utf-8", b"<p>A"),
        ("http://e.example/style.css", "text/css", b"p {}"),
        ("http://e.example/gone", "text/html", b"<p>Gone", "404 Not Found"),
        ("http://e.example/b.txt", "text/plain", b"B"),
        ("http://e.example/c", "application/pdf", b"%PDF-"),
        packed=packed,
    )
    found = read(content, tmp_path / "x.warc.gz")
    assert [(page.id, page.url, page.media, page.content) for page in found] == [
        ("urn:test:0", "http://www.e.example/a", "text/html; charset=utf-8", b"<p>A"),
        ("urn:test:3", "http://e.example/b.txt", "text/plain", b"B"),
        ("urn:test:4", "http://e.example/c", "application/pdf", b"%PDF-"),
    ]
    assert {page.site for page in found} == {"e.example"}


def test_content_that_a_server_packed_is_unpacked_and_a_bomb_is_not(tmp_path):
    bomb = gzip.compress(b"0" * (LARGEST + 5_000_000))
    http = [("Content-Encoding", "gzip")]
    content, _ = archive(
        ("http://e.example/", "text/html", gzip.compress(b"<p>Packed")),
        ("http://e.example/b", "text/html", bomb),
        http=http,
    )
    first, second = read(content, tmp_path / "x.warc.gz")
    assert first.content == b"<p>Packed"
    assert len(second.content) == LARGEST + 1


def test_a_page_that_the_crawler_cut_says_so(tmp_path):
    content, _ = archive(FOUR[0], warc=[("WARC-Truncated", "length")])
    assert read(content, tmp_path / "x.warc")[0].incomplete == "the crawler kept only a part of it (length)"


def damages():
    """Yield archives with something wrong: what it is, the bytes, whether packed, and which records can be read."""
    packed, begins = archive(*FOUR)
    yield "last member cut short", packed[:-100], True, [0, 1, 2, None]
    yield "last member cut to its first bytes", packed[: begins[3] + 5], True, [0, 1, 2, None]
    yield "cut between members", packed[: begins[3]], True, [0, 1, 2]
    yield "member cut short in the middle", packed[: begins[1] + 500] + packed[begins[2] :], True, [0, None, 2, 3]
    yield "first bytes changed", flipped(packed, begins[2], 3), True, [0, 1, None, 3]
    yield "bytes changed", flipped(packed, begins[1] + 400, 60), True, [0, None, 2, 3]
    yield "checksum changed", flipped(packed, begins[2] - 8, 4), True, [0, None, 2, 3]
    yield "not packed, cut", archive(*FOUR, packed=False)[0][:-100], False, [0, 1, 2, 3]
    plain, begins = archive(*FOUR, packed=False)
    yield "not packed, cut to its first line", plain[: begins[3] + 20], False, [0, 1, 2, None]
    yield "not packed, first bytes changed", flipped(plain, begins[2], 1), False, [0, 1, None]
    yield "no archive", b"garbage\n" * 20, False, [None]
    yield "empty", b"", False, []


@pytest.mark.parametrize(("content", "packed", "expected"), [d[1:] for d in damages()], ids=[d[0] for d in damages()])
def test_what_is_damaged_takes_no_other_record_with_it(content, packed, expected, tmp_path):
    found = read(content, tmp_path / f"x.warc{'.gz' if packed else ''}")
    urls = [None if page.problem else int(page.url[-1]) for page in found]
    assert urls == expected
    whole = {url: content for url, _, content in FOUR}
    for page in found:
        assert page.problem or page.incomplete or page.content == whole[page.url]


def test_any_cut_of_a_packed_archive_is_noticed_unless_it_is_between_records(tmp_path):
    content, begins = archive(*(("http://e.example/", "text/plain", b"Some words.") for _ in range(3)))
    for end in range(1, len(content)):
        found = read(content[:end], tmp_path / "x.warc.gz")
        assert sum(not page.problem for page in found) == sum(begin <= end for begin in [*begins[1:], len(content)])
        assert any(page.problem for page in found) == (end not in begins)


def test_a_member_is_unpacked_piece_by_piece():
    file = io.BytesIO(gzip.compress(b"0" * 10_000_000) + gzip.compress(b"next"))
    first, second = members(file)
    assert not first.problem
    assert first.end == second.begin
    assert second.problem == ""


def page(number, weight=1):
    return Page(str(number), b"x" * weight)


def test_shards_end_at_their_size_at_cuts_and_at_the_limit():
    found = [page(0), page(1), page(2), Cut(), Cut(), page(3), page(4)]
    numbers = [(shard.number, [one.id for one in shard.pages]) for shard in shards(found, 2)]
    assert numbers == [(0, ["0", "1"]), (1, ["2"]), (2, ["3", "4"])]
    assert [len(shard.pages) for shard in shards(found, 2, limit=3)] == [2, 1]
    assert [len(shard.pages) for shard in shards(found, 2, limit=4)] == [2, 1, 1]


def test_heavy_pages_make_small_shards():
    assert [len(shard.pages) for shard in shards([page(0, SHARD_BYTES), page(1), page(2)])] == [1, 2]


def test_no_more_than_a_shard_is_read_ahead():
    taken = []
    stream = (taken.append(number) or page(number) for number in range(100))
    next(shards(stream, 5))
    assert len(taken) == 5


@pytest.mark.parametrize(
    "changed", [{"id": "2"}, {"content": b"y"}, {"media": "text/html"}, {"url": "u"}, {"path": "p"}]
)
def test_the_digest_of_a_page_changes_with_all_that_matters(changed):
    fields = {"id": "1", "content": b"x", "media": None, "url": "", "path": ""}
    assert Page(**fields).digest() == Page(**fields).digest()
    assert Page(**fields).digest() != Page(**(fields | changed)).digest()


@pytest.mark.parametrize(
    ("fields", "site"),
    [
        ({"url": "https://www.Clinic.example:8443/a"}, "clinic.example"),
        ({"url": "http://[broken"}, ""),
        ({"url": "no address"}, ""),
        ({"path": "clinic.example/a/b.html"}, "clinic.example"),
        ({"path": "b.html"}, ""),
        ({}, ""),
    ],
)
def test_the_site_of_a_page(fields, site):
    assert Page("1", **fields).site == site
