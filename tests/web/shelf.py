"""A small knowledge base with one of everything that a page can show, and a library over it that needs no disk.

The drug, the clinics and the trials are made up. Some texts hold markup and quotes on purpose: pages must show them
as text.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb import sources
from kb.errors import EntryNotFound
from kb.library import IndexState
from kb.library.addresses import Address
from kb.library.drafting import entry_in
from kb.library.gaps import Gap, cleaned
from kb.search.answer import Corpus
from kb.search.memory import MemoryBackend
from kb.store import encode
from tests.factories import caveat, claim, evidence, knowledge_base, reference, source

if TYPE_CHECKING:
    from kb.library import Library
    from kb.library.entry import Entry
    from kb.model import KnowledgeBase
    from kb.search.base import Completion, Hit, Match, Page, Query
    from kb.sources import Outline

ARTICLE = (
    "Feel better with testamine\n"
    "Our guests tell us that testamine lifts their mood. Relief is certain!\n"
    "Is it safe?\n"
    "Some people feel sick for an hour. Call us today.\n"
)
"""The text of the one article of which a copy is attached."""

THEMES = {
    "efficacy": {"mood": "lifts mood", "sleep": "improves sleep"},
    "safety-and-care": {"nausea": "nausea & sickness", "unused": "a theme without claims"},
}


def attach_article(library: Library, folder: Path) -> None:
    """Attach the copy of the one article, which is written into a folder for that."""
    article = folder / "article.txt"
    article.write_text(ARTICLE, encoding="utf-8", newline="\n")
    library.attach(article)


def occurrence(words: str, section: str, strength: str = "plain", source_id: str = "quiet-harbour") -> dict[str, Any]:
    """Return an occurrence of these very words in the attached article."""
    start = ARTICLE.index(words)
    end = start + len(words)
    selector = {"start": start, "end": end}
    digest = sources.digest_of(ARTICLE, start, end)
    return {"source": source_id, "selector": selector, "digest": digest, "section": section, "strength": strength}


def elsewhere(start: int, end: int, strength: str = "hedged") -> dict[str, Any]:
    """Return an occurrence in the article of which no copy is attached."""
    return {
        "source": "north",
        "selector": {"start": start, "end": end},
        "digest": "0" * 16,
        "section": "Opening",
        "strength": strength,
    }


def base(**changes: Any) -> KnowledgeBase:
    """Return the knowledge base; any part may be replaced."""
    parts: dict[str, Any] = {
        "claims": sorted(_claims(), key=lambda entry: entry.id),
        "caveats": sorted(_caveats(), key=lambda entry: entry.id),
        "sources": sorted(_sources(), key=lambda entry: entry.id),
        "references": _references(),
        "themes": THEMES,
        "concepts": {"vomit": {"label": "vomiting", "terms": ["vomiting", "being sick", "nausea"]}},
    }
    return knowledge_base(**(parts | changes))


def _claims() -> list[Any]:
    return [
        claim(
            "lifts-mood",
            claim="Testamine lifts mood within a day.",
            type="onset",
            themes=["mood", "sleep"],
            evidence=[
                evidence("doe2020"),
                evidence("roe2021", direction="disputes", directness="indirect", design="preclinical"),
                evidence("lost1999", direction="neutral", design="opinion"),
            ],
            caveats=[
                {"caveat": "not-on-file", "near": "document"},
                {"caveat": "fades-soon", "near": "section"},
                {"caveat": "makes-sick", "near": "sentence"},
            ],
            scope={"drug": "testamine", "route": "oral", "population": "adults", "horizon": "24 h"},
            occurrences=[
                occurrence("testamine lifts their mood", "Feel better", "plain"),
                elsewhere(10, 20),
                elsewhere(10, 20) | {"source": "burnt-down"},
                occurrence("Our guests", "Feel better", "hedged") | {"digest": "f" * 16},
            ],
            related=[
                {"claim": "cures-low-mood", "type": "contradicts", "note": "One says days, the other for good."},
                {"claim": "gone-claim", "type": "similar"},
            ],
            aliases=["raises-mood"],
            asked=["how soon will I feel better", 'does it work "overnight" & <b>last</b>'],
        ),
        claim(
            "cures-low-mood",
            claim='Testamine <em>cures</em> "low mood" & keeps it away.',
            verdict="refuted",
            certainty={"level": "moderate", "reasons": ["risk-of-bias", "large-effect"]},
            occurrences=[occurrence("Relief is certain!", "Feel better", "emphatic")],
            status="disputed",
        ),
        claim(
            "better-sleep",
            claim="Testamine improves sleep.",
            themes=["sleep"],
            verdict="unproven",
            certainty={"level": "very-low", "reasons": []},
            evidence=[evidence("doe2020", direction="neutral")],
            related=[{"claim": "lifts-mood", "type": "broader", "note": "Mood is the wider matter."}],
        ),
        claim(
            "old-story",
            claim="Testamine was first made in 1950.",
            type="history",
            certainty={"level": "high"},
            caveats=[],
            no_caveat={"reason": "A date misleads nobody."},
            evidence=[evidence("agency_2022", design="history")],
        ),
        claim(
            "a-new-life",
            claim="A new life begins with testamine.",
            type="outlook",
            verdict="not-checkable",
            certainty=None,
            evidence=[],
            status="withdrawn",
        ),
        claim(
            "split-opinions",
            claim="Testamine is well tolerated.",
            type="safety",
            verdict="contested",
            themes=["nausea"],
        ),
        claim("bare-draft", claim="Testamine is given in a quiet room.", status="draft", caveats=[], evidence=[]),
    ]


def _caveats() -> list[Any]:
    return [
        caveat(aliases=["wears-off"]),
        caveat(
            "makes-sick",
            caveat="Some people feel sick afterwards.",
            short="Can make people sick",
            suggested_disclosure="You may feel sick for a few hours.",
            key="side-effects",
            themes=["nausea"],
            evidence=[],
            restates_article=True,
            occurrences=[occurrence("Some people feel sick for an hour.", "Is it safe?", "plain")],
        ),
        caveat("ask-a-doctor", caveat="Ask a doctor first.", short="Ask first", key=None, status="withdrawn"),
    ]


def _sources() -> list[Any]:
    def heading(words: str, label: str) -> dict[str, Any]:
        place = occurrence(words, label)
        return {"selector": place["selector"], "digest": place["digest"], "label": label}

    call = occurrence("Call us today.", "")
    return [
        source(
            "quiet-harbour",
            title="Feel better: testamine at Quiet Harbour",
            publisher="Quiet Harbour Clinic",
            locality="Port Example",
            date="2023-06-07",
            address="https://harbour.example/testamine?a=1&b=2",
            text={"sha256": hashlib.sha256(ARTICLE.encode()).hexdigest(), "chars": len(ARTICLE)},
            outline=[heading("Feel better with testamine", "Feel better"), heading("Is it safe?", "Is it safe?")],
            dispositions=[
                {
                    "selector": call["selector"],
                    "digest": call["digest"],
                    "kind": "call-to-action",
                    "reason": "asks for a call",
                }
            ],
        ),
        source("north", title="Testamine in the North", note="The date is not known."),
    ]


def _references() -> dict[str, Any]:
    return {
        "doe2020": reference(
            DOI="10.1000/test(2020)1",
            PMID="12345",
            URL="https://journal.example/doe?x=1&y=2",
            volume="7",
            issue="2",
            page="11-19",
            limits="small",
            to_confirm=["page", "authors"],
        ),
        "roe2021": reference(
            title="Mice and testamine <script>alert(1)</script>",
            author=[{"family": "Roe", "given": "K"}],
            et_al=True,
            issued=2021,
            design="preclinical",
            URL="javascript:alert(1)",
            DOI="not a doi",
            read="secondary",
        ),
        "agency_2022": reference(
            type="webpage",
            design="agency-communication",
            title="What we know of testamine",
            author=[{"literal": "Example Agency"}],
            issued=2022,
            **{"container-title": None},
            note="Printed copy.",
        ),
    }


class Shelf:
    """What the web needs of a library, over entries in memory. `texts` are the attached copies."""

    def __init__(self, kb: KnowledgeBase | None = None, texts: dict[str, str] | None = None) -> None:
        self.kb = kb or base()
        self.texts = {"quiet-harbour": ARTICLE} if texts is None else texts
        self.findings = ()
        self.root = Path("/nowhere")
        self.files: dict[tuple[str, str], str] = {}
        self.reloads = 0
        self.recorded: list[Gap] = []
        self._backend = MemoryBackend(Corpus(self.kb))

    def entry(self, kind: str, entry_id: str) -> Entry:
        finders = {"claim": self.kb.claim, "caveat": self.kb.caveat, "source": self.kb.source}
        if kind not in finders:
            raise EntryNotFound(kind, entry_id)
        found = finders[kind](entry_id)
        return entry_in(encode(found), Address(kind, entry_id, f"{kind}s/{entry_id}.yaml"))

    def reload_if_changed(self) -> bool:
        self.reloads += 1
        return False

    def search(self, query: Query) -> Page:
        return self._backend.search(query)

    def reach(self) -> None:
        """There is nobody else to ask."""

    def complete(self, text: str, limit: int = 8) -> tuple[Completion, ...]:
        return self._backend.complete(text, limit)

    def match(self, text: str) -> tuple[Match, ...]:
        return self._backend.match(text)

    def nearest(self, query: Query) -> tuple[Hit, ...]:
        return self._backend.nearest(query)

    def changed(self, kind: str, entry_id: str) -> dt.datetime | None:
        return dt.datetime(2026, 3, 4, tzinfo=dt.UTC) if (kind, entry_id) == ("claim", "lifts-mood") else None

    def record_gap(self, text: str) -> str:
        self.recorded = [Gap(cleaned(text), 1, dt.date(2026, 1, 2), dt.date(2026, 1, 2)), *self.recorded]
        return self.recorded[0].text

    def gaps(self) -> tuple[Gap, ...]:
        return tuple(self.recorded)

    def index_info(self) -> IndexState:
        info = self._backend.info
        return IndexState(info, behind=info.digest != self.kb.digest)

    def source_text(self, source_id: str) -> str | None:
        self.kb.source(source_id)
        return self.texts.get(source_id)

    def attached(self) -> tuple[str, ...]:
        return tuple(source_id for source_id in self.kb.sources if source_id in self.texts)

    def outline(self, source_id: str) -> Outline:
        return sources.outline(self.kb, self.kb.source(source_id), self.source_text(source_id))
