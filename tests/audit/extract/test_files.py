"""Word and PDF files: what is read, where it stands, and what is refused."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from pypdf import PdfReader, PdfWriter

from kb.audit.extract import extract
from kb.errors import CopyUnreadable
from tests.audit.extract import files
from tests.audit.extract.test_pages import PAGES, dump


def test_word(golden):
    document = extract(files.word(), "leaflet.docx")
    golden(PAGES / "leaflet.docx.units", dump(document))
    assert "Word file" in document.offsets
    assert (document.text.index("No medicine"), "paragraph 4") in document.places


def test_words_inserted_deleted_or_boxed_are_read_as_they_show():
    plain = files.docx.Document()
    plain.add_paragraph("KEEP")
    content = files.saved(plain)
    marked = (
        "<w:ins><w:r><w:t>It is added. </w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>It is gone. </w:delText></w:r></w:del>"
        "<w:sdt><w:sdtContent><w:r><w:t>It is filled in.</w:t></w:r></w:sdtContent></w:sdt>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Hidden.</w:t></w:r>"
    )
    document = extract(_replaced(content, "<w:r><w:t>KEEP</w:t></w:r>", marked), "a.docx")
    assert document.text == "It is added. It is filled in.\n"
    assert document.left_out == {"deleted text": 1}


def test_entities_of_a_word_file_are_not_followed():
    plain = docx.Document()
    plain.add_paragraph("KEEP")
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    content = _replaced(files.saved(plain), "standalone='yes'?>", f"standalone='yes'?>{bomb}")
    document = extract(_replaced(content, "KEEP", "&b;&c;Words"), "a.docx")
    assert "ha" not in document.text
    assert "root" not in document.text


def _replaced(content: bytes, old: str, new: str) -> bytes:
    """Return a Word file with something replaced in its main part."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(written, "w") as target:
        for member in source.infolist():
            body = source.read(member)
            if member.filename == "word/document.xml":
                assert old.encode() in body
                body = body.replace(old.encode(), new.encode())
            target.writestr(member, body)
    return written.getvalue()


def test_a_zip_bomb_is_not_unpacked():
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"word/{number}.xml", bytes(80_000_000))
    with pytest.raises(CopyUnreadable, match="larger than 200 MB"):
        extract(written.getvalue(), "bomb.docx")


def test_pdf(golden):
    document = extract(files.pdf([files.LEAFLET, files.SECOND]), "leaflet.pdf")
    golden(PAGES / "leaflet.pdf.units", dump(document))
    assert [name for _, name in document.places][:2] == ["page 1", "page 2"]
    assert document.text[document.places[1][0] :].startswith("you cannot drive")


def test_an_encrypted_pdf_says_what_to_do():
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(files.pdf([["Words."]]))))
    writer.encrypt("secret", algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    with pytest.raises(CopyUnreadable, match="without a password"):
        extract(written.getvalue(), "locked.pdf")


def test_a_pdf_of_pictures_says_what_to_do():
    with pytest.raises(CopyUnreadable, match="OCR"):
        extract(files.pdf([[]]), "scan.pdf")
