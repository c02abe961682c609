"""Bodies of requests: forms that never touch the disk, and what is wrong with a body, in words."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from flask import request
from werkzeug.formparser import FormDataParser

from webapp.params import FieldError, clean, shown_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError
    from werkzeug.datastructures import FileStorage, MultiDict

_ERRORS: Mapping[str, str] = {
    "json_invalid": "is not JSON: {error}",
    "model_type": 'must be an object: {{"text": "…"}}',
    "missing": "must not be left out",
    "string_type": "must be a string",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length:,} characters",
    "string_pattern_mismatch": "must be base64, or a name without control characters",
    "list_type": "must be a list",
    "too_short": "must not be empty",
    "too_long": "must have at most {max_length} items",
    "literal_error": "must be one of {expected}",
    "extra_forbidden": "unknown field",
}
"""pydantic's kind of error → how we say it."""


def field_errors(wrong: ValidationError) -> list[FieldError]:
    """Return what is wrong with a body in the words that parameters are refused with."""
    found = []
    for error in wrong.errors(include_url=False, include_input=False):
        field = shown_name(".".join(map(str, error["loc"]))) or "body"
        said = _ERRORS.get(error["type"], error["msg"])
        found.append(FieldError(field, clean(said.format(**error.get("ctx", {})))))
    return found


def read_form(most_bytes: int, most_parts: int) -> tuple[MultiDict[str, str], MultiDict[str, FileStorage]]:
    """Return the fields and files of a form, nothing of which touches the disk; raise `RequestEntityTooLarge`."""
    parser = FormDataParser(
        stream_factory=lambda *_, **__: io.BytesIO(),
        max_form_memory_size=most_bytes,
        max_content_length=most_bytes,
        max_form_parts=most_parts,
    )
    _, fields, files = parser.parse_from_environ(request.environ)
    return fields, files
