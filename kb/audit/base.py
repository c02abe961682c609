"""What the stages of an audit hand to each other: documents made of units, mentions of claims, disclosures of caveats.

All offsets are code points of the decoded input, from 0, `end` excluded. They hold in `Document.text` and in
`Document.plain` alike, since the two have the same length.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kb.model import Strength

if TYPE_CHECKING:
    from kb.finding import Skipped

__all__ = [
    "Cell",
    "Disclosure",
    "Document",
    "Match",
    "Mention",
    "Number",
    "Part",
    "Polarity",
    "Strength",
    "Subject",
    "Unit",
    "UnitKind",
    "Why",
    "Word",
]


class UnitKind(StrEnum):
    """What a unit of copy is on its page."""

    SENTENCE = "sentence"
    LIST_ITEM = "list-item"
    HEADING = "heading"
    TABLE_ROW = "table-row"
    QUESTION = "question"
    TESTIMONIAL = "testimonial"
    CALL_TO_ACTION = "call-to-action"
    ALT_TEXT = "alt-text"
    CAPTION = "caption"
    FOOTNOTE = "footnote"
    META = "meta-description"


class Part(StrEnum):
    """Where on the page a unit stands; a disclosure outside the body is not near anything in it."""

    BODY = "body"
    ASIDE = "aside"
    FOOTER = "footer"
    FOLDED = "folded"
    """Behind something to open: `<details>`, an accordion."""
    META = "meta"
    """Not on the page as a reader sees it: description, alt text."""


class Subject(StrEnum):
    """Which treatment, or what else, a unit speaks of."""

    KETAMINE = "ketamine"
    ESKETAMINE = "esketamine"
    VETERINARY = "ketamine-veterinary"
    ANAESTHESIA = "ketamine-anesthesia"
    RECREATIONAL = "ketamine-recreational"
    OTHER_TREATMENT = "other-treatment"
    CONDITION = "condition"
    NONE = "none"

    @property
    def ours(self) -> bool:
        """Whether claims about it are claims of the knowledge base: ketamine as a treatment, or esketamine."""
        return self is Subject.KETAMINE or self is Subject.ESKETAMINE


class Polarity(StrEnum):
    """How the copy words a claim. Whether it denies what the entry says is `Mention.denied`."""

    ASSERTED = "asserted"
    NEGATED = "negated"
    """A negator stands over it, even where the claim itself is a negative one ("not approved for depression")."""
    ASKED = "asked"
    ATTRIBUTED = "attributed"
    """Put into somebody's mouth without being adopted: myths, "some say …, but"."""


class Match(StrEnum):
    """How sure recognition is."""

    CERTAIN = "certain"
    """By a rule that can be shown."""
    POSSIBLE = "possible"
    """By likeness; a person should look."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table row with the head of its column (`""` where there is none)."""

    start: int
    end: int
    head: str


@dataclass(frozen=True, slots=True)
class Unit:
    """The least piece of copy that can make a claim. Bullets and markup at its edges lie outside the span."""

    index: int
    start: int
    end: int
    kind: UnitKind
    part: Part = Part.BODY
    section: int = 0
    """Number of the section (a heading opens one; what stands before the first heading is section 0)."""
    block: int = 0
    """Number of the paragraph, list or table; units of one block are read together."""
    headings: tuple[int, ...] = ()
    """Indexes of the heading units above it, outermost first."""
    lead: int | None = None
    """Index of the unit that introduces it: a list's lead-in, or the question that it answers."""
    cells: tuple[Cell, ...] = ()
    """The cells of a table row."""
    link: bool = False
    """Whether it is nothing but a link."""


@dataclass(frozen=True)
class Document:
    """Copy as it was handed in, and how it is read."""

    path: str
    text: str
    """The decoded input, markup and all; for DOCX and PDF the text that was extracted."""
    plain: str
    """As long as `text`, with markup blanked out; what is recognised is looked for here."""
    units: tuple[Unit, ...]
    sha256: str
    """Of the input's bytes."""
    media: str = "text/plain"
    encoding: str = "utf-8"
    offsets: str = "the decoded input"
    """What offsets count in, in words; for DOCX and PDF it says that they count in the extracted text."""
    places: tuple[tuple[int, str], ...] = ()
    """(offset, such as "page 3" or "paragraph 12") where the input has places of its own, in order."""
    skipped: tuple[Skipped, ...] = ()
    """Images, video, linked pages, scripts: what was not checked."""
    left_out: dict[str, int] = field(default_factory=dict)
    """How many elements were left out, by kind: `{"script": 3, "navigation": 1}`."""

    def excerpt(self, start: int, end: int) -> str:
        """Return the characters as they stand in the input."""
        return self.text[start:end]


@dataclass(frozen=True, slots=True)
class Word:
    """Words of the copy and the concept that they express."""

    concept: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Why:
    """Why something was recognised: rule, words, and what was understood without being said."""

    rule: int | None = None
    """Index into the entry's `recognise`; `None` for a match by likeness."""
    words: tuple[Word, ...] = ()
    notes: tuple[str, ...] = ()
    """In sentences: "treatment understood from the heading", "negated by “not”", "hedged by its lead-in: “may”"."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the copy with its unit and the bound put on it."""

    value: float
    unit: str
    """`%`, `mg/kg`, `h`, `day`, `week`, `month`, `year`, `session`, `min`, `usd`, or `""`."""
    bound: str
    """`exact`, `about`, `up-to`, `at-least`, `as-little-as` or `range` (then `value` is the larger end)."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A claim in audited copy."""

    unit: int
    claim: str | None
    """`None` where the copy speaks on a theme of the knowledge base but makes none of its claims."""
    themes: tuple[str, ...]
    start: int
    end: int
    match: Match = Match.CERTAIN
    polarity: Polarity = Polarity.ASSERTED
    strength: Strength = Strength.PLAIN
    subject: Subject = Subject.KETAMINE
    numbers: tuple[Number, ...] = ()
    why: Why = Why()
    denied: bool = False
    """Whether the copy says the opposite of the claim: "it does not help depression" of a claim that it helps."""

    @property
    def made(self) -> bool:
        """Whether the copy itself says so, hedged or not, in words of a denial or not: "it is not addictive"."""
        return self.polarity in {Polarity.ASSERTED, Polarity.NEGATED} and not self.denied


@dataclass(frozen=True, slots=True)
class Denial:
    """Copy that says the opposite of a caveat."""

    unit: int
    caveat: str
    start: int
    end: int
    why: Why = Why()


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A caveat in audited copy. A caveat sold as a benefit, denied or made small is none."""

    unit: int
    caveat: str | None
    """`None` where a disclosure key is served in words that are no caveat of the knowledge base."""
    key: str | None
    themes: tuple[str, ...]
    start: int
    end: int
    why: Why = Why()
    verbatim: bool = False
    """Whether it is a suggested disclosure of the knowledge base, word for word; no rule is held against that."""
