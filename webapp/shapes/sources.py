"""Articles and references as the JSON API shows them: in brief, and with everything on file."""

from typing import Literal

from pydantic import Field

from kb.model import Design, DisclosureKey, Read, Strength
from webapp.shapes.base import Answer, Paged, Selector, Shape


class SourceSummary(Shape):
    """An article in brief."""

    id: str
    """The article's id."""
    title: str
    """Its title."""
    publisher: str | None
    """Who published it, where known."""
    locality: str | None
    """Where."""
    date: str | None
    """When."""
    address: str | None
    """Its URL, where known."""
    claims: int
    """How many claims it makes."""
    caveats: int
    """How many caveats it concedes."""
    url: str
    """The whole entry."""


class SourcePage(Paged):
    """One page of all articles."""

    sources: list[SourceSummary]


class SourceText(Shape):
    """What the text of an article is known by."""

    sha256: str
    """SHA-256 of its text. The text itself is not served."""
    chars: int
    """Its length in code points."""


class Disclosure(Shape):
    """One of the ten disclosures, as one article treats it."""

    key: DisclosureKey
    """One of the ten disclosures; all ten are listed."""
    in_words: str
    """The same as pages put it."""
    disclosed: bool
    """Whether the article makes it anywhere."""
    caveats: list[str]
    """The caveats by which it does."""
    called_for_by: list[str]
    """The claims of the article that owe a caveat of this key."""


class SourcePlace(Shape):
    """A stretch of an article that an entry accounts for."""

    kind: Literal["claim", "caveat", "disposition"]
    """`disposition` is prose that carries neither claim nor caveat."""
    id: str | None
    """The entry that accounts for the place."""
    label: str
    """The claim, the caveat in short, or the reason of the disposition."""
    selector: Selector
    strength: Strength | None
    """How strongly the article puts it; `null` for a disposition."""
    words: str | None
    """The exact words: only where a copy is attached, and never to a page of another site."""


class Section(Shape):
    """A section of an article."""

    heading: str | None
    """A heading; `null` for what stands before the first."""
    places: list[SourcePlace]


class SourceEntry(Shape):
    """An article from top to bottom."""

    id: str
    """The article's id."""
    title: str
    """Its title."""
    publisher: str | None
    """Who published it, where known."""
    locality: str | None
    """Where."""
    date: str | None
    """When."""
    address: str | None
    """Its URL, where known."""
    note: str | None
    """Anything else about it."""
    text: SourceText
    attached: bool
    """Whether a private copy of its text is attached on this machine."""
    orphans: list[str]
    """Places whose words in the copy are not the ones that were pinned."""
    disclosures: list[Disclosure]
    sections: list[Section]
    html_url: str
    """Its page."""


class SourceAnswer(Answer):
    """One article."""

    source: SourceEntry


class ReferenceSummary(Shape):
    """A reference in brief."""

    key: str
    """The reference's key."""
    citation: str
    """One line; parts that were not seen in the record end in `[to confirm]`."""
    design: Design
    """What kind of work it is."""
    issued: int | None
    """Its year."""
    read: Read
    """`primary` (the work was read) or `secondary` (its numbers were read in a report of it)."""
    to_confirm: list[str]
    """Fields that were not seen in the record."""
    url: str
    """The whole entry."""


class ReferencePage(Paged):
    """One page of all references."""

    references: list[ReferenceSummary]


class Author(Shape):
    """A person or a body, as in CSL."""

    family: str | None
    """A person's family name."""
    given: str | None
    """Given names or initials."""
    literal: str | None
    """A body's name."""


class ReferenceLink(Shape):
    """Where a work can be read."""

    label: str
    """Where it can be read."""
    url: str
    """The address."""
    confirmed: bool
    """Whether the identifier was seen in the record."""


class CitedBy(Shape):
    """What cites a reference."""

    claims: list[str]
    """Claims whose evidence cites it."""
    caveats: list[str]
    """Caveats whose evidence cites it."""


class ReferenceEntry(Shape):
    """A reference in CSL's names."""

    key: str
    """The reference's key."""
    type: str
    """CSL item type."""
    design: Design
    """What kind of work it is."""
    title: str
    """Its title."""
    author: list[Author]
    et_al: bool
    """Whether there are more authors than listed."""
    issued: int | None
    """Its year."""
    container_title: str | None = Field(alias="container-title")
    """Journal, site or series."""
    volume: str | None
    """Volume."""
    issue: str | None
    """Issue."""
    page: str | None
    """Pages."""
    number: str | None
    """Number of a report or law."""
    doi: str | None = Field(alias="DOI")
    """DOI."""
    pmid: str | None = Field(alias="PMID")
    """PubMed id."""
    address: str | None = Field(alias="URL")
    """Web address."""
    finding: str
    """What it found, in our own words."""
    limits: str | None
    """What weakens it."""
    note: str | None
    """Anything else."""
    read: Read
    """`primary` or `secondary`, as in the list."""
    to_confirm: list[str]
    """Fields that were not seen in the record."""
    citation: str
    """One line, as in the list."""
    links: list[ReferenceLink]
    cited_by: CitedBy
    html_url: str
    """Its page."""


class ReferenceAnswer(Answer):
    """One reference."""

    reference: ReferenceEntry
