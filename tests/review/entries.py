"""One entry as its file has it, in whatever state a test asks for."""

from __future__ import annotations

from typing import Any

AUTHOR, APPROVER, EDITOR = "A. Editor", "B. Reviewer", "C. Editor"
_FIRST = {"reference": "doe2020", "direction": "supports", "directness": "direct", "design": "rct", "finding": "12."}
EVIDENCE: dict[str, Any] = {
    "first": _FIRST,
    "second": _FIRST | {"reference": "roe2021"},
    "rewritten": _FIRST | {"reference": "roe2021", "finding": "No more than 13."},
    "second-marked": _FIRST | {"reference": "roe2021", "recheck": "because"},
}


def fields(
    *,
    status: str = "in-review",
    approved: bool = False,
    marked: tuple[int, ...] = (),
    dispute: bool = False,
    withdrawal: bool = False,
    **others: Any,
) -> dict[str, Any]:
    """Return the fields of a claim."""
    evidence = [EVIDENCE["first"], EVIDENCE["second"]]
    entry: dict[str, Any] = {
        "id": "lifts-mood",
        "claim": 'Testamine - quickly - "lifts" mood.',
        "type": "efficacy",
        "themes": ["mood"],
        "status": status,
        "verdict": "supported",
        "certainty": {"level": "low", "reasons": ["imprecision"]},
        "rationale": "One small trial points this way.",
        "evidence": [item | ({"recheck": "because"} if place in marked else {}) for place, item in enumerate(evidence)],
        "caveats": [{"caveat": "fades-soon", "near": "section"}],
    }
    if dispute:
        entry["dispute"] = {"positions": [{"by": "D. Other", "says": "It does not.", "date": "2026-01-01"}]}
    if withdrawal:
        entry["withdrawal"] = {"date": "2026-01-01", "by": APPROVER, "reason": "error"}
    approval = {"approved_by": APPROVER, "approved_on": "2025-01-01"} if approved else {}
    return entry | {"review": {"author": AUTHOR} | approval} | others


def with_evidence(changes: dict[str, Any]) -> dict[str, Any]:
    """Put evidence in place of its names."""
    named = changes.get("evidence")
    return changes if named is None else changes | {"evidence": [EVIDENCE[name] for name in named]}
