"""The audit before this one: it travels with the form, or somebody hands in its report, to see what changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.audit import baseline
from kb.audit.compare import compare, decode, encode, snapshot
from webapp.audit.deciding import Decision
from webapp.audit.intake import Refused, uploaded_text

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage, MultiDict

    from kb.audit.compare import Comparison, Snapshot
    from kb.audit.report import AuditReport
    from kb.model import KnowledgeBase

LAST, BEFORE = "last", "before"
"""Fields: the audit that the page shows, and the one that it was compared with."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What somebody handed in from before: a report to compare with, or a baseline with what was accepted."""

    report: str = ""
    decisions: tuple[Decision, ...] = ()


def uploaded(files: MultiDict[str, FileStorage]) -> Earlier:
    """Read an earlier report or a baseline; raise `Refused` or `KbError` where a file is neither."""
    given = uploaded_text(files, "earlier")
    if given is None:
        return Earlier()
    name, text = given
    try:
        schema = json.loads(text)["schema"]
    except (ValueError, KeyError, TypeError, RecursionError):
        message = f"{name} is neither a JSON report of an audit nor a baseline."
        raise Refused(message) from None
    if schema == baseline.SCHEMA:
        entries = baseline.decode(text, name).entries
        return Earlier(
            decisions=tuple(
                Decision(path, fingerprint, str(entry.get("reason") or baseline.REASON))
                for path, held in entries.items()
                for fingerprint, entry in held.items()
            )
        )
    decode(text, name)
    return Earlier(text)


def compared(
    kb: KnowledgeBase, report: AuditReport, form: MultiDict[str, str], handed_in: str
) -> tuple[str, Comparison | None]:
    """Return the earlier audit, as it travels on, and the comparison with it.

    It is the report that was handed in; else the audit before the copy, the profile or the entries changed.
    """
    now = snapshot(report)
    text = handed_in
    if not text and form.get(LAST):
        last = decode(form[LAST], "the last audit")
        text = form.get(BEFORE, "") if _alike(last, now) else form[LAST]
    if not text:
        return "", None
    before = decode(text, "the earlier report")
    return encode(before), compare(before, report, kb)


def text_of(report: AuditReport) -> str:
    """Return an audit as the form carries it."""
    return encode(snapshot(report))


def _alike(one: Snapshot, other: Snapshot) -> bool:
    """Say whether the same was audited in the same way."""

    def inputs(seen: Snapshot) -> tuple[object, ...]:
        return seen.digest, seen.profile, seen.version, [(held.path, held.sha256) for held in seen.documents]

    return inputs(one) == inputs(other)
