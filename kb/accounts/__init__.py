"""People who may do more than read: accounts, sessions, roles and the log of what was done.

Everything is kept in SQLite files in a private folder of this machine, never in the knowledge base.
"""

from kb.accounts.front import Accounts, folder_of
from kb.accounts.roles import ROLE_HELP, Role
from kb.accounts.sessions import Session
from kb.accounts.users import LOCAL, Account

__all__ = ["LOCAL", "ROLE_HELP", "Account", "Accounts", "Role", "Session", "folder_of"]
