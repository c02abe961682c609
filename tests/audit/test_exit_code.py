"""The exit code of an audit: 2 where words could not be read, whatever was found, and never for images or links."""

from __future__ import annotations

import pytest

from kb.audit.extract import extract
from kb.finding import Level
from kb.library.auditing import AuditOptions, Audits, Copy, audit

CASES = {
    "a page": (b"<p>We open at nine.</p>", 0),
    "an image and a link": (b'<img src="a.png"><p>We open at <a href="https://example.org">nine</a>.</p>', 0),
    "an encoding that is guessed": ("<p>Wir öffnen um neun.</p>".encode("windows-1252"), 0),
    "a declared encoding that does not fit": (b'<meta charset="big5"><p>We open at nine \xff\xff.</p>', 2),
    "half a character": (b"\xff\xfe" + "We open at nine.".encode("utf-16-le") + b"\x00", 2),
    "no words at all": (b"", 2),
}


@pytest.mark.parametrize(("content", "code"), CASES.values(), ids=CASES)
def test_exit_code(library, content, code):
    report = audit(library.kb, [Copy("page.html", content=content)], AuditOptions(only=frozenset({"withdrawn-claim"})))
    assert report.exit_code(Level.NOTE) == code
    assert report.exit_code(None) == code


def test_what_is_nested_too_deeply_counts_as_lost():
    skipped = extract(("> " * 200 + "deep").encode(), "page.md").skipped
    assert [one.lost for one in skipped] == [True]


def test_one_bad_file_decides(library):
    audits = Audits(library.kb, AuditOptions())
    results = [audits.of(Copy("a.txt", content=b"We open at nine.")), audits.of(Copy("b.txt", content=b""))]
    assert audits.report(results).exit_code(None) == 2
