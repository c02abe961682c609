"""PostgreSQL under the contract of all engines, and held to what the reference engine finds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.search.memory import MemoryEngine
from kb.search.postgres.engine import PostgresEngine
from tests.search.agreement import LIMITS, TYPED, bases, check_agreement, check_pages, queries, small_limits
from tests.search.contract import SearchContract


class TestPostgres(SearchContract):
    made: PostgresEngine

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def _database(cls, primary):
        primary.run("CREATE DATABASE contract")
        cls.made = PostgresEngine(primary.dsn(dbname="contract"))
        yield
        cls.made.close()
        primary.run("DROP DATABASE contract WITH (FORCE)")

    @staticmethod
    def engine(_folder):
        return TestPostgres.made


@pytest.fixture
def engine(address):
    made = PostgresEngine(address)
    yield made
    made.close()


# The database stays from one example to the next, so most states come by what differs from another one.
DRAWN = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@DRAWN
@given(kb=bases, asked=queries, limits=LIMITS)
def test_it_answers_as_the_reference_engine_does(engine, kb, asked, limits):
    engine.build(kb)
    backend, reference = engine.open(kb), MemoryEngine().open(kb)
    with small_limits(*limits):
        for query in asked:
            check_agreement(backend, reference, query)
    assert [backend.complete(text, 9) for text in TYPED] == [reference.complete(text, 9) for text in TYPED]


@settings(DRAWN, max_examples=10)
@given(kb=bases, asked=queries, window=st.sampled_from([1, 3]))
def test_its_pages_make_up_the_whole(engine, kb, asked, window):
    engine.build(kb)
    with small_limits(window, 2):
        for query in asked[:3]:
            check_pages(engine.open(kb), query)
