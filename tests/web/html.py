"""Reads a page the way a browser and a screen reader would, and says what is wrong with its structure."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SVG_SHAPES = {"path", "circle", "rect", "use"}


class Page(HTMLParser):
    """The parts of a page that tests ask about."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[tuple[int, str]] = []
        self.links: list[str] = []
        self._open: list[str] = []
        self._words: list[str] = []
        self._heading: list[str] | None = None
        self.feed(text)
        self.close()
        if self._open:
            self.faults.append(f"left open: {self._open}")
        self._check()

    @property
    def text(self) -> str:
        """All words of the page, blanks folded."""
        return " ".join("".join(self._words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every element of this name."""
        return [attributes for name, attributes in self.elements if name == tag]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        drawn = tag == "title" and "svg" in self._open
        self.elements.append(("svg:title" if drawn else tag, attributes))
        if tag == "a":
            self.links.append(attributes.get("href") or "")
        if tag in {"h1", "h2", "h3", "h4"} and "dialog" not in self._open:
            self._heading = []
        if tag not in VOID:
            self._open.append(tag)
        if tag in {"p", "li", "dt", "dd", "th", "td", "h1", "h2", "h3", "div", "section", "blockquote"}:
            self._words.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID | SVG_SHAPES:
            self.faults.append(f"<{tag}/> cannot close itself")

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1] != tag:
            self.faults.append(f"</{tag}> where {self._open[-1:]} is open, line {self.getpos()[0]}")
        else:
            self._open.pop()
        if tag in {"h1", "h2", "h3", "h4"} and self._heading is not None:
            self.headings.append((int(tag[1]), " ".join("".join(self._heading).split())))
            self._heading = None

    def handle_data(self, data: str) -> None:
        if not {"script", "dialog"} & {*self._open}:  # a dialog is shown when it is opened
            self._words.append(data)
        if self._heading is not None:
            self._heading.append(data)

    def _check(self) -> None:
        levels = [level for level, _ in self.headings]
        if levels.count(1) != 1 or levels[0] != 1:
            self.faults.append(f"headings must start with the only h1: {levels}")
        self.faults += [f"h{b} follows h{a}" for a, b in pairwise(levels) if b > a + 1]
        self.faults += [f"empty heading h{level}" for level, text in self.headings if not text]
        ids = [attributes["id"] for _, attributes in self.elements if "id" in attributes]
        self.faults += [f"id {name} is used twice" for name in sorted({name for name in ids if ids.count(name) > 1})]
        for tag, attributes in self.elements:
            data = tag == "script" and attributes.get("type") == "application/ld+json"
            outside = tag == "script" and (attributes.get("src") or "").startswith("/static/")
            inline = tag == "style" or (tag == "script" and not data and not outside)
            if inline or "style" in attributes or any(name.startswith("on") for name in attributes):
                self.faults.append(f"inline script or style in <{tag} {attributes}>")
            for name in ("aria-labelledby", "for"):
                if name in attributes and attributes[name] not in ids:
                    self.faults.append(f"{name}={attributes[name]} names no id")
            if tag == "use" and (attributes.get("href") or "")[1:] not in ids:
                self.faults.append(f"no symbol {attributes.get('href')}")
        if [attributes.get("lang") for attributes in self.all("html")] != ["en"]:
            self.faults.append("the language is not given")
        if len(self.all("main")) != 1 or len(self.all("title")) != 1:
            self.faults.append("one main and one title are needed")
