"""What an audit reports: a page for each rule, with what it rests on, examples, and how to accept a finding."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from flask import Blueprint, render_template
from markdown_it import MarkdownIt
from markupsafe import Markup

from kb.audit.profiles import PROFILES, level
from kb.audit.rules.base import Mark
from kb.audit.rules.examples import Examples, examples
from kb.audit.rules.registry import RULES
from kb.errors import EntryNotFound
from kb.library.auditing import COMMENT_RULES

if TYPE_CHECKING:
    from kb.audit.rules.base import AuditRule
    from kb.audit.rules.examples import Example

blueprint = Blueprint("rules", __name__, url_prefix="/rules")

ALL = {rule.id: rule for rule in (*RULES, *COMMENT_RULES)}

MARKS = {
    Mark.READ: ("Read", "We have read the text itself."),
    Mark.SECONDARY: ("Secondary", "We know it from summaries; the rule is never graver than a warning for it alone."),
    Mark.UNVERIFIED: ("Unverified", "We have not verified that it says so."),
}
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


@blueprint.get("")
def rule_list() -> str:
    """Show all rules with their level in each profile."""
    return render_template(
        "rules.html",
        profiles=PROFILES,
        groups=[
            ("Of the copy", "copy", [(rule, levels(rule)) for rule in RULES]),
            ("Of comments and baselines", "comments", [(rule, levels(rule)) for rule in COMMENT_RULES]),
        ],
    )


@blueprint.get("/<rule_id>")
def rule(rule_id: str) -> str:
    """Show one rule."""
    found = ALL.get(rule_id)
    if found is None:
        raise EntryNotFound("rule", rule_id)
    shown = examples().get(rule_id, Examples())
    return render_template(
        "rule.html",
        rule=found,
        help=rendered(found.help),
        marks=MARKS,
        levels=list(zip(PROFILES, levels(found), strict=True)),
        failing=[(example, _pieces(example)) for example in shown.fail],
        passing=[(example, _pieces(example)) for example in shown.passing],
        of_copy=found in RULES,
        near=difflib.get_close_matches(rule_id, [name for name in ALL if name != rule_id], n=3, cutoff=0.5),
    )


def levels(rule: AuditRule) -> list[str]:
    """Return the level of a rule in each profile, "off" where it is off."""
    return [found.value if (found := level(rule, profile)) else "off" for profile in PROFILES]


def rendered(text: str) -> Markup:
    """Return our own Markdown as HTML; HTML in it would be shown as text."""
    return Markup(_MARKDOWN.render(text))  # noqa: S704  (the text of a docstring; HTML is off)


def _pieces(example: Example) -> tuple[str, str, str]:
    """Return the copy before, in and after what a finding marks."""
    before, marked, after = example.copy.partition(example.at) if example.at else (example.copy, "", "")
    return before, marked, after
