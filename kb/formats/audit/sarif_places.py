"""Where a result stands, in SARIF's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kb.audit.placing import Placing
from kb.formats.audit import wording
from kb.formats.audit.spots import unit_at

if TYPE_CHECKING:
    from kb.audit.report import DocumentReport

_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def uri(path: str) -> str:
    """Return a path as a URI reference; what is relative stays so."""
    quoted = quote(path.replace("\\", "/"), safe="/!$&'()*+,;=:@-._~")
    if _DRIVE.match(path):
        return f"file:///{quoted}"
    if quoted.startswith("/"):
        return f"file://{quoted}"
    # A colon in its first part would read as a scheme.
    return f"./{quoted}" if ":" in quoted.partition("/")[0] else quoted


class Places:
    """Makes locations in one document; `index` is its place among the run's artifacts."""

    def __init__(self, found: DocumentReport, index: int) -> None:
        self._found = found
        self._document = found.document
        self._placing = Placing(found.document.text)
        self.artifact = {"uri": uri(found.document.path), "index": index}

    def location(self, start: int, end: int) -> dict[str, Any]:
        """Return the location of a stretch, with the unit around it.

        Where the text was extracted, its lines are not those of the file: then the file is named, the page or
        paragraph in it, and the words.
        """
        physical: dict[str, Any] = {"artifactLocation": self.artifact}
        if self._document.places:
            name = wording.place(self._document, start)
            location: dict[str, Any] = {"physicalLocation": physical}
            if name:
                location["logicalLocations"] = [{"name": name, "fullyQualifiedName": name}]
            snippet = {"start": start, "end": end, "text": self._document.excerpt(start, end)}
            return location | {"properties": snippet}
        physical["region"] = self.region(start, end)
        unit = unit_at(self._found, start, end)
        if unit and (unit.start, unit.end) != (start, end):
            physical["contextRegion"] = self.region(unit.start, unit.end)
        return {"physicalLocation": physical}

    def region(self, start: int, end: int) -> dict[str, Any]:
        """Return a stretch as lines, columns, offset and characters."""
        line, column = self._placing.place(start)
        end_line, end_column = self._placing.place(end)
        return {
            "startLine": line,
            "startColumn": column,
            "endLine": end_line,
            "endColumn": end_column,
            "charOffset": start,
            "charLength": end - start,
            "snippet": {"text": self._document.excerpt(start, end)},
        }

    def point(self, offset: int) -> dict[str, Any]:
        """Return the empty region at an offset."""
        region = self.region(offset, offset)
        del region["snippet"]
        return region
