"""The servers that the other tests rest on are what they say."""

from __future__ import annotations

import subprocess

import psycopg
import pytest

from tests.postgres.cluster import Cluster, dsn, needed


def test_a_change_is_found_on_the_replica(primary, replica, database):
    primary.run("CREATE TABLE note AS SELECT 'seen' AS text", dbname=database)
    replica.follow(primary)
    assert replica.run("SELECT text FROM note", dbname=database) == [("seen",)]
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        replica.run("DELETE FROM note", dbname=database)


@pytest.mark.parametrize(("wanted", "name"), [("read-write", "primary"), ("prefer-standby", "replica")])
def test_an_address_of_both_leads_to_the_one_that_is_wanted(primary, replica, wanted, name):
    for order in ([primary, replica], [replica, primary]):
        with psycopg.connect(dsn(order, target_session_attrs=wanted)) as connection:
            (folder,) = connection.execute("SHOW data_directory").fetchone()
            assert folder.endswith(f"/{name}")


def test_nothing_stays():
    made = Cluster(needed())
    server = made.new("brief")
    pid = int((server.folder / "postmaster.pid").read_text().split()[0])
    made.end()
    assert not made.folder.exists()
    state = subprocess.run(("/bin/ps", "-o", "state=", "-p", str(pid)), capture_output=True, text=True, check=False)
    assert state.stdout.strip() in ("", "Z")
