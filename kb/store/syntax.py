"""Say in plain words what PyYAML's two parsers complain about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from kb.store.wording import printable

if TYPE_CHECKING:
    import yaml


class _Explanation(NamedTuple):
    pattern: re.Pattern[str]
    """Fits the context and the problem that a parser names, in libyaml's words and in PyYAML's."""
    sentence: str
    at_start: bool
    """The place to look at is where the thing began, not where the parser gave up."""


def _explanation(pattern: str, sentence: str, *, at_start: bool = False) -> _Explanation:
    return _Explanation(re.compile(pattern), sentence, at_start)


_NEEDS_QUOTES = "text may not begin with {character}; put the text in quotes"
_UNALIGNED = "this does not line up with the {above} above it, or text here or above it needs quotes"

# The first that fits is used.
_EXPLANATIONS = (
    _explanation(r"tab character|'\\t'", "a tab stands where only spaces may; indent with spaces"),
    _explanation(r"quoted scalar: found unexpected", "a quotation mark opens here and is never closed", at_start=True),
    _explanation(
        r"quoted scalar: ",
        "a backslash begins no known escape here; put the text in single quotes, or write two backslashes for one",
    ),
    _explanation(
        r"simple key: could not find expected ':'",
        "this is neither a field ('name: value') nor an item ('- value'); if it goes on from above, indent it",
        at_start=True,
    ),
    _explanation(r"(alias|anchor|tag|directive|block scalar): ", _NEEDS_QUOTES, at_start=True),
    _explanation(r"cannot start any token|block node: ", _NEEDS_QUOTES),
    _explanation(r"mapping values are not", "a ':' stands where none may; put text that contains ': ' in quotes"),
    _explanation(r"(mapping keys|sequence entries) are not", "this must begin on a line of its own, or be in quotes"),
    _explanation(
        r"flow (sequence|mapping): ",
        "the bracket that opens in line {line} is not closed here, or a comma is missing",
    ),
    _explanation(r"flow node: ", "a value or a closing bracket is missing here"),
    _explanation(r"block mapping: ", _UNALIGNED.replace("{above}", "fields")),
    _explanation(r"block collection: ", _UNALIGNED.replace("{above}", "list")),
    _explanation(r"document start", "something stands here after the end of the document"),
)


def explain(error: yaml.YAMLError, text: str) -> tuple[str, Any]:
    """Return what is wrong with the text and what to do, in one plain sentence, and the parser's mark of the place."""
    problem = getattr(error, "problem", None) or str(error)
    found, began = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    if found and text[found.index : found.index + 1] == "\t":
        problem = "tab character"
    complaint = f"{getattr(error, 'context', None)}: {problem}"
    for pattern, sentence, at_start in _EXPLANATIONS:
        if pattern.search(complaint):
            mark = began if at_start and began else found
            character = text[mark.index : mark.index + 1] if mark else ""
            line = began.line + 1 if began else 0
            return f"not valid YAML: {sentence.format(character=printable(character), line=line)}", mark
    return f"not valid YAML: {printable(problem)}", found
