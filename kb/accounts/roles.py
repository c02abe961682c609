"""What somebody with an account may do: the four roles of the review."""

from __future__ import annotations

from kb.review import Role

__all__ = ["ROLE_HELP", "Role"]

ROLE_HELP = {
    Role.READER: "reads, and keeps audits of their own",
    Role.EDITOR: "also writes entries and hands them in for review",
    Role.REVIEWER: "also approves, sends back and withdraws what others wrote",
    Role.ADMIN: "also sees the accounts and the log, and ends sessions of others",
}
