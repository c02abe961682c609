"""A request for an audit, read from JSON or from a form, and the report as an answer to it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import request
from pydantic import ValidationError
from werkzeug.exceptions import Forbidden, RequestEntityTooLarge, UnsupportedMediaType

from kb.audit.compare import decode
from kb.errors import KbError
from kb.finding import Level
from kb.formats.audit import render
from kb.library.auditing import AuditOptions, Audits, Copy
from webapp.audit_limits import MAX_BODY, MAX_BYTES, MAX_FILES
from webapp.audit_running import run_audit
from webapp.bodies import field_errors, read_form
from webapp.cors import from_elsewhere
from webapp.params import BadBody, FieldError, NotDone, clean, shown_name
from webapp.shapes import AuditRequest
from webapp.shapes.audit import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from werkzeug.datastructures import FileStorage, MultiDict

    from kb.audit.compare import Snapshot
    from kb.audit.report import AuditReport
    from kb.model import KnowledgeBase

JSON, FORM = "application/json", "multipart/form-data"

MEDIA: Mapping[str, tuple[str, str]] = {
    "text": ("text/plain", "txt"),
    "github": ("text/plain", "txt"),
    "markdown": ("text/markdown", "md"),
    "html": ("text/html", "html"),
    "sarif": ("application/sarif+json", "sarif"),
    "rdjson": ("application/vnd.reviewdog.rdjson+json", "json"),
}
"""Format of the report other than JSON → its media type, and the ending of its file's name."""

