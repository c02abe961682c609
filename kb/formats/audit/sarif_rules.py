"""What a SARIF log says of the rules, and of the claims and caveats of the knowledge base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.audit.rules.base import Kind
from kb.words import sentence_case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.audit.report import AuditReport
    from kb.audit.rules.base import AuditRule

MEDIUM = "medium-not-checked"
"""Not a rule of ours: what a result for an image or a linked page is filed under."""
PRESENT = "missing-caveat"
"""The rule that a claim with all its caveats has passed."""


def descriptors(report: AuditReport) -> list[dict[str, Any]]:
    """Return the rules in force and those that findings name, each with its help."""
    known = {rule.id: _descriptor(rule, report.profile) for rule in report.rules}
    named = dict.fromkeys([*known, *(finding.rule for finding in report.findings), PRESENT, MEDIUM])
    return [known.get(rule) or _bare(rule) for rule in named]


def _bare(rule: str) -> dict[str, Any]:
    said = "a medium that is not checked" if rule == MEDIUM else rule.replace("-", " ")
    return {"id": rule, "shortDescription": {"text": sentence_case(f"{said}.")}}


def _descriptor(rule: AuditRule, profile: str) -> dict[str, Any]:
    level = (rule.profiles or {}).get(profile, rule.level)
    basis = [f"- {basis.title} ({basis.url}): {basis.says}" for basis in rule.basis]
    help_ = "\n".join([rule.help, "", "It rests on:", *basis] if basis else [rule.help]) or sentence_case(rule.summary)
    descriptor: dict[str, Any] = {
        "id": rule.id,
        "name": "".join(map(sentence_case, rule.id.split("-"))),
        "shortDescription": {"text": sentence_case(f"{rule.summary.rstrip('.')}.")},
        "help": {"text": help_, "markdown": help_},
        "properties": {"kind": rule.kind.value, "basis": [_basis(rule, index) for index in range(len(rule.basis))]},
    }
    # A result that is no failure has no level, so its rule has none to inherit either.
    default = level.value if level and rule.kind is Kind.FAIL else "none"
    descriptor["defaultConfiguration"] = {"enabled": level is not None, "level": default}
    return descriptor


def _basis(rule: AuditRule, index: int) -> dict[str, str]:
    basis = rule.basis[index]
    return {"title": basis.title, "url": basis.url, "mark": basis.mark.value}


def entries(report: AuditReport) -> list[str]:
    """Return the ids of the taxonomy's entries in their order: claims, then caveats."""
    return [f"claim/{name}" for name in report.named_claims] + [f"caveat/{name}" for name in report.named_caveats]


def taxonomy(report: AuditReport) -> dict[str, Any]:
    """Return the claims and caveats that the report names."""
    claims = [_entry("claim", name, claim.claim, claim.aliases) for name, claim in report.named_claims.items()]
    caveats = [_entry("caveat", name, caveat.caveat, caveat.aliases) for name, caveat in report.named_caveats.items()]
    return {"name": report.kb_name, "version": report.digest, "isComprehensive": False, "taxa": [*claims, *caveats]}


def _entry(kind: str, name: str, text: str, aliases: Sequence[str]) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": f"{kind}/{name}", "shortDescription": {"text": text}}
    if aliases:
        entry["deprecatedIds"] = [f"{kind}/{alias}" for alias in aliases]
    return entry
