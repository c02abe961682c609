"""Entries as editors read and save them: raw text and plain fields, problems, and the versions of a conflict."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from kb.library.addresses import KINDS
from webapp.shapes.base import Answer, Failure, Shape

EntryKind = Literal[KINDS]  # type: ignore[valid-type]  # the names are a constant of ours
Revision = Field(pattern=r"^[0-9a-f]{64}$")
MAX_TEXT = 1_048_576
"""Characters of a raw text; the longest entry has some twenty thousand."""


def _undefaulted(schema: dict[str, Any]) -> None:
    """Leave out a default that only means "not given" and that the field itself would not allow."""
    schema.pop("default", None)


_EITHER = ConfigDict(json_schema_extra={"oneOf": [{"required": ["fields"]}, {"required": ["text"]}]})


class RawEntry(Shape):
    """An entry as its file has it."""

    kind: EntryKind
    """What it is."""
    id: str
    """Its id; `kb` for `kb.yaml`."""
    path: str
    """Its file, relative to the root."""
    text: str
    """Its raw YAML: the file or, where entries share one, the lines of this entry with its key."""
    fields: dict[str, Any]
    """Its fields as plain values in the order of the file; what has its default value may be left out."""
    revision: str = Revision
    """SHA-256 of the text's bytes; a save names the revision that it starts from."""


class EntryProblem(Shape):
    """Something that is wrong with what is to be saved, or worth a look."""

    field: str
    """A path such as `evidence[0].reference`; empty for the entry as a whole."""
    level: Literal["error", "warning", "note"]
    """Errors stand in the way of a save."""
    rule: str
    """The rule that says so, as `kb lint` names it."""
    message: str
    """What is wrong."""
    suggestion: str
    """How to mend it; may be empty."""
    line: int | None
    """The line of the raw text, from 1, where one was handed in and the line is known."""


class _Given(Shape):
    model_config = _EITHER

    fields: dict[str, Any] = Field(default_factory=dict, json_schema_extra=_undefaulted)
    """All fields of the entry: what is left out is taken out of the file. A theme has `group` and `description`."""
    text: str = Field("", max_length=MAX_TEXT, json_schema_extra=_undefaulted)
    """Or its raw YAML, as `text` of the entry has it."""


class EntryEdit(_Given):
    """A save of an entry that is there."""

    revision: str = Field("", pattern=r"^[0-9a-f]{64}$", json_schema_extra=_undefaulted)
    """The revision that the edit started from; it may stand in `If-Match` instead."""
    message: str = Field("", max_length=500)
    """The message of the commit; without one, it is made."""


class EntryNew(_Given):
    """A new entry."""

    id: str = Field(min_length=1, max_length=80)
    """Its id, which was never another's."""
    area: str = Field("", max_length=80)
    """For a claim, the folder that it goes to."""
    message: str = Field("", max_length=500)
    """The message of the commit; without one, it is made."""


class EntryCheck(_Given):
    """What might be saved."""

    id: str = Field("", max_length=80)
    """The id of a new entry, where the address has none."""


class EntryAnswer(Answer):
    """An entry as its file has it."""

    entry: RawEntry


class CheckAnswer(Answer):
    """All that is wrong with what might be saved."""

    valid: bool
    """Whether it could be saved."""
    problems: list[EntryProblem]
    """Every problem; those of level `error` stand in the way."""


class SavedAnswer(EntryAnswer):
    """What a save did."""

    created: bool
    """Whether the entry is new."""
    changed: bool
    """Whether the file has other bytes now."""
    commit: str | None
    """The commit in git."""
    commit_problem: str | None
    """Why there is none, or what went wrong beside it; the save stands."""
    searchable: bool
    """Whether search has the entry already; where not, it catches up by itself."""
    problems: list[EntryProblem]
    """Warnings and notes, which do not stand in the way."""


class Refused(Failure):
    """Why something was not saved, with every problem at once."""

    problems: list[EntryProblem]
    """The same as `errors`, with level, rule and suggestion, and warnings and notes as well."""


class Versions(Shape):
    """The three versions of an entry that two people changed."""

    mine: dict[str, Any]
    """The fields that were to be saved."""
    theirs: RawEntry | None
    """The entry as it is now; `null` where it is gone."""
    base: RawEntry | None
    """What both started from; `null` where nobody remembers it."""


class Overtaken(Failure):
    """The entry was changed meanwhile, or its id is taken; nothing was saved."""

    versions: Versions | None
    """What to choose from; `null` where the id is taken."""
