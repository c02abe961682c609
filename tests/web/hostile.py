"""Copy that is made to do harm, written by these tests: nothing of it is kept in the repository."""

from __future__ import annotations

import io
import zipfile
import zlib

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument'
    '.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(body: str, doctype: str = "") -> bytes:
    """Return a Word file with this body."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELS)
        document = f'<?xml version="1.0"?>{doctype}<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
        archive.writestr("word/document.xml", document)
    return packed.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx_bomb(megabytes: int) -> bytes:
    """Return a Word file of some kilobytes that unpacks to so many megabytes."""
    packed = io.BytesIO(docx(paragraph("Testamine.")))
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("word/bomb.xml", "w") as member:
        for _ in range(megabytes):
            member.write(b"\0" * 1_000_000)
    return packed.getvalue()


def docx_of_paragraphs(megabytes: int) -> bytes:
    """Return a small Word file whose one body is so many megabytes of empty paragraphs."""
    return docx("<w:p/>" * (megabytes * 1_000_000 // 6))


def docx_laughs() -> bytes:
    """Return a Word file whose entities grow tenfold with each of nine steps."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return docx(paragraph("&e9;"), f'<!DOCTYPE w [<!ENTITY e0 "ha">{entities}]>')


def docx_reading(address: str) -> bytes:
    """Return a Word file that asks for another file to be read into it."""
    return docx(paragraph("Testamine &x;"), f'<!DOCTYPE w [<!ENTITY x SYSTEM "{address}">]>')


def pdf(*objects: bytes, root: int = 1) -> bytes:
    """Return a PDF file of these objects, numbered from 1."""
    written, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    written += b"trailer << /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, start)
    return bytes(written)


_CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
_FONT = b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"


def pdf_page(stream: bytes, extra: bytes = b"") -> bytes:
    """Return a PDF file with one page that this packed stream draws."""
    packed = zlib.compress(stream, 9)
    return pdf(
        _CATALOG,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources %s >>" % (extra or _FONT),
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
    )


def pdf_bomb(megabytes: int) -> bytes:
    """Return a PDF file of some kilobytes whose page unpacks to so many megabytes."""
    return pdf_page(b"BT /F1 9 Tf (Testamine) Tj ET\n" + b" " * (megabytes * 1_000_000))


def pdf_pages_in_a_loop() -> bytes:
    """Return a PDF file whose tree of pages holds itself."""
    return pdf(_CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9999 >>")


def pdf_previous_in_a_loop() -> bytes:
    """Return a PDF file whose list of objects says that an earlier one is at the same place."""
    made = pdf_page(b"BT /F1 9 Tf (Testamine) Tj ET")
    start = made.rindex(b"startxref\n") + len(b"startxref\n")
    return made.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev " + made[start:].split(b"\n")[0])


def pdf_form_in_a_loop() -> bytes:
    """Return a PDF file whose page draws a form that draws itself."""
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >> /Length 5 >>"
    made = b"<< /XObject << /X 5 0 R >> >>"
    packed = zlib.compress(b"/X Do")
    return pdf(
        _CATALOG,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources %s >>" % made,
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
        form + b"\nstream\n/X Do\nendstream",
    )
