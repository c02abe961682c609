"""The roll-up: whole pages as golden files, every row in every format, nothing that a spreadsheet or browser runs."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from kb.batch import rollup_html, rollup_text
from kb.batch.rollup import MOST_LISTED, roll_up, rows
from kb.batch.rollup_files import as_csv, as_parquet
from kb.batch.rollup_sections import sections
from kb.batch.tally import Tally, counted, unchecked
from kb.errors import KbError
from kb.library.auditing import AuditOptions
from kb.library.opening import entries
from tests import lake
from tests.batch.conftest import Here

GOLDEN = Path(__file__).with_name("golden")
DAY = dt.date(2026, 1, 1)


@pytest.fixture
def kb(root):
    """Return the lake's knowledge base with a claim that the evidence contradicts."""
    lake.edit(root, "entries/mood/wakes-up.yaml", "verdict: supported", "verdict: refuted")
    return entries(root)


@pytest.fixture
def two_runs(audit, site, tmp_path):
    """Return the roll-ups of a run and of one before it, over other pages."""
    audit(folder=tmp_path / "before")
    for number in (1, 3, 5):
        page = site / "b.example" / f"{number}.txt"
        page.write_text(
            page.read_text(encoding="utf-8") + "Testamine always lifts your mood, guaranteed.\n", encoding="utf-8"
        )
    (site / "a.example" / "0.txt").write_bytes(b"\x00\x01\x02\xff" * 50)
    (site / "loose.txt").write_text("Testamine lifts your mood.", encoding="utf-8")
    audit()
    return roll_up(tmp_path / "out"), roll_up(tmp_path / "before")


@pytest.mark.parametrize(
    ("name", "render"),
    [("rollup.html", rollup_html.render), ("rollup.txt", rollup_text.render), ("rollup.csv", as_csv)],
    ids=["html", "text", "csv"],
)
def test_the_roll_up_is_the_golden_file(name, render, two_runs, golden):
    golden(GOLDEN / name, render(*two_runs).replace("\r\n", "\n"))


def test_the_tables_add_up_to_what_the_documents_say(two_runs):
    now, before = two_runs
    assert (now.counts.pages, now.audited, now.counts.unchecked) == (11, 10, 1)
    assert (before.counts.pages, before.audited) == (10, 10)
    assert now.pages("claims", ("a.example", "lifts-mood")) == 2
    assert now.tally.tables["claims"]["b.example", "lifts-mood"] == (4, 5)
    assert now.share("claims", ("b.example", "lifts-mood")) == 80.0
    assert now.share("pages", ("a.example", "not checked")) == 20.0
    assert now.share("claims", ("nowhere", "lifts-mood")) is None
    reason = "this is not text; hand in plain text, Markdown, HTML, DOCX or PDF"
    assert now.unchecked == [("a.example/0.txt", reason)]


def test_parquet_has_the_rows_of_the_csv_with_types(two_runs):
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(as_parquet(*two_runs)))
    said = list(csv.DictReader(io.StringIO(as_csv(*two_runs))))
    assert table.column_names == list(said[0])
    assert str(table.schema.field("pages").type) == "int64"
    assert [
        {key: "" if value is None else str(value) for key, value in row.items()} for row in table.to_pylist()
    ] == said


def test_rows_of_the_earlier_run_alone_are_there(two_runs, audit, tmp_path):
    audit(folder=tmp_path / "less", limit=1)
    less = roll_up(tmp_path / "less")
    found = {(row["table"], row["site"], row["claim"]): row for row in rows(less, two_runs[1])}
    row = found["claims", "b.example", "wakes-up"]
    assert (row["pages"], row["share"], row["pages_before"]) == (0, None, 3)


EVIL = ['=HYPERLINK("http://evil.example")', "<script>alert(1)</script>", "@SUM(A1)", 'x" onload="y', "-2+3", "&amp;"]


@pytest.fixture
def evil(audit, site, tmp_path):
    """Return a roll-up of pages whose sites, names and claims are an attack."""
    lines = site / "evil.jsonl"
    with lines.open("w", encoding="utf-8") as file:
        for number, name in enumerate(EVIL):
            page = {"id": name, "path": f"{name.replace('/', '_')}/x", "text": "Testamine lifts your mood."}
            file.write(json.dumps(page if number % 2 == 0 else page | {"text": None}) + "\n")
    audit(source=lines)
    return roll_up(tmp_path / "out")


def test_no_cell_is_a_formula(evil):
    cells = [cell for row in csv.reader(io.StringIO(as_csv(evil))) for cell in row]
    assert '\'=HYPERLINK("http:__evil.example")' in cells
    assert not [cell for cell in cells if re.match(r"\s*[=+@-]", cell)]


