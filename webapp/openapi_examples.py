"""Examples for the OpenAPI document: answers over a made-up knowledge base. A test holds them against the shapes.

Longer than a module of code should be, since it is data: one whole answer for each operation, and no logic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]

_MATCHES: Json = {
    "ok": True,
    "total": 1,
    "matches": [
        {
            "id": "lifts-mood",
            "score": 1.0,
            "claim": "Testamine lifts mood within a day.",
            "certain": True,
            "denied": False,
            "reasons": ["“testamine” means testamine", "“lifts mood” means relief"],
            "url": "/api/v1/claims/lifts-mood",
        }
    ],
}

ANSWERS: Mapping[str, Json] = {
    "search": {
        "ok": True,
        "total": 1,
        "query": "sleep",
        "hits": [
            {
                "id": "better-sleep",
                "score": 2.631816,
                "claim": "Testamine improves sleep.",
                "type": "efficacy",
                "themes": ["sleep"],
                "status": "in-review",
                "verdict": "unproven",
                "certainty": "very-low",
                "caveats": [{"id": "fades-soon", "near": "section", "short": "Fades within days"}],
                "sources": [],
                "highlights": {"claim": [{"text": "Testamine improves sleep.", "spans": [[19, 24]]}]},
                "related": [],
            }
        ],
        "facets": {
            "theme": {"sleep": 1},
            "type": {"efficacy": 1},
            "verdict": {"unproven": 1},
            "certainty": {"very-low": 1},
            "source": {},
            "status": {"in-review": 1},
            "caveat": {"fades-soon": 1},
        },
        "suggestion": None,
        "mended": False,
        "reading": "entries with sleep",
        "widened": [],
        "unwidened": [],
        "matches": [],
        "caveats": [],
        "nearest": [],
        "sort": "relevance",
        "page": 1,
        "pages": 1,
        "per_page": 1,
        "links": {"next": None, "prev": None},
        "exports": {"csv": "/search.csv?q=sleep", "json": "/search.json?q=sleep", "jsonl": "/search.jsonl?q=sleep"},
    },
    "complete": {
        "ok": True,
        "query": "mood",
        "completions": [
            {"text": "mood", "kind": "word", "id": None, "url": None},
            {"text": "mood", "kind": "theme", "id": "mood", "url": "/api/v1/search?theme=mood"},
            {
                "text": "Testamine lifts mood within a day.",
                "kind": "claim",
                "id": "lifts-mood",
                "url": "/api/v1/claims/lifts-mood",
            },
        ],
    },
    "match": _MATCHES,
    "claims": {
        "ok": True,
        "total": 7,
        "page": 2,
        "pages": 7,
        "per_page": 1,
        "links": {"next": "/api/v1/claims?per_page=1&page=3", "prev": "/api/v1/claims?per_page=1&page=1"},
        "claims": [
            {
                "id": "bare-draft",
                "claim": "Testamine is given in a quiet room.",
                "type": "efficacy",
                "themes": ["mood"],
                "status": "draft",
                "verdict": "supported",
                "certainty": "low",
                "judgement": "This may be so; the evidence is limited.",
                "caveats": [],
                "sources": [],
                "url": "/api/v1/claims/bare-draft",
            }
        ],
    },
    "claim": {
        "ok": True,
        "claim": {
            "id": "lifts-mood",
            "claim": "Testamine lifts mood within a day.",
            "type": "onset",
            "themes": ["mood", "sleep"],
            "status": "in-review",
            "verdict": "supported",
            "certainty": {"level": "low", "reasons": ["imprecision"]},
            "rationale": "One small trial points this way.",
            "scope": {"drug": "testamine", "route": "oral", "population": "adults", "horizon": "24 h"},
            "evidence": [
                {
                    "reference": "doe2020",
                    "direction": "supports",
                    "directness": "direct",
                    "design": "rct",
                    "finding": "12 people felt better than with placebo.",
                    "recheck": None,
                    "citation": "Doe J. Testamine for low mood. Journal of Tests. 2020;7(2):11-19",
                    "read": "primary",
                    "links": ["https://pubmed.ncbi.nlm.nih.gov/12345/"],
                    "url": "/api/v1/references/doe2020",
                }
            ],
            "caveats": [
                {
                    "caveat": "fades-soon",
                    "near": "section",
                    "text": "The effect fades within days.",
                    "suggested_disclosure": "For most people the effect fades within days.",
                    "url": "/api/v1/caveats/fades-soon",
                }
            ],
            "no_caveat": None,
            "occurrences": [
                {
                    "source": "quiet-harbour",
                    "selector": {"start": 51, "end": 77},
                    "digest": "73956c39ec63d88c",
                    "section": "Feel better",
                    "strength": "plain",
                    "words": None,
                    "orphan": False,
                }
            ],
            "recognise": [{"all": ["testamine", "mood"], "any": ["lifts"], "unless": ["placebo"], "within": None}],
            "examples": {
                "match": ["Testamine lifts your mood by tomorrow."],
                "no_match": ["Testamine was made in 1950."],
            },
            "asked": ["does testamine work right away", "how soon will I feel better"],
            "related": [
                {
                    "claim": "cures-low-mood",
                    "type": "contradicts",
                    "note": "One says days, the other for good.",
                    "text": "Testamine cures low mood and keeps it away.",
                    "verdict": "refuted",
                    "url": "/api/v1/claims/cures-low-mood",
                }
            ],
            "aliases": ["raises-mood"],
            "dispute": None,
            "withdrawal": None,
            "review": {
                "author": "A. Editor",
                "changed_by": None,
                "approved_by": None,
                "approved_on": None,
                "first_approved": None,
                "due": "2030-01-01",
                "note": None,
            },
            "in_words": {
                "verdict": "Supported",
                "certainty": "Low certainty",
                "judgement": "This may be so; the evidence is limited.",
                "status": "Not yet reviewed by a clinician",
            },
            "exports": {
                "claimreview": "/claims/lifts-mood.jsonld",
                "bibtex": "/claims/lifts-mood.bib",
                "csl": "/claims/lifts-mood.csl.json",
            },
            "html_url": "/claims/lifts-mood",
        },
    },
    "caveats": {
        "ok": True,
        "total": 3,
        "page": 1,
        "pages": 3,
        "per_page": 1,
        "links": {"next": "/api/v1/caveats?per_page=1&page=2", "prev": None},
        "caveats": [
            {
                "id": "ask-a-doctor",
                "caveat": "Ask a doctor first.",
                "short": "Ask first",
                "suggested_disclosure": "For most people the effect fades within days.",
                "key": None,
                "themes": ["mood"],
                "status": "withdrawn",
                "claims": 0,
                "url": "/api/v1/caveats/ask-a-doctor",
            }
        ],
    },
    "caveat": {
        "ok": True,
        "caveat": {
            "id": "makes-sick",
            "caveat": "Some people feel sick afterwards.",
            "short": "Can make people sick",
            "suggested_disclosure": "You may feel sick for a few hours.",
            "key": "side-effects",
            "themes": ["nausea"],
            "not_of": [],
            "status": "in-review",
            "restates_article": True,
            "evidence": [],
            "occurrences": [
                {
                    "source": "quiet-harbour",
                    "selector": {"start": 110, "end": 144},
                    "digest": "134871d7ed589045",
                    "section": "Is it safe?",
                    "strength": "plain",
                    "words": None,
                    "orphan": False,
                }
            ],
            "recognise": [],
            "examples": {"match": [], "no_match": []},
            "denied": [],
            "denial_examples": {"match": [], "no_match": []},
            "aliases": [],
            "dispute": None,
            "withdrawal": None,
            "review": {
                "author": "A. Editor",
                "changed_by": None,
                "approved_by": None,
                "approved_on": None,
                "first_approved": None,
                "due": "2030-01-01",
                "note": None,
            },
            "in_words": {"key": "Side effects", "status": "Not yet reviewed by a clinician"},
            "claims": [
                {
                    "id": "lifts-mood",
                    "claim": "Testamine lifts mood within a day.",
                    "near": "sentence",
                    "url": "/api/v1/claims/lifts-mood",
                }
            ],
            "html_url": "/caveats/makes-sick",
        },
    },
    "sources": {
        "ok": True,
        "total": 2,
        "page": 2,
        "pages": 2,
        "per_page": 1,
        "links": {"next": None, "prev": "/api/v1/sources?per_page=1&page=1"},
        "sources": [
            {
                "id": "quiet-harbour",
                "title": "Feel better: testamine at Quiet Harbour",
                "publisher": "Quiet Harbour Clinic",
                "locality": "Port Example",
                "date": "2023-06-07",
                "address": "https://harbour.example/testamine?a=1&b=2",
                "claims": 2,
                "caveats": 1,
                "url": "/api/v1/sources/quiet-harbour",
            }
        ],
    },
    "source": {
        "ok": True,
        "source": {
            "id": "quiet-harbour",
            "title": "Feel better: testamine at Quiet Harbour",
            "publisher": "Quiet Harbour Clinic",
            "locality": "Port Example",
            "date": "2023-06-07",
            "address": "https://harbour.example/testamine?a=1&b=2",
            "note": None,
            "text": {"sha256": "b5490e27da897bbd91db7f3f5c87603f476b366f2047eddcd168055b1d239df2", "chars": 160},
            "attached": True,
            "orphans": [],
            "disclosures": [
                {
                    "key": "transient-effect",
                    "in_words": "The effect fades",
                    "disclosed": False,
                    "caveats": [],
                    "called_for_by": ["cures-low-mood", "lifts-mood"],
                }
            ],
            "sections": [
                {
                    "heading": "Is it safe?",
                    "places": [
                        {
                            "kind": "caveat",
                            "id": "makes-sick",
                            "label": "Can make people sick",
                            "selector": {"start": 110, "end": 144},
                            "strength": "plain",
                            "words": None,
                        },
                        {
                            "kind": "disposition",
                            "id": "quiet-harbour",
                            "label": "call-to-action: asks for a call",
                            "selector": {"start": 145, "end": 159},
                            "strength": None,
                            "words": None,
                        },
                    ],
                }
            ],
            "html_url": "/sources/quiet-harbour",
        },
    },
    "references": {
        "ok": True,
        "total": 3,
        "page": 1,
        "pages": 3,
        "per_page": 1,
        "links": {"next": "/api/v1/references?per_page=1&page=2", "prev": None},
        "references": [
            {
                "key": "doe2020",
                "citation": "Doe J. [to confirm] Testamine for low mood. Journal of Tests. "
                "2020;7(2):11-19 [to confirm]",
                "design": "rct",
                "issued": 2020,
                "read": "primary",
                "to_confirm": ["page", "authors"],
                "url": "/api/v1/references/doe2020",
            }
        ],
    },
    "reference": {
        "ok": True,
        "reference": {
            "key": "doe2020",
            "type": "article-journal",
            "design": "rct",
            "title": "Testamine for low mood",
            "author": [{"family": "Doe", "given": "J", "literal": None}],
            "et_al": False,
            "issued": 2020,
            "container-title": "Journal of Tests",
            "volume": "7",
            "issue": "2",
            "page": "11-19",
            "number": None,
            "DOI": None,
            "PMID": "12345",
            "URL": None,
            "finding": "12 people felt better than with placebo.",
            "limits": "small",
            "note": None,
            "read": "primary",
            "to_confirm": [],
            "citation": "Doe J. Testamine for low mood. Journal of Tests. 2020;7(2):11-19",
            "links": [{"label": "PubMed 12345", "url": "https://pubmed.ncbi.nlm.nih.gov/12345/", "confirmed": True}],
            "cited_by": {"claims": ["lifts-mood"], "caveats": []},
            "html_url": "/references/doe2020",
        },
    },
    "themes": {
        "ok": True,
        "groups": [
            {
                "group": "efficacy",
                "themes": [
                    {
                        "theme": "mood",
                        "description": "lifts mood",
                        "claims": ["a-new-life", "bare-draft", "cures-low-mood", "lifts-mood", "old-story"],
                    },
                    {"theme": "sleep", "description": "improves sleep", "claims": ["better-sleep", "lifts-mood"]},
                ],
            }
        ],
    },
    "status": {
        "ok": True,
        "name": "Test base",
        "description": "For tests.",
        "licence": "CC0-1.0",
        "notice": "No entry here has been reviewed by a clinician yet.",
        "tool": {"name": "caveat-kb", "version": "0.1.0"},
        "digest": "0000000000000000000000000000000000000000000000000000000000000000",
        "counts": {"claims": 7, "caveats": 3, "sources": 2, "references": 3, "themes": 4},
        "by_status": {"draft": 1, "in-review": 6, "published": 0, "disputed": 1, "withdrawn": 2},
        "problems": 0,
        "index": {
            "behind": False,
            "engine": "whoosh",
            "digest": "0000000000000000000000000000000000000000000000000000000000000000",
            "documents": 7,
            "built_at": "2026-01-02T03:04:05+00:00",
        },
    },
    "match_posted": _MATCHES,
    "picks": {"ok": True, "options": [{"id": "mood", "text": "lifts mood"}]},
    "like_this": {
        "ok": True,
        "claims": [
            {
                "id": "lifts-mood",
                "claim": "Testamine lifts mood within a day.",
                "share": 0.75,
                "page": "/claims/lifts-mood",
            }
        ],
    },
    "try_rule": {
        "ok": True,
        "fires": False,
        "rules": [
            {
                "number": 0,
                "fires": False,
                "words": [{"concept": "testamine", "text": "Testamine"}],
                "missing": ["low-mood"],
                "none_of": [],
                "stopped_by": [{"concept": "negation", "text": "not"}],
                "too_far": None,
            }
        ],
        "others": [],
    },
    "audit": {
        "ok": True,
        "schema": "kb-audit/1",
        "kb": {
            "name": "Test base",
            "digest": "0000000000000000000000000000000000000000000000000000000000000000",
            "claims": 7,
            "themes": ["mood", "nausea", "sleep"],
        },
        "profile": "us-ftc",
        "tool": {"name": "kb", "version": "0.1.0"},
        "documents": [
            {
                "path": "page.md",
                "sha256": "eab5b7fef5cd5eb27f626f00686f2630eaa377a89b6dcd338ce262bb94ea30c1",
                "chars": 35,
                "media": "text/markdown",
                "encoding": "utf-8",
                "offsets": "the decoded input",
                "places": [],
                "units": [{"start": 0, "end": 34, "kind": "sentence", "part": "body", "subject": "ketamine"}],
                "mentions": [
                    {
                        "claim": "lifts-mood",
                        "themes": ["mood", "sleep"],
                        "start": 0,
                        "end": 34,
                        "text": "Testamine lifts mood within a day.",
                        "match": "possible",
                        "polarity": "asserted",
                        "strength": "plain",
                        "subject": "ketamine",
                        "why": {
                            "rule": None,
                            "words": [],
                            "notes": [
                                "its words and concepts are alike to “Testamine lifts mood within a day.” by 0.80 of 1"
                            ],
                        },
                    }
                ],
                "disclosures": [],
                "findings": [
                    {
                        "rule": "uncertain-match",
                        "level": "note",
                        "kind": "review",
                        "start": 0,
                        "end": 34,
                        "line": 1,
                        "column": 1,
                        "end_line": 1,
                        "end_column": 35,
                        "text": "Testamine lifts mood within a day.",
                        "message": "this may claim “Testamine lifts mood within a day”; somebody should look; it would "
                        "owe: Fades within days, Can make people sick",
                        "claim": "lifts-mood",
                        "caveat": None,
                        "suggestion": "",
                        "references": [],
                        "fingerprint": "e1179679b1173b97",
                        "suppressed": None,
                    }
                ],
                "balance": {
                    "benefit": 0,
                    "risk": 0,
                    "rating": "poor",
                    "disclosed": [],
                    "missing": [
                        "transient-effect",
                        "side-effects",
                        "bp-monitoring",
                        "bladder-long-term",
                        "abuse-dependence",
                        "off-label-not-approved",
                        "not-for-everyone/contraindications",
                        "evidence-limited",
                        "medical-supervision",
                        "maintenance-needed",
                    ],
                    "places": {"benefit": {}, "risk": {}},
                },
                "skipped": [],
                "left_out": {},
            }
        ],
        "summary": {"error": 0, "warning": 0, "note": 1, "suppressed": 0, "documents": 1, "skipped": 0},
        "skipped": [],
        "entries": {
            "claims": {
                "lifts-mood": {
                    "claim": "Testamine lifts mood within a day.",
                    "verdict": "supported",
                    "certainty": "low",
                    "caveats": ["not-on-file", "fades-soon", "makes-sick"],
                }
            },
            "caveats": {
                "fades-soon": {
                    "caveat": "The effect fades within days.",
                    "short": "Fades within days",
                    "disclosure": "For most people the effect fades within days.",
                    "key": "transient-effect",
                },
                "makes-sick": {
                    "caveat": "Some people feel sick afterwards.",
                    "short": "Can make people sick",
                    "disclosure": "You may feel sick for a few hours.",
                    "key": "side-effects",
                },
            },
        },
        "references": {},
    },
}
"""Operation → what it may answer."""

BODIES: Mapping[str, Json] = {
    "try_rule": {
        "text": "Testamine does not lift mood.",
        "rules": [{"all": ["testamine", "low-mood"], "unless": ["negation"]}],
    },
    "audit": {
        "documents": [{"name": "page.md", "text": "# Testamine\n\nTestamine lifts mood within a day.\n"}],
        "profile": "us-ftc",
        "min_level": "warning",
    },
}
"""Operation → a body that it may be asked with."""

MOVED: Json = {"ok": True, "moved_to": "/api/v1/claims/lifts-mood"}

FAILURES: Mapping[int, Json] = {
    400: {
        "ok": False,
        "error": "the address has parameters that cannot be used",
        "errors": [{"field": "verdict", "message": "unknown value 'suported'; did you mean 'supported'?"}],
        "status": 400,
    },
    401: {"ok": False, "error": "this takes an account; please sign in", "errors": [], "status": 401},
    403: {"ok": False, "error": "Forbidden", "errors": [], "status": 403},
    404: {"ok": False, "error": "no claim has the id 'lifts-mod'", "errors": [], "status": 404},
    405: {"ok": False, "error": "Method Not Allowed", "errors": [], "status": 405},
    409: {"ok": False, "error": "the id is taken", "errors": [], "status": 409},
    413: {
        "ok": False,
        "error": "the body of the request is larger than any text that is read",
        "errors": [],
        "status": 413,
    },
    415: {
        "ok": False,
        "error": "the body of the request must be JSON, and its Content-Type application/json",
        "errors": [],
        "status": 415,
    },
    422: {
        "ok": False,
        "error": "this cannot be done",
        "errors": [
            {"field": "only", "message": "there is no rule, claim or caveat 'overstatd'; did you mean overstated?"}
        ],
        "status": 422,
    },
    429: {
        "ok": False,
        "error": "at most 30 audits a minute for one address; please try again in 2 seconds",
        "errors": [],
        "status": 429,
    },
    500: {"ok": False, "error": "internal error", "errors": [], "status": 500},
    503: {"ok": False, "error": "the index cannot be read", "errors": [], "status": 503},
}
"""Status → what is answered with it."""
