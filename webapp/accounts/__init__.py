"""People who may do more than read: who is signed in, what they may do, and the log of what they did.

`RIGHTS` says what every endpoint takes. A view that changes something calls `editor()` for the name it saves under,
and `record(…)` when it is done.
"""

from kb.accounts import Role
from webapp.accounts.current import accounts, current, editor, may, record
from webapp.accounts.rights import FOR_NOBODY, RIGHTS

__all__ = ["FOR_NOBODY", "RIGHTS", "Role", "accounts", "current", "editor", "may", "record"]
