"""Who acts, what they may see as their own, and how the review part of an entry's fields is read and put back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from kb.model import Review, same_person

if TYPE_CHECKING:
    from collections.abc import Mapping

Fields = dict[str, Any]
"""The fields of an entry as plain JSON values, in the order of its file."""

REVIEWED = frozenset({"claim", "caveat"})
"""The kinds that are reviewed one by one."""

APPROVAL = ("approved_by", "approved_on")
_ORDER = tuple(Review.model_fields)


class Role(StrEnum):
    """What somebody may do; each can do what the one before can."""

    READER = "reader"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    ADMIN = "admin"

    def covers(self, least: Role) -> bool:
        """Tell whether this role can do what `least` can."""
        roles = list(Role)
        return roles.index(self) >= roles.index(least)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a move: the name that stands in the review, and the role."""

    name: str
    role: Role


def review_of(fields: Mapping[str, Any]) -> Fields:
    """Return a copy of the review of an entry; {} where it has none that can be read."""
    found = fields.get("review")
    return dict(found) if isinstance(found, dict) else {}


def with_review(fields: Fields, review: Fields) -> Fields:
    """Return the fields with this review, what is empty left out and the rest in canonical order."""
    kept = {key: value for key, value in review.items() if value is not None}
    known = {key: kept.pop(key) for key in _ORDER if key in kept}
    return fields | {"review": known | kept}


def is_own(fields: Mapping[str, Any], name: str) -> bool:
    """Tell whether somebody wrote the entry, or last changed what it means since it was last approved."""
    review = review_of(fields)
    held = (review.get("author"), review.get("changed_by"))
    return any(isinstance(other, str) and same_person(other, name) for other in held)


def is_approved(fields: Mapping[str, Any]) -> bool:
    """Tell whether an entry has been approved as it stands."""
    return bool(review_of(fields).get("approved_by")) or fields.get("status") == "published"


def without_approval(fields: Mapping[str, Any]) -> Fields:
    """Return what the review of an entry gets when its approval is taken back; that there was one is remembered."""
    return dict.fromkeys(APPROVAL) | {"first_approved": first_approved(fields)}


def first_approved(fields: Mapping[str, Any]) -> str | None:
    """Return the day on which an entry was approved for the first time, whatever became of it since."""
    review = review_of(fields)
    found: str | None = review.get("first_approved") or review.get("approved_on")
    return found


def evidence_of(fields: Mapping[str, Any]) -> list[Any]:
    """Return the evidence of an entry; [] where it has none that can be read."""
    found = fields.get("evidence")
    return list(found) if isinstance(found, list) else []


def open_rechecks(fields: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the places of the evidence that somebody must look at again."""
    items = evidence_of(fields)
    return tuple(place for place, item in enumerate(items) if isinstance(item, dict) and item.get("recheck"))
