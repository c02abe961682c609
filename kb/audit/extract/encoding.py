"""From bytes to text: which encoding, how it is known, and what had to be guessed or replaced."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from kb.errors import CopyUnreadable
from kb.finding import Skipped

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NO_TEXT = frozenset({"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
"""Codecs of Python that no page is written in, or that are unsafe to obey."""

_LATIN = frozenset({"ascii", "iso8859-1"})
"""What browsers read as Windows-1252, since that is what such pages are."""

_SAMPLE = 100_000
"""Bytes that the guess looks at."""

_META = re.compile(rb"""<meta[^>]{0,400}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{1,40})""", re.IGNORECASE)
_XML = re.compile(rb"""\A\s{0,99}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})""", re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s{0,9}=\s{0,9}["']?([\w.:-]{1,40})""", re.IGNORECASE)
_FORGIVEN = 8
"""Control characters that any text may hold."""

_CONTROLS = frozenset({*range(9), *range(14, 27), *range(28, 32), 127})


class Decoded(NamedTuple):
    """A text, its encoding, and what is to be said of how it was found."""

    text: str
    encoding: str
    notices: tuple[Skipped, ...] = ()


def decode(content: bytes, path: str, *, media: str | None = None, html: bool = False) -> Decoded:
    """Decode by byte order mark, by what is declared, as UTF-8, or by a guess that is owned up to."""
    for bom, name in _BOMS:
        if content.startswith(bom):
            return _forced(content[len(bom) :], name, path)
    label = _declared(content, media, html=html)
    declared = _codec(label) if label else None
    if declared is None or declared.startswith("utf") or not _decodes(content, "utf-8"):
        text = _try(content, declared or "utf-8")
        if text is not None:
            return _checked(Decoded(text, declared or "utf-8", _unknown(label, declared, path)), path)
    text = _try(content, "utf-8")
    if text is not None:
        notices = () if text.isascii() else (Skipped(path, f"declares {label} and is UTF-8; read as UTF-8"),)
        return _checked(Decoded(text, "utf-8", notices), path)
    return _guessed(content, path, declared)


def _declared(content: bytes, media: str | None, *, html: bool) -> str | None:
    given = _CHARSET.search(media or "")
    if given:
        return given.group(1)
    if html:
        found = _META.search(content[:4_096]) or _XML.match(content[:1_024])
        if found:
            label = found.group(1).decode("ascii", "replace").lower()
            # a page that could be read this far is not in UTF-16, whatever it says
            return "utf-8" if label.startswith(("utf-16", "utf-32", "utf16")) else label
    return None


def _codec(label: str) -> str | None:
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError):
        return None
    if info.name in _LATIN:
        return "windows-1252"
    try:
        b"a".decode(info.name)  # some codecs are not from bytes to text
    except (LookupError, ValueError, TypeError):
        return None if info.name not in {"utf-16", "utf-32", "utf-16-le", "utf-16-be"} else info.name
    return None if info.name in _NO_TEXT else info.name


def _unknown(label: str | None, declared: str | None, path: str) -> tuple[Skipped, ...]:
    if label and declared is None:
        return (Skipped(path, f"declares the unknown encoding {label}; read as UTF-8"),)
    return ()


def _decodes(content: bytes, encoding: str) -> bool:
    return _try(content, encoding) is not None


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeError, ValueError):
        return None


def _forced(content: bytes, encoding: str, path: str) -> Decoded:
    text = _try(content, encoding)
    if text is not None:
        return _checked(Decoded(text, encoding), path)
    text = content.decode(encoding, "replace")
    return _checked(Decoded(text, encoding, (_replaced(text, encoding, path),)), path)


def _guessed(content: bytes, path: str, declared: str | None) -> Decoded:
    from charset_normalizer import from_bytes  # noqa: PLC0415  (few files need a guess)

    _refuse_binary(content[:_SAMPLE].decode("latin-1"), path)
    best = from_bytes(content[:_SAMPLE]).best()
    encoding = declared or (_codec(best.encoding) if best else None) or "windows-1252"
    text = _try(content, encoding)
    if text is not None:
        return _checked(Decoded(text, encoding, (Skipped(path, f"encoding guessed: {encoding}"),)), path)
    text = content.decode(encoding, "replace")
    return _checked(Decoded(text, encoding, (_replaced(text, encoding, path),)), path)


def _replaced(text: str, encoding: str, path: str) -> Skipped:
    count = text.count("\N{REPLACEMENT CHARACTER}")
    reason = f"read as {encoding}; {count} characters that it does not know stand as \N{REPLACEMENT CHARACTER}"
    return Skipped(path, reason, lost=True)


def _checked(decoded: Decoded, path: str) -> Decoded:
    _refuse_binary(decoded.text[:_SAMPLE], path)
    return decoded


def _refuse_binary(text: str, path: str) -> None:
    """Refuse what is no text; a few odd control characters are forgiven."""
    odd = sum(ord(char) in _CONTROLS for char in text)
    if odd > _FORGIVEN and odd * 20 > len(text):
        raise CopyUnreadable(f"{path}: this is not text; hand in plain text, Markdown, HTML, DOCX or PDF")
