"""Auditing as a journey: copy in, one report out."""

from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kb import __version__
from kb.audit import Auditor, AuditReport
from kb.audit import suppress as comments
from kb.audit.baseline import STALE
from kb.audit.extract import extract
from kb.audit.findings import placed
from kb.audit.profiles import profile as chosen
from kb.audit.rules.registry import RULES
from kb.errors import KbError
from kb.finding import Level, Skipped
from kb.library.naming import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from kb.audit import Document, DocumentReport
    from kb.audit.baseline import Baseline
    from kb.audit.rules.base import AuditRule, Found
    from kb.finding import Finding
    from kb.model import KnowledgeBase
    from kb.text.keeping import Keep

COMMENT_RULES = (comments.MALFORMED, comments.EXPIRED, comments.UNUSED, STALE)
"""What is said of comments and baselines, which no rule finds by looking at the copy alone."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Something to audit: a file, or bytes that are here already. `path` is what reports call it."""

    path: str
    file: Path | None = None
    content: bytes = b""
    media: str | None = None

    def read(self) -> bytes:
        """Return its bytes; raise `OSError`."""
        return self.content if self.file is None else self.file.read_bytes()


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """What of an audit to do and to show. `only` and `ignore` hold ids of rules, claims and caveats."""

    profile: str | None = None
    only: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    min_level: Level = Level.NOTE
    baseline: Baseline | None = None
    today: dt.date = field(default_factory=lambda: dt.datetime.now().astimezone().date())


class Audits:
    """Audits any number of copies against one knowledge base in one way."""

    def __init__(self, kb: KnowledgeBase, options: AuditOptions, auditor: Auditor | None = None) -> None:
        """Make ready; raise `KbError` for a profile, rule, claim or caveat that is not there.

        An `auditor` that is there already saves the second that it takes to make one; it must be of this profile.
        """
        self._kb, self._options = kb, options
        self._profile = chosen(options.profile or kb.about.profile).id
        self._made = auditor
        self._names = frozenset({rule.id for rule in (*RULES, *COMMENT_RULES)} | {*kb.claims} | {*kb.caveats})
        for name in sorted(options.only | options.ignore):
            self._check(name)
        kinds = ({rule.id for rule in RULES}, {*kb.claims}, {*kb.caveats})
        self._wanted = tuple(options.only & names for names in kinds)

    def _check(self, name: str) -> None:
        if name not in self._names:
            close = difflib.get_close_matches(name, sorted(self._names), n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            message = f"there is no rule, claim or caveat {name!r}{hint}"
            raise KbError(message)

    def ready(self, keep: Keep | None = None) -> Auditor:
        """Make the auditor, unless it is there, so that the first copy need not wait for it."""
        self._made = self._made or Auditor(self._kb, profile=self._profile, keep=keep)
        return self._made

    def of(self, copy: Copy) -> DocumentReport | Skipped:
        """Audit one copy, or say why it could not be read."""
        try:
            document = extract(copy.read(), copy.path, media=copy.media)
        except OSError as error:
            return Skipped(copy.path, error.strerror or str(error))
        except KbError as error:
            return Skipped(copy.path, str(error).removeprefix(f"{copy.path}: "))
        audited = self.ready().audit(document)
        return replace(audited, findings=tuple(self._accepted(document, audited.findings)))

    def _accepted(self, document: Document, findings: Sequence[Finding]) -> Iterator[Finding]:
        """Yield the findings that were asked for, those that are accepted marked, in the order of the text."""
        asked = [finding for finding in findings if self._asked(finding)]
        marked, problems = comments.apply(document, asked, self._names, self._options.today)
        if self._options.baseline:
            marked, stale = self._options.baseline.apply(document.path, marked)
            problems += stale
        found = [*marked, *placed(document, self._about_comments(problems))]
        for finding in sorted(found, key=lambda finding: finding.sort_key):
            if finding.level.rank <= self._options.min_level.rank:
                yield finding

    def _about_comments(self, problems: Iterable[tuple[AuditRule, Found]]) -> Iterator[tuple[AuditRule, Level, Found]]:
        """Leave out "nothing of the kind is found" where not everything was looked for."""
        partly = bool(self._options.only or self._options.ignore)
        for rule, found in problems:
            if not (partly and rule in {comments.UNUSED, STALE}):
                yield rule, rule.level, found

    def _asked(self, finding: Finding) -> bool:
        about = {finding.rule, finding.claim, finding.caveat}
        if about & self._options.ignore:
            return False
        return all(not names or names & about for names in self._wanted)

    def report(self, results: Iterable[DocumentReport | Skipped]) -> AuditReport:
        """Return one report of what `of` returned for each copy, in that order."""
        found = list(results)
        themes = {theme for claim in self._kb.claims.values() for theme in claim.themes}
        report = AuditReport(
            self._kb.about.name,
            self._kb.digest,
            len(self._kb.claims),
            tuple(sorted(themes)),
            self._profile,
            __version__,
            tuple(result for result in found if not isinstance(result, Skipped)),
            tuple(result for result in found if isinstance(result, Skipped)),
            rules=(*RULES, *COMMENT_RULES),
            baseline=self._options.baseline is not None,
        )
        return named(self._kb, report)


def audit(kb: KnowledgeBase, copies: Iterable[Copy], options: AuditOptions | None = None) -> AuditReport:
    """Audit copies against a knowledge base, one after the other."""
    audits = Audits(kb, options or AuditOptions())
    return audits.report(audits.of(copy) for copy in copies)
