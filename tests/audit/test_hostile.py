"""Whatever is handed in, the whole audit ends, says the same twice, and its work grows no faster than the copy."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kb.audit import DocumentReport
from kb.formats.audit import FORMATS, render
from kb.library.auditing import AuditOptions, Audits, Copy
from kb.library.opening import entries
from tests.faults.switch import number

if TYPE_CHECKING:
    from kb.finding import Skipped

CLAIMS = Path(__file__).parents[2] / "claims"

WORDS = st.sampled_from(
    [
        "Ketamine cures depression.",
        "It is FDA-approved for depression",
        "85 % of patients respond",
        "no side effects",
        "It may help some people.",
        "Is it addictive? No.",
        "“It saved my life,” said Anna.",
        "as little as $400",
        "unlike SSRIs",
        "Spravato",
        "not",
        "café e\u0301 😀 \u202eabc\u202c",
        "\x00 \ufffe \u2028 \x85",
        "&amp; &notit; &#0;",
        "a" * 70,
        "",
    ]
)
_INLINE = st.one_of(
    WORDS,
    st.builds("**{}**".format, WORDS),
    st.builds("[{}](https://example.org)".format, WORDS),
    st.builds("![{}](x.png)".format, WORDS),
    st.builds("`{}`".format, WORDS),
    st.sampled_from(["![", "**a ", "[a](", "<b>", "\\", "~~", "[^1]", "<!-- caveat-ignore x -->"]),
)
_LINES = st.one_of(
    _INLINE,
    st.builds("{} {}".format, st.sampled_from(["#", "##", "-", "1.", ">", "> -", "    ", "Q:", "A:"]), _INLINE),
    st.builds("| {} | {} |".format, _INLINE, _INLINE),
    st.sampled_from(
        ["|---|---|", "---", "", "```", "<details>", "</details>", "<!-- caveat-ignore overstated -- x -->"]
    ),
)
MARKDOWN = st.lists(_LINES, max_size=12).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n"]).map(lambda end: end.join(lines))
)

_TAGS = st.sampled_from(
    [
        "p",
        "h1",
        "h2",
        "ul",
        "ol",
        "li",
        "table",
        "tr",
        "td",
        "th",
        "div",
        "b",
        "a",
        "details",
        "summary",
        "blockquote",
        "footer",
        "nav",
        "script",
    ]
)
HTML = st.recursive(
    WORDS | st.sampled_from(["<", "</", "<p", "<!--", "<![CDATA[", "<script>x", "<br>", '<img alt="no risk">']),
    lambda inner: (
        st.builds("<{0}>{1}</{0}>".format, _TAGS, inner)
        | st.builds("<{}>{}".format, _TAGS, inner)
        | st.lists(inner, max_size=4).map(" ".join)
    ),
    max_leaves=12,
)


@cache
def audits() -> Audits:
    made = Audits(entries(CLAIMS), AuditOptions())
    made.ready()
    return made


def audited(text: str, path: str) -> DocumentReport | Skipped:
    return audits().of(Copy(path, content=text.encode("utf-8", "surrogatepass")))


def check(text: str, path: str) -> None:
    """Audit twice and write every format, one of them twice: the same bytes, and spans that hold."""
    first, second = (audits().report([audited(text, path)]) for _ in range(2))
    assert first == second
    written = {name: render(name, first) for name in FORMATS}
    again = sorted(FORMATS)[len(text) % len(FORMATS)]
    assert render(again, second) == written[again]
    for found in first.documents:
        document = found.document
        assert len(document.plain) == len(document.text)
        assert len(found.subjects) == len(document.units)
        for recognised in (*found.mentions, *found.disclosures):
            unit = document.units[recognised.unit]
            assert unit.start <= recognised.start < recognised.end <= unit.end
        for finding in found.findings:
            assert finding.region.text == document.text[finding.region.start : finding.region.end]


QUIET = settings(
    max_examples=number("CAVEAT_EXAMPLES", 100), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@QUIET
@given(
    st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=8).map(" ".join)),
    st.sampled_from(["x.txt", "x.md", "x.html"]),
)
def test_any_text(text, path):
    check(text, path)


@QUIET
@given(MARKDOWN)
@example("It is FDA-approved for depression\n- Is it addictive? No.")
def test_markdown(text):
    check(text, "x.md")


@QUIET
@given(HTML)
def test_html(text):
    check(text, "x.html")


@QUIET
@given(st.binary(max_size=200), st.sampled_from(["x.txt", "x.md", "x.html", "x.docx", "x.pdf", "x"]))
def test_any_bytes(content, path):
    report = audits().report([audits().of(Copy(path, content=content))])
    for name in FORMATS:
        render(name, report)
    assert len(report.documents) + len(report.skipped) == 1


CURES = "Ketamine cures depression in everyone."
GROWING = {
    "one character": ("x.txt", lambda n: "a" * (500 * n)),
    "one mark": ("x.txt", lambda n: "!" * (200 * n)),
    "one dash": ("x.md", lambda n: "-" * (200 * n)),
    "nested blocks": ("x.html", lambda n: "<div>" * (20 * n) + CURES + "</div>" * (20 * n)),
    "nested words": ("x.html", lambda n: "<b>" * (20 * n) + CURES),
    "nested lists": ("x.html", lambda n: "<ul><li>" * (20 * n) + CURES),
    "comments before all": ("x.html", lambda n: "<!-- caveat-ignore overstated -- why -->\n" * (20 * n) + CURES),
    "a comment at each": ("x.md", lambda n: ("<!-- caveat-ignore overstated -- why -->\n\n" + CURES + "\n\n") * n),
    "a comment not closed at each": (
        "x.md",
        lambda n: ("<!-- caveat-off overstated -- why -->\n\n" + CURES + "\n\n") * n,
    ),
    "images left open": ("x.md", lambda n: "![" * (5 * n)),
    "strong left open": ("x.md", lambda n: "**a " * (20 * n)),
    "links left open": ("x.md", lambda n: "[a](" * (20 * n)),
    "a cell a word": ("x.md", lambda n: "|a" * (4 * n) + "\n" + "|-" * (4 * n) + "\n" + "|it works" * (4 * n)),
    "rows": ("x.md", lambda n: "|a|b|\n|-|-|\n" + "|ketamine|works|\n" * n),
    "units": ("x.txt", lambda n: "Yes it is.\n\n" * (4 * n)),
    "answers": ("x.txt", lambda n: "Is it safe? No.\n\n" * n),
    "one sentence": ("x.txt", lambda n: "ketamine works and " * (4 * n)),
    "negators": ("x.txt", lambda n: "not " * (10 * n)),
    "numbers": ("x.txt", lambda n: "70 % of 5 " * (10 * n)),
    "findings": ("x.txt", lambda n: (CURES + "\n\n") * n),
    "sections of words": ("x.html", lambda n: f"<p><![CDATA[{CURES}]]></p>" * n),
    "sections left open": ("x.html", lambda n: "<![CDATA[ <b> " * (10 * n)),
    "a single line": ("x.html", lambda n: f"<p>{CURES}</p>" * n),
    "items": ("x.md", lambda n: "It may:\n\n" + "- cure depression\n" * n),
    "headings": ("x.md", lambda n: "".join(f"{'#' * (index % 6 + 1)} Ketamine cures\n\n" for index in range(n))),
}


def work(text: str, path: str) -> int:
    """Return how many calls an audit with all its formats takes: the same on a busy machine as on an idle one."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        report = audits().report([audited(text, path)])
        for name in FORMATS:
            render(name, report)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize(("path", "text"), GROWING.values(), ids=GROWING)
def test_twice_the_copy_is_about_twice_the_work(path, text):
    work(text(100), path)  # what is made ready once does not count
    once, twice = work(text(100), path), work(text(200), path)
    assert twice < 2.5 * once


LARGE = {
    "1 MB of one character": ("x.txt", "a" * 1_000_000),
    "1 MB of one mark": ("x.md", "!" * 1_000_000),
    "100,000 nested tags": ("x.html", "<i>" * 100_000 + CURES),
    "50,000 suppression comments": ("x.html", "<!-- caveat-ignore overstated -- why -->\n" * 50_000 + CURES),
}


@pytest.mark.parametrize(("path", "text"), LARGE.values(), ids=LARGE)
def test_what_is_large_is_audited_in_whole(path, text):
    found = audited(text, path)
    assert isinstance(found, DocumentReport)
    overstated = {bool(finding.suppressed) for finding in found.findings if finding.rule == "overstated"}
    assert overstated == ({"ignore" in text} if CURES in text else set())
