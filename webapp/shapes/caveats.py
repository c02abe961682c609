"""Caveats as the JSON API shows them: in brief, and with everything on file."""

from kb.model import DisclosureKey, Near, Status
from webapp.shapes.base import (
    Answer,
    Dispute,
    EvidenceLine,
    Examples,
    Occurrence,
    Paged,
    Review,
    Rule,
    Shape,
    Withdrawal,
)


class CaveatSummary(Shape):
    """A caveat in brief."""

    id: str
    """The caveat's id."""
    caveat: str
    """The caveat."""
    short: str
    """The same in two to six words."""
    suggested_disclosure: str
    """A sentence to paste."""
    key: DisclosureKey | None
    """Which of the ten disclosures it serves, or `null`."""
    themes: list[str]
    """Themes that it carries."""
    status: Status
    """Where the entry stands in its life."""
    claims: int
    """How many claims owe it."""
    url: str
    """The whole entry."""


class CaveatPage(Paged):
    """One page of all caveats."""

    caveats: list[CaveatSummary]


class CaveatInWords(Shape):
    """A caveat's values as pages put them."""

    key: str | None
    """The disclosure as pages put it."""
    status: str
    """The status as pages put it."""


class OwingClaim(Shape):
    """A claim that owes the caveat."""

    id: str
    """A claim that owes it."""
    claim: str
    """That claim."""
    near: Near
    """How near the caveat must stand to it."""
    url: str
    """The whole of it."""


class CaveatEntry(Shape):
    """A caveat with everything on file."""

    id: str
    """The caveat's id."""
    caveat: str
    """The caveat."""
    short: str
    """The same in two to six words."""
    suggested_disclosure: str
    """A sentence to paste."""
    key: DisclosureKey | None
    """Which of the ten disclosures it serves, or `null`."""
    themes: list[str]
    """Themes that it carries."""
    not_of: list[str]
    """Subjects of copy of which it is not true, as the audit names them."""
    status: Status
    """Where the entry stands in its life."""
    restates_article: bool
    """Whether it rests on what an article concedes rather than on evidence."""
    evidence: list[EvidenceLine]
    occurrences: list[Occurrence]
    recognise: list[Rule]
    examples: Examples
    denied: list[Rule]
    """When a unit about the treatment says the opposite."""
    denial_examples: Examples
    """The tests of `denied`."""
    aliases: list[str]
    """Former ids."""
    dispute: Dispute | None
    """`null` where nobody has objected."""
    withdrawal: Withdrawal | None
    """`null` unless the entry is withdrawn."""
    review: Review
    in_words: CaveatInWords
    claims: list[OwingClaim]
    html_url: str
    """Its page."""


class CaveatAnswer(Answer):
    """One caveat."""

    caveat: CaveatEntry