class _Page(HTMLParser):
    """Collects what elements and attributes a page has, and the words of its pictures and tables."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.addresses, self.inside, self.words = set(), set(), [], [], {}

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value for name, value in attrs if name in {"href", "src"}]
        if tag != "meta":
            self.inside.append(tag)

    def handle_endtag(self, tag):
        assert self.inside.pop() == tag

    def handle_data(self, data):
        for tag in self.inside:
            self.words.setdefault(tag, []).append(data)


def test_the_page_runs_and_loads_nothing_whatever_pages_are_called(evil):
    page = _Page()
    page.feed(rollup_html.render(evil))
    page.close()
    assert not page.tags & {"script", "link", "img", "iframe", "object", "form"}
    assert not [name for name in page.attributes if name.startswith("on") or name == "style"]
    assert all(address.startswith("#") for address in page.addresses)
    assert "<script>alert(1)<_script>" in "".join(page.words["body"])


def test_every_bar_is_in_words_and_every_plot_in_a_table(two_runs):
    page = _Page()
    page.feed(rollup_html.render(*two_runs))
    described, cells = " ".join(page.words["desc"]), page.words["td"]
    drawn = [(section, bar) for section in sections(*two_runs) for bar in section.bars]
    assert drawn
    for section, bar in drawn:
        assert f"{bar.label}: {bar.said}" in described
        assert section.rows
    assert {str(cell) for section in sections(*two_runs) for row in section.rows for cell in row} - {""} <= set(cells)


def test_shards_that_are_damaged_missing_or_of_another_setting_are_named(audit, tmp_path):
    audit()
    out = tmp_path / "out"
    other = out / "shard-00000000.jsonl"
    audit(folder=tmp_path / "other", options=AuditOptions(profile="uk-cap", today=DAY))
    other.write_bytes((tmp_path / "other" / other.name).read_bytes())
    (out / "shard-00000001.jsonl").write_text("half")
    (out / "shard-00000002.jsonl").unlink()
    rolled = roll_up(out)
    assert rolled.left_out == [
        ("shard 0", "it was audited with another setting"),
        ("shard 1", "it is not whole"),
        ("shard 2", "it is not there"),
    ]
    assert (rolled.shards, rolled.counts.pages, rolled.finished) == (1, 1, False)
    page = rollup_html.render(rolled)
    assert "This run is not complete; shards counted: 1." in page
    assert "shard 1 is not counted: it is not whole" in page


def test_a_run_that_was_stopped_is_counted_as_far_as_it_got(audit, tmp_path):
    def stopping(setting):
        def stop(shard):
            if shard.number == 2:
                raise KeyboardInterrupt

        return Here(setting, stop)

    with pytest.raises(KeyboardInterrupt):
        audit(stopping)
    rolled = roll_up(tmp_path / "out")
    assert (rolled.shards, rolled.finished) == (2, False)


def test_a_folder_that_is_no_batch_is_refused(tmp_path):
    with pytest.raises(KbError, match="it has no run"):
        roll_up(tmp_path)


def test_only_so_many_pages_are_listed(audit, site, tmp_path):
    lines = site / "many.jsonl"
    lines.write_text('{"id": "x"}\n' * (MOST_LISTED + 7))
    audit(source=lines, shard_pages=50)
    rolled = roll_up(tmp_path / "out")
    assert (len(rolled.unchecked), rolled.counts.unchecked) == (MOST_LISTED, MOST_LISTED + 7)
    assert "7 more are in the result files." in rollup_html.render(rolled)


def document(**fields):
    none = {"mentions": [], "findings": [], "balance": {"rating": None}}
    return none | fields


def mention(**fields):
    usual = {
        "claim": "lifts-mood",
        "themes": ["mood"],
        "start": 0,
        "end": 9,
        "match": "certain",
        "polarity": "asserted",
    }
    return usual | fields


def finding(rule, **fields):
    usual = {"rule": rule, "level": "warning", "start": 0, "end": 9, "claim": None, "caveat": None, "suppressed": None}
    return usual | fields


THEMES = {"lifts-mood": ["mood"]}


@pytest.mark.parametrize(
    "one", [{"polarity": "asked"}, {"polarity": "attributed"}, {"match": "possible"}, {"claim": None}]
)
def test_only_claims_that_the_page_itself_surely_makes_count(one):
    assert "claims" not in counted("s", document(mentions=[mention(**one)]), THEMES)
    assert counted("s", document(mentions=[mention(), mention()]), THEMES)["claims"] == [["s", "lifts-mood", 1, 2]]


@pytest.mark.parametrize(
    ("fields", "themes"),
    [
        ({"claim": "lifts-mood"}, [["mood", 1, 1]]),
        ({}, [["sleep", 1, 1]]),
        ({"start": 20, "end": 30}, [["", 1, 1]]),
    ],
    ids=["of its claim", "of what is said there", "none"],
)
def test_the_theme_of_an_overstatement(fields, themes):
    there = mention(claim=None, themes=["sleep"])
    found = counted("s", document(mentions=[there], findings=[finding("overstated", **fields)]), THEMES)
    assert found["overstated"] == themes
    assert {row[0] for row in themes} <= {row[0] for row in found["spoken"]}


def test_accepted_findings_do_not_count():
    accepted = finding("missing-caveat", claim="lifts-mood", caveat="fades-soon", suppressed={"kind": "inSource"})
    assert "missing" not in counted("s", document(findings=[accepted]), THEMES)


def test_adding_up_is_the_same_in_any_order_and_refuses_what_is_no_tally():
    pages = [counted("s", document(mentions=[mention()]), THEMES), unchecked("t"), counted("t", document(), THEMES)]
    forth, back = Tally(), Tally()
    for page in pages:
        forth.add(page)
    for page in reversed(pages):
        back.add(page)
    assert forth.content() == back.content()
    with pytest.raises(ValueError, match="a row of claims is counted by 1"):
        forth.add({"claims": [["s", 1, 1]]})
