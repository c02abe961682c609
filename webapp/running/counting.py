"""What a request adds to the figures, where somebody wants them; without loading what keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from webapp.running.metrics import Metrics

EXTENSION = "caveat-metrics"
AUDITED, SKIPPED, FAILED, BUSY = "audited", "skipped", "failed", "busy"
"""What becomes of a copy that is handed in: `skipped` could not be read within the limits, `failed` is a fault of ours,
`busy` counts whole requests that were sent away."""


def figures() -> Metrics | None:
    """Return the figures of the running application; `None` where nobody wants them."""
    found: Metrics | None = current_app.extensions.get(EXTENSION)
    return found


def audited(outcome: str) -> None:
    """Count a copy, or a request that was sent away."""
    if found := figures():
        found.audited(outcome)


def done(what: str) -> None:
    """Count a change of an entry, called as in the log."""
    if found := figures():
        found.done(what)
