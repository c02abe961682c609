"""Selectors, coverage, outlines and private copies, on texts of our own with emoji, combining marks and CRLF."""

from __future__ import annotations

import hashlib
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import KbError, NotPrivate, SourceMismatch, SourceNotAttached
from kb.finding import Skipped
from kb.sources import (
    Gap,
    MarkKind,
    attach,
    digest_of,
    marks,
    measure,
    orphans,
    outline,
    read_copy,
    with_copies,
)
from tests.factories import caveat, claim, knowledge_base, source

TEXT = (
    "A day at the lake 🚣\r\n"
    "\r\n"
    "Cafe\u0301 and ka\u0304yaks open at nine. Swimmers need a pass!\r\n"
    "Why it helps\r\n"
    "Cold water wakes you up. It may also make you sneeze.\r\n"
)


def span(words: str, text: str = TEXT) -> dict:
    start = text.index(words)
    end = start + len(words)
    return {"selector": {"start": start, "end": end}, "digest": digest_of(text, start, end)}


def occurrence(words: str, text: str = TEXT, **fields) -> dict:
    return {"source": "lake-page", "section": "Opening", "strength": "plain"} | span(words, text) | fields


def lake(text: str = TEXT, **fields):
    digest = hashlib.sha256(text.encode()).hexdigest()
    return source("lake-page", text={"sha256": digest, "chars": len(text)}, **fields)


def base(text: str = TEXT):
    return knowledge_base(
        sources=[
            lake(
                text,
                outline=[
                    {"label": "A day out", **span("A day at the lake 🚣", text)},
                    {"label": "Why", **span("Why it helps", text)},
                ],
                dispositions=[
                    {
                        "kind": "signpost",
                        "reason": "opening hours",
                        **span("Cafe\u0301 and ka\u0304yaks open at nine.", text),
                    }
                ],
            )
        ],
        claims=[claim("wakes-up", occurrences=[occurrence("Cold water wakes you up.", text, strength="emphatic")])],
        caveats=[
            caveat("fades-soon", occurrences=[occurrence("It may also make you sneeze.", text, strength="hedged")])
        ],
    )


def test_marks_come_in_the_order_of_the_text():
    kb = base()
    found = [(mark.kind.value, mark.entry_id, mark.field, mark.label) for mark in marks(kb, kb.source("lake-page"))]
    assert found == [
        ("heading", "lake-page", "outline[0]", "A day out"),
        ("disposition", "lake-page", "dispositions[0]", "signpost: opening hours"),
        ("heading", "lake-page", "outline[1]", "Why"),
        ("claim", "wakes-up", "occurrences[0]", "Testamine does what wakes up says."),
        ("caveat", "fades-soon", "occurrences[0]", "Fades within days"),
    ]


def test_a_gap_is_shown_with_line_and_words_and_nothing_else_is():
    kb = base()
    found = measure(kb, kb.source("lake-page"), TEXT)
    start = TEXT.index("Swimmers")
    assert found.gaps == (Gap(start, start + 21, 3, "Swimmers need a pass!"),)
    assert found.orphans == ()
    assert not found.complete


def test_coverage_counts_code_points_that_are_not_white_space():
    kb = base()
    found = measure(kb, kb.source("lake-page"), TEXT)
    assert found.chars == len(TEXT)
    assert found.by_kind == {
        MarkKind.HEADING: len("Adayatthelake🚣") + len("Whyithelps"),
        MarkKind.CLAIM: len("Coldwaterwakesyouup."),
        MarkKind.CAVEAT: len("Itmayalsomakeyousneeze."),
        MarkKind.DISPOSITION: len("Cafe\u0301andka\u0304yaksopenatnine."),
    }
    assert found.covered == sum(found.by_kind.values())
    assert found.prose == found.covered + len("Swimmersneedapass!")
    assert found.percent == found.covered * 1000 // found.prose / 10


def test_coverage_never_rounds_up_to_a_hundred():
    text = "x" * 9_999 + "y"
    kb = base_of(text, "x" * 9_999)
    found = measure(kb, kb.source("lake-page"), text)
    assert found.percent == 99.9
    assert not found.complete


def test_a_source_under_marks_from_end_to_end_is_complete():
    kb = base_of("All of it.", "All of it.")
    found = measure(kb, kb.source("lake-page"), "All of it.")
    assert (found.percent, found.gaps, found.complete) == (100.0, (), True)


def test_overlapping_marks_count_once():
    kb = base_of("One and two and three.", "One and two", "two and three.")
    found = measure(kb, kb.source("lake-page"), "One and two and three.")
    assert (found.covered, found.prose) == (18, 18)


