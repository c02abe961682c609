"""One form as it stands: the entry, what was typed, what is wrong with it, and what was tried or looked for."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import request
from pydantic import ValidationError
from werkzeug.exceptions import BadRequest

from kb.errors import KbError
from kb.finding import Level
from kb.library.entry import Problem
from kb.library.trying import Alike, Tried, like, try_rules
from kb.model import Rule
from kb.words import sentence_case
from webapp.editing.drawing import Drawn, Said, beside, draw, id_of, label_of
from webapp.editing.parts import Part, Widget
from webapp.editing.posting import Posted, read, settled
from webapp.reading import knowledge_base, library

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kb.library.entry import Entry
    from webapp.editing.finding import Find
    from webapp.editing.kinds import Kind

_NAMING = (Part("id", "Id", "", Widget.LINE), Part("area", "Area", "", Widget.LINE))
"""What a new entry is called, which is none of its own fields."""

_UNNAMED = "not-named-yet"

RULES = {"recognise": "examples", "discloses": "disclosure_examples", "denied": "denial_examples"}
"""Field of rules → the field of the examples that test them."""


@dataclass(slots=True)
class Sheet:
    """What a page with a form shows."""

    kind: Kind
    id: str
    """"" for a new entry that has none yet."""
    creating: bool
    revision: str
    base: Mapping[str, Any]
    """The fields that the form was made from."""
    posted: Posted
    area: str = ""
    drawn: list[Drawn] = field(default_factory=list)
    summary: list[tuple[str, str, Said]] = field(default_factory=list)
    """(id in the page, what the field is called, what is wrong) of every problem."""
    checked: bool = False
    """Whether problems were looked for."""
    found: dict[str, Find] = field(default_factory=dict)
    """Field → the words that were looked for in an article."""
    tried: dict[str, Tried] = field(default_factory=dict)
    """Field of rules → the sentence that was tried."""
    like: tuple[Alike, ...] = ()
    naming: dict[str, list[Said]] = field(default_factory=dict)
    """What is wrong with the id and the area of a new entry."""
    focus: str = ""
    """The id in the page of what the keyboard goes to."""
    said: str = ""
    """A message for the whole page."""

    @property
    def fields(self) -> Mapping[str, Any]:
        """The entry as it would be saved."""
        return self.posted.fields

    @property
    def errors(self) -> int:
        """How many problems stand in the way of a save."""
        return sum(said.level is Level.ERROR for _, _, said in self.summary)

    def rearrange(self, tree: dict[str, Any]) -> None:
        """Take another tree for what was posted."""
        self.posted = settled(tree)

    def check(self) -> None:
        """Look for everything that is wrong with what was typed."""
        self.problems(problems_of(self))

    def problems(self, found: Iterable[Problem]) -> None:
        """Draw the form with problems beside its fields."""
        self.checked = True
        self.draw()
        own = [Drawn(part, part.name) for part in _NAMING] if self.creating else []
        named = [
            Problem(self.posted.name_of(one.field), one.level, one.rule, one.message, one.line, one.suggestion)
            for one in found
        ]
        ordered = sorted(beside([*own, *self.drawn], named), key=lambda item: item[1].level.rank)
        self.summary = [(page_id, label_of([*own, *self.drawn], page_id), said) for page_id, said in ordered]
        self.naming = {drawn.name: drawn.problems for drawn in own}

    def draw(self) -> None:
        """Fill in the form with what was posted, and look for claims that are like this one."""
        self.drawn = draw(self.kind.parts, self.posted.tree, posted=True)
        if self.kind.name == "claim":
            self.like = like(knowledge_base(), str(self.fields.get("claim", "")), apart_from=self.id)

    def try_rules(self, name: str, text: str) -> None:
        """Try a sentence on the rules of a field, as they are typed now."""
        rules = []
        for given in self.fields.get(name, ()):
            try:
                rules.append(Rule.model_validate(given))
            except ValidationError:
                rules.append(Rule.model_construct())  # asks for nothing, and so never fires
        self.tried[name] = try_rules(knowledge_base(), rules, text.strip()[:2_000])


def opened(kind: Kind, entry: Entry) -> Sheet:
    """Return the form of an entry as its file has it."""
    sheet = Sheet(kind, entry.id, False, entry.revision, entry.fields, Posted({}, dict(entry.fields), {}))
    sheet.drawn = draw(kind.parts, entry.fields)
    return sheet


def blank(kind: Kind, fields: Mapping[str, Any], base: Mapping[str, Any], entry_id: str = "", area: str = "") -> Sheet:
    """Return the form of a new entry that begins with some fields."""
    sheet = Sheet(kind, entry_id, True, "", base, settled(dict(fields)), area)
    sheet.draw()
    return sheet


def handed_in(kind: Kind, entry_id: str, *, creating: bool) -> Sheet:
    """Return the form that was posted; raise `BadRequest` where what the page keeps in it is not there."""
    form = request.form
    try:
        base = json.loads(form.get("base", ""))
    except ValueError:
        base = None
    if not isinstance(base, dict):
        message = "the form is not whole; load the page again"
        raise BadRequest(message)
    area = form.get("area", "").strip()
    named = form.get("id", "").strip() if creating else entry_id
    return Sheet(kind, named, creating, form.get("revision", ""), base, read(kind.parts, form, base), area)


def problems_of(sheet: Sheet) -> tuple[Problem, ...]:
    """Return what is wrong with a sheet, that it has no id or area included."""
    if not sheet.creating:
        return library().check_entry(sheet.kind.name, sheet.id, sheet.fields)
    missing, area = ids_missing(sheet), sheet.area or None
    try:
        return (*missing, *_problems_of_new(sheet, sheet.id or _UNNAMED, area))
    except KbError:  # the id is taken, or it or the area is none; all that is wrong besides is told as well
        named = (*_refused(sheet, "id", sheet.id or _UNNAMED, None), *_refused(sheet, "area", _UNNAMED, area))
        return (*missing, *named, *_problems_of_new(sheet, _UNNAMED, None))


def _problems_of_new(sheet: Sheet, entry_id: str, area: str | None) -> tuple[Problem, ...]:
    return library().check_entry(sheet.kind.name, entry_id, sheet.fields, creating=True, area=area)


def _refused(sheet: Sheet, field: str, entry_id: str, area: str | None) -> tuple[Problem, ...]:
    """Return why an entry cannot have this id, or go to this area."""
    try:
        _problems_of_new(sheet, entry_id, area)
    except KbError as error:
        return (Problem(field, Level.ERROR, field, f"{sentence_case(str(error))}."),)
    return ()


def ids_missing(sheet: Sheet) -> tuple[Problem, ...]:
    """Return a problem for a new entry's id and area where they are empty."""
    wanted = {"id": sheet.id} | ({"area": sheet.area} if sheet.kind.name == "claim" else {})
    names = {"id": "an id", "area": "an area, the folder that it goes to"}
    return tuple(
        Problem(name, Level.ERROR, name, f"A new {sheet.kind.label.lower()} needs {names[name]}.")
        for name, value in wanted.items()
        if not value
    )


def place_of(path: str) -> str:
    """Return the id in the page of a field of the form."""
    return id_of(path)
