"""Editing as a journey: read an entry with its revision, check what is to be saved, save it without losing anything.

A save goes through every step of the list in `docs/editing.md` while it holds the lock of the knowledge base.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING

from kb import review, store
from kb.errors import EntryExists, EntryNotFound, KbError, NotDeletable, NotWritten, ReviewRefused
from kb.finding import Level
from kb.library import entry_checks
from kb.library.addresses import KINDS, SHARED_FILE, Address, file_kind
from kb.library.creating import new_path
from kb.library.drafting import (
    address_in,
    address_of,
    can_be_settled,
    draft,
    entry_in,
    entry_of_part,
    removed,
    settled,
    text_of,
)
from kb.library.entry import EditConflict, Editor, Entry, EntryRefused, Problem, Saved
from kb.library.referring import renamed_in, users
from kb.store import committing, saving

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kb import checks
    from kb.library.drafting import Draft, Given
    from kb.model import KnowledgeBase

__all__ = ["KINDS", "EditConflict", "Editing", "Editor", "Entry", "EntryRefused", "Problem", "Saved"]


class Editing(ABC):
    """What a library does with entries that are edited."""

    root: Path
    commit_saves: bool = True
    """Whether a save is committed to git where the folder is in a work tree."""

    @property
    @abstractmethod
    def kb(self) -> KnowledgeBase:
        """Every entry that could be read."""

    @property
    @abstractmethod
    def files(self) -> Mapping[tuple[str, str], str]:
        """(kind, id) → path of the entry's file, relative to `root`."""

    @abstractmethod
    def apply_saved(self, paths: Sequence[str]) -> bool:
        """Make saved files part of what is shown and searched; return whether the index has them already."""

    @abstractmethod
    def source_text(self, source_id: str) -> str | None:
        """Return the words of a source where a copy is attached."""

    def entry(self, kind: str, entry_id: str) -> Entry:
        """Return an entry as its file has it now, whether or not it is valid; raise `EntryNotFound`."""
        address = address_of(self.root, self.files, kind, entry_id)
        return entry_in(_readable(text_of(self.root, address.relpath), address), address)

    def check_entry(
        self, kind: str, entry_id: str, given: Given, *, creating: bool = False, area: str | None = None
    ) -> tuple[Problem, ...]:
        """Return all that is wrong with what somebody is about to save; nothing is written."""
        address, before = self._place(kind, entry_id, given, area or "any", creating=creating)
        made = draft(address, before, _named(given, kind, entry_id, creating), exists=not creating)
        if creating and can_be_settled(made):
            try:
                made = settled(made, review.settle(kind, None, made.fields, "whoever saves it", _today()))
            except ReviewRefused as error:
                return (*made.problems, Problem(error.field, Level.ERROR, "review", str(error)))
        return self._problems(made)

    def save_entry(
        self,
        kind: str,
        entry_id: str,
        given: Given,
        *,
        revision: str | None,
        editor: Editor,
        message: str | None = None,
        area: str | None = None,
        review_move: bool = False,
        as_it_was: bool = False,
    ) -> Saved:
        """Save an entry: all of its fields, or its raw YAML; without a `revision`, create it.

        `review_move` is for the pages of the review, which have changed what no plain edit may; with `as_it_was`,
        errors that the entry on file has already do not stand in the way, so that it can be withdrawn. Raise
        `EntryNotFound`, `EntryExists`, `EntryRefused` with every problem, `EditConflict` where the entry was changed
        since `revision`, `ReviewRefused` where the editor may not do this, and `Busy`. What git cannot do is in the
        result.
        """
        creating = revision is None
        with saving.locked(self.root):
            address, before = self._place(kind, entry_id, given, area, creating=creating)
            now = None if creating else entry_in(before or "", address)
            made = draft(address, before, _named(given, kind, entry_id, creating), exists=not creating)
            if now is not None and now.revision != revision:
                raise self._conflict(now, made, revision or "")
            if not review_move and can_be_settled(made):
                fields = review.settle(kind, None if now is None else now.fields, made.fields, editor.name, _today())
                made = settled(made, fields)
            problems = self._problems(made)
            if as_it_was and _errors(problems):
                known = self._problems(draft(address, before, before or "", exists=True))
                problems = tuple(replace(one, level=Level.WARNING) if one in known else one for one in problems)
            if _errors(problems):
                raise EntryRefused(f"the {kind} {entry_id!r} cannot be saved", problems)
            saved = self._written(made, now, editor, message)
        return self._shown(saved, problems, (made.address.relpath,))

    def rename_entry(self, kind: str, old: str, new: str, *, revision: str, editor: Editor) -> Saved:
        """Give a claim or caveat another id; the old one goes to its aliases, and entries that name it follow.

        Raise as `save_entry` does.
        """
        if kind not in ("claim", "caveat"):
            raise KbError(f"a {kind} keeps its id; only claims and caveats have former ids that lead to the new one")
        with saving.locked(self.root):
            now = self.entry(kind, old)
            aliases = [*now.fields.get("aliases", ()), old]
            fields = {**now.fields, "id": new, "aliases": [alias for alias in aliases if alias != new]}
            area = now.path.split("/")[1] if kind == "claim" else None
            path = new_path(self.root, self.kb, kind, new, area, former_of=old)
            if now.revision != revision:
                raise EditConflict(_CHANGED, fields, now, self._base(now, revision))
            moved = draft(Address(kind, new, path), now.text, fields, exists=True)
            drafts = [moved, *self._following(kind, old, new)]
            wrong = [problem for made in drafts for problem in made.problems if problem.level is Level.ERROR]
            if wrong:
                raise EntryRefused(f"the {kind} {old!r} cannot be renamed", tuple(wrong))
            for made in drafts:
                saving.remember(self.root, made.before or "")
            self._write_together(drafts, now.path)
            paths = (now.path, *(made.address.relpath for made in drafts))
            done = self._committed(paths, editor, f"Rename {kind} {old} to {new}")
        saved = Saved(entry_in(moved.after, moved.address), False, True, done.id, done.problem, False)
        return self._shown(saved, (), paths)

    def delete_draft(self, kind: str, entry_id: str, *, revision: str, editor: Editor) -> Saved:
        """Delete a draft, or an entry of a kind that has no status, which nothing refers to; return what it was.

        Raise `NotDeletable` for any other, and as `save_entry` does.
        """
        with saving.locked(self.root):
            now = self.entry(kind, entry_id)
            if now.revision != revision:
                raise EditConflict(_CHANGED, {}, now, self._base(now, revision))
            self._refuse_to_delete(now)
            saving.remember(self.root, now.text)
            if kind in SHARED_FILE:
                address = address_of(self.root, self.files, kind, entry_id)
                made = removed(address, _readable(text_of(self.root, now.path), address))
                if _errors(made.problems):
                    raise EntryRefused(f"the {kind} {entry_id!r} cannot be deleted", made.problems)
                self._write(made)
            else:
                self._unlink(now.path)
            done = self._committed((now.path,), editor, f"Delete {kind} {entry_id}")
        return self._shown(Saved(now, False, True, done.id, done.problem, False), (), (now.path,))

    def _place(
        self, kind: str, entry_id: str, given: Given, area: str | None, *, creating: bool
    ) -> tuple[Address, str | None]:
        """Return where an entry is or will be, and the file's text; raise `EntryNotFound`, `EntryExists`."""
        file_kind(kind)
        if not creating:
            address = address_of(self.root, self.files, kind, entry_id)
            return address, _readable(text_of(self.root, address.relpath), address)
        if kind == "kb":
            raise EntryExists("there is one kb.yaml already")
        if kind not in SHARED_FILE:
            path = new_path(self.root, self.kb, kind, entry_id, area)
            if (self.root / path).exists():
                raise EntryExists(f"{path} is already there")
            return Address(kind, entry_id, path), None
        relpath = f"{SHARED_FILE[kind]}.yaml"
        group = given.get("group") if not isinstance(given, str) else None
        keys = (str(group or "other"), entry_id) if kind == "theme" else (entry_id,)
        address = Address(kind, entry_id, relpath, keys)
        try:
            address_of(self.root, self.files, kind, entry_id)
        except EntryNotFound:
            text = text_of(self.root, relpath)
            return address, None if text is None else _readable(text, address)
        raise EntryExists(f"there is a {kind} {entry_id!r} already")

    def _problems(self, made: Draft) -> tuple[Problem, ...]:
        """Return what is wrong with a draft: its shape or, where that is sound, what the checks say."""
        kind, entry_id = made.address.kind, made.address.id
        if made.content is None or _errors(made.problems):
            return made.problems
        content = made.content[entry_id] if kind in SHARED_FILE and kind != "theme" else made.content
        before, after = self.kb, entry_checks.with_entry(self.kb, kind, entry_id, content)
        texts = {source: text for source in before.sources if (text := self.source_text(source)) is not None}
        own = entry_checks.run(after, kind, entry_id, today=_today(), texts=texts)
        found = [_of_check(problem) for problem in own]
        for user_kind, user_id in users(before, kind, entry_id) if kind not in ("claim", "kb") else ():
            broken = entry_checks.run(after, user_kind, user_id, today=_today())
            if broken:
                known = {str(problem) for problem in entry_checks.run(before, user_kind, user_id, today=_today())}
                found += [_elsewhere(problem) for problem in broken if str(problem) not in known]
        return (*made.problems, *found)

    def _conflict(self, now: Entry, made: Draft, revision: str) -> EditConflict:
        return EditConflict(_CHANGED, made.fields, now, self._base(now, revision))

    def _base(self, now: Entry, revision: str) -> Entry | None:
        """Return the entry as it was at a revision, from the texts that were kept or from git."""
        address = Address(now.kind, now.id, now.path)
        kept = saving.recall(self.root, revision)
        if kept is not None:
            return entry_of_part(kept, now)
        for text in committing.former_texts(self.root, now.path):
            try:
                found = entry_in(text, address_in(text, address))
            except (EntryNotFound, KbError):
                continue
            if found.revision == revision:
                return found
        return None

    def _written(self, made: Draft, now: Entry | None, editor: Editor, message: str | None) -> Saved:
        """Write a draft that is sound, and commit it."""
        entry = entry_in(made.after, made.address)
        if made.after == made.before:
            return Saved(entry, False, False, None, "nothing was changed", True)
        if now is not None:
            saving.remember(self.root, now.text)
        saving.remember(self.root, entry.text)
        self._write(made)
        what = "Edit" if now is not None else "Add"
        done = self._committed((made.address.relpath,), editor, message or f"{what} {entry.kind} {entry.id}")
        return Saved(entry, now is None, True, done.id, done.problem, False)

    def _write(self, made: Draft) -> None:
        path = self.root / made.address.relpath
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            saving.sweep(path)
            store.save_text(path, made.after)
        except OSError as error:
            raise NotWritten(f"{path.parent} cannot be made: {error.strerror}") from error
        except KbError as error:
            raise NotWritten(str(error)) from error

    def _write_together(self, drafts: Sequence[Draft], gone: str) -> None:
        """Write all drafts and delete a file, or change nothing."""
        texts = {self.root / made.address.relpath: made.after for made in drafts}
        try:
            for path in texts:
                path.parent.mkdir(parents=True, exist_ok=True)
                saving.sweep(path)
            store.save_together(texts, self.root / gone)
        except OSError as error:
            raise NotWritten(f"the folder of {path} cannot be made: {error.strerror}") from error
        except KbError as error:
            raise NotWritten(str(error)) from error

    def _unlink(self, relpath: str) -> None:
        try:
            (self.root / relpath).unlink()
        except OSError as error:
            raise NotWritten(f"{self.root / relpath} cannot be removed: {error.strerror}") from error

    def _committed(self, paths: Sequence[str], editor: Editor, message: str) -> committing.Commit:
        if not (self.commit_saves and self.kb.about.commit_saves):
            return committing.Commit(None, "commits are turned off")
        return committing.commit(self.root, paths, message, editor.name, editor.email)

    def _shown(self, saved: Saved, problems: tuple[Problem, ...], paths: Sequence[str]) -> Saved:
        searchable = self.apply_saved(paths) if saved.changed else saved.searchable
        return replace(saved, searchable=searchable, problems=problems)

    def _refuse_to_delete(self, now: Entry) -> None:
        if now.kind == "kb":
            raise NotDeletable("kb.yaml is what makes the folder a knowledge base")
        status = now.fields.get("status", "draft")
        if now.kind in ("claim", "caveat") and status != "draft":
            raise NotDeletable(f"the {now.kind} {now.id!r} is {status}; only a draft is deleted, others are withdrawn")
        if now.kind in ("claim", "caveat") and (first := review.first_approved(now.fields)):
            message = f"the {now.kind} {now.id!r} was approved on {first}, and readers have seen it; it is withdrawn"
            raise NotDeletable(f"{message} (hand it in for review again first), never deleted")
        named_by = users(self.kb, now.kind, now.id)
        if named_by:
            names = ", ".join(f"{kind} {entry_id}" for kind, entry_id in named_by[:5])
            more = f" and {len(named_by) - 5} more" if len(named_by) > 5 else ""  # noqa: PLR2004 - as many as fit a line
            raise NotDeletable(f"the {now.kind} {now.id!r} is named by {names}{more}")

    def _following(self, kind: str, old: str, new: str) -> list[Draft]:
        """Return drafts of the entries that name `old` and shall name `new`."""
        drafts = []
        for user_kind, user_id in users(self.kb, kind, old):
            address = address_of(self.root, self.files, user_kind, user_id)
            text = _readable(text_of(self.root, address.relpath), address)
            fields = renamed_in(entry_in(text, address).fields, kind, old, new)
            drafts.append(draft(address, text, fields, exists=True))
        return drafts


