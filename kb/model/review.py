"""What an entry's file says of its review: who vouches for it, who objects, and why it no longer stands."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from pydantic import Field

from kb.model.base import Model, Slug, Text


class WithdrawalReason(StrEnum):
    """Why an entry no longer stands; `kb.words.WITHDRAWALS` says what each means."""

    RETRACTED_EVIDENCE = "retracted-evidence"
    SUPERSEDED = "superseded"
    DUPLICATE = "duplicate"
    OUT_OF_SCOPE = "out-of-scope"
    ERROR = "error"


REPLACED = frozenset({WithdrawalReason.SUPERSEDED, WithdrawalReason.DUPLICATE})
"""Reasons that name what to use instead."""


def same_person(one: str, other: str) -> bool:
    """Tell whether two names are one person's, however they are written."""
    return one.casefold().split() == other.casefold().split()


class Position(Model):
    """What one person holds in a dispute, in their own words, and since when.

    The field is `date` and not `on`, which YAML 1.1 reads as true.
    """

    by: Text
    says: Text
    date: dt.date


class Dispute(Model):
    """An objection to an entry: every position side by side, and how it ended once it has."""

    positions: tuple[Position, ...] = Field(min_length=1)
    resolved: Position | None = Field(default=None, description="How it ended, and who decided.")


class Withdrawal(Model):
    """When, by whom and why an entry was taken back, and what stands in its place."""

    date: dt.date
    by: Text
    reason: WithdrawalReason
    note: Text | None = Field(default=None, description="Why, in a sentence for readers.")
    replacement: Slug | None = Field(default=None, description="The entry of the same kind to use instead.")


class Review(Model):
    """Who wrote an entry, who approved it, and when it must be looked at again."""

    author: Text
    changed_by: Text | None = Field(
        default=None,
        description="Who, other than the author, last changed what it means since it was last approved.",
    )
    approved_by: Text | None = None
    approved_on: dt.date | None = None
    first_approved: dt.date | None = Field(
        default=None,
        description="When it was approved for the first time, where that approval no longer stands. It is never taken "
        "out: what readers have seen is withdrawn, and not deleted.",
    )
    due: dt.date | None = None
    note: Text | None = Field(default=None, description="What a reviewer asks for before the entry can be approved.")
