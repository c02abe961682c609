"""Word and PDF files written by the tests, so that what is in them can be read here."""

from __future__ import annotations

import io
import textwrap
from typing import TYPE_CHECKING

import docx
from docx.enum.text import WD_BREAK

if TYPE_CHECKING:
    from collections.abc import Iterable

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


def word() -> bytes:
    """Return a leaflet as a Word file."""
    document = docx.Document()
    document.add_heading("Ketamine for low mood", 0)
    document.add_paragraph("Ketamine is given by a nurse. It may help when tablets have not.")
    document.add_heading("Is it safe?", 1)
    document.add_paragraph("No medicine is free of risk.")
    document.add_paragraph("You should not have it if you:")
    for words in ("have high blood pressure that is not treated", "are pregnant. Ask us."):
        document.add_paragraph(words, style="List Bullet")
    document.add_paragraph("or breastfeed", style="List Bullet 2")
    broken = document.add_paragraph()
    broken.add_run("It is given").add_break(WD_BREAK.LINE)
    broken.add_run("into a vein.").add_break(WD_BREAK.LINE)
    broken.add_run("Some feel sick.")
    document.add_paragraph().add_run("What it costs").bold = True
    table = document.add_table(rows=2, cols=3)
    for cell, words in zip(table._cells, ["", "At home", "In clinic", "One visit", "200", "350"], strict=True):
        cell.text = words
    document.add_paragraph("I could sleep again.", style="Quote")
    document.add_paragraph("\N{EM DASH} Anna B.")
    picture = document.add_paragraph().add_run().add_picture(io.BytesIO(PIXEL))
    picture._inline.docPr.set("descr", "A quiet room")
    document.add_paragraph("*Results vary.")
    document.sections[0].footer.paragraphs[0].text = "Not approved for depression."
    return saved(document)


def saved(document) -> bytes:
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def pdf(pages: Iterable[Iterable[str]]) -> bytes:
    """Return a PDF file with these lines on its pages, in Helvetica."""
    pages = [list(page) for page in pages]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        shown = b"".join(b"(%s) Tj T*\n" % _escaped(line) for line in page)
        stream = b"BT /F1 11 Tf 14 TL 60 780 Td\n" + shown + b"ET"
        resources = f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {resources} >>".encode())
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    return _file(objects)


def _escaped(line: str) -> bytes:
    return line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _file(objects: list[bytes]) -> bytes:
    content = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(content))
    return content + head + table + end


LEAFLET = textwrap.dedent("""\
    Harbour Wellness
    Ketamine for low mood
    Ketamine is a medicine that has been used as an anaesthetic since 1970. Some doctors give it for treat-
    ment of depression that other medicines have not helped; this is off-label. It is a long-term plan
    and you should talk it over with your own doctor.
    Is it safe?
    Common side effects include:
    \N{BULLET} feeling sick
    \N{BULLET} seeing or hearing things that are not there, which most people find passes within
    an hour or two
    It raises blood pressure for a short while. That is why a nurse stays with you the whole time, and why
    Page 1 of 2
    """).splitlines()
SECOND = textwrap.dedent("""\
    Harbour Wellness
    you cannot drive home. We do not know the effects of using it for years.
    Book now
    Page 2 of 2
    """).splitlines()
