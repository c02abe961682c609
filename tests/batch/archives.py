"""Web archives, written by hand, and what can be wrong with them."""

from __future__ import annotations

import gzip


def archive(*pages, packed=True, http=(), warc=()):
    """Return an archive and where each of its records begins. A page is (address, media, content[, status])."""
    content, begins = b"", []
    for number, page in enumerate(pages):
        begins.append(len(content))
        record = _record(number, *page, http=http, warc=warc)
        content += gzip.compress(record, mtime=0) if packed else record
    return content, begins


def _record(number, url, media, content, status="200 OK", *, http, warc):
    answer = _heads(f"HTTP/1.1 {status}", [("Content-Type", media), *http]) + content
    kind = [("WARC-Type", "response"), ("WARC-Record-ID", f"<urn:test:{number}>"), ("WARC-Target-URI", url)]
    said = [("WARC-Date", "2026-01-01T00:00:00Z"), ("Content-Type", "application/http; msgtype=response"), *warc]
    return _heads("WARC/1.0", [*kind, *said, ("Content-Length", str(len(answer)))]) + answer + b"\r\n\r\n"


def _heads(first, pairs):
    return "".join(f"{line}\r\n" for line in [first, *(f"{name}: {value}" for name, value in pairs), ""]).encode()


def flipped(content, start, count):
    """Return bytes with some of them changed."""
    return content[:start] + bytes(byte ^ 0x55 for byte in content[start : start + count]) + content[start + count :]