def test_an_orphan_is_named_and_covers_nothing():
    kb = base_of("Warm water wakes you up.", "Warm water wakes you up.")
    changed = "Cold water wakes you up."
    found = measure(kb, kb.source("lake-page"), changed)
    (orphan,) = found.orphans
    assert orphan.message == (
        "occurrences[0] of claim 'claim-0' points at characters 0 to 24 of lake-page, whose digest is "
        f"{digest_of(changed, 0, 24)}, not {digest_of('Warm water wakes you up.', 0, 24)}"
    )
    assert found.gaps == (Gap(0, 24, 1, changed),)


def test_a_selector_beyond_the_end_is_an_orphan_even_if_the_words_that_are_left_would_fit():
    kb = base_of("Short.", "Short.")
    found = orphans(marks(kb, kb.source("lake-page")), "lake-page", "Shor")
    assert [orphan.message for orphan in found] == [
        "occurrences[0] of claim 'claim-0' points at characters 0 to 6 of lake-page, but the text ends before that"
    ]


def test_without_a_copy_only_gaps_between_selectors_of_more_than_two_characters_are_known():
    text = "Aaa. Bbb.\r\nCcc.   Ddd. End"
    kb = base_of(text, "Aaa.", "Bbb.", "Ccc.", "Ddd.")
    missing = Skipped("lake-page", "no copy")
    found = measure(kb, kb.source("lake-page"), missing)
    assert found.gaps == (Gap(15, 18), Gap(22, 26))
    assert (found.prose, found.covered, found.percent, found.by_kind) == (None, None, None, {})
    assert found.skipped is missing
    assert not found.complete


def base_of(text: str, *words: str):
    """Return a knowledge base in which each of `words` is where one claim stands in `text`."""
    claims = [claim(f"claim-{at}", occurrences=[occurrence(piece, text)]) for at, piece in enumerate(words)]
    return knowledge_base(sources=[lake(text)], claims=claims)


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    st.lists(st.tuples(st.integers(0, 59), st.integers(1, 60)), max_size=6),
)
def test_prose_is_either_covered_or_in_a_gap(text, spans):
    chosen = [(start, min(end, len(text))) for start, end in spans if start < min(end, len(text))]
    places = [
        occurrence("", text, selector={"start": start, "end": end}, digest=digest_of(text, start, end))
        for start, end in chosen
    ]
    kb = knowledge_base(sources=[lake(text)], claims=[claim("it-is-so", occurrences=places)])
    found = measure(kb, kb.source("lake-page"), text)
    under_marks = {position for start, end in chosen for position in range(start, end)}
    open_prose = {at for at, character in enumerate(text) if not character.isspace() and at not in under_marks}
    in_gaps = {at for gap in found.gaps for at in range(gap.start, gap.end) if not text[at].isspace()}
    assert in_gaps == open_prose
    assert found.prose - found.covered == len(open_prose)
    assert all(text[gap.start : gap.end] == gap.text == gap.text.strip() for gap in found.gaps)


def test_an_outline_has_sections_in_order_and_words_where_the_text_is_given():
    kb = base()
    found = outline(kb, kb.source("lake-page"), TEXT)
    shown = [
        (section.heading.label, section.words, [(place.mark.entry_id, place.words) for place in section.places])
        for section in found.sections
    ]
    assert shown == [
        ("A day out", "A day at the lake 🚣", [("lake-page", "Cafe\u0301 and ka\u0304yaks open at nine.")]),
        (
            "Why",
            "Why it helps",
            [("wakes-up", "Cold water wakes you up."), ("fades-soon", "It may also make you sneeze.")],
        ),
    ]


def test_an_outline_without_the_text_shows_places_alone():
    kb = base()
    found = outline(kb, kb.source("lake-page"), None)
    assert not found.attached
    assert {place.words for section in found.sections for place in section.places} == {None}
    assert [place.mark.strength for place in found.sections[1].places] == ["emphatic", "hedged"]


def test_what_stands_before_the_first_heading_is_a_section_without_one():
    text = "It starts here.\nA heading"
    kb = knowledge_base(
        sources=[lake(text, outline=[{"label": "H", **span("A heading", text)}])],
        claims=[claim("it-starts", occurrences=[occurrence("It starts here.", text)])],
    )
    opening, titled = outline(kb, kb.source("lake-page"), text).sections
    assert (opening.heading, [place.words for place in opening.places]) == (None, ["It starts here."])
    assert (titled.words, titled.places) == ("A heading", ())


def test_an_orphan_shows_no_words_in_an_outline():
    kb = base_of("Warm water.", "Warm water.")
    found = outline(kb, kb.source("lake-page"), "Cold water.")
    assert [place.words for place in found.sections[0].places] == [None]
    assert [orphan.mark.entry_id for orphan in found.orphans] == ["claim-0"]


