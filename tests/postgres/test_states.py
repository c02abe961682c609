"""States: what is written for one, who writes it where several want to, and who may still search the others."""

from __future__ import annotations

import threading

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.errors import IndexUnavailable
from kb.search import analysis
from kb.search.base import Query
from kb.search.memory import MemoryEngine
from kb.search.postgres import states
from kb.search.postgres.engine import PostgresEngine
from tests.search.agreement import check_agreement
from tests.search.bases import base, generated_bases
from tests.search.contract import ids
from tests.search.edits import EDITS, edited

MISSING = r"^no search index has been built for this state of the knowledge base$"


def save(kb, claim_id, text):
    """Return the state after somebody has saved a claim with another text."""
    return edited(kb, ("claim", claim_id, {"claim": text}))


def rows(primary, database):
    """Return how many rows there are, of whatever states."""
    return primary.run("SELECT count(*) FROM caveat.claim", dbname=database)[0][0]


def built(engine, kb):
    engine.build(kb)
    return engine.open(kb)


def found(backend, text):
    return ids(backend.search(Query(text, sort="id")))


@pytest.fixture
def another(address):
    """Return a function that starts another process, as it were: an engine with connections of its own."""
    made = []

    def start():
        made.append(PostgresEngine(address))
        return made[-1]

    yield start
    for engine in made:
        engine.close()


@pytest.fixture
def engine(another):
    """Return an engine that has built the base."""
    made = another()
    made.build(base())
    return made


# What is written


def test_a_save_writes_what_differs_and_takes_nothing_from_who_searches(engine, primary, database):
    before = engine.open(base())
    after = before.updated(save(base(), "calm", "Zebras doze."))
    assert rows(primary, database) == len(base().claims) + 1
    assert (found(before, "zebra"), found(before, "patients")) == ([], ["calm"])
    assert (found(after, "zebra"), found(after, "patients")) == (["calm"], [])
    assert after.info.digest == save(base(), "calm", "Zebras doze.").digest


def test_who_has_the_same_files_writes_nothing(engine, another, primary, database):
    kb = save(base(), "calm", "Zebras doze.")
    written = engine.open(base()).updated(kb)
    other = another()
    again = other.open(base()).updated(kb)
    assert again.info.digest == written.info.digest
    assert found(other.open(kb), "zebra") == ["calm"]
    other.build(kb)
    assert rows(primary, database) == len(base().claims) + 1
    assert primary.run("SELECT count(*) FROM caveat.state", dbname=database) == [(2,)]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kb=generated_bases,
    edits=st.lists(EDITS, min_size=1, max_size=4),
    text=st.sampled_from(["zebra", "mood aches", '"does not"', "treat*", "-aches", "acheing testa"]),
)
def test_a_state_that_came_by_edits_is_as_if_it_was_built(engine, kb, edits, text):
    backend = built(engine, kb)
    backend.search(Query(text))  # so that the words of this state are known, and those of the next come by what differs
    for edit in edits:
        kb = edited(kb, edit)
        backend = backend.updated(kb) or built(engine, kb)  # where no claim is left that tells which code made the rows
        reference = MemoryEngine().open(kb)
        check_agreement(backend, reference, Query(text, per_page=100))
        assert dict(backend._finder.words()) == dict(reference._wording.words)


def test_rows_that_other_code_made_are_made_anew(engine, monkeypatch, primary, database):
    old = engine.open(base())
    monkeypatch.setitem(analysis.WEIGHTS, "about", 0.25)
    with pytest.raises(IndexUnavailable, match=MISSING):
        engine.open(base())
    engine.build(base())
    assert rows(primary, database) == 2 * len(base().claims)
    assert [found(backend, "patients") for backend in (old, engine.open(base()))] == [["calm"], ["calm"]]


def test_rows_that_were_lost_are_written_again(engine, primary, database):
    primary.run("DELETE FROM caveat.claim WHERE id = 'calm'", dbname=database)
    assert found(engine.open(base()), "patients") == []
    engine.build(base())
    assert found(engine.open(base()), "patients") == ["calm"]


# Several who write


