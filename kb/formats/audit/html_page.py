"""A page that loads nothing and runs nothing: a policy in its head forbids all but its own style."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from kb.formats.audit.elements import Html, element

if TYPE_CHECKING:
    from pathlib import Path


def page(title: str, style: Path, *content: Html) -> str:
    """Return the page, with the style of a file in its head."""
    rules = style.read_text(encoding="utf-8")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(rules)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="robots", content="noindex"),
        element("title", title),
        element("style", Html(rules)),
    )
    return f"<!doctype html>\n{element('html', head, element('body', *content), lang='en')}\n"


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
