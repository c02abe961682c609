"""Say in plain words what PyYAML's two parsers complain about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import yaml

# libyaml and PyYAML word the same complaint differently; the first pattern that fits the context and problem is used.
_EXPLANATIONS = tuple(
    (re.compile(pattern), message)
    for pattern, message in (
        (r"quoted scalar.*unexpected (end of stream|document)", "a quotation mark opens here and is never closed"),
        (r"quoted scalar.*escape", "a backslash begins no known escape here; use single quotes or write \\\\"),
        (r"mapping values are not allowed", "a ':' stands where none may; put text that contains ': ' in quotes"),
        (
            r"simple key.*could not find expected ':'",
            "this line has no ':' after a field name, or text above is not indented",
        ),
        (
            r"flow (sequence|mapping).*(expected ',' or|end of stream)",
            "the bracket that opens in line {line} is not closed here, or a comma is missing",
        ),
        (
            r"block mapping.*(expected key|expected <block end>)",
            "this does not line up with the fields above it, or text above it needs quotes",
        ),
        (r"block collection.*expected", "this does not line up with the list above it, or text above it needs quotes"),
        (r"cannot start any token", "text may not begin with {character}; put the text in quotes"),
        (r"(did not find )?expected.*<?document start", "something stands here after the end of the document"),
        (r"unexpected end of stream", "the file ends in the middle of a value"),
    )
)


def explain(error: yaml.YAMLError, text: str) -> tuple[str, Any]:
    """Return what is wrong with the text and what to do, in one plain sentence, and the parser's mark of the place."""
    context = getattr(error, "context", None) or ""
    problem = getattr(error, "problem", None) or str(error)
    opened, mark = getattr(error, "context_mark", None), getattr(error, "problem_mark", None)
    character = text[mark.index : mark.index + 1] if mark else ""
    if character == "\t" and "cannot start any token" in problem:
        return "not valid YAML: a tab stands where only spaces may; indent with spaces", mark
    for pattern, message in _EXPLANATIONS:
        if pattern.search(f"{context}: {problem}"):
            line = opened.line + 1 if opened else 0
            sentence = message.format(character=character, line=line)
            return f"not valid YAML: {sentence}", opened if "opens here" in message else mark
    return f"not valid YAML: {problem}", mark
