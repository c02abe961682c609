"""Seconds since 1970, and how a moment is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TypeAlias

Clock: TypeAlias = Callable[[], float]


def moment(seconds: float) -> dt.datetime:
    """Return a moment, in UTC."""
    return dt.datetime.fromtimestamp(int(seconds), dt.UTC)


def written(seconds: float) -> str:
    """Return a moment as the log has it: `2026-11-22T10:15:00Z`."""
    return moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")
