"""The latest changes as an Atom 1.0 feed (RFC 4287)."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from kb import words
from kb.export.history import Change, History
from kb.history.base import ChangeKind
from kb.model import Claim, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.export.addresses import Addresses
    from kb.history import Changes
    from kb.model import Caveat, KnowledgeBase

_ATOM = "http://www.w3.org/2005/Atom"
_NAMESPACE = uuid.UUID("5f1d2f0e-6a52-5d1c-9a40-6d1b8ed2c7a4")
"""The root of all ids in feeds; never changed, since readers know an entry by its id alone."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEVER = dt.datetime.fromtimestamp(0, dt.UTC)

_TITLES: Mapping[ChangeKind, str] = {
    ChangeKind.ADDED: "Added",
    ChangeKind.CHANGED: "Changed",
    ChangeKind.RENAMED: "Renamed",
    ChangeKind.WITHDRAWN: "Withdrawn",
    ChangeKind.REMOVED: "Removed",
}


def feed(kb: KnowledgeBase, history: History, addresses: Addresses) -> str:
    """Return the feed. Entries are shown as they are now; one that is gone keeps its id as its title."""
    root = ET.Element("feed", xmlns=_ATOM)
    _add(root, "id", _id(kb, "feed"))
    _add(root, "title", f"{kb.about.name}: changes")
    origin = "Dates are those of the commits." if history.from_git else "Dates are those of the files: there is no git."
    _add(root, "subtitle", f"Claims and caveats that were added, changed or withdrawn. {origin}")
    _add(root, "updated", _time(max((change.at for change in history.changes), default=_NEVER)))
    author = ET.SubElement(root, "author")
    _add(author, "name", f"Caveat: {kb.about.name}")
    _add(root, "rights", kb.about.licence)
    _link(root, "self", addresses.feed(), "application/atom+xml")
    _link(root, "alternate", addresses.home(), "text/html")
    for change in history.changes:
        _entry(root, kb, change, addresses)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def feed_between(kb: KnowledgeBase, found: Changes, addresses: Addresses) -> str:
    """Return the feed of what differs between two states; its entries bear the time of the later one."""
    name = f"{found.since}..{found.until or kb.digest}"
    listed = [
        Change(one.kind, one.entry_kind, one.entry_id, found.until_at, name, ", ".join(f.field for f in one.fields))
        for one in found.changes
    ]
    return feed(kb, History(tuple(listed), from_git=True), addresses)


def _entry(root: ET.Element, kb: KnowledgeBase, change: Change, addresses: Addresses) -> None:
    known: Mapping[str, Mapping[str, Claim | Caveat]] = {"claim": kb.claims, "caveat": kb.caveats}
    entry = known.get(change.entry_kind, {}).get(change.entry_id)
    element = ET.SubElement(root, "entry")
    _add(element, "id", _id(kb, change.entry_kind, change.entry_id, change.revision))
    _add(element, "title", f"{_TITLES[change.kind]}: {_statement(entry) or change.entry_id}")
    _add(element, "updated", _time(change.at))
    page = addresses.claim if change.entry_kind == "claim" else addresses.caveat
    _link(element, "alternate", page(change.entry_id) if entry else None, "text/html")
    ET.SubElement(element, "category", term=change.kind.value)
    ET.SubElement(element, "category", term=change.entry_kind)
    _add(element, "summary", _summary(entry, change))


def _statement(entry: Claim | Caveat | None) -> str:
    if entry is None:
        return ""
    return entry.claim if isinstance(entry, Claim) else entry.short


def _summary(entry: Claim | Caveat | None, change: Change) -> str:
    """Say what now stands, how far it is reviewed, and what was noted with the change."""
    if change.entry_kind not in {"claim", "caveat"}:
        return f"{change.entry_kind.capitalize()} {change.entry_id}. {change.reason}".strip()
    parts = []
    if entry and entry.status is Status.WITHDRAWN:
        parts.append(words.STATUSES[entry.status].meaning)
    elif isinstance(entry, Claim):
        parts.append(f"{words.VERDICTS[entry.verdict].label} ({words.certainty_wording(entry).label}).")
        parts.append(words.judgement(entry))
    elif entry:
        parts.append(entry.caveat)
    parts.append(f"{words.STATUSES[entry.status].label}." if entry else f"There is no {change.entry_kind} of this id.")
    if change.reason:
        parts.append(f"Noted with the change: {change.reason}")
    return " ".join(parts)


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = _NOT_XML.sub("\ufffd", text)


def _link(parent: ET.Element, relation: str, address: str | None, kind: str) -> None:
    if address is not None:
        ET.SubElement(parent, "link", rel=relation, href=address, type=kind)


def _id(kb: KnowledgeBase, *parts: str) -> str:
    return uuid.uuid5(_NAMESPACE, "\n".join((kb.about.name, *parts))).urn


def _time(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
