"""The front door on small knowledge bases on disk: reading, reloading, searching, sources."""

from __future__ import annotations

import datetime as dt
import shutil
import threading

import pytest

from kb.errors import (
    EntryNotFound,
    IndexUnavailable,
    KbError,
    KnowledgeBaseNotFound,
    SourceMismatch,
)
from kb.finding import Level
from kb.library import Library, check_filters, filter_values, search_answer
from kb.search.base import Query
from tests.lake import TEXT, edit

TODAY = dt.date(2026, 6, 1)


# Reading


def test_open_finds_the_nearest_knowledge_base_upwards(root, monkeypatch):
    inside = root / "entries" / "mood"
    for place in (root, root.parent, inside):
        assert Library.open(place, engine="memory").root == root
    monkeypatch.chdir(root.parent)
    assert Library.open(engine="memory").root == root


def test_open_says_where_it_looked(tmp_path):
    with pytest.raises(KnowledgeBaseNotFound) as caught:
        Library.open(tmp_path)
    assert str(caught.value) == f"no kb.yaml or claims/kb.yaml in {tmp_path} or any folder above it"


def test_entries_are_found_by_id_and_claims_by_former_id(library):
    assert library.claim("wakes-up").id == "wakes-up"
    assert library.claim("wakes").id == "wakes-up"
    assert library.caveat("fades-soon").short == "Fades within days"
    assert library.source("lake-page").text.chars == len(TEXT)
    assert library.files["claim", "wakes-up"] == "entries/mood/wakes-up.yaml"
    with pytest.raises(EntryNotFound, match="no source has the id 'wakes-up'"):
        library.source("wakes-up")


def test_a_bad_file_is_a_finding_and_hides_nothing(root):
    edit(root, "entries/mood/wakes-up.yaml", "verdict: supported", "verdict: maybe")
    library = Library.open(root, engine="memory")
    assert [(finding.rule, finding.location.path) for finding in library.findings] == [
        ("schema", "entries/mood/wakes-up.yaml")
    ]
    assert list(library.kb.claims) == ["lifts-mood"]


# Reloading


def test_nothing_is_read_again_without_an_edit(library):
    before = library.kb
    assert not library.reload_if_changed()
    assert library.kb is before


@pytest.mark.parametrize(
    "change",
    [
        lambda root: edit(root, "entries/mood/wakes-up.yaml", "Cold water", "Very cold water"),
        lambda root: (root / "entries" / "mood" / "wakes-up.yaml").unlink(),
        lambda root: (
            (root / "entries" / "sleep").mkdir()
            or shutil.move(root / "entries" / "mood" / "wakes-up.yaml", root / "entries" / "sleep")
        ),
    ],
    ids=["edited", "removed", "moved"],
)
def test_an_edit_is_seen_and_what_was_read_before_stays_whole(root, library, change):
    before = library.kb
    change(root)
    assert library.reload_if_changed()
    assert library.kb.digest != before.digest
    assert before.claims["wakes-up"].claim == "Cold water wakes people up."
    assert not library.reload_if_changed()


def test_hidden_files_of_editors_are_no_edit(root, library):
    (root / "entries" / "mood" / ".wakes-up.yaml.swp").write_text("x")
    assert not library.reload_if_changed()


def test_while_the_knowledge_base_is_gone_the_last_state_stays(root, library, caplog):
    before = library.kb
    away = root.rename(root.with_name("away"))
    assert not library.reload_if_changed()
    assert library.kb is before
    assert [record.getMessage() for record in caplog.records] == [
        f"there is no kb.yaml in {root}; going on with what was read before"
    ]
    edit(away, "entries/mood/wakes-up.yaml", "Cold water", "Very cold water")
    away.rename(root)
    assert library.reload_if_changed()
    assert library.claim("wakes-up").claim == "Very cold water wakes people up."


def test_many_threads_see_either_the_old_state_or_the_new_one(root, library):
    old = library.kb.digest
    edit(root, "entries/mood/wakes-up.yaml", "Cold water", "Very cold water")
    start = threading.Barrier(8)
    seen = []

    def look():
        start.wait()
        library.reload_if_changed()
        kb = library.kb
        seen.append((kb.digest != old, kb.claims["wakes-up"].claim))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [(True, "Very cold water wakes people up.")] * 8


# Search


def test_search_builds_an_index_that_is_missing_and_says_so(root, caplog):
    library = Library.open(root)
    assert library.index_info().info is None
    assert library.index_info().behind
    page = library.search(Query("claim:cold"))
    assert [hit.id for hit in page.hits] == ["wakes-up"]
    assert [record.getMessage() for record in caplog.records] == [
        "no search index has been built for this state of the knowledge base; built it"
    ]
    assert not library.index_info().behind


def test_an_index_on_disk_is_used_again_without_a_word(root, caplog):
    built = Library.open(root).index()
    caplog.clear()
    again = Library.open(root)
    assert again.index() == built
    assert again.index_info().info == built
    assert caplog.records == []


def test_force_builds_the_index_anew(root):
    library = Library.open(root)
    first = library.index()
    forced = library.index(force=True)
    assert forced.built_at > first.built_at
    assert library.index_info().info == forced


