"""Real PostgreSQL servers, started once for all tests of a process, and only those that a test asks for.

`primary` with `replica` stay as they are for all tests: who stops or promotes a server starts one with `cluster.new`.
"""

from __future__ import annotations

import itertools

import pytest

from tests.postgres.cluster import Cluster, dsn, has_extension, needed

_numbers = itertools.count()


@pytest.fixture(scope="session", autouse=True)
def _patience():
    """Wait longer than people would: machines that run tests are busy, and no test is decided by how long it takes."""
    from kb.search.postgres import connections  # noqa: PLC0415 - without psycopg, tests are skipped and not broken

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections, "TIMEOUT", 60.0)
        patch.setitem(connections._DEFAULTS, "connect_timeout", "60")
        yield


@pytest.fixture(scope="session")
def cluster():
    """Return a folder of servers; `cluster.new(name)` and `cluster.standby(of, name)` start more."""
    made = Cluster(needed())
    yield made
    made.end()


@pytest.fixture(scope="session")
def primary(cluster):
    return cluster.new("primary")


@pytest.fixture(scope="session")
def replica(cluster, primary):
    return cluster.standby(primary, "replica")


@pytest.fixture(scope="session")
def shards(cluster):
    """Return two servers that know nothing of each other."""
    return [cluster.new("shard-0"), cluster.new("shard-1")]


@pytest.fixture
def database(primary):
    """Return the name of an empty database on the primary, which goes with the test."""
    name = f"kb{next(_numbers)}"
    primary.run(f"CREATE DATABASE {name}")
    yield name
    primary.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def address(primary, database):
    """Return how to connect to an empty database of the test's own."""
    return primary.dsn(dbname=database)


@pytest.fixture
def addresses(primary, replica, database):
    """Return the same for a primary and its replica: `target_session_attrs` says which is wanted."""
    replica.follow(primary)
    return dsn([primary, replica], dbname=database)


@pytest.fixture(scope="session")
def plproxy(cluster):
    if not has_extension(cluster.binaries, "plproxy"):
        pytest.skip("PL/Proxy is not installed (Debian: apt-get install postgresql-15-plproxy, by your version)")
