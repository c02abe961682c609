"""No word that a browser shows of a malformed page is lost in silence: it is in a unit, or it is told."""

from __future__ import annotations

import random
import re

import pytest
from justhtml import Element, JustHTML, Text

from kb.audit.extract import extract
from kb.audit.extract.html_context import NOT_CHECKED, left_out

PAGES = 400
WORD = re.compile(r"word\d+x")
TAGS = (
    *("p", "div", "span", "b", "i", "a", "ul", "li", "table", "tr", "td"),
    *("th", "tbody", "caption", "h1", "h2", "section", "main", "header", "footer", "aside", "details"),
    *("summary", "blockquote", "pre", "br", "hr", "form", "button", "label", "dl", "dt", "dd"),
    *("sup", "small", "figure", "body", "html", "head", "title", "meta", "frameset", "svg", "desc"),
    *("plaintext", "xmp", "listing", "noembed", "noframes", "textarea", "select", "nav", "script", "style", "template"),
    *("noscript", "iframe", "object", "o:p", "math", "mtext", "mi", "annotation-xml", "foreignObject"),
)
ODD = (
    *("</br>", "</p>", "<p/>", "</", "<", "<>", "</>", "</ p>", "</p", "<p", "<p a=", "<p a='", '<p a="x', "</p/>"),
    *("<!", "<!--", "-->", "--!>", "<!-->", "<!--->", "<![CDATA[", "]]>", "<?xml", "?>", "<!x>", "</!x>", "</?x>"),
    *("&", "&amp", "&#0;", "&#x80;", "&nbsp;", "&notit;", "\r", "\n", "\r\n", "\n\r", "\t", "\0", "\ufeff", "😀"),
    *("</p\r\n>", "<b\r\nclass=x>", "</div\n a='>'>", "<a href='x>y'>", "<pre>\r\n", "</pre\r>", "</li foo>"),
)


def made(chance: random.Random) -> str:
    """Return a page of words, tags and bits of tags in any order."""
    pieces = []
    for number in range(chance.randrange(2, 14)):
        kind = chance.random()
        if kind < 0.4:
            pieces.append(f"{chance.choice(('', ' ', chr(13) + chr(10)))}word{number}x{chance.choice(('', ' ', '.'))}")
        elif kind < 0.8:
            opening = chance.choice(("<", "</"))
            pieces.append(f"{opening}{chance.choice(TAGS)}{chance.choice(('', '', chr(13) + chr(10), ' x'))}>")
        else:
            pieces.append(chance.choice(ODD))
    return "".join(pieces)


def shown(source: str) -> set[str]:
    """Return the words that the parser shows when it is not asked for positions, but for what is left out anyway."""
    found: set[str] = set()
    pending = [JustHTML(source, sanitize=False).root]
    while pending:
        node = pending.pop()
        if isinstance(node, Text):
            found.update(WORD.findall(node.data or ""))
        elif not (isinstance(node, Element) and (left_out(node) or node.name in {*NOT_CHECKED, "svg"})):
            pending.extend(node.children or ())
    return found


def read(source):
    document = extract(source.encode(), "page.html", media="text/html")
    units = " ".join(document.plain[unit.start : unit.end] for unit in document.units)
    return document, set(WORD.findall(units))


@pytest.mark.parametrize("part", range(4))
def test_no_word_is_lost_in_silence(part):
    lost = 0
    for number in range(part * PAGES, (part + 1) * PAGES):
        source = made(random.Random(number))  # noqa: S311
        document, words = read(source)
        told = any(skipped.lost for skipped in document.skipped)
        assert told or shown(document.text) <= words, (number, source)
        lost += told
    assert lost < PAGES // 20


@pytest.mark.parametrize(
    "source",
    [
        "<p>word1x</<textarea>word2x</p>",
        "word1x <?xml<!-- > word2x",
        "<p>word1x<![CDATA[a <select>word2x</p>",
        "word1x\r\n</td x>word2x\r\n</h1 class='a>b'>word3x",
        "word1x</p/>word2x",
        "<script>if (a <? b) {}</script>word1x <!x> word2x",
        '<img alt="a <! b">word1x <!x> word2x',
        "<title>a <? b</title>word1x <!x> word2x",
        "<listing>\r\nword1x\r\nword2x</listing>",
        "<plaintext>word1x <b>word2x",
        "<math><mtext><![CDATA[word1x > word2x]]> word3x</mtext></math> word4x",
        "<math><![CDATA[word1x </math> <select> & &amp;]]> word2x</math>",
        "<math><mtext><![CDATA[word1x <b>word2x",
        "<math></svg><![CDATA[word1x]]></math><svg/><p>word2x<![CDATA[]]>",
        "<?xml version='1.0'?><html><p><![CDATA[word1x <p> word2x]]></p></html>",
    ],
)
def test_words_behind_markup_that_is_none_are_read(source):
    document, words = read(source)
    assert words == set(WORD.findall(source))
    assert not any(skipped.lost for skipped in document.skipped)


def test_comments_that_are_none_are_not_read_and_split_no_word():
    document, _ = read("<p>ketamine cu<!x>res<![endif]> depress<![CDATA[ion & <b>]]>s<?x y?></p>")
    said = document.plain.replace("\u2060", "").split()
    assert said == ["ketamine", "cures", "depression", "&", "<b>", "s"]


def test_words_of_a_drawing_are_counted_and_a_drawing_without_any_is_not():
    document, words = read(
        "<svg><title>a</title><path/></svg>word1x<svg><text>word2x</text></svg><svg><text><![CDATA[word3x]]></text></svg>"
    )
    assert (words, document.left_out) == ({"word1x"}, {"drawing": 2})


def test_what_a_browser_without_frames_would_show_is_counted():
    document, words = read("<noframes>word1x</noframes><noembed>word2x</noembed>word3x")
    assert (words, document.left_out) == ({"word3x"}, {"noscript": 2})
