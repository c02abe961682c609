"""Connections: which server is asked, what happens when one breaks, and that nobody ever reads the password."""

from __future__ import annotations

import gc
import threading

import psycopg
import pytest

from kb.errors import IndexUnavailable, KbError
from kb.search.base import Query
from kb.search.postgres import connections
from kb.search.postgres.connections import Connections
from kb.search.postgres.engine import PostgresEngine
from tests.search.bases import base
from tests.search.contract import ids
from tests.search.edits import edited

SECRET = "hunter2 'x"  # noqa: S105 - nobody's
QUOTED = SECRET.replace("'", "\\'")


@pytest.fixture
def at():
    """Return a function that gives the connections to an address; they are closed with the test."""
    made = []

    def connect(dsn):
        made.append(Connections(dsn))
        return made[-1]

    yield connect
    for each in made:
        each.close()


@pytest.fixture
def engine(addresses):
    """Return an engine that knows of a primary and its replica, and has built the base."""
    made = PostgresEngine(addresses)
    made.build(base())
    yield made
    made.close()


def one(statement):
    return lambda connection: connection.execute(statement).fetchone()[0]


IN_RECOVERY = one("SELECT pg_is_in_recovery()")
SERVED_BY = one("SELECT pg_backend_pid()")


# In words, and without the password


@pytest.mark.parametrize(
    "dsn",
    [
        f"password={SECRET} here",
        f"hots=a password='{QUOTED}'",
        f"postgresql://me:{SECRET}@[::1",
        SECRET,
        f"host=a {SECRET}=1",
    ],
)
def test_an_address_that_is_none_is_refused(dsn):
    with pytest.raises(KbError) as raised:
        Connections(dsn)
    assert str(raised.value) == "the address of PostgreSQL (--dsn, CAVEAT_DSN) is neither postgresql://… nor host=…"
    assert raised.value.__suppress_context__


@pytest.mark.parametrize(
    "broken", [{"host": "/nonexistent"}, {"user": "nobody"}, {"dbname": "nothing"}, {"options": "-c nothing=1"}]
)
def test_what_cannot_be_reached_is_said_without_the_password(at, primary, broken):
    dsn = primary.dsn(**{"password": SECRET, **broken})
    for ask in (at(dsn).read, at(dsn).write):
        with pytest.raises(IndexUnavailable, match=r"^PostgreSQL (cannot be reached|refuses) \(.+\)$") as raised:
            ask(IN_RECOVERY)
        assert "hunter2" not in str(raised.value)
        assert raised.value.__suppress_context__


def test_a_server_that_repeats_the_password_is_cut_short(at, primary):
    dsn = primary.dsn(password=SECRET)
    with pytest.raises(IndexUnavailable, match=r"^PostgreSQL refuses \(you said …\)$"):
        at(dsn).write(lambda connection: connection.execute(f"DO $$BEGIN RAISE 'you said %', $q${SECRET}$q$; END$$"))


def test_a_search_takes_only_so_long(primary, monkeypatch, at):
    monkeypatch.setattr(connections, "TIMEOUT", 0.02)
    with pytest.raises(
        IndexUnavailable, match=r"^PostgreSQL took too long \(canceling statement due to statement timeout"
    ):
        at(primary.dsn()).read(lambda connection: connection.execute("SELECT pg_sleep(60)"))


# Which server


def test_a_replica_reads_and_the_primary_writes(at, addresses):
    both = at(addresses)
    assert (both.read(IN_RECOVERY), both.write(IN_RECOVERY)) == (True, False)


def test_the_primary_reads_where_there_is_no_replica(at, address):
    assert at(address).read(IN_RECOVERY) is False


def test_a_replica_finds_a_save(engine, primary, replica):
    after = engine.open(base()).updated(edited(base(), ("claim", "calm", {"claim": "Zebras doze."})))
    replica.follow(primary)
    assert ids(after.search(Query("zebra"))) == ["calm"]
    assert engine._connections.read(IN_RECOVERY) is True


