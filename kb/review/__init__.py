"""Review that means something: who may move an entry on, and what an edit does to an approval.

Pure functions on the fields of an entry, as its file has them. `settle` is asked at every plain save, `move` for each
step of the review itself; nothing here reads or writes files.
"""

from kb.model import same_person
from kb.review.base import Actor, Role, first_approved, is_own
from kb.review.due import Standing, Waiting, standing
from kb.review.meaning import MEANING, changed_meaning
from kb.review.moves import Action, Details, allowed, move, refusal
from kb.review.settling import settle

__all__ = [
    "MEANING",
    "Action",
    "Actor",
    "Details",
    "Role",
    "Standing",
    "Waiting",
    "allowed",
    "changed_meaning",
    "first_approved",
    "is_own",
    "move",
    "refusal",
    "same_person",
    "settle",
    "standing",
]
