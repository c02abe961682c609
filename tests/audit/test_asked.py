"""How people ask for a claim is for search alone: an audit is the same to the last byte without it."""

from __future__ import annotations

from kb.formats.audit import render
from kb.library.auditing import Copy, audit
from tests.factories import caveat, claim, knowledge_base

COPY = b"Testamine lifts mood. Will it mend my broken heart? It mends a broken heart in a day, and nobody feels sick."


def _base(*asked):
    lifts = claim("lifts-mood", claim="Testamine lifts mood.", recognise=[{"all": ["testamine", "lifts"]}], asked=asked)
    cools = claim("cools-head", claim="Testamine cools the head.", asked=asked[:1])
    concepts = {"testamine": {"terms": ["testamine"]}, "lifts": {"terms": ["lifts mood"]}}
    return knowledge_base(claims=[lifts, cools], caveats=[caveat("fades-soon")], concepts=concepts)


def _report(kb):
    return "".join(render("json", audit(kb, [Copy("copy.txt", content=COPY)])))


def test_an_audit_reads_no_way_of_asking():
    report = _report(_base("will it mend my broken heart", "it mends a broken heart in a day", "nobody feels sick"))
    assert "lifts-mood" in report
    assert report == _report(_base())