def test_who_comes_late_with_older_files_takes_nothing_from_who_has_newer_ones(engine, another):
    newer = engine.open(base()).updated(save(base(), "calm", "Zebras doze."))
    late = another()
    late.build(base())
    older = late.open(base())
    assert (found(newer, "zebra"), found(older, "zebra")) == (["calm"], [])
    newest = newer.updated(save(save(base(), "calm", "Zebras doze."), "brand", "Zebras graze."))
    assert (found(newest, "zebra"), found(older, "zebra")) == (["brand", "calm"], [])


def test_two_who_save_at_once_each_have_their_own_and_then_both(engine, another):
    one, other = engine.open(base()), another().open(base())
    calm, brand = save(base(), "calm", "Zebras doze."), save(base(), "brand", "Zebras graze.")
    one, other = one.updated(calm), other.updated(brand)
    assert (found(one, "zebra"), found(other, "zebra")) == (["calm"], ["brand"])
    both = save(calm, "brand", "Zebras graze.")
    one, other = one.updated(both), other.updated(both)
    assert (found(one, "zebra"), found(other, "zebra")) == (["brand", "calm"],) * 2
    assert one._finder.state.number == other._finder.state.number


def test_many_who_build_at_once_in_an_empty_database_all_succeed(another, primary, database):
    bases = [base(), save(base(), "calm", "Zebras doze."), save(base(), "brand", "Zebras graze.")] * 2
    ready, answers = threading.Barrier(len(bases)), {}

    def build(number, kb):
        engine = another()
        ready.wait()
        engine.build(kb)
        answers[number] = found(engine.open(kb), "zebra")

    threads = [threading.Thread(target=build, args=job) for job in enumerate(bases)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {0: [], 1: ["calm"], 2: ["brand"], 3: [], 4: ["calm"], 5: ["brand"]}
    assert primary.run("SELECT count(*) FROM caveat.state", dbname=database) == [(3,)]


def test_a_save_waits_for_another_only_so_long(engine, primary, database, monkeypatch):
    monkeypatch.setattr(states, "_WAITING", 0.05)
    with psycopg.connect(primary.dsn(dbname=database)) as somebody:
        somebody.execute("SELECT caveat.prepare()")
        with pytest.raises(IndexUnavailable, match=r"^PostgreSQL refuses \(canceling statement due to lock timeout\)$"):
            engine.open(base()).updated(save(base(), "calm", "Zebras doze."))
    assert found(engine.open(base()).updated(save(base(), "calm", "Zebras doze.")), "zebra") == ["calm"]


# States that are gone, and others that are not ours


def test_a_state_that_was_cleared_away_says_so_and_never_answers_in_part(engine, monkeypatch):
    monkeypatch.setattr(states, "KEPT", 2)
    monkeypatch.setattr(states, "KEPT_SECONDS", 0.0)
    old, kb = engine.open(base()), base()
    newer = old
    for number in range(2):
        kb = save(kb, "calm", f"Zebras doze {number} times.")
        newer = newer.updated(kb)
    for ask in (lambda: old.search(Query("aches")), lambda: old.complete("zeb", 3)):
        with pytest.raises(IndexUnavailable, match=r"^this state of the search index has been cleared away"):
            ask()
    assert found(newer, "zebra") == ["calm"]
    engine.build(base())
    assert found(engine.open(base()), "aches") == found(MemoryEngine().open(base()), "aches")


def test_a_save_after_its_state_was_cleared_away_is_left_to_a_build(engine, another, monkeypatch):
    monkeypatch.setattr(states, "KEPT", 1)
    monkeypatch.setattr(states, "KEPT_SECONDS", 0.0)
    old = engine.open(base())
    another().build(save(base(), "brand", "Zebras graze."))
    assert old.updated(save(base(), "calm", "Zebras doze.")) is None


@pytest.mark.parametrize(("version", "kind"), [(states.FORMAT + 1, "a newer"), (states.FORMAT - 1, "an older")])
def test_an_index_of_another_version_is_left_alone(engine, primary, database, version, kind):
    primary.run(
        f"CREATE OR REPLACE FUNCTION caveat.version() RETURNS integer LANGUAGE sql AS 'SELECT {version}'",
        dbname=database,
    )
    for ask in (engine.open, engine.build):
        with pytest.raises(IndexUnavailable, match=f"was made by {kind} version of this program .format {version}"):
            ask(base())


def test_an_empty_database_says_so(another):
    with pytest.raises(IndexUnavailable, match=r"^no search index has been built in this database of PostgreSQL$"):
        another().open(base())
