"""A report names the entries that it speaks of, and no others."""

from __future__ import annotations

from kb.audit import AuditReport, Balance, Document, DocumentReport, Mention
from kb.finding import Finding, Level, Location
from kb.library.naming import named


def report(*mentions: Mention, finding: Finding) -> AuditReport:
    document = Document("page.md", "Swimming lifts the mood.", "Swimming lifts the mood.", (), "0" * 64)
    found = DocumentReport(document, (), mentions, (), (finding,), Balance())
    return AuditReport("Lake", "0" * 16, 3, (), "us-ftc", "0.1.0", (found,))


def test_claims_come_with_the_caveats_that_they_owe_and_references_with_their_citation(library):
    kb = library.kb
    claim = next(claim for claim in kb.claims.values() if claim.caveats)
    reference = next(iter(kb.references))
    finding = Finding("overstated", Level.ERROR, "too strong", Location("page.md"), references=(reference, "gone"))
    mention = Mention(0, claim.id, (), 0, 8)
    filled = named(kb, report(mention, Mention(0, None, ("mood",), 0, 8), finding=finding))
    assert set(filled.named_claims) == {claim.id}
    assert filled.named_claims[claim.id].claim == claim.claim
    assert set(filled.named_caveats) == {owed.caveat for owed in claim.caveats}
    assert all(
        caveat.disclosure == kb.caveats[name].suggested_disclosure for name, caveat in filled.named_caveats.items()
    )
    assert list(filled.references) == [reference]
    assert str(kb.references[reference].issued) in filled.references[reference]


def test_what_the_knowledge_base_does_not_have_is_left_out(library):
    finding = Finding("overstated", Level.ERROR, "too strong", Location("page.md"), claim="gone", caveat="gone")
    filled = named(library.kb, report(finding=finding))
    assert (filled.named_claims, filled.named_caveats, filled.references) == ({}, {}, {})
