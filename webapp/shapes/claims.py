"""Claims as the JSON API shows them: in brief, and with everything on file."""

from kb.model import CertaintyLevel, ClaimType, Near, RelationType, Status, Verdict
from webapp.shapes.base import (
    Answer,
    Certainty,
    Dispute,
    EvidenceLine,
    Examples,
    Occurrence,
    OwedCaveat,
    Paged,
    Review,
    Rule,
    Scope,
    Shape,
    Withdrawal,
)


class ClaimSummary(Shape):
    """A claim in brief."""

    id: str
    """The claim's id."""
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
    judgement: str
    """Verdict and certainty as one sentence."""
    caveats: list[OwedCaveat]
    sources: list[str]
    """Articles that make the claim."""
    url: str
    """The whole entry."""


class ClaimPage(Paged):
    """One page of all claims."""

    claims: list[ClaimSummary]


class ResolvedCaveat(Shape):
    """A caveat that a claim owes, in full."""

    caveat: str
    """The id of a caveat that the claim owes, nearest first."""
    near: Near
    """How near to the claim it must stand."""
    text: str | None
    """The caveat; `null` where it is not on file."""
    suggested_disclosure: str | None
    """A sentence to paste."""
    url: str | None
    """The whole caveat."""


class NoCaveat(Shape):
    """Why a claim owes no caveat."""

    reason: str
    """Why the claim owes no caveat. `claim.no_caveat` is `null` where it owes some."""


class RelatedClaim(Shape):
    """Another claim, and how it stands to this one."""

    claim: str
    """The id of another claim."""
    type: RelationType
    """Whether that one is the broader, narrower, similar, contradicting or a related one."""
    note: str | None
    """What the tension or likeness is."""
    text: str | None
    """The other claim; `null` where it is not on file."""
    verdict: Verdict | None
    """Its verdict."""
    url: str | None
    """The whole of it."""


class ClaimInWords(Shape):
    """A claim's values as pages put them."""

    verdict: str
    """The verdict as pages put it."""
    certainty: str
    """The certainty as pages put it."""
    judgement: str
    """Both as one sentence."""
    status: str
    """The status as pages put it."""


class ClaimExports(Shape):
    """A claim in the formats of other programs."""

    claimreview: str | None
    """Its ClaimReview (JSON-LD); `null` where it has none."""
    bibtex: str
    """The references of its evidence, for citation managers."""
    csl: str
    """The same as CSL-JSON."""


class ClaimEntry(Shape):
    """A claim with everything on file."""

    id: str
    """The claim's id."""
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
    certainty: Certainty | None
    """`null` where not graded."""
    rationale: str
    """Why this verdict and this certainty."""
    scope: Scope | None
    """`null` where nothing is said about it."""
    evidence: list[EvidenceLine]
    caveats: list[ResolvedCaveat]
    no_caveat: NoCaveat | None
    """`null` where the claim owes caveats."""
    occurrences: list[Occurrence]
    recognise: list[Rule]
    examples: Examples
    asked: list[str]
    """How people ask who look for this claim; only search reads it."""
    related: list[RelatedClaim]
    aliases: list[str]
    """Former ids."""
    dispute: Dispute | None
    """`null` where nobody has objected."""
    withdrawal: Withdrawal | None
    """`null` unless the entry is withdrawn."""
    review: Review
    in_words: ClaimInWords
    exports: ClaimExports
    html_url: str
    """Its page."""


class ClaimAnswer(Answer):
    """One claim."""

    claim: ClaimEntry
