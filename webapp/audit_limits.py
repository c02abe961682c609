"""How much one request may hand in to be audited, by page or by API."""

from __future__ import annotations

MAX_BYTES = 10_000_000
"""Of all copy in a request together, as it was handed in."""

MAX_FILES = 20

MAX_FINDINGS = 20_000
"""On all copy in a request together, some thousand pages of it. What tells of them is written by the process that
serves everybody: a page has 2 kB for each, and takes it a second for every thousand or two."""

MAX_BODY = 14_000_000
"""Of the body of a request to the API: `MAX_BYTES` in base64 are a third more."""

MAX_FORM = 4 * MAX_BYTES
"""Of the body of a form: the page sends what it audited along, to be audited again, and an earlier report."""

MAX_PARTS = 20_000
"""Fields of such a form: each finding that somebody accepted is one."""

# Nobody audits copy from a request in the server's own process. Call
# `webapp.audit_running.run_audit(kb, copies, AuditOptions(profile=…))`: it returns an `AuditReport` from a process with
# limits of time and memory, and raises `AuditsBusy` (503). What one copy did to that process (broken, too slow, too
# large in memory) is in `report.skipped`. `webapp.rate.spend()` at the head of a view that audits raises
# `AskedTooOften` (429).
