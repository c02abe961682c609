"""The primary dies while somebody saves: nothing acknowledged is lost, saving and searching go on by themselves."""

from __future__ import annotations

import dataclasses
import re
import threading
import time

import psycopg
import pytest

from kb.errors import IndexUnavailable
from kb.search.base import Query
from kb.search.postgres.engine import PostgresEngine
from tests.faults.switch import number
from tests.postgres.cluster import dsn
from tests.postgres.operators_guide import blocks
from tests.search.bases import base

ROUNDS = number("CAVEAT_FAILOVERS", 1)
"""How often the primary dies."""

PATIENCE = 60.0
"""Seconds within which something must have happened; it takes one or two where nothing else runs."""

FEW = 5
"""How many saves are acknowledged before the primary dies, and after."""


def wait_for(condition):
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.fixture(scope="module")
def trio(cluster):
    """Return a primary and two standbys as the guide has them, any of which may take over."""
    (settings,) = blocks("Standbys and failover", "ini")
    given = dict(re.findall(r"^(\w+) = (.+)$", settings, re.MULTILINE))
    db1 = cluster.new("db1", full_page_writes="on", **given | {"synchronous_standby_names": "''"})
    servers = [db1, cluster.standby(db1, "db2"), cluster.standby(db1, "db3")]
    for server in servers:
        leads_to = dsn(servers, target_session_attrs="read-write", application_name=server.name)
        names = given["synchronous_standby_names"]
        server.set(primary_conninfo=f"'{leads_to}'", synchronous_standby_names=names)
        server.reload()
    wait_for(lambda: followers(db1) == {"db2", "db3"})
    return servers


def followers(server):
    """Return the names of the standbys that have all and count for `ANY 1`."""
    rows = server.run(
        "SELECT application_name FROM pg_stat_replication WHERE sync_state = 'quorum' AND state = 'streaming'"
    )
    return {name for (name,) in rows}


def received(standby):
    """Return how far a standby is, by the guide's question."""
    (_, question) = blocks("Standbys and failover", "sql")
    ((place,),) = standby.run(question)
    high, low = place.split("/")
    return int(high, 16), int(low, 16)


def saved(kb, word):
    """Return a knowledge base with a word more in one of its claims."""
    claim_id = min(kb.claims)
    claim = kb.claims[claim_id]
    edited = claim.model_copy(update={"claim": f"{claim.claim} {word}."})
    return dataclasses.replace(kb, claims={**kb.claims, claim_id: edited}, digest=f"{kb.digest} {word}")


class Writer(threading.Thread):
    """Saves one change after another, as a process that serves pages does, until told to stop."""

    def __init__(self, backend, kb):
        super().__init__()
        self.backend, self.kb = backend, kb
        self.acknowledged, self.refused, self.broken = [], 0, None
        self.enough = threading.Event()

    def run(self):
        try:
            for count in range(10**6):
                if self.enough.is_set():
                    return
                self.save(f"word{count}")
        except Exception as broken:  # noqa: BLE001 - the test says what it was
            self.broken = broken

    def save(self, word):
        kb = saved(self.kb, word)
        while not self.enough.is_set():
            try:
                self.backend = self.backend.updated(kb)
            except IndexUnavailable:
                self.refused += 1
                time.sleep(0.02)
            else:
                self.kb = kb
                self.acknowledged.append(word)
                return

    def wait_for(self, count):
        wait_for(lambda: len(self.acknowledged) >= count or self.broken)
        assert self.broken is None


@pytest.mark.parametrize("_", range(ROUNDS))
def test_nothing_acknowledged_is_lost_when_the_primary_dies(trio, _):
    lead = next(server for server in trio if server.primary)
    address = dsn(trio[::-1])  # first those that take no writes
    engine, kb = PostgresEngine(address), base()
    engine.build(kb)
    backend = engine.open(kb)
    writer = Writer(backend, kb)
    writer.start()
    try:
        writer.wait_for(FEW)
        lead.stop("immediate")
        assert backend.search(Query("headache")).total  # a standby has it
        heir, third = sorted((server for server in trio if server is not lead), key=received, reverse=True)
        heir.promote()
        before = len(writer.acknowledged)
        writer.wait_for(before + FEW)
        assert backend.search(Query("headache relief")).total
        wait_for(lambda: followers(heir) == {third.name})  # by itself
    finally:
        writer.enough.set()
        writer.join()
    found = PostgresEngine(address).open(writer.kb)
    (claim_id,) = {hit.id for hit in found.search(Query(writer.acknowledged[0])).hits}
    for word in writer.acknowledged:
        assert [hit.id for hit in found.search(Query(word)).hits] == [claim_id]
    rewind(lead, heir, trio)


def rewind(old, new, servers):
    """Let the old primary follow the new one, as the guide has it."""
    new.run("CHECKPOINT")  # or it looks as if nothing had happened since they parted
    conninfo = dsn(servers, target_session_attrs="read-write", application_name=old.name)
    old.cluster.program("pg_rewind", "-N", "-R", "-D", str(old.folder), "--source-server", conninfo)
    old.start()
    wait_for(lambda: old.name in followers(new))


def test_one_dead_standby_of_two_stops_nobody(trio):
    lead = next(server for server in trio if server.primary)
    third = next(server for server in trio if server is not lead)
    kb = saved(base(), "quokka")
    third.stop("immediate")
    engine = PostgresEngine(dsn(trio))
    engine.build(kb)
    assert [hit.id for hit in engine.open(kb).search(Query("quokka")).hits] == [min(kb.claims)]
    third.start()
    wait_for(lambda: third.name in followers(lead))


def test_the_primary_is_asked_where_no_standby_answers(primary, replica, addresses):
    engine, kb = PostgresEngine(addresses), base()
    engine.build(kb)
    backend = engine.open(kb)
    assert backend.search(Query("headache")).total
    replica.stop("immediate")
    try:
        assert backend.search(Query("relief")).total
        primary.stop("immediate")
        try:
            with pytest.raises(IndexUnavailable, match="cannot be reached"):
                backend.search(Query("nobody answers"))
        finally:
            primary.start()
        assert backend.search(Query("headache relief")).total
    finally:
        replica.start()


def test_a_standby_that_stays_behind_is_not_believed(primary, replica, addresses, database):
    kb = base()
    engine = PostgresEngine(addresses)
    engine.build(kb)
    replica.follow(primary)
    replica.run("SELECT pg_wal_replay_pause()")
    try:
        later = saved(kb, "quokka")
        backend = engine.open(kb).updated(later)
        assert [hit.id for hit in backend.search(Query("quokka")).hits] == [min(kb.claims)]
        with psycopg.connect(replica.dsn(dbname=database)) as connection:
            assert connection.execute("SELECT count(*) FROM caveat.state").fetchone() == (1,)
    finally:
        replica.run("SELECT pg_wal_replay_resume()")


def test_a_standby_is_not_believed_that_a_state_is_missing(primary, replica, addresses, database):
    kb = base()
    PostgresEngine(addresses).build(kb)
    replica.follow(primary)
    replica.run("SELECT pg_wal_replay_pause()")
    try:
        later = saved(kb, "quokka")
        PostgresEngine(addresses).build(later)
        opened = PostgresEngine(addresses).open(later)  # as by another process, which knows nothing of the build
        assert [hit.id for hit in opened.search(Query("quokka")).hits] == [min(kb.claims)]
        with psycopg.connect(replica.dsn(dbname=database)) as connection:
            assert connection.execute("SELECT count(*) FROM caveat.state").fetchone() == (1,)
    finally:
        replica.run("SELECT pg_wal_replay_resume()")
