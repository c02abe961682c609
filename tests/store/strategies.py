"""Hypothesis strategies: valid entries of every kind, made from the JSON Schemas, and YAML of every shape."""

from __future__ import annotations

import datetime as dt
from typing import Any

import yaml
from hypothesis import strategies as st

from kb.store.codec import encode, validate
from kb.store.kinds import Kind
from kb.store.schemas import described, json_schema

# Characters that YAML gives a meaning to, and line breaks that only YAML 1.1 knows, more often than chance would.
_NASTY = " \n\t\r:#-'\"[]{}&*!|>%@`,?\\~=.<\u2028\u2029\x85\xa0\ufeff"
_LETTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
_WORDS = (
    "no",
    "yes",
    "on",
    "12:30",
    "2026-11-22",
    "null",
    "~",
    "1e3",
    "0x1F",
    "0o7",
    "1_000",
    ".inf",
    "---",
    "a: b",
    "a #b",
)

texts = st.one_of(
    st.text(st.one_of(_LETTERS, st.sampled_from(_NASTY)), min_size=1, max_size=40),
    st.sampled_from(_WORDS),
    st.lists(
        st.one_of(st.sampled_from(_WORDS), st.text(_LETTERS, min_size=1, max_size=12)), min_size=5, max_size=60
    ).map(" ".join),
)

_slugs = st.from_regex(r"[a-z0-9]{1,4}(-[a-z0-9]{1,4}){1,3}", fullmatch=True)
_keys = st.from_regex(r"[a-z][a-z0-9]{0,6}(_[a-z0-9]{1,4}){0,2}", fullmatch=True)
_STRINGS = {
    "^[a-z0-9]+(?:-[a-z0-9]+)*$": _slugs,
    "^[a-z0-9]+(?:_[a-z0-9]+)*$": _keys,
    "^[0-9a-f]{16}$": st.one_of(
        st.from_regex(r"[0-9a-f]{16}", fullmatch=True), st.from_regex(r"[0-9]{16}", fullmatch=True)
    ),
    "^[0-9a-f]{64}$": st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
}


def entries(kind: Kind) -> st.SearchStrategy[Any]:
    """Valid entries of a kind."""
    schema = json_schema(kind)
    return _values(schema, schema).map(lambda value: validate(value, kind))


def _values(node: Any, schema: Any) -> st.SearchStrategy[Any]:
    node = described((), schema, node)
    if "enum" in node:
        return st.sampled_from(node["enum"])
    match node.get("type"):
        case "object":
            return _objects(node, schema)
        case "array":
            items, least = _values(node["items"], schema), node.get("minItems", 0)
            apart = str.strip if node.get("uniqueItems") else None
            return st.lists(items, min_size=least, max_size=3, unique_by=apart)
        case "integer":
            return st.integers(node.get("minimum", 0), node.get("maximum", 10**7))
        case "boolean":
            return st.booleans()
        case _:
            return _strings(node)


def _strings(node: Any) -> st.SearchStrategy[str]:
    if node.get("format") == "date":
        return st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)).map(dt.date.isoformat)
    if "pattern" in node:
        return _STRINGS[node["pattern"]]
    shortest, longest = node["minLength"], node["maxLength"]
    return texts.map(lambda text: (text if len(text.strip()) >= shortest else f"{text}{'x' * shortest}")[:longest])


def _objects(node: Any, schema: Any) -> st.SearchStrategy[dict[str, Any]]:
    if "properties" not in node:
        others = node.get("additionalProperties") or next(iter(node["patternProperties"].values()))
        form = next(iter(node.get("patternProperties", ())), None)
        names = texts.map(lambda text: text[:80]).filter(str.strip) if form is None else _STRINGS[form]
        return st.dictionaries(names, _values(others, schema), max_size=3)
    fields = {name: _values(part, schema) for name, part in node["properties"].items()}
    required = {name: fields.pop(name) for name in node.get("required", ())}
    objects = st.fixed_dictionaries(required, optional=fields)
    if node["title"] == "Selector":
        return st.tuples(st.integers(0, 10**6), st.integers(1, 500)).map(lambda at: {"start": at[0], "end": sum(at)})
    if node["title"] == "Rule":
        return objects.map(lambda rule: rule if rule.get("all") or rule.get("any") else rule | {"all": ["a-concept"]})
    return objects


any_entry = st.sampled_from(Kind).flatmap(lambda kind: st.tuples(st.just(kind), entries(kind)))
any_entry_text = any_entry.map(lambda pair: encode(pair[1], pair[0]))

scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), texts)
structures = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=25,
)
_TOKENS = (
    *(
        "- ",
        ": ",
        "? ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "&a ",
        "*a ",
        "!!int ",
        "!x ",
        "#c",
        " #c",
        "'",
        '"',
        "|",
        ">",
        ">-\n",
    ),
    *("|2\n", "%YAML 1.2\n", "---\n", "...\n", "\n", "\n  ", "\n    ", "\t", "a", "a: ", "id: ", "no", "1", "0x", "\\"),
    *("\ufeff", "\x00", "é"),
)
soup = st.lists(st.sampled_from(_TOKENS), max_size=40).map("".join)
"""Text made of what YAML gives a meaning to."""
dumped = st.builds(
    lambda value, flow, width, indent: yaml.safe_dump(
        value, default_flow_style=flow, width=width, indent=indent, allow_unicode=True
    ),
    structures,
    st.sampled_from((True, False, None)),
    st.integers(10, 120),
    st.integers(2, 6),
)


@st.composite
def commented(draw: st.DrawFn) -> str:
    """YAML with comments and blank lines strewn over it, some of them into the middle of texts."""
    lines = draw(st.one_of(dumped, any_entry_text)).split("\n")
    for number in draw(st.lists(st.integers(0, len(lines) - 1), max_size=8, unique=True)):
        lines[number] += draw(
            st.sampled_from(("  # beside", " #", "\n# above", "\n  # in", "\n      # deep", "\n\n", "\n\n# a\n\n"))
        )
    return "\n".join(lines)
