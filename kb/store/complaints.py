"""Say in plain words what pydantic finds wrong with an entry: which field, what is wrong, what to do."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from kb.store.schemas import described, json_schema
from kb.store.wording import cut, shown
from kb.store.yaml12 import Path, Position, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from kb.store.kinds import Kind

_FORMS = {
    "^[a-z0-9]+(?:-[a-z0-9]+)*$": "lower-case words joined by hyphens, such as fades-soon",
    "^[a-z0-9]+(?:_[a-z0-9]+)*$": "lower-case letters and digits joined by _, such as zarate2006",
    "^[0-9a-f]{16}$": "16 hex digits (0-9, a-f)",
    "^[0-9a-f]{64}$": "64 hex digits (0-9, a-f)",
}


def complaints(error: ValidationError, kind: Kind, positions: Mapping[Path, Position]) -> list[Problem]:
    """Return every validation error of a file as a problem with rule `schema`, in the order of the file."""
    schema = json_schema(kind)
    first = min(positions.values(), default=(1, 1))
    problems = []
    for path, details in _without_repeats(error.errors(include_url=False), schema):
        line, column = _position(path, positions, first)
        problems.append(Problem("schema", _sentence(details, path, schema), path, line, column))
    return sorted(problems, key=lambda problem: (problem.line, problem.column))


def _without_repeats(errors: Iterable[ErrorDetails], schema: Mapping[str, Any]) -> list[tuple[Path, ErrorDetails]]:
    """Return errors with their paths; a missing field that stands there under a name much like its own counts once."""
    found = [(tuple(part for part in details["loc"] if part != "[key]"), details) for details in errors]
    misspelt = {
        (*path[:-1], _meant_field(path, schema)) for path, details in found if details["type"] == "extra_forbidden"
    }
    return [(path, details) for path, details in found if details["type"] != "missing" or path not in misspelt]


def closest(word: str, words: Iterable[str]) -> str | None:
    """Return the one of the words that somebody who wrote `word` most likely meant; None if none is near."""
    by_form = {_folded(known): known for known in words}
    near = difflib.get_close_matches(_folded(word), by_form, n=1)
    return by_form[near[0]] if near else None


def _folded(word: str) -> str:
    return word.casefold().replace("_", "-").replace(" ", "-")


def _position(path: Path, positions: Mapping[Path, Position], first: Position) -> Position:
    """Return the position of a path, or of the nearest thing around it that is in the file."""
    while path:
        if path in positions:
            return positions[path]
        path = path[:-1]
    return first


def _sentence(details: ErrorDetails, path: Path, schema: Mapping[str, Any]) -> str:
    name = _name(path)
    expected = described(path, schema)
    given = details["input"]
    if details["type"] == "missing":
        return f"the field {name} is missing; {_how_to_fill(expected)}"
    if details["type"] == "extra_forbidden":
        return _unknown_field(path, schema)
    if details["loc"][-1:] == ("[key]",):
        return f"{shown(path[-1])} cannot be a key here; it must be {_form(details)}"
    if given is None or (isinstance(given, str) and not given.strip()):
        return f"{name} is empty; {_how_to_fill(expected)}" if path else "the file is empty; it must hold an entry"
    say = _SENTENCES.get(details["type"])
    return f"{name} {say(details, expected)}" if say else details["msg"].removeprefix("Value error, ")


def _name(path: Path) -> str:
    """Return the last field of a path in quotes, with the number of the item in it: `'themes[0]'`."""
    if not path:
        return "the file"
    numbers = ""
    for part in reversed(path):
        if isinstance(part, str):
            return f"'{cut(part)}{numbers}'"
        numbers = f"[{part}]{numbers}"
    return f"'{numbers}'"


def _how_to_fill(expected: Mapping[str, Any]) -> str:
    if "enum" in expected:
        return f"write one of {', '.join(expected['enum'])}"
    if "description" in expected:
        summary = expected["description"].partition("\n\n")[0]  # a model's docstring may go on
        return f"write here: {' '.join(summary.split())}"
    kinds = {"array": "a list", "object": "a mapping", "integer": "a whole number", "boolean": "true or false"}
    if expected.get("format") == "date":
        return "write a date such as 2026-11-22"
    return f"write {kinds.get(expected.get('type', ''), 'text')} here"


def _meant_field(path: Path, schema: Mapping[str, Any]) -> str | None:
    """Return the field that an unknown one was most likely meant to be."""
    return closest(str(path[-1]), described(path[:-1], schema).get("properties", {}))


def _unknown_field(path: Path, schema: Mapping[str, Any]) -> str:
    near = _meant_field(path, schema)
    fields = ", ".join(described(path[:-1], schema).get("properties", {}))
    advice = f"did you mean '{near}'?" if near else f"the fields here are {fields}"
    return f"unknown field {shown(path[-1])}; {advice}"


def _choice(details: ErrorDetails, expected: Mapping[str, Any]) -> str:
    given, choices = details["input"], expected.get("enum", [])
    near = closest(given, choices) if isinstance(given, str) else None
    advice = f"did you mean '{near}'?" if near else f"write one of {', '.join(choices)}"
    return f"cannot be {shown(given)}; {advice}"


def _not_text(details: ErrorDetails, _: Mapping[str, Any]) -> str:
    given = details["input"]
    if isinstance(given, dict):
        return "must be text, not a mapping; put text that contains ': ' in quotes"
    if isinstance(given, list):
        return "must be text, not a list; put text that contains brackets in quotes"
    return f'must be text; put it in quotes: "{shown(given)}"'


def _not_a_list(details: ErrorDetails, _: Mapping[str, Any]) -> str:
    return f"must be a list, not {shown(details['input'])}; begin each item with '- ' or write [one, two]"


def _not_a_mapping(details: ErrorDetails, expected: Mapping[str, Any]) -> str:
    fields = list(expected.get("properties", {}))
    advice = f"; its fields are {', '.join(fields)}" if fields else ""
    return f"must hold fields with values, not {shown(details['input'])}{advice}"


def _wrong_form(details: ErrorDetails, _: Mapping[str, Any]) -> str:
    return f"must be {_form(details)}, not {shown(details['input'])}"


def _form(details: ErrorDetails) -> str:
    """Return what a pattern or a length asks for."""
    context = details.get("ctx", {})
    if "pattern" in context:
        return _FORMS.get(context["pattern"], f"of the form {context['pattern']}")
    if "min_length" in context:
        return f"{context['min_length']} or more characters long"
    return f"{context['max_length']} characters long at most"


def _wrong_length(details: ErrorDetails, _: Mapping[str, Any]) -> str:
    context, length = details["ctx"], len(details["input"].strip())
    if "max_length" in context:
        return f"may have {context['max_length']} characters and has {length}; shorten it"
    return f"needs {context['min_length']} characters at least and has {length}"


def _too_few(details: ErrorDetails, _: Mapping[str, Any]) -> str:
    return f"needs {details['ctx']['min_length']} item at least"


def _too_many(details: ErrorDetails, _: Mapping[str, Any]) -> str:
    return f"may have {details['ctx']['max_length']} items at most; delete those that say least"


def _out_of_range(details: ErrorDetails, _: Mapping[str, Any]) -> str:
    context = details["ctx"]
    bound = f"{context['ge']} or more" if "ge" in context else f"{context['le']} or less"
    return f"must be {bound}, not {shown(details['input'])}"


def _not_a_whole_number(details: ErrorDetails, _: Mapping[str, Any]) -> str:
    given = details["input"]
    advice = "; take away the quotes" if isinstance(given, str) and given.strip().isdecimal() else ""
    return f"must be a whole number, not {shown(given)}{advice}"


def _must_be(what: str) -> Callable[[ErrorDetails, Mapping[str, Any]], str]:
    return lambda details, _: f"must be {what}, not {shown(details['input'])}"


_SENTENCES: dict[str, Callable[[ErrorDetails, Mapping[str, Any]], str]] = {
    "enum": _choice,
    "string_type": _not_text,
    "tuple_type": _not_a_list,
    "model_type": _not_a_mapping,
    "dict_type": _not_a_mapping,
    "string_pattern_mismatch": _wrong_form,
    "string_too_short": _wrong_length,
    "string_too_long": _wrong_length,
    "too_short": _too_few,
    "too_long": _too_many,
    "greater_than_equal": _out_of_range,
    "less_than_equal": _out_of_range,
    "int_type": _not_a_whole_number,
    "bool_type": _must_be("true or false"),
    "date_type": _must_be("a date such as 2026-11-22"),
    "date_parsing": _must_be("a date such as 2026-11-22"),
}
