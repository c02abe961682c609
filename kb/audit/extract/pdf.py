"""PDF: the text of its pages, lines joined to paragraphs; offsets count in that text."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from typing import TYPE_CHECKING

from pypdf import PdfReader
from pypdf.errors import DependencyError

from kb.audit.base import Part
from kb.audit.extract import plain
from kb.audit.extract.layout import Block, Layout, not_checked
from kb.errors import CopyUnreadable
from kb.finding import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

# the reader logs each oddity of a file; what matters of that is said in the document
logging.getLogger("pypdf").addHandler(logging.NullHandler())

_PAGES = 2_000
_LONGEST = 20_000_000
"""Characters that are read of one file."""

_MARGIN = 3
"""Lines at the top and at the foot of a page that may be the same on every page."""

_OFTEN = 0.5
"""Share of the pages that a line must stand on to be one of those."""

_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")
_CUT = re.compile(r"(?<![^\W\d_])([^\W\d_]++)[-\N{SOFT HYPHEN}\N{HYPHEN}]\Z")
_HYPHENED = re.compile(r"(?<![^\W\d_])[^\W\d_]++-[^\W\d_]+")
_GOES_ON = re.compile(r"[^\W\d_]+")
_OFFSETS = "the text read from the PDF file, words cut at line ends put together again; see places for the page"


def read(content: bytes, path: str) -> Layout:
    """Lay out a PDF file."""
    try:
        pages, skipped = _pages(content, path)
    except (CopyUnreadable, MemoryError):
        raise
    except DependencyError as error:
        raise CopyUnreadable(f"{path}: the file is encrypted; save it without a password") from error
    except Exception as error:  # pypdf raises many kinds on broken files
        raise CopyUnreadable(
            f"{path}: the file is broken or no PDF file; export it anew, or hand in its text"
        ) from error
    if not any(line.strip() for page in pages for line in page):
        raise CopyUnreadable(f"{path}: its pages hold pictures and no text; run text recognition (OCR) on it first")
    return _lay_out(pages, skipped)


def _pages(content: bytes, path: str) -> tuple[list[list[str]], list[Skipped]]:
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise CopyUnreadable(f"{path}: the file is encrypted; save it without a password")
    pages: list[list[str]] = []
    skipped: list[Skipped] = []
    pictures: list[str] = []
    length = 0
    for number, page in enumerate(reader.pages, 1):
        if number > _PAGES or length > _LONGEST:
            raise CopyUnreadable(f"{path}: it has more than {_PAGES} pages or too much text; hand in a part of it")
        try:
            text = page.extract_text()
            pictures.extend([f"on page {number}"] if _has_pictures(page) else [])
        except Exception:  # noqa: BLE001 - one broken page must not hide the others
            text = ""
            skipped.append(Skipped(f"page {number}", "the page cannot be read", lost=True))
        length += len(text)
        pages.append([line.strip() for line in re.split(r"\r\n|\r|\n", text.replace("\0", "").strip())])
    skipped.extend(not_checked("pictures", pictures, "only words are read"))
    return pages, skipped


def _has_pictures(page: object) -> bool:
    """Return whether a page draws pictures; they are not decoded."""
    resources = page.get("/Resources")  # type: ignore[attr-defined]  # a page is a dictionary
    objects = resources.get_object().get("/XObject") if resources is not None else None
    drawn = objects.get_object().values() if objects is not None else ()
    return any(one.get_object().get("/Subtype") == "/Image" for one in drawn)


def _lay_out(pages: list[list[str]], skipped: list[Skipped]) -> Layout:
    repeated = _repeated(pages)
    known = Counter(word.lower() for page in pages for line in page for word in _WORD.findall(line))
    hyphened = {match.lower() for page in pages for line in page for match in _HYPHENED.findall(line)}
    lines: list[str] = []
    places: list[tuple[int, str]] = []
    margins: list[tuple[str, str]] = []
    length = 0
    for number, page in enumerate(pages, 1):
        body, aside = _parted(page, repeated)
        margins.extend((f"page {number}", line) for line in aside)
        places.append((length, f"page {number}"))
        joined = list(_dehyphened(body, known, hyphened))
        lines.extend(joined)
        length += sum(len(line) + 1 for line in joined)
    layout = plain.read("".join(f"{line}\n" for line in lines), printed=True)
    for place, line in dict.fromkeys(margins):
        start = len(layout.text)
        places.append((start, place))
        layout.text += f"{line}\n"
        layout.plain += f"{line}\n"
        layout.blocks.append(Block(start, start + len(line), part=Part.FOOTER))
    layout.skipped, layout.places, layout.offsets = skipped, tuple(places), _OFFSETS
    return layout


def _key(line: str) -> str:
    return _DIGITS.sub("0", line)


def _edges(page: list[str]) -> list[str]:
    shown = [line for line in page if line]
    return shown[:_MARGIN] + shown[max(_MARGIN, len(shown) - _MARGIN) :]


def _repeated(pages: list[list[str]]) -> frozenset[str]:
    """Return the lines that stand at the top or the foot of most pages, numbers of pages aside."""
    seen = Counter(key for page in pages for key in {_key(line) for line in _edges(page)})
    least = max(2, _OFTEN * len(pages))
    return frozenset(key for key, count in seen.items() if count >= least)


def _parted(page: list[str], repeated: frozenset[str]) -> tuple[list[str], list[str]]:
    """Return the lines of a page without those that all pages have, and those."""
    edges = set(_edges(page))
    aside = [line for line in page if line in edges and _key(line) in repeated]
    gone = set(aside)
    return [line for line in page if line not in gone], aside


def _dehyphened(lines: list[str], known: Counter[str], hyphened: set[str]) -> Iterator[str]:
    """Yield the lines with words that were cut at a line's end whole on that line."""
    pending = ""
    for number, raw in enumerate(lines):
        line = raw[len(pending) :].lstrip() if pending else raw
        following = lines[number + 1] if number + 1 < len(lines) else ""
        cut, goes_on = _CUT.search(line), _GOES_ON.match(following)
        pending = ""
        if cut and goes_on and following[:1].islower():
            pending = goes_on.group()
            hyphen = "-" if _is_compound(cut.group(1).lower(), pending.lower(), known, hyphened) else ""
            # what follows the word without a space, such as a full stop, goes with it
            tail = re.match(r"\S*", following[len(pending) :])
            pending += tail.group() if tail else ""
            line = f"{line[:-1]}{hyphen}{pending}"
        if line or not raw:
            yield line


def _is_compound(first: str, second: str, known: Counter[str], hyphened: set[str]) -> bool:
    """Return whether a hyphen at the end of a line belongs to the word: "long-term", but not "treat-ment"."""
    if f"{first}-{second}" in hyphened:
        return True
    if first + second in known:
        return False
    return known[first] > 1 and known[second] > 1
