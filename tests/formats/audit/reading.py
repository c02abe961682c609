"""Reads findings back out of every format, each by its own rules for places, with code of its own.

`read(format, output)` gives (path, line, column, rule) of each finding; the `…_spans` functions give the words.
"""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from typing import NamedTuple

LINE_END = re.compile(r"\r\n|\r|\n")


class Place(NamedTuple):
    path: str
    line: int
    column: int
    rule: str


def line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in LINE_END.finditer(text))]


def offset(text: str, line: int, column: int) -> int:
    """Return the offset of a line and column, both from 1, in code points."""
    return line_starts(text)[line - 1] + column - 1


def byte_offset(text: str, line: int, column: int) -> int:
    """Return the offset, in code points, of a line from 1 and a column in bytes from 1."""
    start = line_starts(text)[line - 1]
    before = text[start:].encode()[: column - 1].decode()  # fails within a character
    return start + len(before)


def text_places(output: str) -> list[Place]:
    found = re.findall(r"^(.+?):(\d+):(\d+): (?:error|warning|note): .* \[([a-z-]+)\] #\d+$", output, re.MULTILINE)
    return [Place(path, int(line), int(column), rule) for path, line, column, rule in found]


def json_places(output: str) -> list[Place]:
    return [
        Place(document["path"], finding["line"], finding["column"], finding["rule"])
        for document in json.loads(output)["documents"]
        for finding in document["findings"]
        if not finding["suppressed"]
    ]


def sarif_places(output: str) -> list[Place]:
    found = []
    for result in json.loads(output)["runs"][0]["results"]:
        physical = result["locations"][0]["physicalLocation"]
        if result["kind"] in {"fail", "review", "open"} and not result["suppressions"]:
            path = physical["artifactLocation"]["uri"].replace("%20", " ")
            region = physical["region"]
            found.append(Place(path, region["startLine"], region["startColumn"], result["ruleId"]))
    return found


def github_places(output: str) -> list[Place]:
    found = []
    for line in output.split("\n"):
        match = re.match(r"::(?:error|warning|notice) (.*?)::", line)
        pairs = dict(pair.split("=", 1) for pair in match[1].split(",")) if match else {}
        if "line" in pairs:
            found.append(Place(pairs["file"], int(pairs["line"]), int(pairs.get("col", 0)), pairs["title"]))
    return found


def rdjson_places(output: str, texts: dict[str, str]) -> list[Place]:
    found = []
    for diagnostic in json.loads(output)["diagnostics"]:
        location = diagnostic["location"]
        if "range" in location:
            start, text = location["range"]["start"], texts[location["path"]]
            column = byte_offset(text, start["line"], start["column"]) - line_starts(text)[start["line"] - 1] + 1
            found.append(Place(location["path"], start["line"], column, diagnostic["code"]["value"]))
    return found


def markdown_places(output: str) -> list[Place]:
    """Return the places of findings that have words; those on a whole document have none in Markdown."""
    found, path, line, column = [], "", 0, 0
    for text in output.split("\n"):
        if heading := re.match(r"## `(.*)`$", text):
            path, line, column = heading[1], 1, 1
        elif spot := re.match(r"\*\*Line (\d+), column (\d+):\*\* ", text):
            line, column = int(spot[1]), int(spot[2])
        elif finding := re.match(r"- \*\*(?:error|warning|note)\*\* `([a-z-]+)` ", text):
            found.append(Place(path, line, column, finding[1]))
    return found


class Marks(HTMLParser):
    """The words of each finding in an HTML report, by its number, and the fingerprint of each."""

    def __init__(self) -> None:
        super().__init__()
        self.words: dict[int, str] = {}
        self.fingerprints: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self._open: list[int] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.add(tag)
        self.attributes |= set(given)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []
        self.fingerprints += [given["data-fingerprint"]] if "data-fingerprint" in given else []
        if tag == "mark":
            self._open = [int(number) for number in (given.get("data-n") or "").split()]

    def handle_endtag(self, tag):
        if tag == "mark":
            self._open = []

    def handle_data(self, data):
        for number in self._open:
            self.words[number] = self.words.get(number, "") + data


def marks(output: str) -> Marks:
    parser = Marks()
    parser.feed(output)
    parser.close()
    return parser


def csv_rows(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