def test_after_an_edit_the_entry_is_found_at_once(root, library):
    library.index()
    edit(root, "entries/mood/wakes-up.yaml", "Cold water", "Chilly lakes")
    library.reload_if_changed()
    assert not library.index_info().behind
    assert library.search(Query("claim:cold")).total == 0
    assert library.search(Query("claim:chilly")).total == 1


def test_after_an_edit_that_takes_a_build_the_index_is_behind_until_it_is_built(root, library):
    library.index()
    edit(root, "vocabulary.yaml", "cold water", "cold lakes")
    library.reload_if_changed()
    assert library.index_info().behind
    assert "concepts" in library.search(Query("cold")).hits[0].highlights
    library.index()
    assert not library.index_info().behind
    assert "concepts" not in library.search(Query("cold")).hits[0].highlights


@pytest.mark.parametrize("engine", ["memory", "whoosh"])
def test_what_was_saved_is_found_at_once_and_no_other_file_is_looked_at(root, engine):
    library = Library.open(root, engine=engine)
    library.index()
    edit(root, "entries/mood/wakes-up.yaml", "Cold water", "Chilly lakes")
    other = next(path for path in library.files.values() if path.startswith("entries/") and "wakes" not in path)
    before = (root / other).read_bytes()
    (root / other).write_bytes(b"# broken: [" + before)
    assert library.apply_saved(["entries/mood/wakes-up.yaml"])
    assert [hit.id for hit in library.search(Query("claim:chilly")).hits] == ["wakes-up"]
    assert not library.index_info().behind
    assert library.reload_if_changed()


def test_what_was_saved_is_dated_without_asking_for_the_whole_history(root, library, monkeypatch):
    library.index()
    library.changed("claim", "wakes-up")
    monkeypatch.setattr("kb.store.changes", lambda *_: pytest.fail("the history was read again"))
    edit(root, "entries/mood/wakes-up.yaml", "Cold water", "Chilly lakes")
    library.apply_saved(["entries/mood/wakes-up.yaml"])
    own_time = (root / "entries/mood/wakes-up.yaml").stat().st_mtime
    assert library.changed("claim", "wakes-up").timestamp() == pytest.approx(own_time)
    assert library.search(Query(sort="changed")).hits[0].id == "wakes-up"


def test_a_save_does_not_wait_for_a_build_that_goes_on(root, library, monkeypatch):
    library.index()
    building, go_on = threading.Event(), threading.Event()
    build = library._index._engine.build

    def slow(kb):
        building.set()
        assert go_on.wait(30)
        return build(kb)

    monkeypatch.setattr(library._index._engine, "build", slow)
    builder = threading.Thread(target=lambda: library.index(force=True))
    builder.start()
    assert building.wait(30)
    edit(root, "entries/mood/wakes-up.yaml", "Cold water", "Chilly lakes")
    assert library.apply_saved(["entries/mood/wakes-up.yaml"])
    assert library.search(Query("claim:chilly")).total == 1
    go_on.set()
    builder.join()
    assert not library.index_info().behind
    assert library.search(Query("claim:chilly")).total == 1


def test_a_restart_after_edits_needs_no_build(root, caplog):
    Library.open(root).index()
    edit(root, "entries/mood/wakes-up.yaml", "Cold water", "Chilly lakes")
    caplog.clear()
    again = Library.open(root)
    assert again.search(Query("claim:chilly")).total == 1
    assert not again.index_info().behind
    assert caplog.records == []


def test_readers_see_no_half_of_a_save(root, library):
    library.index()
    wrong, done = [], threading.Event()

    def read():
        while not done.is_set():
            found = {text: library.search(Query(f"claim:{text}")).total for text in ("cold", "chilly")}
            together = library.search(Query("claim:cold OR claim:chilly")).total
            if together != 1 or sum(found.values()) > 2:
                wrong.append((found, together))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(10):
        edit(root, "entries/mood/wakes-up.yaml", "Cold water", "Chilly lakes")
        library.apply_saved(["entries/mood/wakes-up.yaml"])
        edit(root, "entries/mood/wakes-up.yaml", "Chilly lakes", "Cold water")
        library.apply_saved(["entries/mood/wakes-up.yaml"])
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_a_server_s_library_follows_edits_by_itself(root):
    library = Library.open(root, engine="memory", follow_edits=True)
    library.index()
    edit(root, "entries/mood/wakes-up.yaml", "Cold water", "Chilly lakes")
    assert library.reload_if_changed()
    for thread in threading.enumerate():
        if thread.name == "kb-index":
            thread.join()
    assert not library.index_info().behind
    assert library.search(Query("claim:chilly")).total == 1


class Breaking:
    """A back end that opened and turns out to be unreadable, as a damaged file does."""

    def __init__(self, inner):
        self.info = inner.info

    def search(self, _query):
        raise IndexUnavailable("the index is damaged")


def test_an_index_that_breaks_while_searching_is_built_anew(library, caplog):
    library.index()
    library._index._backend = Breaking(library._index._backend)
    assert library.search(Query("claim:cold")).total == 1
    assert [record.getMessage() for record in caplog.records] == ["the index is damaged; building it anew"]


