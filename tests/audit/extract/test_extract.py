"""Copy of every format becomes a document of units, each with its offsets in the original."""

from __future__ import annotations

import pytest

from kb.audit.extract import extract
from kb.errors import CopyUnreadable


def units(text: str, path: str = "copy.txt"):
    document = extract(text.encode(), path)
    return [(unit.kind.value, " ".join(document.plain[unit.start : unit.end].split())) for unit in document.units]


def test_a_file_without_bytes_is_refused():
    with pytest.raises(CopyUnreadable, match="empty"):
        extract(b"", "copy.txt")


def test_hard_wrapped_lines_make_whole_sentences():
    text = (
        "Low-dose infusions are given in a quiet room under the eye of a\n"
        "nurse who has been trained for it. Most people rest for an hour\n"
        "and are driven home by a friend.\n"
    )
    assert units(text) == [
        (
            "sentence",
            "Low-dose infusions are given in a quiet room under the eye of a nurse who has been trained for it.",
        ),
        ("sentence", "Most people rest for an hour and are driven home by a friend."),
    ]


def test_bullets_lie_outside_the_span_and_the_lead_in_is_known():
    document = extract(b"Suitable for people who:\n- sleep badly\n* feel low\n1. have pain\n", "copy.txt")
    assert [document.text[unit.start : unit.end] for unit in document.units[1:]] == [
        "sleep badly",
        "feel low",
        "have pain",
    ]
    assert {unit.lead for unit in document.units[1:]} == {0}


def test_markup_and_references_are_blanked_in_place():
    document = extract(b"<p>caf&eacute;s don&#8217;t <b>w</b>ork&nbsp;well", "page.html")
    assert len(document.plain) == len(document.text)
    words = document.plain.replace("\N{WORD JOINER}", "").split()
    assert words == ["caf\u00e9s", "don\u2019t", "work", "well"]


def test_the_answer_points_to_its_question():
    document = extract(b"<h2>Is it addictive?</h2><p>No. It is not.</p><p>Other words.</p>", "page.html")
    assert [(unit.kind.value, unit.lead, unit.section) for unit in document.units] == [
        ("question", None, 1),
        ("sentence", 0, 1),
        ("sentence", 0, 1),
        ("sentence", None, 1),
    ]


def test_comments_to_the_audit_are_no_copy():
    assert units("<!-- caveat-ignore overstated -- quoted -->\nIt works.\n<!-- seen -->\n") == [
        ("sentence", "It works."),
        ("sentence", "<!-- seen -->"),
    ]


@pytest.mark.parametrize(
    ("content", "path", "media", "found"),
    [
        (b"# Words", "a.md", None, "text/markdown"),
        (b"# Words", "a.txt", "text/markdown; charset=utf-8", "text/markdown"),
        (b"<p>Words", "a.html", None, "text/html"),
        (b"  <!DOCTYPE html><p>Words", "-", None, "text/html"),
        (b"<html lang=en>Words", "page", None, "text/html"),
        (b"<p>Words", "page", None, "text/plain"),
        (b"Words", "a.TXT", None, "text/plain"),
    ],
)
def test_the_format_is_told_by_media_type_then_name_then_first_bytes(content, path, media, found):
    assert extract(content, path, media=media).media == found


@pytest.mark.parametrize(
    ("content", "path", "text", "encoding", "said"),
    [
        ("\ufeffcaf\u00e9".encode(), "a.txt", "caf\u00e9", "utf-8", ""),
        ("\ufeffcaf\u00e9".encode("utf-16-le"), "a.txt", "caf\u00e9", "utf-16-le", ""),
        ("caf\u00e9".encode(), "a.txt", "caf\u00e9", "utf-8", ""),
        (b"<meta charset=iso-8859-1>caf\xe9", "a.html", "<meta charset=iso-8859-1>caf\u00e9", "windows-1252", ""),
        (
            "<meta charset=latin1>caf\u00e9".encode(),
            "a.html",
            "<meta charset=latin1>caf\u00e9",
            "utf-8",
            "read as UTF-8",
        ),
        (b"<meta charset=klingon>cafe", "a.html", "<meta charset=klingon>cafe", "utf-8", "unknown encoding"),
        (b"Un caf\xe9 \xe0 la cr\xe8me, s'il vous pla\xeet, et No\xebl", "a.txt", None, None, "encoding guessed"),
    ],
)
def test_encodings_are_found_and_guesses_owned_up_to(content, path, text, encoding, said):
    document = extract(content, path)
    assert text is None or document.text == text
    assert encoding is None or document.encoding == encoding
    assert [said in skipped.reason for skipped in document.skipped if skipped.what == path] == ([True] if said else [])


def test_bytes_that_the_encoding_does_not_know_are_counted():
    document = extract(b"\xef\xbb\xbfcaf\xe9 and \xff tea", "a.txt")
    assert "2 characters" in document.skipped[0].reason
    assert document.text == "caf\ufffd and \ufffd tea"


@pytest.mark.parametrize(
    ("content", "path", "message"),
    [
        (b"", "a.txt", "empty"),
        (bytes(range(256)) * 8, "a.txt", "not text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "a.txt", "not text"),
        (b"PK\x03\x04 and no more", "a.docx", "cut short"),
        (b"PK\x03\x04 and no more", "unnamed", "cut short"),
        (b"\xd0\xcf\x11\xe0 old", "a.doc", "old or encrypted"),
        (b"%PDF-1.4 and no more", "a.pdf", "broken"),
        (b"no pdf at all", "a.pdf", "broken"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(content, path, message):
    with pytest.raises(CopyUnreadable, match=message) as error:
        extract(content, path)
    assert str(error.value).startswith(f"{path}: ")


def test_a_page_without_words_says_so():
    document = extract(b"<!doctype html><title>App</title><script>x()</script>", "app.html")
    assert [skipped.what for skipped in document.skipped] == ["page text"]
    assert document.left_out == {"script": 1}


def test_many_links_and_pictures_are_summed_up():
    page = "".join(f'<a href="/{number}">a</a><img src="{number}.png">' for number in range(300))
    document = extract(page.encode(), "a.html")
    assert len(document.skipped) == 22
    assert document.skipped[-1].what == "300 linked pages"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("**Ketamine eases low mood.**", "sentence"),
        ("**New:** infusions at our clinic are open to all.", "sentence"),
        ("*Really* good results are seen in our clinic.", "sentence"),
        ("*Results may vary.", "footnote"),
        ("**Not for everyone. See the label.", "footnote"),
        ("*Results may vary. *Ask your doctor.", "footnote"),
    ],
)
def test_stars_that_are_closed_again_make_no_footnote(line, kind):
    document = extract(f"Welcome to our clinic, where we treat low mood.\n\n{line}\n".encode(), "copy.txt")
    assert str(document.units[1].kind) == kind


@pytest.mark.parametrize("path", ["deep.html", "deep.md", "deep.txt"])
@pytest.mark.parametrize("unit", ["<div>", "<b>", "<ul><li>", "<table><tr><td>", "> ", "[", "*", "<!-- "])
def test_depth_is_no_trouble(unit, path):
    document = extract((unit * 3_000 + "Words.").encode(), path)
    assert len(document.plain) == len(document.text)


def test_cells_that_claim_to_be_wide_cost_little():
    page = "<table><tr><th>A<th>B" + "<tr><td colspan=9999 rowspan=9999>a<td>b" * 2_000
    assert len(extract(page.encode(), "a.html").units) == 2_001