def test_where_the_replica_is_behind_the_primary_is_asked(engine, primary, replica, monkeypatch):
    monkeypatch.setattr(connections, "PATIENCE", 0.1)
    replica.follow(primary)
    before = engine.open(base())
    assert ids(before.search(Query("patients"))) == ["calm"]
    replica.run("SELECT pg_wal_replay_pause()")
    try:
        kb = edited(base(), ("claim", "calm", {"claim": "Zebras doze."}))
        after = before.updated(kb)
        assert ids(after.search(Query("zebra"))) == ["calm"]
        assert ids(engine.open(kb).search(Query("zebra graze"))) == ["calm"]
        assert ids(before.search(Query('"naïve patients"'))) == ["calm"]
    finally:
        replica.run("SELECT pg_wal_replay_resume()")


def test_a_replica_that_has_no_index_yet_is_no_obstacle(addresses, primary, replica, database, monkeypatch):
    monkeypatch.setattr(connections, "PATIENCE", 0.1)
    replica.follow(primary)
    replica.run("SELECT pg_wal_replay_pause()")
    engine = PostgresEngine(addresses)
    try:
        engine.build(base())
        assert ids(engine.open(base()).search(Query("patients"))) == ["calm"]
        assert replica.run("SELECT to_regnamespace('caveat')", dbname=database) == [(None,)]
    finally:
        replica.run("SELECT pg_wal_replay_resume()")
        engine.close()


# When they break


def test_a_broken_connection_is_opened_anew(engine, primary, database):
    backend = engine.open(base())
    kick = (
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    for text in ("aches", "patients"):
        primary.run(kick, dbname=database)
        assert backend.search(Query(text)).total
    primary.run(kick, dbname=database)
    assert backend.updated(edited(base(), ("claim", "calm", {"claim": "Zebras doze."}))).search(Query("zebra")).total


def test_a_connection_that_can_only_read_is_not_kept_for_writing(at, address):
    found = at(address)

    def write(connection):  # as over a connection that was open when its server became a standby
        connection.execute("SET default_transaction_read_only = on")
        connection.execute("CREATE TABLE never (done integer)")

    with pytest.raises(IndexUnavailable, match=r"^PostgreSQL refuses \(cannot execute CREATE TABLE in a read-only"):
        found.write(write)
    assert found.write(one("SHOW default_transaction_read_only")) == "off"


def test_work_is_done_over_another_connection_where_one_is_lost_without_a_word(at, address):
    found, tries = at(address), []

    def work(connection):
        tries.append(SERVED_BY(connection))
        if len(tries) == 1:
            connection.pgconn.finish()  # no error of the server says why
        return SERVED_BY(connection)

    assert found.read(work) == tries[1] != tries[0]


def test_what_was_interrupted_leaves_nothing_behind(at, address):
    found = at(address)

    def interrupted(connection):
        connection.execute("BEGIN")
        connection.execute("CREATE TABLE half (done integer)")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        found.write(interrupted)
    assert found.write(one("SELECT to_regclass('half')")) is None


def test_an_error_of_the_question_keeps_the_connection(at, address):
    found = at(address)
    before = found.read(SERVED_BY)
    with pytest.raises(IndexUnavailable, match=r"^PostgreSQL refuses \(division by zero\)$"):
        found.read(one("SELECT 1/0"))
    assert found.read(SERVED_BY) == before


def test_threads_have_connections_of_their_own_and_few_stay_open(at, address):
    found, ready = at(address), threading.Barrier(12)
    served = []

    def ask(connection):
        ready.wait()
        served.append(SERVED_BY(connection))

    threads = [threading.Thread(target=found.read, args=(ask,)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(served)) == 12
    assert len(found._idle["prefer-standby"]) == connections._IDLE
    found.close()
    assert not found._idle["prefer-standby"]


def test_connections_go_with_who_has_them(address):
    found = Connections(address)
    found.read(SERVED_BY)
    ((_, connection),) = found._idle["prefer-standby"]
    del found
    gc.collect()
    assert connection.closed
    assert isinstance(connection, psycopg.Connection)
