"""References for citation managers: BibTeX and CSL-JSON. What was not seen in the record is named in the note."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kb.model import Read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kb.model import Claim, KnowledgeBase, Name, Reference

CSL_TYPES = frozenset(
    """
    article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection dataset
    document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case legislation
    manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical
    personal_communication post post-weblog regulation report review review-book software song speech standard thesis
    treaty webpage
    """.split()  # noqa: SIM905 - forty-five words read better as words
)
"""Types of CSL 1.0.2; a reference of another type is exported as a `document`."""

_BIBTEX_TYPES = {"article-journal": "article", "book": "book", "report": "techreport"}
_VENUES = {"article": "journal", "techreport": "institution", "book": "series"}
"""BibTeX type → the field that its `container-title` goes to; `howpublished` for all others."""

_SPECIAL = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",  # BibTeX counts braces even behind a backslash
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        **{sign: f"\\{sign}" for sign in "&%$#_"},
    }
)
_ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})
"""Identifiers are not typeset, so only what would end the field is written otherwise."""


def cited(kb: KnowledgeBase, claims: Iterable[Claim]) -> dict[str, Reference]:
    """Return the references that the evidence of these claims cites, by key and in its order, each once."""
    keys = dict.fromkeys(line.reference for claim in claims for line in claim.evidence)
    return {key: kb.references[key] for key in keys if key in kb.references}


def bibtex(references: Mapping[str, Reference]) -> Iterator[str]:
    """Yield one BibTeX entry for each reference, under its key, with a line break at its end."""
    for number, (key, reference) in enumerate(references.items()):
        kind = _BIBTEX_TYPES.get(reference.type, "misc")
        fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _bibtex_fields(reference, kind) if value)
        gap = "\n" if number else ""
        yield f"{gap}@{kind}{{{key},\n{fields}}}\n"


def csl_json(references: Mapping[str, Reference]) -> Iterator[str]:
    """Yield a JSON array of CSL items in pieces, one item a line."""
    for number, (key, reference) in enumerate(references.items()):
        yield (",\n " if number else "[\n ") + json.dumps(csl_item(key, reference), ensure_ascii=False)
    yield "\n]\n" if references else "[]\n"


def csl_item(key: str, reference: Reference) -> dict[str, Any]:
    """Return a reference as a CSL item; fields without a value are left out, as CSL has it."""
    fields: dict[str, Any] = {
        "id": key,
        "type": reference.type if reference.type in CSL_TYPES else "document",
        "title": reference.title,
        "author": [name.model_dump(exclude_none=True) for name in reference.author],
        "issued": {"date-parts": [[reference.issued]]} if reference.issued else None,
        "container-title": reference.container_title,
        "volume": reference.volume,
        "issue": reference.issue,
        "page": reference.page,
        "number": reference.number,
        "DOI": _doi(reference),
        "PMID": reference.pmid,
        "URL": _url(reference),
        "note": _note(reference, more_authors=reference.et_al),
    }
    return {name: value for name, value in fields.items() if value}


def _bibtex_fields(reference: Reference, kind: str) -> Iterator[tuple[str, str]]:
    names = [_bibtex_name(name) for name in reference.author] + (["others"] if reference.et_al else [])
    yield "author", " and ".join(names)
    yield "title", f"{{{_typeset(reference.title)}}}"  # two pairs of braces keep capitals as they are
    yield _VENUES.get(kind, "howpublished"), _typeset(reference.container_title)
    yield "year", str(reference.issued or "")
    yield "volume", _typeset(reference.volume)
    yield "number", _typeset(reference.issue or reference.number)
    yield "pages", _typeset(reference.page).replace("-", "--")
    yield "doi", (_doi(reference) or "").translate(_ADDRESS)
    yield "pmid", _typeset(reference.pmid)
    yield "url", (_url(reference) or "").translate(_ADDRESS)
    yield "note", _typeset(_note(reference, more_authors=False))


def _bibtex_name(name: Name) -> str:
    """Return a name as BibTeX reads it; braces keep the name of a body in one piece."""
    if name.literal:
        return f"{{{_typeset(name.literal)}}}"
    parts = (f"{{{_typeset(part)}}}" if _has_syntax(part) else _typeset(part) for part in (name.family, name.given))
    return ", ".join(part for part in parts if part)


def _has_syntax(part: str | None) -> bool:
    return bool(part) and ("," in str(part) or "and" in str(part).casefold().split())


def _typeset(text: str | None) -> str:
    return " ".join((text or "").translate(_SPECIAL).split())


def _doi(reference: Reference) -> str | None:
    return reference.doi if reference.doi and reference.doi.startswith("10.") else None


def _url(reference: Reference) -> str | None:
    return reference.url if reference.url and reference.url.startswith(("https://", "http://")) else None


def _note(reference: Reference, *, more_authors: bool) -> str:
    """Return all that a reader of the citation must know before trusting it."""
    parts = []
    if reference.to_confirm:
        parts.append(f"To confirm, not seen in the record: {', '.join(reference.to_confirm)}.")
    if reference.read is Read.SECONDARY:
        parts.append("Not read in the original: its numbers were taken from a published report of the work.")
    if more_authors:
        parts.append("There are more authors than are listed.")
    if reference.note:
        parts.append(reference.note)
    return " ".join(parts)
