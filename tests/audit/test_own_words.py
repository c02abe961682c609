"""What the knowledge base offers to paste must clear a caveat and never be held against the copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.library import Library
from kb.library.auditing import AuditOptions, Audits, Copy

KB = Library.open(Path(__file__).parents[2] / "claims").kb
AUDITS = Audits(KB, AuditOptions(ignore=frozenset({"fair-balance"})))


def audited(text):
    return AUDITS.of(Copy("copy.md", content=text.encode(), media="text/markdown"))


@pytest.mark.parametrize("caveat", KB.caveats.values(), ids=KB.caveats)
def test_a_pasted_disclosure_is_disclosed_and_clean(caveat):
    report = audited(f"# Ketamine treatment\n\n{caveat.suggested_disclosure}\n")
    assert caveat.id in {disclosure.caveat for disclosure in report.disclosures}
    assert report.findings == ()


def test_typography_does_not_count_and_other_words_do():
    words = KB.caveats["transient-benefit"].suggested_disclosure
    assert audited(f"# Ketamine\n\n*{words.upper()}*\n").disclosures[-1].verbatim
    assert not any(one.verbatim for one in audited(f"# Ketamine\n\nLuckily, {words}\n").disclosures)
