"""Answers about searching: results, completions, and the claims that a pasted text makes."""

from typing import Literal

from pydantic import Field

from kb.model import CertaintyLevel, ClaimType, Status, Verdict
from webapp.shapes.base import Answer, OwedCaveat, Paged, Shape


class Highlight(Shape):
    """A piece of a claim's text with the stretches that matched."""

    text: str
    """A piece of the text that matched."""
    spans: list[tuple[int, int]]
    """Start and end of each match in that piece."""


class Hit(Shape):
    """A claim that was found."""

    id: str
    """The claim's id."""
    score: float
    """Comparable only within this answer; 0 where nothing was ranked."""
    claim: str
    """The claim, in our own words."""
    type: ClaimType
    """What kind of thing is asserted."""
    themes: list[str]
    """Themes that it carries."""
    status: Status
    """Where the entry stands in its life."""
    verdict: Verdict
    """What the evidence says of the claim as worded."""
    certainty: CertaintyLevel | None
    """GRADE level; `null` where not graded."""
    caveats: list[OwedCaveat]
    """The caveats that the claim owes."""
    sources: list[str]
    """Articles that make the claim."""
    highlights: dict[str, list[Highlight]]
    """Field (`claim`, `caveats`, `evidence`, `concepts`, `asked`) → its matching pieces."""
    related: list[str]
    """Where a claim has none of the words: the claims found that it is related to."""


class Facets(Shape):
    """For each filter, how many results each of its values would leave under all other filters."""

    theme: dict[str, int]
    """Theme → results."""
    type: dict[str, int]
    """Kind of claim → results."""
    verdict: dict[str, int]
    """Verdict → results."""
    certainty: dict[str, int]
    """GRADE level → results."""
    source: dict[str, int]
    """Article → results."""
    status: dict[str, int]
    """Status → results."""
    caveat: dict[str, int]
    """Caveat → results."""


class Widened(Shape):
    """A concept of the vocabulary whose other words count for a typed word."""

    text: str
    """The word or phrase that was typed."""
    concept: str
    """The concept that widens it; as `nowiden` it no longer does."""
    label: str
    """The concept in words."""


class Match(Shape):
    """A claim that a text makes, or may make."""

    id: str
    """The claim's id."""
    score: float = Field(ge=0, le=1)
    """From 0 to 1, the larger the better."""
    claim: str
    """The claim, in our own words."""
    certain: bool
    """Whether a rule of the claim recognises the text, not merely likeness."""
    denied: bool
    """Whether the text says that the claim is not so; it is not certain then."""
    reasons: list[str]
    """What in the text says so."""


class AnsweringCaveat(Shape):
    """A caveat that answers what was asked for."""

    id: str
    """The caveat's id."""
    short: str
    """The caveat in a few words."""
    caveat: str
    """The caveat."""
    status: Status
    """Where the entry stands in its life."""


class ResultExports(Shape):
    """The whole result set in its order, in the formats of other programs."""

    csv: str
    """One row a claim."""
    json_object: str = Field(alias="json")
    """One JSON object."""
    jsonl: str
    """One claim a line."""


class SearchPage(Paged):
    """The answer to a search."""

    query: str
    """What was typed, without control characters."""
    hits: list[Hit]
    """The claims that were found, in the order of `sort`."""
    facets: Facets
    suggestion: str | None
    """A better text to search for, or `null`."""
    mended: bool
    """Whether `suggestion` was looked for already, since words of what was typed stand nowhere."""
    reading: str
    """How the text was read, in one line."""
    widened: list[Widened]
    """The concepts that widened what was typed."""
    unwidened: list[str]
    """Concepts that were told not to widen (`nowiden`)."""
    matches: list[Match]
    """Where a sentence or paragraph was typed, the claims that it makes or may make, best first."""
    caveats: list[AnsweringCaveat]
    """The caveats that answer the words themselves, at most two, whatever the filters are."""
    nearest: list[Hit]
    """Where nothing was found, the claims that come nearest."""
    sort: Literal["relevance", "certainty", "sources", "changed", "id"]
    """The order of the hits."""
    exports: ResultExports


class Completion(Shape):
    """What somebody who is still typing may mean."""

    text: str
    """What to show; for a word, also what to search for."""
    kind: Literal["word", "theme", "claim"]
    """What it is."""
    id: str | None
    """The theme or the claim; `null` for a word."""
    url: str | None
    """The claim, or the search for the theme; `null` for a word."""


class Completions(Answer):
    """What somebody who is still typing may mean."""

    query: str
    """What was typed, without control characters."""
    completions: list[Completion]
    """Words first, then themes, then claims."""


class MatchedClaim(Match):
    """A claim that a pasted text makes, with where the whole of it is."""

    url: str
    """The whole claim."""


class Matches(Answer):
    """The claims that a pasted sentence or paragraph makes or may make, best first."""

    total: int = Field(ge=0)
    """How many there are."""
    matches: list[MatchedClaim]


class PastedText(Shape):
    """A sentence or paragraph whose claims are asked for."""

    text: str = Field(min_length=1, max_length=20_000)
    """The sentence or paragraph, as plain text."""
