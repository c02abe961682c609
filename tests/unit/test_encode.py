"""Encoding: one canonical text for an entry, from which the same entry is decoded."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given

from kb.errors import InvalidEntry
from kb.model import About, Concept, Examples, Rule, Scope, Topic
from kb.store import decode, encode, format_text
from kb.store.codec import plain
from kb.store.emit import WIDTH
from tests import factories
from tests.store.cases import cases, lines
from tests.store.strategies import any_entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.store.kinds import Kind

GOLDEN = Path(__file__).parent.parent / "store" / "golden"
LONG = "It names: numbers, doses and 'quotes' # and goes on " * 5


def full_claim() -> Any:
    place = {"source": "clinic-page", "selector": {"start": 1533, "end": 1702}, "digest": "4be1c0aa00112233"}
    return factories.claim(
        scope={"drug": "testamine", "horizon": "24 h", "population": "adults, 18 to 65"},
        rationale=LONG,
        evidence=[factories.evidence(), factories.evidence("roe2021", finding=LONG, direction="disputes")],
        occurrences=[
            {**place, "section": "Is it safe?", "strength": "plain"},
            {**place, "digest": "1234567890123456", "section": "FAQ: doses", "strength": "emphatic"},
        ],
        recognise=[
            {"all": ["testamine", "relief"], "any": ["low-mood"], "unless": ["pain"]},
            {"all": [f"a-concept-with-a-long-name-{number}" for number in range(5)], "within": 12},
        ],
        examples={"match": ["Testamine lifts the mood.", LONG], "no_match": ["no", "12:30", "two\nlines"]},
        asked=["does it lift my mood?", "mood: how fast", "no"],
        related=[
            {"claim": "lifts-sleep", "type": "similar"},
            {"claim": "ruins-mood", "type": "contradicts", "note": "One says lifts, the other says lowers."},
            {"claim": "lifts-all", "type": "broader", "note": LONG},
        ],
        aliases=["raises-mood"],
        review={"author": "A. Editor", "approved_by": "B. Doctor", "approved_on": "2026-01-02", "due": "2027-01-02"},
    )


def full_source() -> Any:
    passage = {"selector": {"start": 0, "end": 20}, "digest": "00000000000000e1"}
    return factories.source(
        publisher="A clinic",
        date="2024-05-06",
        address="https://example.org/page?x=1#top",
        outline=[{**passage, "label": "Top"}, {**passage, "label": "A label that goes on " * 4}],
        dispositions=[{**passage, "kind": "signpost", "reason": "Leads over to the next part."}],
    )


ENTRIES = {
    "claim": full_claim,
    "claim-small": lambda: factories.claim(evidence=[], caveats=[], no_caveat={"reason": "History."}, scope=Scope()),
    "caveat": lambda: factories.caveat(restates_article=True, occurrences=full_claim().occurrences[:1]),
    "claim-disputed": lambda: factories.claim(
        status="disputed",
        evidence=[factories.evidence(recheck="changed on 2026-01-02: claim")],
        dispute={
            "positions": [
                {"by": "B. Critic", "says": LONG, "date": "2026-01-02"},
                {"by": "A. Editor", "says": "It was blinded.", "date": "2026-01-03"},
            ]
        },
        review=factories.REVIEW | {"changed_by": "C. Editor", "note": "Mind the dose."},
    ),
    "caveat-withdrawn": lambda: factories.caveat(
        status="withdrawn",
        withdrawal={"date": "2026-01-02", "by": "B. Doctor", "reason": "superseded", "replacement": "fades-fast"},
    ),
    "source": full_source,
    "kb": lambda: About(
        name="Test base", description=LONG, licence="CC-BY-4.0", drug_names={"testamine": ("testamin", "tesatmine")}
    ),
    "themes": lambda: {"efficacy": {"mood": "lifts mood", "sleep": "improves sleep: yes"}, "safety": {}},
    "vocabulary": lambda: {
        "low-mood": Concept(terms=("low mood", "feel* down"), exact=("MDD",), widen=False),
        "relief": Concept(label="Relief", terms=tuple(f"term number {number}" for number in range(12))),
        "nothing-yet": Concept(),
    },
    "topics": lambda: {
        "mood": Topic(
            recognise=(Rule(all=("low-mood",), any=("relief",), within=12), Rule(any=("relief",))),
            examples=Examples(match=("It lifts low mood.",), no_match=(LONG,)),
            discloses=(Rule(all=("relief",), unless=("low-mood",)),),
            disclosure_examples=Examples(match=("Relief fades.",)),
        ),
        "sleep": Topic(),
    },
    "references": lambda: {
        "doe2020": factories.reference(volume="47", DOI="10.1000/(x)1:2<3", limits=LONG),
        "who_2021": factories.reference(author=[{"literal": "A Health Office"}], et_al=True, to_confirm=["page"]),
    },
}


@pytest.mark.parametrize("name", ENTRIES)
def test_canonical_style(name: str, golden: Callable[[Path, str], None]):
    entry = ENTRIES[name]()
    kind = name.partition("-")[0]
    text = encode(entry, kind)
    golden(GOLDEN / f"{name}.yaml", text)
    assert decode(text, kind) == entry
    assert all(len(line) <= WIDTH for line in text.splitlines())


def test_a_mapping_needs_a_kind():
    with pytest.raises(ValueError, match=r"^say of which kind this dict is: themes, vocabulary, topics or references$"):
        encode({"efficacy": {"mood": "lifts mood"}})


@given(any_entry)
def test_decoding_what_was_encoded_gives_the_same_entry(kind_and_entry: tuple[Kind, Any]):
    kind, entry = kind_and_entry
    assert decode(encode(entry, kind), kind) == entry


@given(any_entry)
def test_encoded_text_is_in_canonical_style(kind_and_entry: tuple[Kind, Any]):
    kind, entry = kind_and_entry
    text = encode(entry, kind)
    assert format_text(text, kind) == text


@given(any_entry)
def test_readers_of_yaml_1_1_read_the_same(kind_and_entry: tuple[Kind, Any]):
    kind, entry = kind_and_entry
    assert _dates_as_text(yaml.safe_load(encode(entry, kind))) == plain(entry, kind)


def _dates_as_text(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list):
        return [_dates_as_text(item) for item in value]
    if isinstance(value, dict):
        return {_dates_as_text(key): _dates_as_text(item) for key, item in value.items()}
    return value


@pytest.mark.parametrize("case", cases("messages"))
def test_message(case: dict[str, Any]):
    with pytest.raises(InvalidEntry, match=rf"^x.yaml is not a valid {case['kind']} file$") as caught:
        decode(case["text"], case["kind"], "x.yaml")
    assert lines(caught.value.findings) == case["problems"]
