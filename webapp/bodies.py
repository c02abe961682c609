"""Bodies of requests: JSON of a shape, forms that never touch the disk, and what is wrong with a body, in words."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.formparser import FormDataParser

from webapp.params import BadBody, FieldError, clean, shown_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.datastructures import FileStorage, MultiDict

JSON_TYPE = "application/json"

Body = TypeVar("Body", bound=BaseModel)

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


def json_body(shape: type[Body], most_bytes: int) -> Body:
    """Read a JSON body; raise for one that is too large, of another type or of another shape."""
    if request.mimetype != JSON_TYPE:
        raise UnsupportedMediaType
    request.max_content_length = most_bytes
    try:
        return shape.model_validate_json(request.get_data())
    except ValidationError as wrong:
        raise BadBody(field_errors(wrong)) from None


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
