"""The manual of the rules, made from the rules: `python -m kb.checks.manual > docs/rules.md`."""

from __future__ import annotations

import sys

from kb.checks.registry import RULES

_INTRODUCTION = """\
# What `kb lint` reports

Each rule has an id, a level, a reason and a way to mend things. An `error` is wrong and fails the build, a `warning`
is probably wrong, a `note` is for somebody to look at.

This page is made from the rules themselves: `python -m kb.checks.manual > docs/rules.md`.
"""

_READING = """\
## While files are read

These come from reading the files, before any rule looks at the entries. All are errors but `stray-file`. A file with
such a problem is left out, so entries that name what it holds may be reported as well.

| Id | Says |
|---|---|
| `unreadable` | A file or folder cannot be read, or a link leads out of the knowledge base. |
| `too-large` | A file is larger than 4 MiB. |
| `not-utf-8` | A file is not UTF-8. |
| `yaml-syntax` | A file is not YAML. |
| `duplicate-key` | A field is written twice. |
| `yaml-feature` | A file uses anchors, aliases, tags or several documents, which entries do without. |
| `too-deep` | Lists and mappings are nested more than 40 deep. |
| `schema` | A field is missing, unknown, or not of the kind it should be. |
| `file-name` | A file is not called after the id of its entry. |
| `duplicate-id` | Two files hold entries with one id. |
| `stray-file` | A file is where the layout has none (a warning). |
| `orphan` | A selector's digest does not fit the words there; needs the source's text. |
"""


def manual() -> str:
    """Return the page on all rules as Markdown."""
    table = ["## The rules", "", "| Id | Level | Says |", "|---|---|---|"]
    table += [f"| [`{rule.id}`](#{rule.id}) | {rule.level} | {rule.summary} |" for rule in RULES]
    pages = [f"### {rule.id}\n\n*{rule.level}.* {rule.summary}\n\n{rule.help}\n" for rule in RULES]
    return "\n".join([_INTRODUCTION, _READING, *table, "", *pages])


if __name__ == "__main__":
    sys.stdout.write(manual())
