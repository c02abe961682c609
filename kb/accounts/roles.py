"""What somebody with an account may do: four roles, each of which may do what the one before it may."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What an account may do; every role may do what those before it may."""

    READER = "reader"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    ADMIN = "admin"

    def covers(self, least: Role) -> bool:
        """Say whether this role may do what `least` may."""
        order = list(Role)
        return order.index(self) >= order.index(least)


ROLE_HELP = {
    Role.READER: "reads, and keeps audits of their own",
    Role.EDITOR: "also writes entries and hands them in for review",
    Role.REVIEWER: "also approves, sends back and withdraws what others wrote",
    Role.ADMIN: "also sees the accounts and the log, and ends sessions of others",
}
