"""What a request for an audit may say. The answer is the report, whose own schema is `kb/schema/audit-report`."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from kb.formats.audit import FORMATS
from webapp.audit_limits import MAX_FILES
from webapp.shapes.base import Shape

_BASE64 = r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$"
_SHOWABLE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+$"
LONGEST_NAME = 120
MOST_NAMES = 100


def _undefaulted(schema: dict[str, Any]) -> None:
    """Leave out a default that only means "not given" and that the field itself would not allow."""
    schema.pop("default", None)


def _either(*names: str) -> dict[str, Any]:
    return {"oneOf": [{"required": [name]} for name in names]}


Name = Annotated[str, Field(min_length=1, max_length=80)]
Profile = Literal["us-ftc", "us-fda-rx", "uk-cap"]
MinLevel = Literal["error", "warning", "note"]
Format = Literal[FORMATS]  # type: ignore[valid-type]  # the names are a constant of ours


class CopyToAudit(Shape):
    """A document to audit: its `text`, or its bytes in `base64`."""

    model_config = ConfigDict(json_schema_extra=_either("text", "base64"))

    name: str = Field(min_length=1, max_length=LONGEST_NAME, pattern=_SHOWABLE, examples=["page.html"])
    """What the report calls it, no two alike. The ending says what it is: `.txt`, `.md`, `.html`, `.docx`, `.pdf`."""
    text: str = Field("", min_length=1, json_schema_extra=_undefaulted)
    """Its text."""
    base64: str = Field("", min_length=4, pattern=_BASE64, json_schema_extra=_undefaulted)
    """Its bytes, for Word and PDF files and whatever is not UTF-8."""


class AuditOptions(Shape):
    """How to audit; the same names as the options of `kb audit`."""

    profile: Profile = Field("us-ftc", json_schema_extra=_undefaulted)
    """Which law and guidance set the levels; otherwise that of the knowledge base."""
    min_level: MinLevel = "note"
    """Leave out milder findings."""
    only: list[Name] = Field(default_factory=list, max_length=MOST_NAMES)
    """Only findings of these rules, claims or caveats."""
    ignore: list[Name] = Field(default_factory=list, max_length=MOST_NAMES)
    """No findings of these rules, claims or caveats."""
    format: Format = "json"
    """The report as JSON in the envelope, or as a file in another format, each with its media type."""


class AuditRequest(AuditOptions):
    """Copy to audit, either a `text` or `documents`, and how to audit it."""

    model_config = ConfigDict(json_schema_extra=_either("text", "documents"))

    text: str = Field("", min_length=1, json_schema_extra=_undefaulted)
    """Plain text; the report calls it `text.txt`."""
    documents: list[CopyToAudit] = Field(
        default_factory=list, min_length=1, max_length=MAX_FILES, json_schema_extra=_undefaulted
    )
    """Several texts or files, which are audited one by one."""
    earlier: dict[str, Any] = Field(default_factory=dict, json_schema_extra=_undefaulted)
    """A JSON report of before; the answer then has `comparison`, so `format` must be `json`."""


class AuditForm(AuditOptions):
    """The same as a form, with files under their own names."""

    files: list[Annotated[bytes, Field(min_length=1)]] = Field(min_length=1, max_length=MAX_FILES)
    """Files; the ending of a name says what it is."""
