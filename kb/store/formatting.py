"""Bring a file to the canonical style: order of fields, layout and quotes change; meaning and comments do not."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from kb.errors import FormatNotStable, InvalidEntry
from kb.finding import Finding, Level, Location
from kb.store.comments import comments_of
from kb.store.emit import emit
from kb.store.kinds import Kind, modeline
from kb.store.schemas import described, json_schema
from kb.store.steps import stripped
from kb.store.yaml12 import findings, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.store.emit import Comments
    from kb.store.yaml12 import Node, Path

_MODELINE = re.compile(r"#\s*yaml-language-server:\s*\$schema=")


def format_text(text: str, kind: str) -> str:
    """Return a file's text in the canonical style, the same again when formatted again.

    Comments move with the field that they stand with; unknown fields go to the end. A file need not be a valid entry,
    but it must be a mapping in readable YAML, else `InvalidEntry` is raised with findings. Before it returns, the new
    text is read back; if it said something else, had lost a comment or were not stable, `FormatNotStable` is raised.
    """
    known = Kind(kind)
    value, comments = _read(text)
    formatted = _written(value, comments, known)
    try:
        again, kept = _read(formatted)
    except InvalidEntry as error:
        raise FormatNotStable("the formatted text could not be read back; nothing was changed") from error
    if _meaning(again) != _meaning(value):
        raise FormatNotStable("formatting would change what the file says; nothing was changed")
    if _count(kept) != _count(comments):
        raise FormatNotStable("formatting would lose or change a comment; nothing was changed")
    if _written(again, kept, known) != formatted:
        raise FormatNotStable("formatting a second time would change the file again; nothing was changed")
    return formatted


def _read(text: str) -> tuple[dict[str, Any], Comments]:
    """Return a text's value, its texts without space at their ends, and its comments."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    nodes: list[Node] = []
    reading = read(text, nodes=nodes)
    if reading.problems:
        raise InvalidEntry("the file cannot be read as YAML", findings(reading.problems, "<text>"))
    if not isinstance(reading.value, dict):
        message = "the file must hold fields with values"
        finding = Finding("schema", Level.ERROR, message, Location("<text>", 1, 1))
        raise InvalidEntry(message, (finding,))
    return stripped(reading.value), comments_of(text, nodes)


def _written(value: dict[str, Any], comments: Comments, kind: Kind) -> str:
    lines = comments.header
    known = [line for line in lines if _MODELINE.match(line)]
    comments.header = [*(known[:1] or [modeline(kind)]), *(line for line in lines if line not in known[:1])]
    return emit(in_order(value, kind), kind, comments)


def in_order(value: Any, kind: Kind) -> Any:
    """Return a file's value with the fields of every mapping in the order of the model, unknown ones last."""
    schema = json_schema(kind)
    return _ordered(value, schema, schema)


def known_fields(path: Path, kind: Kind) -> list[str]:
    """Return the fields that the mapping at a path may have, in the order of the model; [] where any may be there."""
    return list(described(path, json_schema(kind)).get("properties", {}))


def _ordered(value: Any, node: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    """Do so for the part of a value that `node`, a part of the schema, describes."""
    if isinstance(value, list):
        return [_ordered(item, described((0,), schema, node), schema) for item in value]
    if not isinstance(value, dict):
        return value
    known = [key for key in described((), schema, node).get("properties", {}) if key in value]
    unknown = [key for key in value if key not in known]
    return {key: _ordered(value[key], described((key,), schema, node), schema) for key in (*known, *unknown)}


def _meaning(value: Any) -> str:
    """Return a text that is the same for the same value, whatever the order of its fields."""
    return json.dumps(value, sort_keys=True)


def _count(comments: Comments) -> Counter[str]:
    """Count each comment, modelines apart, since one is added where there is none."""
    above = [*comments.before.values(), *comments.below.values(), comments.header]
    texts = [*comments.beside.values(), *(comment for group in above for comment in group)]
    return Counter(text for text in texts if text and not _MODELINE.match(text))
