"""What a tsvector cannot hold: long words, words in hundreds of places, more words than it has places for."""

from __future__ import annotations

import dataclasses

import psycopg
import pytest

from kb.search.analysis import analyse
from kb.search.answer import Corpus
from kb.search.base import FILTERS, Query
from kb.search.memory import MemoryEngine
from kb.search.postgres.engine import PostgresEngine
from kb.search.postgres.rows import LAST_PLACE, MOST_PLACES, due_term, quoted, row
from tests.factories import claim, evidence, knowledge_base
from tests.search.agreement import check_agreement
from tests.search.bases import base, named

LONG = "\U00010400" * 700
"""2,800 bytes; a term of more than 2,047 is refused by PostgreSQL."""

OFTEN = "of " * (MOST_PLACES + 9)
FILLED = [" ".join(f"w{part:x}x{word:x}" for word in range(250)) for part in range(70)]
"""Words for more places than there are, each only once."""

QUERIES = [
    "quagga",
    '"one quagga"',
    '-"one quagga" of',
    '"of quagga"',
    '"quagga of"',
    '"of of of"',
    'claim:"of quagga"',
    'claim:"the quagga"',
    "claim:quagga",
    "quag*",
    '"last words" OR zebra',
    '"w1x1 w1x2 w1x3"',
    "the",
]
NOTHING = [
    '"quagga one"',
    '"quagga zebra"',
    '"one of quagga"',
    '-"last words" w1x1',
    '"w45xf9 last"',
    'claim:"last words"',
]


def crowded():
    """Return claims with more words than places, beside others that say nearly the same."""
    few = {"rationale": "Nothing more.", "evidence": []}
    return named(
        knowledge_base(
            claims=[
                claim("often", claim="The quagga grazes.", evidence=[evidence(finding=f"{OFTEN} one quagga of")]),
                claim("filled", claim="One quagga.", evidence=[*map(_found, FILLED), evidence(finding="last words")]),
                claim("gap", claim="Words of quagga", evidence=[evidence(finding="quagga"), evidence(finding="zebra")]),
                claim("short", claim="One quagga of the last.", **few),
                claim("long-word", claim="A word of many letters.", **few | {"rationale": f"{LONG} {LONG}s quagga"}),
            ],
        )
    )


def _found(text):
    return evidence(finding=text)


@pytest.fixture(scope="module")
def backends(primary):
    """Return the crowded claims in PostgreSQL, and in the reference engine."""
    primary.run("CREATE DATABASE crowded")
    engine = PostgresEngine(primary.dsn(dbname="crowded"))
    engine.build(crowded())
    yield engine.open(crowded()), MemoryEngine().open(crowded())
    engine.close()
    primary.run("DROP DATABASE crowded WITH (FORCE)")


@pytest.mark.usefixtures("backends")
def test_only_crowded_claims_have_their_wording_beside_them(primary):
    found = primary.run("SELECT id FROM caveat.claim WHERE wording IS NOT NULL ORDER BY id", dbname="crowded")
    assert found == [("filled",), ("often",)]


@pytest.mark.parametrize("text", QUERIES)
def test_crowded_claims_are_found_like_others(backends, text):
    assert backends[0].search(Query(text)).total
    check_agreement(*backends, Query(text, facets=FILTERS))


@pytest.mark.parametrize("text", NOTHING)
def test_crowded_claims_are_not_found_either_where_others_are_not(backends, text):
    assert backends[0].search(Query(text)).total == 0
    check_agreement(*backends, Query(text, facets=FILTERS))


@pytest.mark.parametrize("text", [LONG[:64], f"{LONG[:64]} quagga", LONG[:300], f"-{LONG[:200]} quagga"])
def test_words_may_be_of_any_length(backends, text):
    check_agreement(*backends, Query(text, facets=FILTERS))


def test_a_word_longer_than_any_term_is_indexed_by_its_hash():
    corpus = Corpus(crowded())
    document = corpus.table.document(corpus.table.row("long-word"))
    made = row(document, analyse(document, corpus.vocabulary), None, "")
    assert LONG.lower() not in made.terms
    assert quoted(LONG.lower()) in made.terms
    assert quoted(LONG.lower()) != quoted(f"{LONG}s".lower())


@pytest.mark.parametrize("value", ["\x00", "\ud800", "'; DROP TABLE caveat.claim; --", "\\", "", "a" * 9_000, "' | 'a"])
def test_no_value_of_a_filter_is_too_strange(backends, value):
    page = backends[0].search(Query("quagga", {"theme": (value,), "caveat": (value, "fades-soon")}))
    assert page.total == 0
    assert backends[0].search(Query("quagga", {"theme": (value, "mood")})).total


def test_terms_and_places_stay_within_what_postgresql_keeps(primary):
    kept = f"'a':{LAST_PLACE},{LAST_PLACE + 1} 'b':{','.join(map(str, range(1, MOST_PLACES + 1)))}"
    with psycopg.connect(primary.dsn()) as connection:
        found = connection.execute("SELECT array_length(positions, 1) FROM unnest(%s::tsvector)", (kept,)).fetchall()
    assert found == [(2,), (MOST_PLACES,)]


@pytest.mark.parametrize(
    "text",
    [
        "due:2029",
        "due:<2030-01-01",
        "due:>=2030-01-01",
        "due:2030-01-01",
        "due:0001..9999",
        "-due:2030",
        "due:2029 OR zz",
    ],
)
def test_days_are_found_by_how_they_begin(dated, text):
    check_agreement(*dated, Query(text, facets=FILTERS))


@pytest.fixture(scope="module")
def dated(primary):
    """Return claims that are due on days all over the calendar, in PostgreSQL and in the reference engine."""
    kb = base()
    claims = {
        claim_id: each.model_copy(update={"review": each.review.model_copy(update={"due": day})})
        for (claim_id, each), day in zip(kb.claims.items(), _days(kb), strict=False)
    }
    kb = named(dataclasses.replace(kb, claims={**kb.claims, **claims}))
    primary.run("CREATE DATABASE days")
    engine = PostgresEngine(primary.dsn(dbname="days"))
    engine.build(kb)
    yield engine.open(kb), MemoryEngine().open(kb)
    engine.close()
    primary.run("DROP DATABASE days WITH (FORCE)")


def _days(kb):
    day = next(iter(kb.claims.values())).review.due
    yield from (day.replace(year=2029, month=12, day=31), day.replace(year=2030, month=10), None)
    yield from (day.replace(year=year) for year in (1, 999, 1999, 9999))


def test_days_of_early_years_have_as_many_digits():
    day = next(iter(base().claims.values())).review.due
    assert due_term(day.replace(year=1)) == f"=due=0001{day:%m%d}"
