"""Claims on several servers behind one: the answers of a single server, or none at all."""

from __future__ import annotations

import dataclasses
import re
from importlib import resources

import psycopg
import pytest
from hypothesis import given, settings

from kb.errors import IndexUnavailable
from kb.search.base import FILTERS, Query
from kb.search.memory import MemoryEngine
from kb.search.postgres.engine import PostgresEngine
from tests.faults.switch import number
from tests.postgres.cluster import dsn
from tests.postgres.operators_guide import blocks
from tests.search.agreement import LIMITS, bases, check_agreement, check_pages, queries, small_limits
from tests.search.bases import base

DEAD = r"^a part of the search index does not answer \("
BASES = number("CAVEAT_SHARD_BASES", 12)
DATABASE = "sharded"
ROLES = ("caveat_owner", "caveat_reader")


def script(name):
    return resources.files("kb.search.postgres").joinpath(name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def parts(plproxy, shards):  # noqa: ARG001 - no servers are started where they would be of no use
    """Return two servers with a part of the index each."""
    for shard in shards:
        shard.run(*(f"CREATE ROLE {role} LOGIN" for role in ROLES))
        shard.run(f"CREATE DATABASE {DATABASE} OWNER caveat_owner")
        shard.run(script("schema.sql"), dbname=DATABASE, user="caveat_owner")
    return shards


@pytest.fixture(scope="module")
def coordinator(primary, parts):
    """Set up a server in front of both as the guide has it; return how to connect."""
    primary.run(*(f"CREATE ROLE {role} LOGIN" for role in ROLES))
    primary.run(f"CREATE DATABASE {DATABASE} OWNER caveat_owner")
    servers, rights = blocks("Shards", "sql")
    for place, part in enumerate(parts):
        servers = servers.replace(
            f"part{place}a.example,part{place}b.example", f"{part.cluster.folder} port={part.port}"
        )
        servers = servers.replace(
            f"part{place}b.example,part{place}a.example", f"{part.cluster.folder} port={part.port}"
        )
    primary.run(servers.replace("dbname=caveat ", f"dbname={DATABASE} "), dbname=DATABASE)
    primary.run(script("shards.sql"), rights, dbname=DATABASE)
    return primary.dsn(dbname=DATABASE, user="caveat_owner")


@pytest.fixture(scope="module")
def single(primary):
    """Return how to connect to a server that has everything."""
    primary.run("CREATE DATABASE single")
    return primary.dsn(dbname="single")


ENGINES = {}
"""Address → its one engine: tests that made their own each time would use up the server's connections."""


@pytest.fixture(autouse=True)
def _closed():
    yield
    for engine in ENGINES.values():
        engine.close()


def indexed(address, kb):
    engine = ENGINES.setdefault(address, PostgresEngine(address))
    engine.build(kb)
    return engine.open(kb)


SIGNATURES = """
    SELECT p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid)
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'caveat'
"""


def called():
    """Return the names of the functions that the programs call."""
    modules = resources.files("kb.search.postgres").iterdir()
    sources = [module.read_text(encoding="utf-8") for module in modules if module.name.endswith(".py")]
    return set(re.findall(r"caveat\.(\w+)\(", "\n".join(sources)))


@pytest.mark.usefixtures("coordinator")
def test_a_coordinator_has_the_functions_of_a_single_server(parts, primary):
    names = called()
    wanted = {row for row in parts[0].run(SIGNATURES, dbname=DATABASE) if row[0] in names}
    assert {row[0] for row in wanted} == names
    assert set(primary.run(SIGNATURES, dbname=DATABASE)) == wanted
    version = "SELECT caveat.version()"
    assert primary.run(version, dbname=DATABASE) == parts[0].run(version, dbname=DATABASE)


def test_each_claim_is_on_the_server_of_its_hash(coordinator, parts, primary):
    kb = base()
    indexed(coordinator, kb)
    there = [{claim_id for (claim_id,) in part.run("SELECT id FROM caveat.claim", dbname=DATABASE)} for part in parts]
    for claim_id in kb.claims:
        ((place,),) = primary.run(f"SELECT caveat_shards.part('{claim_id}') & 1", dbname=DATABASE)
        assert claim_id in there[place]
    assert all(there)
    assert not there[0] & there[1]


@settings(max_examples=BASES, deadline=None)
@given(kb=bases, asked=queries, limits=LIMITS)
def test_the_answers_are_those_of_a_single_server(coordinator, single, kb, asked, limits):
    backend, alone, reference = indexed(coordinator, kb), indexed(single, kb), MemoryEngine().open(kb)
    with small_limits(*limits):
        for query in asked[:4]:
            check_agreement(backend, reference, query)
            page, expected = backend.search(query), alone.search(query)
            assert (page.hits, page.total, page.facets) == (expected.hits, expected.total, expected.facets)
        check_pages(backend, asked[0])


def test_a_save_goes_to_its_server_and_is_found(coordinator):
    before = dataclasses.replace(base(), digest="before a save")
    backend = indexed(coordinator, before)
    claims = dict(before.claims)
    claim_id, claim = next(iter(claims.items()))
    claims[claim_id] = claim.model_copy(update={"claim": "Quokkas hum."})
    after = dataclasses.replace(before, claims=claims, digest="another")
    updated = backend.updated(after)
    assert [hit.id for hit in updated.search(Query("quokkas")).hits] == [claim_id]
    assert backend.search(Query("quokkas")).total == 0


def test_what_a_writer_left_behind_is_taken_out(coordinator):
    kb = base()
    indexed(coordinator, kb)
    claim_id = next(iter(kb.claims))
    with psycopg.connect(coordinator) as connection:
        ((at,),) = connection.execute("SELECT caveat.prepare()").fetchall()
        connection.execute("SELECT caveat.remove(%s, %s)", [at, [claim_id]])
        connection.rollback()  # here, but not on the servers behind
    edited = dataclasses.replace(kb, claims={**kb.claims}, digest="a state to come")
    found = indexed(coordinator, edited).search(Query(per_page=100))
    assert {hit.id for hit in found.hits} == set(kb.claims)


@pytest.mark.parametrize("place", [0, 1])
def test_a_dead_server_is_an_error_and_never_a_part_of_the_answer(coordinator, parts, place):
    kb = base()
    query = Query("treatment OR headache OR a*", facets=FILTERS, per_page=100)
    backend = indexed(coordinator, kb)
    whole = backend.search(query)
    parts[place].stop("immediate")
    try:
        fresh = PostgresEngine(coordinator).open(kb)
        for asked in (query, Query(sort="id"), dataclasses.replace(query, facets=())):
            with pytest.raises(IndexUnavailable, match=DEAD):
                fresh.search(asked)
        with pytest.raises(IndexUnavailable, match=DEAD):
            indexed(coordinator, dataclasses.replace(kb, digest=f"without {place}"))
    finally:
        parts[place].start()
    again = fresh.search(query)
    assert (again.hits, again.total, again.facets) == (whole.hits, whole.total, whole.facets)


def test_a_server_that_was_started_anew_in_between_costs_no_answer(coordinator, parts):
    backend = indexed(coordinator, base())
    assert backend.search(Query("headache")).total  # over connections that the coordinator keeps
    parts[0].stop("immediate")
    parts[0].start()
    assert backend.search(Query("treatment")).total


def test_standbys_are_asked_through_a_standby(coordinator, primary, replica):
    kb = base()
    indexed(coordinator, kb)
    replica.follow(primary)
    both = dsn([primary, replica], dbname=DATABASE, user="caveat_owner")
    expected = MemoryEngine().open(kb).search(Query("treatment")).total
    assert PostgresEngine(both).open(kb).search(Query("treatment")).total == expected
    with psycopg.connect(replica.dsn(dbname=DATABASE, user="caveat_owner")) as connection:
        assert connection.execute("SELECT caveat_shards.which()").fetchone() == ("caveat_standbys",)
