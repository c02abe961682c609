"""Gradings on disk: `gradings/<reader>/<claim>.yaml` in the knowledge base, one file for each.

They are no part of the knowledge base: neither its digest nor its search knows them. They lie in its folder so that
git keeps and shows them like everything else.
"""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING

from pydantic import ValidationError

from kb.errors import EntryExists, KbError
from kb.review import same_person
from kb.review.grading import Grading
from kb.store import committing, save_text
from kb.store.emit import emit
from kb.store.files import BESIDE, MAX_BYTES
from kb.store.kinds import Kind
from kb.store.yaml12 import read

if TYPE_CHECKING:
    from pathlib import Path

    from kb.library.entry import Editor

FOLDER = "gradings"
assert FOLDER in BESIDE  # noqa: S101 - else the store would call these files stray
_log = logging.getLogger(__name__)
_SLUG = re.compile(r"[^a-z0-9]+")


def slug(reader: str) -> str:
    """Return the name of a reader's folder."""
    return _SLUG.sub("-", reader.casefold()).strip("-")[:60] or "reader"


def read_all(root: Path) -> tuple[Grading, ...]:
    """Return every grading, by reader and claim; a file that cannot be read is logged and left out."""
    return _read_named(root, "*")


def of_claim(root: Path, claim_id: str) -> tuple[Grading, ...]:
    """Return the gradings of one claim, which its files are named by: no other is opened."""
    return _read_named(root, claim_id)


def _read_named(root: Path, stem: str) -> tuple[Grading, ...]:
    found = []
    for path in sorted((root / FOLDER).glob(f"*/{stem}.yaml")):
        try:
            found.append(_read(path))
        except (OSError, ValueError) as error:
            _log.warning("%s cannot be read and is left out: %s", path.relative_to(root), _first_line(error))
    return tuple(found)


def save(root: Path, grading: Grading, editor: Editor, *, commit: bool) -> str | None:
    """Write a grading and commit it; return why it is not committed, where it should have been and is not.

    Raise `EntryExists` where this reader has graded the claim: who has seen the other's judgement cannot grade blindly
    any more.
    """
    if any(same_person(one.reader, grading.reader) for one in of_claim(root, grading.claim)):
        raise EntryExists(f"{grading.reader} has graded {grading.claim} already")
    path = root / FOLDER / slug(grading.reader) / f"{grading.claim}.yaml"
    if path.exists():
        raise EntryExists(f"{path.relative_to(root)} is already there")
    fields = json.loads(grading.model_dump_json(exclude_none=True))
    if fields.get("certainty") and not fields["certainty"].get("reasons"):
        fields["certainty"].pop("reasons", None)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KbError(f"{path.parent} cannot be made: {error.strerror}") from error
    save_text(path, emit(fields, Kind.CLAIM))
    if not commit:
        return None
    relpath = path.relative_to(root).as_posix()
    return committing.commit(root, [relpath], f"Grade claim {grading.claim}", editor.name, editor.email).problem


def _read(path: Path) -> Grading:
    with path.open("rb") as file:
        reading = read(file.read(MAX_BYTES).decode())
    if reading.problems:
        raise ValueError(reading.problems[0].message)
    found = Grading.model_validate_json(json.dumps(reading.value), strict=True)
    if found.claim != path.stem:
        raise ValueError(f"the file is called {path.name} and is about {found.claim}")
    return found


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        problem = error.errors()[0]
        return f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
    return str(error).partition("\n")[0]
