"""The manual of the audit's rules, made from the rules: `python -m kb.audit.rules.manual > docs/audit-rules.md`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from kb.audit.profiles import PROFILES, level
from kb.audit.rules.base import Mark
from kb.audit.rules.registry import RULES

if TYPE_CHECKING:
    from kb.audit.rules.base import AuditRule

_INTRODUCTION = """\
# What `kb audit` reports

Each rule has an id, a level in each profile, a reason, and law or guidance that it rests on. None of this is legal
advice. What we have only read about, and not in the text itself, never makes a rule graver than a warning; each rule
says which of its sources that is true of.

A finding may be milder than its rule: the page of the rule says when.

This page is made from the rules themselves: `python -m kb.audit.rules.manual > docs/audit-rules.md`.
"""

_MARKS = {
    Mark.READ: "",
    Mark.SECONDARY: " Known to us from summaries of it.",
    Mark.UNVERIFIED: " Not verified by us.",
}


def manual() -> str:
    """Return the page on all rules as Markdown."""
    profiles = ["## Profiles", ""]
    for profile in PROFILES:
        profiles += [f"**`{profile.id}`**: {profile.title}. {profile.applies} {profile.why}", f"<{profile.url}>", ""]
    heads = " | ".join(f"`{profile.id}`" for profile in PROFILES)
    table = ["## The rules", "", f"| Id | {heads} | Says |", f"|---|{'---|' * len(PROFILES)}---|"]
    table += [f"| [`{rule.id}`](#{rule.id}) | {' | '.join(_levels(rule))} | {rule.summary} |" for rule in RULES]
    return "\n".join([_INTRODUCTION, *profiles, *table, "", *(_page(rule) for rule in RULES)])


def _levels(rule: AuditRule) -> list[str]:
    return [found.value if (found := level(rule, profile)) else "off" for profile in PROFILES]


def _page(rule: AuditRule) -> str:
    sources = [f"- [{basis.title}]({basis.url}): {basis.says}{_MARKS[basis.mark]}" for basis in rule.basis]
    return "\n".join([f"### {rule.id}", "", rule.summary, "", rule.help, "", "Rests on:", "", *sources, ""])


if __name__ == "__main__":
    sys.stdout.write(manual())
