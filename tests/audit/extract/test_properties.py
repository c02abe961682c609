"""Whatever is handed in: no crash, offsets that hold, units in order, and no word of plain text lost."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st
from justhtml import JustHTML

from kb.audit.base import UnitKind
from kb.audit.extract import extract, wording
from kb.errors import CopyUnreadable

LINES = st.lists(
    st.sampled_from(
        [
            "Ketamine may help some people.",
            "- It works fast",
            "* Results vary.",
            "1. First",
            "Is it safe?",
            "Q: Is it?",
            "A: No.",
            "“I slept,” said Anna.",
            "— Anna B.",
            "WHAT WE DO",
            "What we do",
            "We treat:",
            "",
            "   ",
            "---",
            "# Heading",
            "> quoted",
            "| a | b |",
            "|---|---|",
            "<b>bold</b> &amp; caf&eacute;",
            "<!-- caveat-ignore x -- y -->",
            "😀 e\u0301 \u202eabc\u202c \u200b",
            "\x00 nul",
            "a\tb\u2028c\u0085d\x0be",
            "`code` [link](x) ![alt](y) \\* &nbsp;",
        ],
    ),
    max_size=12,
)
TEXT = st.one_of(
    st.text(max_size=200),
    st.tuples(LINES, st.sampled_from(["\n", "\r\n", "\r", "\n\n"])).map(lambda pair: pair[1].join(pair[0])),
)
SHOWN = "p b i h1 h2 ul ol li table tr td th tbody div span a br details summary blockquote pre button".split()  # noqa: SIM905
PIECES = ["words ", "more", ".", " ", "\r\n", "&amp;", "&notit;", "&#128512;", "&", "<", "</", "<!-- c -->", "\0", "é"]
OTHERS = ['<img alt="a &amp; b">', "<a href=x>", "<p hidden>", "<svg>", "<select>", "<script>x</script>", "<title>"]

MALFORMED = re.compile(r"<[!?](?!-- c -->)|</(?![a-z])|<[a-z/][^>]*(?:<|\Z)", re.IGNORECASE)
"""What is a comment or lost by the standard, and text here: rather a word too many than one too few."""


def pages(tags: list[str], others: list[str]) -> st.SearchStrategy[str]:
    piece = st.one_of(
        st.sampled_from(tags).map(lambda tag: f"<{tag}>"),
        st.sampled_from(tags).map(lambda tag: f"</{tag}>"),
        st.sampled_from([*PIECES, *others]),
        st.text(max_size=5),
    )
    return st.lists(piece, max_size=25).map(lambda parts: "<body>" + "".join(parts))


def read(text: str, path: str):
    try:
        return extract(text.encode("utf-8", "surrogatepass"), path)
    except CopyUnreadable:
        return None


def check(document) -> None:
    assert len(document.plain) == len(document.text)
    flowing = [unit for unit in document.units if unit.kind not in {UnitKind.ALT_TEXT, UnitKind.META}]
    assert [unit.index for unit in document.units] == list(range(len(document.units)))
    for unit in document.units:
        assert 0 <= unit.start < unit.end <= len(document.plain)
        words = document.plain[unit.start : unit.end]
        assert words == words.strip()
        assert words
        assert unit.lead is None or unit.lead < unit.index
        assert all(head <= unit.index for head in unit.headings)
        assert all(unit.start <= cell.start < cell.end <= unit.end for cell in unit.cells)
    assert all(before.end <= after.start for before, after in pairwise(flowing))


def marks(text: str) -> set[int]:
    """Return the offsets of what may lie outside every unit: bullets, "Q:", stars of footnotes, rules of dashes."""
    comments = re.finditer(r"<!-- caveat-.*?-->", text)
    found = {offset for comment in comments for offset in range(*comment.span())}
    for line in re.finditer(r"[^\r\n]+", text):
        if wording.RULE.match(line.group()):
            found.update(range(line.start(), line.end()))
        end = 0
        for mark in (wording.MARKER, wording.SPOKEN, wording.FOOTNOTE):
            match = mark.match(line.group(), end)
            end = match.end() if match else end
        found.update(range(line.start(), line.start() + end))
    return found


@given(TEXT)
@example("a\r\n\r\n- b\r- c\u2028d")
@example("*Results\n\n*vary")
def test_no_word_of_plain_text_is_lost(text):
    document = read(text, "copy.txt")
    if document is None:
        return
    check(document)
    covered = {offset for unit in document.units for offset in range(unit.start, unit.end)} | marks(document.text)
    assert not "".join(char for offset, char in enumerate(document.text) if offset not in covered).strip()
    unlike = [at for at, (a, b) in enumerate(zip(document.text, document.plain, strict=True)) if a != b]
    assert [at for at in unlike if not document.text[at].isspace() and at not in marks(document.text)] == []


@given(TEXT)
def test_markdown(text):
    document = read(text, "copy.md")
    if document is None:
        return
    check(document)
    assert not [skipped for skipped in document.skipped if "stretches" in skipped.what]


@given(pages(SHOWN, OTHERS))
@example("<body><table>words <script>x</script>words ")
def test_html(text):
    document = read(text, "copy.html")
    if document is None:
        return
    check(document)
    lost = [skipped for skipped in document.skipped if "stretches" in skipped.what]
    assert not lost or MALFORMED.search(text)


@given(pages(SHOWN, []))
def test_html_keeps_every_word_that_the_page_shows(text):
    document = read(text, "copy.html")
    if document is None or MALFORMED.search(text):
        return
    shown = JustHTML(document.text, sanitize=False).to_text(separator="")
    kept = document.plain.replace("\N{WORD JOINER}", "")
    assert Counter("".join(kept.split())) == Counter("".join(shown.replace("\N{WORD JOINER}", "").split()))


@given(st.binary(max_size=200), st.sampled_from(["a", "a.txt", "a.md", "a.html"]))
def test_bytes(content, path):
    try:
        check(extract(content, path))
    except CopyUnreadable as error:
        assert path in str(error)  # noqa: PT017 - either way is fine, but the message must name the file
