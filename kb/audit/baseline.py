"""A baseline: findings that were there when the audit was introduced, accepted until somebody mends them.

It is a file to keep beside the copy. It only ever shrinks by itself: what it lists and is no longer found is reported
as stale until the file is written anew.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kb.audit.rules.base import AuditRule, Found, Kind
from kb.errors import KbError
from kb.finding import Level, Suppression

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kb.audit.audited import Audited
    from kb.finding import Finding

SCHEMA = "kb-baseline/1"
REASON = "in the baseline"


@dataclass(frozen=True, slots=True)
class Baseline:
    """Path → fingerprint → what the finding was."""

    entries: Mapping[str, Mapping[str, Mapping[str, Any]]]

    def apply(self, path: str, findings: Sequence[Finding]) -> tuple[list[Finding], list[tuple[AuditRule, Found]]]:
        """Return the findings of one document, those in the baseline marked, and one for each entry that is stale."""
        entries = self.entries.get(path, {})
        marked = [
            _marked(finding, entries[finding.fingerprint]) if finding.fingerprint in entries else finding
            for finding in findings
        ]
        found = {finding.fingerprint for finding in findings}
        stale = [(STALE, _stale(entry)) for fingerprint, entry in entries.items() if fingerprint not in found]
        return marked, stale


def _marked(finding: Finding, entry: Mapping[str, Any]) -> Finding:
    """Mark a finding, unless a comment in the copy does so with a better reason."""
    reason = entry.get("reason") or REASON
    return finding if finding.suppressed else replace(finding, suppressed=Suppression("external", reason))


def _stale(entry: Mapping[str, Any]) -> Found:
    about = " and ".join(str(entry[key]) for key in ("claim", "caveat") if entry[key])
    message = f"The baseline lists {entry['rule']}{f' of {about}' if about else ''}, which is no longer found."
    return Found(0, 0, message, "Write the baseline anew with --update-baseline.")


def decode(text: str, name: str) -> Baseline:
    """Read a baseline; raise `KbError` that names the file and what is wrong with it."""
    try:
        content = json.loads(text)
        schema = content["schema"]
        if schema != SCHEMA:
            message = f"{name} is no baseline that this version reads: its schema is {schema!r}, not {SCHEMA!r}"
            raise KbError(message)
        entries: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        for entry in content["findings"]:
            kept = {key: entry[key] for key in ("rule", "claim", "caveat")}
            entries[entry["path"]][entry["fingerprint"]] = kept | {"reason": str(entry.get("reason", ""))}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        message = f"{name} is no baseline ({type(error).__name__}: {error}); write it anew with --update-baseline"
        raise KbError(message) from error
    return Baseline(entries)


def encode(findings: Iterable[Finding]) -> str:
    """Write a baseline of all findings that no comment in the copy accepts."""
    rows = [
        {
            "path": finding.location.path,
            "fingerprint": finding.fingerprint,
            "rule": finding.rule,
            "claim": finding.claim,
            "caveat": finding.caveat,
            "text": finding.region.text if finding.region else "",
        }
        | ({"reason": accepted.reason} if (accepted := finding.suppressed) and accepted.reason != REASON else {})
        for finding in findings
        if finding.rule != STALE.id and not (finding.suppressed and finding.suppressed.kind == "inSource")
    ]
    rows.sort(key=lambda row: (row["path"], row["rule"], row["fingerprint"]))
    return json.dumps({"schema": SCHEMA, "findings": rows}, ensure_ascii=False, indent=1) + "\n"


def _stale_rule(_: Audited) -> Iterator[Found]:
    """Report what a baseline lists and the audit no longer finds.

    Somebody mended the copy, or the knowledge base changed. Write the baseline anew with `--update-baseline`, so that
    the same finding cannot come back unseen.
    """
    yield from ()


STALE = AuditRule(
    "baseline-stale", "The baseline lists what is no longer found.", Kind.FAIL, Level.WARNING, _stale_rule
)
