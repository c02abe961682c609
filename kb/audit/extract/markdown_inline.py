"""Where in the source each word of a Markdown paragraph stands: the parser's own positions, kept on its tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

_PLACE = "place"

DEEPEST = 120
"""How deep blocks may be nested; the parser counts two for a list, and drops what is deeper."""

_DEEPEST_INLINE = 20
"""How deep inline markup may be nested; what is deeper is read as plain words, and each level costs as much again."""


class _State(StateInline):
    """Remembers where each token starts."""

    def append_pending(self, value: str) -> None:
        if not self.pending:
            self._began = self.pos
        super().append_pending(value)

    def pushPending(self) -> Token:  # noqa: N802 - the parser's name
        began = self._began
        token = super().pushPending()
        token.meta[_PLACE] = began
        return token

    def push(self, ttype: str, tag: str, nesting: Any) -> Token:
        token = super().push(ttype, tag, nesting)
        token.meta[_PLACE] = self.pos
        return token


class _Inline(ParserInline):
    """The parser of inline markup, with a state that remembers places."""

    def parse(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> list[Token]:
        md.options["maxNesting"] = _DEEPEST_INLINE  # the blocks are read by now
        state = _State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


class Parser(MarkdownIt):
    """A parser for CommonMark with tables and strikethrough that keeps places."""

    cut = False
    """Whether anything was nested too deeply to be read."""


def parser() -> Parser:
    """Return a parser; each reads one text."""
    made = Parser("commonmark")
    made.inline = _Inline()
    made.configure("commonmark", {"maxNesting": DEEPEST})  # here, since the preset has a limit of its own
    made.enable(["table", "strikethrough"])
    made.disable(["text_join", "fragments_join"])
    return made


class Inline(NamedTuple):
    """A stretch of a paragraph's source: what it shows, and of what kind it is."""

    start: int
    end: int
    words: str
    kind: str
    """`text`, `break` (hard), `html`, `image`, or `link_open` and the like with no words."""
    token: Token


def inlines(tokens: list[Token], source: str) -> Iterator[Inline]:
    """Yield what stands in a paragraph, in order, with its place in the source of the paragraph."""
    cursor = 0
    for token in tokens:
        start = min(max(cursor, token.meta.get(_PLACE, cursor)), len(source))
        if token.type == "text":
            cursor = start + len(token.content)
            yield Inline(start, cursor, token.content, "text", token)
        elif token.type == "text_special":
            cursor = start + len(token.markup)
            yield Inline(start, cursor, token.content, "text", token)
        elif token.type == "softbreak":
            yield Inline(start, start + 1, " ", "text", token)
        elif token.type == "hardbreak":
            yield Inline(start, start + 1, "\n", "break", token)
        elif token.type == "code_inline":
            yield _code(token, start + len(token.markup), source)
        elif token.type == "html_inline":
            cursor = start + len(token.content)
            yield Inline(start, cursor, "", "html", token)
        elif token.type == "image":
            yield Inline(start + 2, start + 2 + len(token.content), token.content, "image", token)
        else:
            # of markup, only what surrounds words on both sides has a length that counts here
            around = token.type.startswith(("em_", "strong_", "s_"))
            cursor = start + (len(token.markup) if around else token.info == "auto" and token.nesting == 1)
            yield Inline(start, start, "", token.type, token)


def _code(token: Token, start: int, source: str) -> Inline:
    """Return a code span; the parser strips one space at both ends."""
    stripped = not source.startswith(token.content[:1], start) or source[start : start + 2] == "  "
    first = start + (stripped and source[start : start + 1].isspace())
    return Inline(first, first + len(token.content), token.content, "text", token)
