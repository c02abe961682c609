"""A reference as a printed citation, part by part, so that what was not confirmed can be marked in place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.model import Name, Reference

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_PMID = re.compile(r"\d{1,9}")
_WEB = re.compile(r"https?://[^\s/<>\"]+(?:/[^\s<>\"]*)?", re.IGNORECASE)

_PRINTED_FIELDS = {
    "authors": {"author"},
    "year": {"issued"},
    "venue": {"container-title", "volume", "issue", "page"},
}
"""Everyday names that `to_confirm` may use → the CSL fields that they stand for."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a citation as printed, and the punctuation between it and the part before."""

    field: str
    before: str
    text: str
    marked: bool
    """Whether "not confirmed" stands right after it. Parts that share a doubt in a row share one mark, at the last."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where the work can be read."""

    label: str
    url: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference ready to print: `short` for use in a line ("Zarate 2006"), parts in order, and links."""

    key: str
    short: str
    parts: tuple[Part, ...]
    links: tuple[Link, ...]
    unconfirmed: tuple[str, ...]
    """Names of the fields that were not seen in the record, whether or not they are printed."""

    @property
    def text(self) -> str:
        """The whole citation in one line, with unconfirmed parts marked."""
        return "".join(f"{part.before}{part.text}{' [to confirm]' if part.marked else ''}" for part in self.parts)


def cite(key: str, reference: Reference) -> Citation:
    """Return the citation of a reference."""
    doubts = {field: name for name in reference.to_confirm for field in _fields(name)}
    printed = list(_printed(reference))
    doubt_after = [doubts.get(field) for field, _, _ in printed[1:]] + [None]
    parts = tuple(
        Part(field, before if position else "", text, doubts.get(field) not in {None, doubt_after[position]})
        for position, (field, before, text) in enumerate(printed)
    )
    links = {url: Link(label, url, field not in doubts) for field, label, url in reversed(list(_links(reference)))}
    return Citation(key, _short(key, reference), parts, tuple(reversed(links.values())), reference.to_confirm)


def _fields(name: str) -> set[str]:
    return _PRINTED_FIELDS.get(name.casefold(), {name.casefold()})


def _printed(reference: Reference) -> Iterator[tuple[str, str, str]]:
    """Yield (field, what separates it from the part before, text), in printing order."""
    if reference.author:
        names = [_name(name) for name in reference.author] + (["et al."] if reference.et_al else [])
        yield "author", "", _stopped(", ".join(names))
    yield "title", " ", _stopped(reference.title)
    if reference.container_title:
        yield "container-title", " ", _stopped(reference.container_title)
    if reference.issued:
        yield "issued", " ", str(reference.issued)
    if reference.volume:
        yield "volume", ";" if reference.issued else " ", reference.volume
    if reference.issue:
        yield "issue", "" if reference.volume else ";", f"({reference.issue})"
    if reference.page:
        yield "page", ":", reference.page
    if reference.number:
        yield "number", "; " if reference.issued else " ", f"no. {reference.number}"


def _name(name: Name) -> str:
    return name.literal or " ".join(part for part in (name.family, name.given) if part)


def _stopped(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _links(reference: Reference) -> Iterator[tuple[str, str, str]]:
    """Yield (field, label, address); only well-formed identifiers and web addresses become links."""
    if reference.doi and _DOI.fullmatch(reference.doi):
        yield "doi", f"doi:{reference.doi}", f"https://doi.org/{quote(reference.doi, safe='/().;:-_')}"
    if reference.pmid and _PMID.fullmatch(reference.pmid):
        yield "pmid", f"PubMed {reference.pmid}", f"https://pubmed.ncbi.nlm.nih.gov/{reference.pmid}/"
    if reference.url and _WEB.fullmatch(reference.url):
        yield "url", reference.url.split("/")[2], reference.url


def _short(key: str, reference: Reference) -> str:
    if not reference.author:
        return key
    first = reference.author[0]
    name = first.family or first.literal or first.given or key
    return f"{name} {reference.issued}" if reference.issued else name