def test_attach_keeps_the_very_bytes_readable_by_their_owner_alone(tmp_path):
    file = tmp_path / "article.txt"
    file.write_bytes(TEXT.encode())
    folder = tmp_path / "private" / "sources"
    kb = base()
    attached = attach(file, kb.sources.values(), folder)
    (copy,) = folder.iterdir()
    assert attached.id == "lake-page"
    assert copy.name == f"{hashlib.sha256(TEXT.encode()).hexdigest()}.txt"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert read_copy(attached, folder) == TEXT  # with its CRLF and its combining marks
    assert attach(file, kb.sources.values(), folder) == attached  # a second time does no harm


def test_attach_refuses_any_other_text_and_names_the_known_ones(tmp_path):
    file = tmp_path / "other.txt"
    file.write_bytes(TEXT.replace("\r\n", "\n").encode())
    kb = base()
    with pytest.raises(SourceMismatch) as caught:
        attach(file, kb.sources.values(), tmp_path / "private")
    assert str(caught.value) == (
        f"{file} is not the text of a source: its SHA-256 is {hashlib.sha256(file.read_bytes()).hexdigest()}; "
        f"known sources: lake-page ({hashlib.sha256(TEXT.encode()).hexdigest()[:12]}…)"
    )
    assert not (tmp_path / "private").exists()


def test_attach_says_when_the_entry_has_the_wrong_length(tmp_path):
    file = tmp_path / "article.txt"
    file.write_bytes(TEXT.encode())
    wrong = source("lake-page", text={"sha256": hashlib.sha256(TEXT.encode()).hexdigest(), "chars": 7})
    with pytest.raises(SourceMismatch) as caught:
        attach(file, [wrong], tmp_path / "private")
    assert (
        str(caught.value) == f"{file} has the SHA-256 of lake-page, but {len(TEXT)} characters where the entry says 7"
    )


def test_attach_refuses_a_text_that_is_not_utf_8(tmp_path):
    content = b"caf\xe9"
    file = tmp_path / "latin.txt"
    file.write_bytes(content)
    latin = source("lake-page", text={"sha256": hashlib.sha256(content).hexdigest(), "chars": 4})
    with pytest.raises(SourceMismatch) as caught:
        attach(file, [latin], tmp_path / "private")
    assert str(caught.value) == f"{file} is not UTF-8 (byte 3)"


def test_attach_says_when_the_file_cannot_be_read(tmp_path):
    with pytest.raises(KbError) as caught:
        attach(tmp_path / "nowhere.txt", [lake()], tmp_path / "private")
    assert str(caught.value) == f"{tmp_path / 'nowhere.txt'} cannot be read: No such file or directory"


def test_attach_says_where_it_cannot_keep_the_copy(tmp_path):
    file = tmp_path / "article.txt"
    file.write_bytes(TEXT.encode())
    (tmp_path / "private").write_text("a file where a folder should be")
    with pytest.raises(KbError) as caught:
        attach(file, [lake()], tmp_path / "private" / "sources")
    folder = tmp_path / "private" / "sources"
    assert str(caught.value) == f"the private copy of lake-page cannot be kept in {folder}: Not a directory"


@pytest.mark.parametrize("marker", ["folder", "file"])  # a work tree has a folder `.git`, a linked one a file
def test_attach_never_writes_into_a_git_work_tree(tmp_path, marker):
    tree = tmp_path / "project"
    tree.mkdir()
    (tree / ".git").mkdir() if marker == "folder" else (tree / ".git").write_text("gitdir: elsewhere")
    file = tmp_path / "article.txt"
    file.write_bytes(TEXT.encode())
    with pytest.raises(NotPrivate) as caught:
        attach(file, [lake()], tree / "private" / "sources")
    assert str(caught.value) == (
        f"private copies would be kept in {tree}/private/sources, inside the git work tree {tree}; "
        "set CAVEAT_HOME elsewhere"
    )
    assert not (tree / "private").exists()


def test_a_missing_copy_is_told_from_a_damaged_one(tmp_path):
    with pytest.raises(SourceNotAttached) as missing:
        read_copy(lake(), tmp_path)
    assert str(missing.value) == "no copy of lake-page is attached; `kb sources attach FILE` keeps one on this machine"
    (tmp_path / f"{lake().text.sha256}.txt").write_text("something else")
    with pytest.raises(SourceMismatch) as damaged:
        read_copy(lake(), tmp_path)
    assert str(damaged.value) == "the private copy of lake-page is damaged; attach the article again"


def test_one_look_tells_which_sources_have_copies(tmp_path):
    assert with_copies([lake()], tmp_path / "none") == []
    assert with_copies([lake()], tmp_path) == []
    (tmp_path / f"{lake().text.sha256}.txt").write_text("sound or not")
    assert with_copies([lake()], tmp_path) == [lake()]


def test_where_nobody_may_look_any_source_may_have_a_copy(tmp_path):
    (tmp_path / "file").write_text("no folder")
    assert with_copies([lake()], tmp_path / "file") == [lake()]
