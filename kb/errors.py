"""Every exception that the library raises on purpose.

KbError
├── KnowledgeBaseNotFound   no `kb.yaml` where one was looked for
├── EntryNotFound           no claim, caveat, source … of that id
├── EntryExists             `kb new` or an attach would overwrite something
├── InvalidEntry            text that is not a valid entry, where one valid entry is needed (carries findings)
│   └── EntryRefused        what an editor wants to save has errors (in `kb.library.entry`, with every problem)
├── EditConflict            the entry was changed since the editor read it (in `kb.library.entry`)
├── NotDeletable            an entry that is no draft, or that others refer to; it is withdrawn, not deleted
├── NotWritten              a file cannot be written, as on a full disk; what was there stays
├── Busy                    another program holds the lock of the knowledge base for too long
├── SourceMismatch          a file whose SHA-256 is not the source's
├── SourceNotAttached       the words of an article are needed and no private copy is there
├── NotPrivate              a private copy would land inside a git work tree
├── FormatNotStable         `kb fmt` would change the meaning of a file or not settle; nothing is written
├── CopyUnreadable          copy to audit is empty, broken, encrypted, too large or no text
├── UnknownProfile          no audit profile has that name (says which there are)
├── ReviewRefused           the person may not make this review move, or the entry is not ready for it
├── AccountRefused          a name, password or role that no account may have; says why
├── AccountsUnavailable     the file of accounts or saved audits cannot be read or written, as on a full disk
├── SavedAuditsFull         somebody has saved as many audits as one account may keep
├── GitUnavailable          git is missing, the folder is in no work tree, or git could not answer
├── GapsFull                the list of what was looked for in vain has reached its limit
└── IndexUnavailable        the search index cannot be read or built
    └── IndexUnreachable    the server that keeps it does not answer: building it there would not help
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.finding import Finding


class KbError(Exception):
    """Base of all errors with a message meant for the person at the keyboard."""


class KnowledgeBaseNotFound(KbError):
    """There is no knowledge base at the given place."""


class EntryNotFound(KbError):
    """No entry of this kind has this id, not even as an alias."""

    def __init__(self, kind: str, entry_id: str) -> None:
        super().__init__(f"no {kind} has the id {entry_id!r}")
        self.kind = kind
        self.entry_id = entry_id


class EntryExists(KbError):
    """The file to be created is already there."""


class InvalidEntry(KbError):
    """A text that had to be one valid entry is not; `findings` says why, all at once."""

    def __init__(self, message: str, findings: tuple[Finding, ...]) -> None:
        super().__init__(message)
        self.findings = findings


class NotDeletable(KbError):
    """An entry that is no draft, or that others refer to, cannot be deleted."""


class NotWritten(KbError):
    """A file cannot be written, as on a full disk or without permission; what was there stays."""


class Busy(KbError):
    """Another program is saving and does not finish; nothing was written."""


class SourceMismatch(KbError):
    """A file offered as an article's text is not that text."""


class SourceNotAttached(KbError):
    """The words of an article are needed, and no private copy is attached."""


class NotPrivate(KbError):
    """A private copy of an article would land where git could publish it; nothing was written."""


class FormatNotStable(KbError):
    """Formatting would have changed what a file says, or would change it again; nothing was written."""


class CopyUnreadable(KbError):
    """Copy to be audited cannot be read; the message says why and what to do."""


class UnknownProfile(KbError):
    """No audit profile has this name."""

    def __init__(self, profile: str, known: tuple[str, ...]) -> None:
        super().__init__(f"there is no profile {profile!r}; the profiles are {', '.join(known)}")
        self.profile = profile
        self.known = known


class ReviewRefused(KbError):
    """A save or a review move that this person may not make, or for which the entry is not ready."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class AccountRefused(KbError):
    """No account may have this name, password or address; the message says why."""


class AccountsUnavailable(KbError):
    """The file of accounts or of saved audits cannot be read or written; nothing was changed."""


class SavedAuditsFull(KbError):
    """Somebody has saved as many audits, or as much copy, as one account may keep; nothing was saved."""


class GitUnavailable(KbError):
    """Git is missing, the folder is in no work tree, or git could not answer in time; the message says which."""


class GapsFull(KbError):
    """The list of what was looked for in vain has reached its limit; nothing was added."""


class IndexUnavailable(KbError):
    """The search index cannot be read or built."""


class IndexUnreachable(IndexUnavailable):
    """Whoever keeps the search index does not answer, so it cannot be built there either."""
