"""From what an editor hands in, fields or raw YAML, to the file as it will be and all that is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kb.errors import EntryNotFound, FormatNotStable
from kb.finding import Finding, Level
from kb.library.addresses import SHARED_FILE, Address, own_file, shared
from kb.library.entry import Entry, Problem
from kb.store import saving
from kb.store.codec import decode_all
from kb.store.files import read_file, read_text
from kb.store.layout import layout_of
from kb.store.patching import create, cut, patch, prune, replace_lines, stripped
from kb.store.yaml12 import field_path, findings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kb.store.yaml12 import Reading

    Given = Mapping[str, Any] | str


@dataclass(frozen=True, slots=True)
class Draft:
    """A file as it is to be, and the entry in it."""

    address: Address
    before: str | None
    """The file's text now, its byte order mark and line ends as they are; `None` where there is no file."""
    after: str
    fields: Mapping[str, Any]
    content: Any = None
    """What the models make of the new text; `None` where it has errors."""
    problems: tuple[Problem, ...] = ()


def text_of(root: Path, relpath: str) -> str | Problem | None:
    """Return the text of a file with its byte order mark; `None` where there is none, a problem where it has none."""
    if not (root / relpath).exists():
        return None
    file = read_file(root, relpath)
    if isinstance(file, Finding):
        return Problem("", file.level, file.rule, file.message)
    text = read_text(file.content, relpath)
    if isinstance(text, Finding):
        return Problem("", text.level, text.rule, text.message)
    return file.content.decode()


def entry_in(text: str, address: Address) -> Entry:
    """Return an entry as a file's text has it; raise `EntryNotFound` where a shared file has it not."""
    reading = _reading(text)
    if not address.keys:
        fields = stripped(reading.value) if isinstance(reading.value, dict) else {}
        return Entry(address.kind, address.id, address.relpath, text, fields, saving.revision(text.encode()))
    lines = cut(text, address.keys)
    if lines is None:
        raise EntryNotFound(address.kind, address.id)
    part = text[lines.start : lines.stop]
    revision = saving.revision(part.encode())
    return Entry(address.kind, address.id, address.relpath, part, _fields(reading.value, address), revision)


def address_of(root: Path, files: Mapping[tuple[str, str], str], kind: str, entry_id: str) -> Address:
    """Return where an entry stands; raise `EntryNotFound`, `KbError` for no kind of ours."""
    if kind not in SHARED_FILE:
        return own_file(root, files, kind, entry_id)
    text = text_of(root, f"{SHARED_FILE[kind]}.yaml")
    content = _reading(text).value if isinstance(text, str) else {}
    return shared(kind, entry_id, content)


def address_in(text: str, address: Address) -> Address:
    """Return an entry's address in another text of its file; raise `EntryNotFound`."""
    if address.kind not in SHARED_FILE:
        return address
    return shared(address.kind, address.id, _reading(text).value)


def entry_of_part(text: str, like: Entry) -> Entry:
    """Return the entry that a text of it alone holds, as `Entry.text` has it."""
    value = _reading(text).value
    revision = saving.revision(text.encode())
    if like.kind not in SHARED_FILE:
        return replace(like, text=text, fields=stripped(value) if isinstance(value, dict) else {}, revision=revision)
    inner = stripped(value.get(like.id)) if isinstance(value, dict) else None
    fields = {"group": like.fields["group"], "description": inner} if like.kind == "theme" else inner
    return replace(like, text=text, fields=fields if isinstance(fields, dict) else {}, revision=revision)


def draft(address: Address, before: str | None, given: Given, *, exists: bool) -> Draft:
    """Return the file as it is to be with what was handed in; problems of shape are in it, those of content are not."""
    made = _from_text(address, before, given, exists=exists) if isinstance(given, str) else None
    if made is None:
        made = _from_fields(address, before, _plain(given), exists=exists)
    return made if made.problems else _decoded(made, with_lines=isinstance(given, str))


def can_be_settled(made: Draft) -> bool:
    """Whether the review can look at a draft: it has no errors but, in a new entry, those of a review not begun."""
    wrong = {problem.field.partition(".")[0] for problem in made.problems if problem.level is Level.ERROR}
    return not wrong or (made.before is None and wrong == {"review"})


def settled(made: Draft, fields: Mapping[str, Any]) -> Draft:
    """Return a draft with other fields, as the review wants them."""
    if _same(fields, made.fields):
        return made
    notes = tuple(problem for problem in made.problems if problem.level is Level.NOTE)
    again = _from_fields(made.address, made.after, fields, exists=True)
    again = again if again.problems else _decoded(again, with_lines=False)
    return replace(again, before=made.before, problems=(*notes, *again.problems))


def removed(address: Address, before: str) -> Draft:
    """Return a shared file as it is to be without an entry."""
    value = _without(_reading(before).value, address.keys)
    patched = patch(before, value, address.file_kind)
    return _decoded(Draft(address, before, patched.text, {}), with_lines=False)


def _from_text(address: Address, before: str | None, text: str, *, exists: bool) -> Draft:
    """Take raw YAML as it is; only its line ends and byte order mark are those of the file."""
    if not address.keys:
        after = replace_lines(before or "", text)
        reading = _reading(after)
        value = reading.value
    else:
        lines = cut(before or "", address.keys) if exists else None
        reading = _reading(text)
        value = reading.value
        problems = _not_one_entry(reading, address)
        if problems:
            return Draft(address, before, before or "", {}, problems=problems)
        if lines is None or before is None:
            fields = _fields({address.keys[0]: value} if address.kind == "theme" else value, address)
            return _from_fields(address, before, fields, exists=exists)
        part = before[lines.start : lines.stop]
        after = before[: lines.start] + replace_lines(part, text) + before[lines.stop :]
        value = _reading(after).value
    fields = _fields(value, address)
    return Draft(address, before, after, fields)


