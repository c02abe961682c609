"""The front door for editors: linting, formatting and creating entries on disk."""

from __future__ import annotations

import datetime as dt

import pytest

from kb.errors import EntryExists, KbError
from kb.finding import Level
from kb.library import Library
from kb.sources import digest_of
from tests.lake import TEXT, edit

TODAY = dt.date(2026, 6, 1)


def found(report) -> list[str]:
    return [f"{finding.location}: {finding.level}: {finding.message} [{finding.rule}]" for finding in report.findings]


def test_a_clean_knowledge_base_has_no_findings(library):
    report = library.lint(today=TODAY)
    assert found(report) == []
    assert report.checked == {"claims": 2, "caveats": 1, "sources": 1}
    assert report.exit_code(Level.ERROR) == 0


def test_problems_of_files_and_of_entries_are_reported_together_at_their_places(root):
    edit(root, "entries/mood/lifts-mood.yaml", "verdict: supported", "verdict: maybe")
    edit(root, "entries/mood/wakes-up.yaml", "reference: doe2020", "reference: doe2021")
    report = Library.open(root, engine="memory").lint(today=TODAY)
    assert found(report) == [
        (
            "entries/mood/lifts-mood.yaml:7:1: error: 'verdict' cannot be 'maybe'; "
            "write one of supported, refuted, contested, unproven, not-checkable [schema]"
        ),
        "entries/mood/wakes-up.yaml:11:5: error: there is no reference 'doe2021' [unknown-reference]",
    ]
    assert [finding.location.field for finding in report.findings] == ["verdict", "evidence[0].reference"]


@pytest.mark.parametrize("path", ["entries/mood/lifts-mood.yaml", "caveats/fades-soon.yaml", "sources/lake-page.yaml"])
@pytest.mark.parametrize("shared", ["", "vocabulary.yaml", "references.yaml", "themes.yaml"])
def test_what_only_follows_from_a_file_that_cannot_be_read_is_left_out(root, path, shared):
    broken = sorted({path, shared} - {""})
    for relpath in broken:
        (root / relpath).write_text("id: [\n")
    report = Library.open(root, engine="memory").lint(today=TODAY)
    assert [finding.location.path for finding in report.findings] == broken


def test_an_id_that_no_file_has_is_still_reported_when_another_file_cannot_be_read(root):
    edit(root, "entries/mood/wakes-up.yaml", "caveat: fades-soon", "caveat: fades-late")
    (root / "entries/mood/lifts-mood.yaml").write_text("id: [\n")
    report = Library.open(root, engine="memory").lint(today=TODAY)
    assert [finding.rule for finding in report.findings] == ["yaml-syntax", "unknown-caveat"]


def test_paths_choose_which_findings_are_reported_but_everything_is_checked(root):
    edit(root, "entries/mood/lifts-mood.yaml", "verdict: supported", "verdict: maybe")
    edit(root, "caveats/fades-soon.yaml", "key: transient-effect", "key: transient")
    library = Library.open(root, engine="memory")
    by_path = {
        str(path.relative_to(root)): {finding.location.path for finding in library.lint([path], today=TODAY).findings}
        for path in (root / "caveats", root / "entries/mood/lifts-mood.yaml", root / "sources")
    }
    assert by_path == {
        "caveats": {"caveats/fades-soon.yaml"},
        "entries/mood/lifts-mood.yaml": {"entries/mood/lifts-mood.yaml"},
        "sources": set(),
    }
    everything = library.lint(today=TODAY)
    assert library.lint([root], today=TODAY) == library.lint([root.parent], today=TODAY) == everything
    assert library.lint([root / "sources"], today=TODAY).checked == {"claims": 0, "caveats": 0, "sources": 1}


def test_a_path_outside_the_knowledge_base_is_an_error(library, article):
    with pytest.raises(KbError) as caught:
        library.lint([article])
    assert str(caught.value) == f"{article} is not inside the knowledge base {library.root}"