def test_a_place_that_cannot_hold_an_index_is_said(root, home):
    (home / "cache").write_text("a file where a folder should be")
    with pytest.raises(IndexUnavailable, match=r"^the search index cannot be built in "):
        Library.open(root).search(Query("claim:cold"))


def test_the_answer_as_data_has_verdict_certainty_and_caveats_with_every_claim(library):
    answer = search_answer(library, Query("cold water", facets=("verdict",)))
    hit, related = answer["hits"]
    assert hit.pop("score") > related["score"] > 0
    answer["hits"] = [hit]
    assert answer == {
        "total": 2,
        "query": "cold water",
        "hits": [
            {
                "id": "wakes-up",
                "claim": "Cold water wakes people up.",
                "type": "efficacy",
                "themes": ["mood"],
                "status": "in-review",
                "verdict": "supported",
                "certainty": "low",
                "caveats": [{"id": "fades-soon", "near": "section", "short": "Fades within days"}],
                "sources": ["lake-page"],
                "highlights": {
                    "claim": [{"text": "Cold water wakes people up.", "spans": [[0, 4], [5, 10]]}],
                    "concepts": [{"text": "cold water", "spans": [[0, 4], [5, 10]]}],
                },
                "related": [],
            }
        ],
        "facets": {"verdict": {"supported": 2}},
        "suggestion": None,
        "mended": False,
        "reading": "entries with all of: cold, water; 1 more is related to these",
        "widened": [],
        "unwidened": [],
        "matches": [],
        "caveats": [],
        "nearest": [],
        "sort": "relevance",
        "page": 1,
        "pages": 1,
        "per_page": 20,
    }


def test_the_answer_has_the_caveats_that_answer_the_words(library):
    assert search_answer(library, Query("fades within days"))["caveats"] == [
        {
            "id": "fades-soon",
            "short": "Fades within days",
            "caveat": "The effect fades within days.",
            "status": "in-review",
        }
    ]


def test_a_claim_that_is_gone_since_the_index_was_built_is_left_out(root, library):
    library.index()
    (root / "entries" / "mood" / "wakes-up.yaml").unlink()
    library.reload_if_changed()
    assert search_answer(library, Query("claim:cold"))["hits"] == []


def test_every_filter_has_its_values(library):
    values = filter_values(library.kb)
    assert values["theme"] == ("mood", "sleep", "nausea")
    assert values["source"] == ("lake-page",)
    assert values["caveat"] == ("fades-soon",)
    assert "not-checkable" in values["verdict"]


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"verdict": ("suported",)}, "no verdict is called 'suported'; did you mean supported?"),
        (
            {"verdict": ("supported", "xyz")},
            "no verdict is called 'xyz'; it must be one of: supported, refuted, contested, unproven, not-checkable",
        ),
        ({"source": ("xyz",)}, "no source is called 'xyz'; it must be one of: lake-page"),
        ({"caveat": ("fades",)}, "no caveat is called 'fades'; did you mean fades-soon?"),
    ],
)
def test_a_filter_value_that_cannot_be_is_an_error(library, filters, message):
    with pytest.raises(KbError) as caught:
        check_filters(library.kb, filters)
    assert str(caught.value) == message


# Sources


def test_attach_makes_the_words_available(library, article, home):
    assert (library.source_text("lake-page"), library.attached()) == (None, ())
    assert library.attach(article).id == "lake-page"
    assert library.attached() == ("lake-page",)
    assert library.source_text("lake-page") == TEXT
    assert [path.parent for path in home.rglob("*.txt")] == [home / "data" / "sources"]
    (coverage,) = library.coverage()
    assert (coverage.percent, coverage.complete) == (100.0, True)
    (section,) = library.outline("lake-page").sections
    assert [place.words for place in section.places] == ["Cold water wakes you up.", "It may also make you sneeze."]


def test_attach_refuses_another_text(library, article):
    article.write_text("something else")
    with pytest.raises(SourceMismatch, match=r"known sources: lake-page"):
        library.attach(article)


def test_coverage_without_a_copy_says_why_it_is_not_measured(library):
    (coverage,) = library.coverage(["lake-page"])
    assert coverage.skipped.reason == (
        "no copy of lake-page is attached; `kb sources attach FILE` keeps one on this machine"
    )
    with pytest.raises(EntryNotFound):
        library.coverage(["other-page"])


def test_a_damaged_copy_is_never_shown_and_never_passed_over(library, article, home):
    library.attach(article)
    (copy,) = home.rglob("*.txt")
    copy.write_text("other words")
    assert (library.source_text("lake-page"), library.attached()) == (None, ())
    assert library.coverage()[0].skipped.reason == (
        "the private copy of lake-page is damaged; attach the article again"
    )
    report = library.lint(today=TODAY)
    assert [(skipped.what, skipped.reason) for skipped in report.skipped] == [
        ("lake-page", "the private copy of lake-page is damaged; attach the article again")
    ]
    assert report.exit_code(Level.ERROR) == 2
