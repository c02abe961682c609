"""An audit report as a string, one file per format; nothing here prints, reads files or knows the pipeline.

Formats are loaded by name when they are used: a page of text should not wait for HTML.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.audit.report import AuditReport

FORMATS = ("text", "json", "sarif", "github", "rdjson", "markdown", "html")
"""The names that `--format` takes; each is a module here with `render(report) -> str`."""


def render(name: str, report: AuditReport, **options: Any) -> str:
    """Return the report in a format; `options` are those of its `render`. Raise `KeyError` for an unknown name."""
    if name not in FORMATS:
        raise KeyError(name)
    rendered: str = import_module(f"{__name__}.{name}").render(report, **options)
    return rendered