def test_an_orphan_is_an_error_at_its_selector_once_the_text_is_attached(root, article):
    edit(root, "caveats/fades-soon.yaml", "{start: 26, end: 54}", "{start: 25, end: 54}")
    library = Library.open(root, engine="memory")
    assert "orphan" not in {finding.rule for finding in library.lint(today=TODAY).findings}
    library.attach(article)
    (orphan,) = (finding for finding in library.lint(today=TODAY).findings if finding.rule == "orphan")
    assert orphan.message == (
        "occurrences[0] of caveat 'fades-soon' points at characters 25 to 54 of lake-page, whose digest is "
        f"{digest_of(TEXT, 25, 54)}, not {digest_of(TEXT, 26, 54)}"
    )
    assert (orphan.level, orphan.location.path, orphan.location.field) == (
        Level.ERROR,
        "caveats/fades-soon.yaml",
        "occurrences[0]",
    )
    assert orphan.location.line > 1


# Formatting and creating


def test_format_writes_what_check_only_tells(root, library):
    path = root / "entries" / "mood" / "wakes-up.yaml"
    tidy = path.read_bytes()
    edit(root, "entries/mood/wakes-up.yaml", "themes: [mood]", "themes:   [mood]   # kept")
    untidy = path.read_bytes()
    (told,) = (result for result in library.format(check=True) if result.changed)
    assert (told.path, path.read_bytes()) == (path, untidy)
    (written,) = (result for result in library.format([path]) if result.changed)
    assert written == told
    assert path.read_text(encoding="utf-8") == told.after
    assert "# kept" in told.after
    assert not any(result.changed for result in library.format())
    assert len(library.format()) == 8
    assert path.read_bytes() != tidy


def test_a_file_that_cannot_be_formatted_is_left_alone_and_does_not_stop_the_others(root, library):
    broken = root / "caveats" / "fades-soon.yaml"
    broken.write_text("id: [\n")
    (root / "sources" / "lake-page.yaml").write_bytes(b"id: caf\xe9\n")
    results = {result.path.name: result for result in library.format()}
    assert [name for name, result in results.items() if result.problems] == ["fades-soon.yaml", "lake-page.yaml"]
    assert broken.read_text() == "id: [\n"
    assert results["lake-page.yaml"].problems == (
        "1:8: error: byte 8 of the file is not UTF-8; save the file as UTF-8",
    )


def test_new_writes_a_skeleton_in_its_place(root, library):
    paths = [
        library.new("claim", "eases-pain", area="pain"),
        library.new("caveat", "costs-money"),
        library.new("source", "other-page"),
    ]
    assert [str(path.relative_to(root)) for path in paths] == [
        "entries/pain/eases-pain.yaml",
        "caveats/costs-money.yaml",
        "sources/other-page.yaml",
    ]
    assert all("yaml-language-server" in path.read_text(encoding="utf-8").splitlines()[0] for path in paths)


@pytest.mark.parametrize(
    ("wanted", "error", "message"),
    [
        (("claim", "wakes-up", "mood"), EntryExists, "there is a claim 'wakes-up' already; ids are never reused"),
        (
            ("claim", "wakes", "mood"),
            EntryExists,
            "there is a claim 'wakes' already as a former id of 'wakes-up'; ids are never reused",
        ),
        (
            ("claim", "new-one", None),
            KbError,
            "a claim needs an area, the folder that it goes to: --area NAME. The areas so far: mood.",
        ),
        (
            ("caveat", "Not A Slug", None),
            KbError,
            "'Not A Slug' cannot be an id: use lower-case letters and digits, with single hyphens between",
        ),
        (
            ("claim", "new-one", "../elsewhere"),
            KbError,
            "'../elsewhere' cannot be an area: use lower-case letters and digits, with single hyphens between",
        ),
    ],
)
def test_new_refuses_what_would_not_be_a_new_entry(library, wanted, error, message):
    kind, entry_id, area = wanted
    with pytest.raises(error) as caught:
        library.new(kind, entry_id, area=area)
    assert str(caught.value) == message


def test_new_never_overwrites_even_a_file_that_could_not_be_read(root, library):
    path = root / "caveats" / "half-done.yaml"
    path.write_text("id: [\n")
    with pytest.raises(EntryExists) as caught:
        library.new("caveat", "half-done")
    assert str(caught.value) == f"{path} is already there"
    assert path.read_text() == "id: [\n"
