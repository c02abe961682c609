"""Copy that wants to be more than copy stays inert in the formats that render."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from kb.audit.base import Disclosure, Document, Mention, Subject, Unit, UnitKind, Why
from kb.audit.findings import placed
from kb.audit.rules.base import Found
from kb.finding import Level, Skipped
from kb.formats.audit import elements, render
from kb.formats.audit.markdown import code, escaped
from tests.formats.audit import reading
from tests.formats.audit.report import CLEAN, FULL, MISSING

HOSTILE = [
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "</title></textarea></mark></q><iframe src=javascript:alert(1)>",
    "<!-- --><![CDATA[<svg onload=alert(1)>]]>",
    "&lt;b&gt; &amp;#60;script&#62;",
    "[x](javascript:alert(1)) ![y](https://evil.example/z.png) <https://evil.example>",
    "`` ` ``` | # - 1. > * _a_ ~~b~~ $x$ @somebody #1 https://evil.example www.evil.example",
    "- [ ] <details open ontoggle=alert(1)>",
    "\x00\x0c\ufffe\u202e",
    "::error::x",
    "---\n# Heading\n\n> quote\n```",
]


def report(words: str):
    """Return a report that has the words wherever words of unknown origin can stand."""
    unit = Unit(0, 0, len(words), UnitKind.ALT_TEXT)
    document = Document(words, words, words, (unit,), "0" * 64, places=((0, words),), skipped=(Skipped(words, words),))
    found = ((MISSING, Level.ERROR, Found(0, len(words), words, words, words, words, (words,))),)
    audited = replace(
        CLEAN.documents[0],
        document=document,
        subjects=(Subject.NONE,),
        mentions=(Mention(0, "lifts-mood", (), 0, len(words), why=Why(notes=(words,))),),
        disclosures=(Disclosure(0, words, words, (), 0, len(words)),),
        findings=placed(document, found),
        balance=replace(FULL.documents[0].balance, missing=(words,)),
    )
    claim = replace(FULL.named_claims["lifts-mood"], claim=words)
    caveat = replace(FULL.named_caveats["fades"], caveat=words, short=words, disclosure=words)
    return replace(
        FULL,
        kb_name=words,
        documents=(audited,),
        named_claims={"lifts-mood": claim, words: claim},
        named_caveats={words: caveat},
        references={words: words},
        skipped=(Skipped(words, words),),
    )


OWN = reading.marks(render("html", FULL))
DOCUMENTS = {"full": FULL, "clean": CLEAN} | {f"hostile {n}": report(words) for n, words in enumerate(HOSTILE)}


@pytest.mark.parametrize("words", HOSTILE)
def test_html_has_no_element_and_no_attribute_that_is_not_its_own(words):
    page = reading.marks(render("html", report(words)))
    assert page.tags - OWN.tags <= {"code"}
    assert page.attributes <= OWN.attributes | {"title"}
    assert all(link.startswith(("#", "https://example.org/")) for link in page.links)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_html_loads_nothing_and_its_policy_allows_its_own_style_alone(name):
    html = render("html", DOCUMENTS[name])
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert f'http-equiv="Content-Security-Policy" content="{policy.replace(chr(39), "&#x27;")}"' in html
    assert not re.search(r"url\(|@import|expression", style)
    page = reading.marks(html)
    assert not page.tags & {"script", "img", "iframe", "link", "object", "embed", "form", "base"}
    assert not {name for name in page.attributes if name.startswith("on")} | (page.attributes & {"src", "style"})


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_within_the_page_leads_somewhere_and_ids_are_unique(name):
    page = reading.marks(render("html", DOCUMENTS[name]))
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


@pytest.mark.parametrize("words", HOSTILE)
def test_markdown_renders_to_its_own_elements_and_no_link(words):
    renderer = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    page = reading.marks(renderer.render(render("markdown", report(words))))
    allowed = {"h1", "h2", "p", "ul", "li", "strong", "code", "blockquote", "input"}
    assert page.tags <= allowed
    assert page.links == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@somebody", "@<!-- -->somebody"),
        ("see https://a.example", r"see https\://a.example"),
        ("www.a.example", r"www\.a.example"),
        ("1. one", r"1\. one"),
        ("- one\n- two", r"\- one - two"),
        ("a_b*c", r"a\_b\*c"),
    ],
)
def test_markdown_escapes_what_github_would_make_more_of(text, said):
    assert escaped(text) == said


@pytest.mark.parametrize(
    ("text", "said"), [("a`b", "`` a`b ``"), ("``", "``` `` ```"), ("a\nb", "`a b`"), ("", "`  `")]
)
def test_code_spans_hold_any_text(text, said):
    assert code(text) == said


@pytest.mark.parametrize("words", HOSTILE)
def test_a_terminal_gets_no_control_characters(words):
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", render("text", report(words)))


def test_children_and_attributes_are_escaped_and_markup_is_not_escaped_twice():
    inner = elements.element("b", "<&>")
    built = elements.element("p", inner, None, "\r\n\x00", class_='"x"', hidden=True, title=None, data_n=1)
    assert built == '<p class="&quot;x&quot;" hidden data-n="1"><b>&lt;&amp;&gt;</b>\n\ufffd</p>'


def test_markdown_is_no_longer_than_a_comment_may_be_and_counts_what_it_leaves_out():
    one = FULL.documents[0]
    findings = tuple(finding for finding in one.findings if not finding.suppressed)
    assert findings
    many = replace(FULL, documents=tuple(replace(one, findings=findings) for _ in range(300)))
    rendered = render("markdown", many)
    assert len(rendered) <= 65_536
    shown = rendered.count(" (no. ")
    assert f"**{len(findings) * 300 - shown} more findings left out here**" in rendered
    assert "left out here" not in render("markdown", FULL)
