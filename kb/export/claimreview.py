"""ClaimReview (schema.org) as JSON-LD, for programs that collect fact checks.

What the rating's number means, and which claims have none, is decided in
`docs/decisions/0004-claimreview-ratings.md`. Nothing is invented: an article without a known address, date or publisher
has none here either.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from kb import words
from kb.model import CertaintyLevel, Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kb.export.addresses import Addresses
    from kb.model import Claim, KnowledgeBase, Source

CONTEXT = "https://schema.org"
WORST, BEST = 1, 5

_UNKNOWN = 3
_FIRM: Mapping[Verdict, int] = {Verdict.SUPPORTED: 5, Verdict.REFUTED: 1}
_WEAK: Mapping[Verdict, int] = {Verdict.SUPPORTED: 4, Verdict.REFUTED: 2}

NOT_REVIEWED = "This entry has not been reviewed by a clinician yet."
DISPUTED = "This entry is disputed and is being looked at again."

Json = dict[str, Any]


def has_review(claim: Claim) -> bool:
    """Whether a claim is judged, and its entry is neither a draft nor withdrawn."""
    return claim.verdict is not Verdict.NOT_CHECKABLE and claim.status not in {Status.DRAFT, Status.WITHDRAWN}


def claim_reviews(
    kb: KnowledgeBase, claims: Iterable[Claim], addresses: Addresses, changed: Mapping[str, dt.datetime | None]
) -> Iterator[str]:
    """Yield a JSON array in pieces, one ClaimReview a line; claims without a review are left out."""
    number = 0
    for claim in claims:
        if has_review(claim):
            review = claim_review(kb, claim, addresses, changed.get(claim.id))
            yield (",\n " if number else "[\n ") + json.dumps(review, ensure_ascii=False)
            number += 1
    yield "\n]\n" if number else "[]\n"


def claim_review(kb: KnowledgeBase, claim: Claim, addresses: Addresses, changed: dt.datetime | None) -> Json:
    """Return the ClaimReview of a claim that `has_review`.

    `changed` is when its entry was last changed, where that is known. That is the date of the review until a clinician
    has approved the entry.
    """
    published = claim.review.approved_on if is_reviewed(claim) else changed and changed.astimezone(dt.UTC).date()
    return _present(
        {
            "@context": CONTEXT,
            "@type": "ClaimReview",
            "url": addresses.claim(claim.id),
            "datePublished": published.isoformat() if published else None,
            "author": _present({"@type": "Organization", "name": f"Caveat: {kb.about.name}", "url": addresses.home()}),
            "claimReviewed": claim.claim,
            "itemReviewed": _item(kb, claim),
            "reviewRating": {
                "@type": "Rating",
                "ratingValue": rating(claim),
                "bestRating": BEST,
                "worstRating": WORST,
                "alternateName": f"{words.VERDICTS[claim.verdict].label} ({words.certainty_wording(claim).label})",
                "ratingExplanation": _explanation(claim),
            },
        }
    )


def rating(claim: Claim) -> int:
    """Return how near to true a claim is held to be, from 1 to 5; verdict and certainty both count."""
    certain = claim.certainty is not None and claim.certainty.level in {CertaintyLevel.HIGH, CertaintyLevel.MODERATE}
    return (_FIRM if certain else _WEAK).get(claim.verdict, _UNKNOWN)


def is_reviewed(claim: Claim) -> bool:
    """Whether somebody has approved the entry as it stands."""
    return claim.status is Status.PUBLISHED and claim.review.approved_by is not None


def _explanation(claim: Claim) -> str:
    parts = [claim.rationale]
    if claim.status is Status.DISPUTED:
        parts.append(DISPUTED)
    if not is_reviewed(claim):
        parts.append(NOT_REVIEWED)
    return " ".join(parts)


def _item(kb: KnowledgeBase, claim: Claim) -> Json:
    """Return the claim as the articles make it.

    Who says it is said only where every article has a known publisher, and which came first where each has a date.
    """
    ids = sorted({place.source for place in claim.occurrences})
    sources = [kb.sources[source_id] for source_id in ids if source_id in kb.sources]
    dated = sorted((source.date, source.id) for source in sources if source.date)
    publishers = sorted({source.publisher for source in sources if source.publisher})
    attributed = len(sources) == len(ids) and all(source.publisher for source in sources)
    first = kb.sources[dated[0][1]] if dated and len(dated) == len(ids) else None
    return _present(
        {
            "@type": "Claim",
            "author": [_organization(name) for name in publishers] if attributed else None,
            "datePublished": first.date.isoformat() if first and first.date else None,
            "firstAppearance": _appearance(first) if first else None,
            "appearance": [_appearance(source) for source in sources],
        }
    )


def _appearance(source: Source) -> Json:
    address = source.address or ""
    return _present(
        {
            "@type": "CreativeWork",
            "url": address if address.startswith(("https://", "http://")) else None,
            "name": source.title,
            "datePublished": source.date.isoformat() if source.date else None,
            "publisher": _organization(source.publisher) if source.publisher else None,
        }
    )


def _organization(name: str) -> Json:
    return {"@type": "Organization", "name": name}


def _present(fields: Json) -> Json:
    """Return the fields without those that nothing is known for."""
    return {name: value for name, value in fields.items() if value is not None and value != []}
