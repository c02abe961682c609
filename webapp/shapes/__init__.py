"""The shapes of every answer under `/api/v1`, from which its OpenAPI document is made."""

from webapp.shapes.audit import AuditForm, AuditRequest
from webapp.shapes.base import Answer, Failure, Moved, Paged, Shape
from webapp.shapes.caveats import CaveatAnswer, CaveatPage
from webapp.shapes.claims import ClaimAnswer, ClaimPage
from webapp.shapes.entries import (
    CheckAnswer,
    EntryAnswer,
    EntryCheck,
    EntryEdit,
    EntryNew,
    Overtaken,
    Refused,
    SavedAnswer,
)
from webapp.shapes.search import Completions, Matches, PastedText, SearchPage
from webapp.shapes.service import ServiceStatus, ThemeGroups
from webapp.shapes.sources import ReferenceAnswer, ReferencePage, SourceAnswer, SourcePage
from webapp.shapes.trying import LikeClaims, Picks, RulesToTry, RulesTried

__all__ = [
    "Answer",
    "AuditForm",
    "AuditRequest",
    "CaveatAnswer",
    "CaveatPage",
    "CheckAnswer",
    "ClaimAnswer",
    "ClaimPage",
    "Completions",
    "EntryAnswer",
    "EntryCheck",
    "EntryEdit",
    "EntryNew",
    "Failure",
    "LikeClaims",
    "Matches",
    "Moved",
    "Overtaken",
    "Paged",
    "PastedText",
    "Picks",
    "ReferenceAnswer",
    "ReferencePage",
    "Refused",
    "RulesToTry",
    "RulesTried",
    "SavedAnswer",
    "SearchPage",
    "ServiceStatus",
    "Shape",
    "SourceAnswer",
    "SourcePage",
    "ThemeGroups",
]