_CHANGED = "the entry was changed since you read it; nothing was saved"
_LATER = frozenset({"relation-asymmetric"})
"""Errors that one save cannot mend, since the other entry must be saved as well."""


def _of_check(problem: checks.Problem) -> Problem:
    level = Level.WARNING if problem.rule in _LATER else problem.level
    return Problem(problem.field, level, problem.rule, problem.message, None, problem.suggestion)


def _elsewhere(problem: checks.Problem) -> Problem:
    """Word a problem that the edit brings to another entry; it warns, since that entry is mended by itself."""
    level = Level.WARNING if problem.level is Level.ERROR else problem.level
    return Problem("", level, problem.rule, f"{problem.kind} {problem.entry_id}: {problem.message}")


def _errors(problems: Sequence[Problem]) -> bool:
    return any(problem.level is Level.ERROR for problem in problems)


def _readable(text: str | Problem | None, address: Address) -> str:
    if text is None:
        raise EntryNotFound(address.kind, address.id)
    if isinstance(text, Problem):
        raise EntryRefused(f"{address.relpath} cannot be read", (text,))
    return text


def _named(given: Given, kind: str, entry_id: str, creating: bool) -> Given:
    """Return fields that begin with the id, where a kind has its id among its fields."""
    has_id = kind in ("claim", "caveat", "source")
    if isinstance(given, str) or not has_id or given.get("id") or not creating:
        return given
    return {"id": entry_id, **{key: value for key, value in given.items() if key != "id"}}


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()