def _not_one_entry(reading: Reading, address: Address) -> tuple[Problem, ...]:
    """Say why a text is not exactly the entry that it has to be."""
    if reading.problems:
        return tuple(_problem(found, address, 0) for found in findings(reading.problems, address.relpath))
    key = address.keys[-1]
    if isinstance(reading.value, dict) and list(reading.value) == [key]:
        return ()
    message = f"the text must begin with '{key}:' and hold nothing else; a new entry is made on a page of its own"
    return (Problem("", Level.ERROR, "schema", message, 1),)


def _from_fields(address: Address, before: str | None, fields: Mapping[str, Any], *, exists: bool) -> Draft:
    kind = address.file_kind
    value = dict(fields) if address.kind != "theme" else fields.get("description")
    if before is None:
        text = create(_with({}, address.keys, prune(value, {}, kind, address.keys)), kind)
        return Draft(address, None, text, _fields(_reading(text).value, address))
    now = _reading(before)
    if now.problems:
        problems = tuple(_problem(found, address, 0) for found in findings(now.problems, address.relpath))
        return Draft(address, before, before, fields, problems=problems)
    old = address.value_in(now.value) if exists else None
    meant = prune(value, stripped(old), kind, address.keys)
    whole = _with(_without(now.value, _moved_from(address, fields)), _moved_to(address, fields), meant)
    try:
        patched = patch(before, whole, kind)
    except FormatNotStable as error:
        problem = Problem("", Level.ERROR, "layout", str(error))
        return Draft(address, before, before, fields, problems=(problem,))
    notes = tuple(Problem("", Level.NOTE, "comment-removed", note) for note in patched.notes)
    address = replace(address, keys=_moved_to(address, fields))
    made = Draft(address, before, patched.text, _fields(whole, address))
    return replace(made, problems=notes)


def _moved_from(address: Address, fields: Mapping[str, Any]) -> tuple[str | int, ...]:
    """Return the keys to take out: a theme's, where it goes to another group."""
    return address.keys if address.keys != _moved_to(address, fields) else ()


def _moved_to(address: Address, fields: Mapping[str, Any]) -> tuple[str | int, ...]:
    group = fields.get("group")
    return (group, address.id) if address.kind == "theme" and isinstance(group, str) and group else address.keys


def _decoded(made: Draft, *, with_lines: bool) -> Draft:
    """Read the new text as every reader will, and add what is wrong with it."""
    address = made.address
    text = made.after.removeprefix("\ufeff")
    content, found = decode_all(text, address.file_kind, address.relpath)
    above = 0
    if address.keys and (lines := cut(made.after, address.keys)):
        above = made.after.count("\n", 0, lines.start)
    problems = [_problem(finding, address, above, with_line=with_lines) for finding in found]
    if not address.keys and address.kind != "kb" and made.fields.get("id") != address.id and not problems:
        message = f"the id must stay '{address.id}'; a rename keeps the old id as an alias, and is made on its own page"
        problems.append(Problem("id", Level.ERROR, "id-changed", message))
    return replace(made, content=content, problems=(*made.problems, *problems))


def _problem(finding: Finding, address: Address, above: int, *, with_line: bool = True) -> Problem:
    place = finding.location
    field = place.field
    prefix = field_path(address.keys)
    if prefix and (field == prefix or field.startswith((f"{prefix}.", f"{prefix}["))):
        field = field[len(prefix) :].removeprefix(".") or ("description" if address.kind == "theme" else "")
    line = max(place.line - above, 1) if with_line and place.line else None
    return Problem(field, finding.level, finding.rule, finding.message, line, finding.suggestion)


def _fields(content: Any, address: Address) -> dict[str, Any]:
    """Return the fields of an entry in the value of its file."""
    value = stripped(address.value_in(content))
    if address.kind == "theme":
        return {"group": address.keys[0], "description": value}
    return value if isinstance(value, dict) else {}


def _reading(text: str) -> Reading:
    return layout_of(text.removeprefix("\ufeff")).reading


def _plain(given: Any) -> Any:
    """Return fields as plain JSON values whose line ends are line feeds, as browsers do not send them."""
    if isinstance(given, str):
        return given.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(given, list | tuple):
        return [_plain(item) for item in given]
    return {str(key): _plain(item) for key, item in given.items()} if isinstance(given, Mapping) else given


def _with(content: Any, keys: Sequence[str | int], value: Any) -> Any:
    """Return a file's value with another value at these keys."""
    if not keys:
        return value
    inner = content if isinstance(content, dict) else {}
    return {**inner, keys[0]: _with(inner.get(keys[0]), keys[1:], value)}


def _without(content: Any, keys: Sequence[str | int]) -> Any:
    if not keys or not isinstance(content, dict) or keys[0] not in content:
        return content
    if len(keys) == 1:
        return {key: value for key, value in content.items() if key != keys[0]}
    return {**content, keys[0]: _without(content[keys[0]], keys[1:])}


def _same(one: Any, other: Any) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
