"""What the form of the audit page hands in: copy in whatever shape it travelled, and what somebody decided about it.

Nothing is kept: files stay in memory for as long as the request takes, and what the page needs again it sends along in
its own form (`carried`). An HTML form cannot send every text back as it was (it ends all lines with CRLF), so a text
that would come back as another one travels in base64 beside the box in which it can be edited.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from werkzeug.exceptions import RequestEntityTooLarge

from kb.audit.extract.encoding import decode
from kb.audit.extract.reading import DOCX, HTML, MARKDOWN, PDF, PLAIN, media_of
from kb.errors import KbError
from kb.library.auditing import Copy
from webapp.audit_limits import MAX_BYTES, MAX_FILES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.datastructures import FileStorage, MultiDict

KINDS = {PLAIN: "Plain text", MARKDOWN: "Markdown", HTML: "HTML"}
"""What pasted copy may be."""

_ENDINGS = {PLAIN: "txt", MARKDOWN: "md", HTML: "html"}
_LONGEST_NAME = 120
_UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+")
_MANGLED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufdd0-\ufdef\ufffe\uffff]")
"""Characters that HTML does not carry faithfully."""

_CR = re.compile(r"\r\n?")


class Refused(Exception):
    """What was handed in cannot be audited; the message says why, in words for whoever handed it in."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A copy as the page sends it along."""

    copy: Copy
    number: int
    """By which its fields are told from those of other copies."""
    text: str | None
    """For the box in which it can be edited; `None` for Word and PDF."""
    lines: str = "lf"
    """How its lines end, where the text alone is enough to have its bytes again."""
    packed: str = ""
    """Its bytes in base64, where the text is not enough."""


def copies(form: MultiDict[str, str], files: MultiDict[str, FileStorage]) -> tuple[Copy, ...]:
    """Return what is to be audited: copy that travelled along, that was pasted, and files; raise `Refused`."""
    found = [*_carried(form), *_pasted(form), *_uploaded(files)]
    if not found:
        message = "There is nothing to audit yet. Paste some text, or choose a file."
        raise Refused(message)
    if len(found) > MAX_FILES:
        message = f"These are {len(found)} files; at most {MAX_FILES} are audited at once."
        raise Refused(message)
    if sum(len(copy.content) for copy in found) > MAX_BYTES:
        raise RequestEntityTooLarge
    return tuple(_told_apart(found))


def carried(copy: Copy, number: int = 1, *, editable: bool = True) -> Carried:
    """Return how a copy travels with the page; one that could not be read has no box to be edited in."""
    media = media_of(copy.content, copy.path, copy.media)
    packed = base64.b64encode(copy.content).decode("ascii")
    if media in {DOCX, PDF} or not editable:
        return Carried(copy, number, None, packed=packed)
    try:
        text = decode(copy.content, copy.path, media=copy.media, html=media == HTML).text
    except KbError:
        return Carried(copy, number, None, packed=packed)
    for lines in ("lf", "crlf"):
        if not _MANGLED.search(text) and _bytes(text, lines) == copy.content:
            return Carried(copy, number, text, lines)
    return Carried(copy, number, text, packed=packed)


def shown_name(name: str) -> str:
    """Return the name of a copy as reports show it."""
    return _UNSHOWABLE.sub(" ", name).strip()[-_LONGEST_NAME:]


def _carried(form: MultiDict[str, str]) -> Iterator[Copy]:
    """Yield the copies that came with a page of results, those whose text was edited with their new words."""
    for number in range(1, MAX_FILES + 1):
        name = shown_name(form.get(f"name-{number}", ""))
        if not name:
            continue
        media = form.get(f"media-{number}") or None
        text, packed = form.get(f"text-{number}"), form.get(f"bytes-{number}")
        if packed is None:
            yield Copy(name, content=_bytes(text or "", form.get(f"lines-{number}", "lf")), media=media)
            continue
        content = _unpacked(name, packed)
        if text is not None and _edited(Copy(name, content=content, media=media), text):
            content = _bytes(text, "crlf" if b"\r\n" in content else "lf")
        yield Copy(name, content=content, media=media)


def _unpacked(name: str, packed: str) -> bytes:
    try:
        return base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        message = f"{name} did not come back as it was sent. Please hand it in again."
        raise Refused(message) from None


def _edited(copy: Copy, text: str) -> bool:
    before = carried(copy).text
    return before is None or _CR.sub("\n", _MANGLED.sub("", before)) != _CR.sub("\n", _MANGLED.sub("", text))


def _bytes(text: str, lines: str) -> bytes:
    flat = _CR.sub("\n", text)
    return (flat.replace("\n", "\r\n") if lines == "crlf" else flat).encode("utf-8", "replace")


def _pasted(form: MultiDict[str, str]) -> Iterator[Copy]:
    """Yield what was pasted. A form sends CRLF whatever was pasted: lines end with LF from here on."""
    text = form.get("text", "")
    if text.strip():
        kind = form.get("kind", PLAIN)
        kind = kind if kind in KINDS else PLAIN
        name = shown_name(form.get("name", "")) or f"pasted.{_ENDINGS[kind]}"
        yield Copy(name, content=_bytes(text, "lf"), media=kind)


def _uploaded(files: MultiDict[str, FileStorage]) -> Iterator[Copy]:
    for file in files.getlist("files"):
        name = shown_name((file.filename or "").replace("\\", "/").rpartition("/")[2])
        if name:
            yield Copy(name, content=file.stream.read(), media=None)


def _told_apart(found: list[Copy]) -> Iterator[Copy]:
    """Yield copies under names that differ: a second `page.md` becomes `page-2.md`."""
    seen: set[str] = set()
    for copy in found:
        stem, dot, ending = copy.path.rpartition(".")
        name, count = copy.path, 1
        while name in seen:
            count += 1
            name = f"{stem}-{count}.{ending}" if dot else f"{copy.path}-{count}"
        seen.add(name)
        yield Copy(name, content=copy.content, media=copy.media)


def uploaded_text(files: MultiDict[str, FileStorage], name: str) -> tuple[str, str] | None:
    """Return (name, text) of an uploaded file of ours, such as an earlier report; raise `Refused`."""
    file = files.get(name)
    called = shown_name(file.filename or "") if file else ""
    if file is None or not called:
        return None
    try:
        return called, file.stream.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        message = f"{called} is no JSON report: it is not UTF-8 text."
        raise Refused(message) from None
