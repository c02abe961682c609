"""Which reader a file gets, and how its bytes become a document."""

from __future__ import annotations

import hashlib
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

from kb.audit.base import Document
from kb.audit.extract.assembling import assemble
from kb.audit.extract.encoding import decode
from kb.errors import CopyUnreadable

if TYPE_CHECKING:
    from kb.audit.extract.layout import Layout

PLAIN, MARKDOWN, HTML, PDF = "text/plain", "text/markdown", "text/html", "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_BY_NAME = {
    "txt": PLAIN,
    "text": PLAIN,
    "md": MARKDOWN,
    "markdown": MARKDOWN,
    "mdown": MARKDOWN,
    "mkd": MARKDOWN,
    "html": HTML,
    "htm": HTML,
    "xhtml": HTML,
    "shtml": HTML,
    "docx": DOCX,
    "docm": DOCX,
    "pdf": PDF,
}
_BY_MEDIA = {"text/x-markdown": MARKDOWN, "application/xhtml+xml": HTML}
# Named as text, so that the libraries behind a format are loaded only for a file of that format.
_READERS = {PLAIN: "plain", MARKDOWN: "markdown", HTML: "html"}
_BINARY = {DOCX: "word", PDF: "pdf"}
_LARGEST = 50_000_000
_OLE = b"\xd0\xcf\x11\xe0"
"""First bytes of the formats of Office before 2007, and of encrypted files of today's."""

_IS_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s{0,999}(?:<!--.{0,2000}?-->\s{0,999})?<(?:!doctype\s+html|html[\s>])",
    re.IGNORECASE | re.DOTALL,
)


def extract(content: bytes, path: str, *, media: str | None = None) -> Document:
    """Read copy; `media` is its media type where the caller knows better than the name in `path` tells."""
    if not content:
        raise CopyUnreadable(f"{path}: the file is empty; hand in a file with words in it")
    if len(content) > _LARGEST:
        raise CopyUnreadable(f"{path}: larger than {_LARGEST // 1_000_000} MB; hand in a part of it")
    if content.startswith(_OLE):
        raise CopyUnreadable(f"{path}: an old or encrypted Office file; save it as .docx without a password")
    found = media_of(content, path, media)
    if found in _BINARY:
        layout, encoding = _read(_BINARY[found], content, path), "binary"
    else:
        decoded = decode(content, path, media=media, html=found == HTML)
        layout, encoding = _read(_READERS[found], decoded.text), decoded.encoding
        layout.skipped[:0] = decoded.notices
    return Document(
        path=path,
        text=layout.text,
        plain=layout.plain,
        units=assemble(layout),
        sha256=hashlib.sha256(content).hexdigest(),
        media=found,
        encoding=encoding,
        offsets=layout.offsets,
        places=layout.places,
        skipped=tuple(layout.skipped),
        left_out=layout.left_out,
    )


def _read(reader: str, *given: Any) -> Layout:
    layout: Layout = import_module(f"kb.audit.extract.{reader}").read(*given)
    return layout


def media_of(content: bytes, path: str, media: str | None) -> str:
    """Return the media type that a file is read as: what the caller says, its name, its first bytes."""
    said = (media or "").partition(";")[0].strip().lower()
    said = _BY_MEDIA.get(said, said)
    if content.startswith(b"%PDF"):
        return PDF
    if said in _READERS or said in _BINARY:
        return said
    name = _BY_NAME.get(path.rpartition(".")[2].lower())
    if name:
        return name
    if content.startswith(b"PK\x03\x04"):
        return DOCX
    return HTML if _IS_HTML.match(content[:4_096]) else PLAIN
