"""The application over the real entries, auditing in its own process: quick, and made ready once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.audit import Auditor
from kb.library import Library
from kb.library.auditing import Audits
from webapp import audit_running, create_app

if TYPE_CHECKING:
    from flask import Flask

CLAIMS = Path(__file__).parents[2] / "claims"


class InProcess:
    """Audits where it is called; what is made ready for a profile is kept."""

    def __init__(self) -> None:
        self._auditors: dict[str, tuple[Any, Auditor]] = {}

    def run(self, kb: Any, options: Any, copies: Any) -> list[Any]:
        """Audit copies, as the pool of processes does."""
        profile = options.profile or kb.about.profile
        known, auditor = self._auditors.get(profile, (None, None))
        if known is not kb:
            auditor = Auditor(kb, profile=profile)
            self._auditors[profile] = (kb, auditor)
        audits = Audits(kb, options, auditor)
        return [audits.of(copy) for copy in copies]


def application() -> Flask:
    """Return an application that audits without limits of time or number."""
    library = Library(CLAIMS, engine="memory", cache=False)
    app = create_app(library, reload_every=None, audits_per_minute=None)
    app.extensions[audit_running.EXTENSION] = InProcess()
    return app
