"""docs/audit-report.md, its tables made from the schema: `python -m kb.formats.audit.manual > docs/audit-report.md`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = Path(__file__).parents[2] / "schema" / "audit-report.schema.json"

_HEAD = """\
# The audit report

`kb audit --format json` prints one JSON object, schema `kb-audit/1`. Its JSON Schema is
[kb/schema/audit-report.schema.json](../kb/schema/audit-report.schema.json); the tables below are made from it:
`python -m kb.formats.audit.manual > docs/audit-report.md`.

## Versions

Within `kb-audit/1` fields may be added; none is removed, renamed or given another meaning. So read what you know and
pass over the rest: the schema lets unknown fields through. Values may be added where a list of them grows, such as
rules and kinds of units. Any other change makes it `kb-audit/2`.

## How places are counted

`start` and `end` count code points of the decoded input from 0, the end excluded: in Python, `text[start:end]` is the
excerpt. A byte order mark is not counted. Lines and columns count from 1; a column is a code point, and the end column
is one past the last. CRLF, CR and LF each end a line. Of Word and PDF files the text is extracted first: `offsets` says
so, offsets and lines count in that text, and `places` has the page or paragraph.

The same report and knowledge base give the same bytes. There is no date in a report.
"""

_FOOT = """\
## The other formats

All are made from the same report and show the same findings, each in its format's own units.

| `--format` | For | Lines and columns | Accepted findings |
|---|---|---|---|
| `text` | a terminal | from 1, code points; carets under the words | counted |
| `json` | programs | from 1, code points, end excluded; offsets from 0 | in it, with the reason |
| `sarif` | code scanning, editors | from 1, code points, end excluded; offsets from 0 | in it, as suppressions |
| `github` | a step of GitHub Actions | from 1, code points, end excluded | left out |
| `rdjson` | reviewdog | from 1, bytes of UTF-8, end excluded | left out |
| `markdown` | a pull request, a memo | from 1, code points | counted |
| `html` | people: one file, nothing loaded | the words are marked in the copy | in it, with the reason |

The number of a finding (`#12` in text, `no. 12` in Markdown, `properties.number` in SARIF) counts all findings of a
report in the order of JSON; `kb audit --explain 12` takes it.

**SARIF.** `kind` is `fail`, `review`, `open` or `notApplicable`, and `level` is `none` unless it is `fail`; the level
of the others is in `properties.level`. A claim that owes caveats and has them all in the copy is a result of kind
`pass` under `missing-caveat`. What of a document was not checked (an image, a linked page) is `notApplicable` under
`medium-not-checked`; a file that could not be read at all is a notification, and `executionSuccessful` is then false.
`partialFingerprints` has `claimSpanHash/v1`, the same as `fingerprint` in JSON. Claims and caveats are a taxonomy, in
which `deprecatedIds` has the former ids of renamed entries. With a baseline, `baselineState` is `unchanged` for what
the baseline lists and `new` for everything else. Where a disclosure can be added after a sentence, `fixes` has it.

**GitHub.** GitHub shows ten annotations of each level for a step. The gravest come first; where there are more than
ten, the first says how many there are. The log has all of them. Columns are given where a finding stands in one line.

**reviewdog.** A file that could not be audited is an error with the code `not-checked`. Disclosures that can be added
after a sentence are suggestions.

**Word and PDF.** Their text is extracted, so its lines are not those of the file. SARIF, GitHub and reviewdog get the
file without a range; the page or paragraph is a logical location or begins the message.
"""

_TITLES = {
    "document": "A document",
    "unit": "A unit",
    "mention": "A mention",
    "disclosure": "A disclosure",
    "why": "Why",
    "word": "A word",
    "finding": "A finding",
    "suppressed": "Who accepted a finding",
    "balance": "Balance",
    "skipped": "What was not checked",
    "claim": "A claim",
    "caveat": "A caveat",
    "change": "What changed in a document",
    "gone": "A finding that is gone",
    "regraded": "A finding at another level",
    "revised": "What changed in a claim",
}


def manual() -> str:
    """Return the page."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    defined = schema["$defs"]
    sections = [_HEAD, _section("The report", schema, defined)]
    sections += [_section(title, defined[name], defined) for name, title in _TITLES.items()]
    return "\n".join([*sections, _FOOT])


def _section(title: str, schema: dict[str, Any], defined: dict[str, Any]) -> str:
    rows = "".join(f"| `{name}` | {kind} | {said} |\n" for name, kind, said in _rows(schema, "", defined))
    return f"## {title}\n\n{schema['description']}\n\n| Field | Type | What it is |\n|---|---|---|\n{rows}"


def _rows(schema: dict[str, Any], prefix: str, defined: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, field in schema["properties"].items():
        path = f"{prefix}{name}"
        said = field.get("description") or defined[_referred(field)]["description"]
        yield path, _kind(field), said
        inner = field.get("items", field)
        if "properties" in inner:
            yield from _rows(inner, f"{path}[]." if inner is not field else f"{path}.", defined)


def _kind(field: dict[str, Any]) -> str:
    """Return the type of a field in a word or two, its values where there are few, with a link to its own table."""
    if "$ref" in field:
        name = _referred(field)
        return f"[{name}](#{_TITLES[name].lower().replace(' ', '-')})" if name in _TITLES else name
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    if "enum" in field:
        return " ".join(f"`{json.dumps(value)}`" for value in field["enum"])
    kinds = field["type"] if isinstance(field["type"], list) else [field["type"]]
    said = " or ".join(kinds)
    if "items" in field:
        return f"{said} of {_kind(field['items'])}"
    values = field.get("additionalProperties")
    return f"{said} of {_kind(values)}" if values else said


def _referred(field: dict[str, Any]) -> str:
    name: str = field["$ref"].rpartition("/")[2]
    return name


if __name__ == "__main__":
    sys.stdout.write(manual())
