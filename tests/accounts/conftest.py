"""Fixtures for accounts."""

from tests.accounts.people import accounts, cheap, clock

__all__ = ["accounts", "cheap", "clock"]
