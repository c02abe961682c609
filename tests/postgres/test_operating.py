"""What docs/postgres.md tells operators to do, done as it stands there."""

from __future__ import annotations

import dataclasses
import random
import time

import psycopg
import pytest

from kb.errors import IndexUnavailable
from kb.search.base import Query
from kb.search.postgres.engine import PostgresEngine
from tests.postgres.cluster import Server
from tests.postgres.operators_guide import blocks
from tests.search.bases import base

HOST, HOSTS = "db1.example", "db1.example,db2.example,db3.example"
ROLES = ("caveat_owner", "caveat_reader", "caveat_standby")


@pytest.fixture(scope="module")
def guided(cluster):
    """Return a server set up by the guide: its roles, its database, TLS, passwords; reached as `localhost`."""
    server = cluster.new("guided")
    (roles,) = blocks("Users and rights", "sql")
    psql(server, roles + blocks("Standbys and failover", "sql")[0], server.dsn())
    server.run(*(f"ALTER ROLE {role} PASSWORD '{role}-pass'" for role in ROLES))
    certify(server)
    return server


def psql(server, script, address):
    file = server.cluster.folder / "script.sql"
    file.write_text(script, encoding="utf-8")
    server.cluster.program("psql", "-v", "ON_ERROR_STOP=1", "-q", "-f", str(file), address)


def shell(server, commands, **environment):
    """Run commands of the guide on this machine, as who runs the server."""
    given = " ".join(f"{name}='{value}'" for name, value in environment.items())
    server.cluster.program("/bin/sh", "-e", "-c", f"export {given}\n{commands}" if given else commands)


def certify(server):
    """Set up TLS as the guide has it, for this machine's own name and address."""
    (commands,) = blocks("TLS", "sh")
    shell(server, commands.replace(HOST, "localhost"))
    for name in ("server.key", "server.pem"):
        server.cluster.program("/bin/mv", name, str(server.folder))
    (settings,) = blocks("TLS", "ini")
    (rights,) = blocks("TLS", "conf")
    rights = rights.replace("10.0.0.0/24", "127.0.0.1/32")
    server.stop()
    with (server.folder / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
        file.write(settings.replace("10.0.0.11", "127.0.0.1"))
    with (server.folder / "pg_hba.conf").open("w", encoding="utf-8") as file:
        file.write(f"local all owner trust\n{rights}")
    start_at_some_port(server)


def start_at_some_port(server):
    while True:
        server.port = random.SystemRandom().randrange(20000, 60000)
        try:
            return server.start()
        except AssertionError as failed:
            if "Address already in use" not in str(failed):
                raise


def over_tls(server, user, **more):
    options = {
        "user": user,
        "password": f"{user}-pass",
        "dbname": "caveat",
        "host": "localhost",
        "hostaddr": "127.0.0.1",
    }
    options |= {"sslmode": "verify-full", "sslrootcert": str(server.cluster.folder / "ca.pem")}
    return server.dsn(**options, **more)


def test_a_connection_is_encrypted_and_the_server_proves_who_it_is(guided):
    with psycopg.connect(over_tls(guided, "caveat_owner")) as connection:
        (version,) = connection.execute("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()
    assert version.startswith("TLSv1.")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        pytest.param({"sslmode": "disable"}, "no encryption", id="in-clear"),
        pytest.param({"host": "elsewhere.example"}, "does not match host name", id="another-name"),
        pytest.param({"sslrootcert": "system"}, "certificate verify failed", id="another-authority"),
        pytest.param({"password": "guessed"}, "password authentication failed", id="wrong-password"),
        pytest.param({"dbname": "postgres"}, "no pg_hba.conf entry", id="another-database"),
    ],
)
def test_what_is_refused(guided, more, said):
    options = psycopg.conninfo.conninfo_to_dict(over_tls(guided, "caveat_owner"))
    with pytest.raises(psycopg.OperationalError, match=said):
        psycopg.connect(**(options | more))


@pytest.fixture(scope="module")
def owner(guided):
    return over_tls(guided, "caveat_owner")


def test_the_owner_writes_and_the_reader_can_only_search(guided, owner):
    kb, reader = base(), over_tls(guided, "caveat_reader")
    PostgresEngine(owner).build(kb)
    assert PostgresEngine(reader).open(kb).search(Query("headache")).total
    with pytest.raises(IndexUnavailable, match=r"^PostgreSQL refuses \(permission denied for "):
        PostgresEngine(reader).build(named(kb, "later"))
    with psycopg.connect(reader) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE public.mine ()")


def named(kb, digest):
    return dataclasses.replace(kb, digest=digest)


def test_a_standby_is_made_by_the_guide(guided):
    standby = Server(guided.cluster, "guided-standby", guided.port + 1)
    guided.cluster.servers.append(standby)
    here = f"localhost hostaddr=127.0.0.1 port={guided.port} password=caveat_standby-pass"
    copying, _ = blocks("Standbys and failover", "sh")[0].split("pg_ctl ")
    copying = copying.replace(HOSTS, here).replace("/etc/caveat", str(guided.cluster.folder))
    shell(guided, f"umask 077\n{copying}", PGDATA=standby.folder, PATH=f"{guided.cluster.binaries}:/bin:/usr/bin")
    standby.set(listen_addresses="''")
    standby.start()
    while guided.run("SELECT application_name, state FROM pg_stat_replication") != [("db2", "streaming")]:
        time.sleep(0.01)
    standby.follow(guided)
    with psycopg.connect(standby.dsn()) as connection:
        assert connection.execute("SELECT pg_is_in_recovery()").fetchone() == (True,)
    standby.stop("immediate")


def test_what_is_to_be_watched_can_be_asked(guided, owner):
    PostgresEngine(owner).build(base())
    guided.run("CREATE ROLE watcher LOGIN IN ROLE pg_monitor, caveat_reader")
    (queries,) = blocks("What to watch", "sql")
    statements = [statement for statement in queries.split(";") if statement.strip()]
    for statement in statements:
        guided.run(f"SET ROLE watcher; {statement}", dbname="caveat")
    answers = [guided.run(statement, dbname="caveat") for statement in statements]
    assert len(answers) == 8
    newest, sizes = answers[4], answers[6]
    assert newest[0][1] == base().digest
    assert {name for name, _ in sizes} >= {"claim", "claim_terms", "word", "state"}


def test_what_was_dumped_can_be_restored(guided, owner):
    PostgresEngine(owner).build(base())
    (commands,) = blocks("Backup and restore", "sh")
    dumping, restoring = commands.splitlines()
    environment = {"CAVEAT_DSN": owner.replace("'", "'\\''"), "PATH": f"{guided.cluster.binaries}:/bin:/usr/bin"}
    shell(guided, dumping, **environment)
    (dropping,) = blocks("Upgrades", "sql")
    psql(guided, dropping, owner)
    with pytest.raises(IndexUnavailable, match="no search index has been built"):
        PostgresEngine(owner).open(base())
    shell(guided, restoring, **environment)
    for role in ("caveat_owner", "caveat_reader"):
        assert PostgresEngine(over_tls(guided, role)).open(base()).search(Query("headache")).total