_TEXT = "text.txt"
_ONCE, _LISTS = ("profile", "min_level", "format"), ("only", "ignore")
_PARTS = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for."""

    copies: tuple[Copy, ...]
    options: AuditOptions
    format: str
    earlier: Snapshot | None = None


def read(default_profile: str) -> Asked:
    """Read the request; raise for one of another type, one that is too large, and with everything wrong in it."""
    if from_elsewhere() or request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
        raise Forbidden
    request.max_content_length = MAX_BODY
    try:
        if request.mimetype == JSON:
            asked, copies = _from_json(request.get_data())
        elif request.mimetype == FORM:
            asked, copies = _from_form()
        else:
            message = f"the body of the request must be {JSON} or {FORM} by its Content-Type"
            raise UnsupportedMediaType(message)
    except RequestEntityTooLarge:
        raise _too_large() from None
    if sum(len(copy.content) for copy in copies) > MAX_BYTES:
        raise _too_large()
    _refuse(_alike(copies), NotDone)
    return Asked(copies, _options(asked, default_profile), asked.format, _earlier(asked))


def audited(kb: KnowledgeBase, asked: Asked) -> AuditReport:
    """Audit; raise `NotDone` for names that there are none of, and with the reasons where no copy could be audited."""
    try:
        Audits(kb, asked.options)
    except KbError as error:
        raise _unknown_name(asked, error) from None
    report = run_audit(kb, asked.copies, asked.options)
    if not report.documents:
        at = {copy.path: number for number, copy in enumerate(asked.copies)}
        raise NotDone([FieldError(f"documents.{at[item.what]}", clean(item.reason)) for item in report.skipped])
    return report


def file(report: AuditReport, wanted: str) -> tuple[str, dict[str, str]]:
    """Return the report in a format, with its headers: a file to keep, never a page of this site."""
    media, ending = MEDIA[wanted]
    charset = "" if media.endswith("+json") else "; charset=utf-8"
    return render(wanted, report), {
        "Content-Type": media + charset,
        "Content-Disposition": f'attachment; filename="audit.{ending}"',
    }


def _from_json(body: bytes) -> tuple[AuditRequest, tuple[Copy, ...]]:
    try:
        asked = AuditRequest.model_validate_json(body)
    except ValidationError as wrong:
        raise BadBody(field_errors(wrong)) from None
    _refuse(_either(asked.model_fields_set, "text", "documents", ""))
    _refuse(
        error
        for number, one in enumerate(asked.documents)
        for error in _either(one.model_fields_set, "text", "base64", f"documents.{number}.")
    )
    if asked.text:
        return asked, (Copy(_TEXT, content=_bytes(asked.text), media="text/plain"),)
    return asked, tuple(
        Copy(one.name, content=base64.b64decode(one.base64) if one.base64 else _bytes(one.text))
        for one in asked.documents
    )


def _from_form() -> tuple[AuditRequest, tuple[Copy, ...]]:
    """Read a form. Nothing of it touches the disk."""
    fields, files = read_form(MAX_BODY, _PARTS)
    found = _files(files)
    errors = _slips(fields, files)
    if not found:
        errors.append(FieldError("files", "must not be left out"))
    if len(found) > MAX_FILES:
        errors.append(FieldError("files", f"must be at most {MAX_FILES}"))
    errors += [FieldError("files", f"{copy.path or 'a file'} is empty") for copy in found if not copy.content]
    given: dict[str, Any] = {name: fields[name] for name in _ONCE if name in fields}
    given |= {name: fields.getlist(name) for name in _LISTS if name in fields}
    try:
        asked = AuditRequest.model_validate(given)
    except ValidationError as wrong:
        errors += field_errors(wrong)
    _refuse(errors)
    named = (Copy(copy.path or f"file-{number}", content=copy.content) for number, copy in enumerate(found, 1))
    return asked, tuple(named)


def _files(files: MultiDict[str, FileStorage]) -> list[Copy]:
    return [
        Copy(clean((file.filename or "").replace("\\", "/").rpartition("/")[2])[-LONGEST_NAME:], content=file.read())
        for file in files.getlist("files")
    ]


def _slips(fields: MultiDict[str, str], files: MultiDict[str, FileStorage]) -> list[FieldError]:
    """Return an error for each field that there is none of, and for each that must be given once and was not."""
    unknown = {*fields} - {*_ONCE, *_LISTS, "files"} | {*files} - {"files"}
    errors = [FieldError(shown_name(name), "unknown field") for name in sorted(unknown)]
    errors += [FieldError("files", "must be files, each with a filename")] if "files" in fields else []
    return errors + [FieldError(name, "must be given once") for name in _ONCE if len(fields.getlist(name)) > 1]


def _either(given: Iterable[str], one: str, other: str, prefix: str) -> list[FieldError]:
    both = {one, other} & {*given}
    if len(both) == 1:
        return []
    said = f"{one} or {other}"
    return [FieldError(prefix + one, f"give {said}, not both" if both else f"must not be left out: give {said}")]


def _options(asked: AuditRequest, default_profile: str) -> AuditOptions:
    return AuditOptions(
        profile=asked.profile if "profile" in asked.model_fields_set else default_profile,
        only=frozenset(asked.only),
        ignore=frozenset(asked.ignore),
        min_level=Level(asked.min_level),
    )


def _earlier(asked: AuditRequest) -> Snapshot | None:
    """Return the audit to compare with, if one is given."""
    if "earlier" not in asked.model_fields_set:
        return None
    if asked.format != "json":
        raise NotDone([FieldError("earlier", "can be compared with as json alone")])
    try:
        return decode(json.dumps(asked.earlier), "it")
    except KbError as error:
        raise NotDone([FieldError("earlier", clean(str(error)))]) from None


def _unknown_name(asked: Asked, error: KbError) -> NotDone:
    said = str(error)
    field = next((name for name in _LISTS if any(repr(one) in said for one in getattr(asked.options, name))), "profile")
    return NotDone([FieldError(field, clean(said))])


def _alike(copies: Iterable[Copy]) -> Iterable[FieldError]:
    seen: set[str] = set()
    for number, copy in enumerate(copies):
        if copy.path in seen:
            yield FieldError(f"documents.{number}.name", "another document has this name")
        seen.add(copy.path)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _too_large() -> RequestEntityTooLarge:
    most = f"{MAX_BYTES // 1_000_000} MB of copy, in a body of {MAX_BODY // 1_000_000} MB"
    return RequestEntityTooLarge(f"that is more than can be audited at once, which is {most}; hand in a part of it")


def _refuse(errors: Iterable[FieldError], kind: type[BadBody | NotDone] = BadBody) -> None:
    found = list(errors)
    if found:
        raise kind(found)
