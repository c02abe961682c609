"""What docs/postgres.md tells operators to do, done as it stands there."""

from __future__ import annotations

import random

import psycopg
import pytest

from tests.postgres.operators_guide import blocks

HOST = "db1.example"


@pytest.fixture(scope="module")
def guided(cluster):
    """Return a server set up by the guide: its roles, its database, TLS, passwords; reached as `localhost`."""
    server = cluster.new("guided")
    (roles,) = blocks("Users and rights", "sql")
    script = cluster.folder / "roles.sql"
    script.write_text(roles, encoding="utf-8")
    cluster.program("psql", "-v", "ON_ERROR_STOP=1", "-q", "-f", str(script), server.dsn())
    server.run(*(f"ALTER ROLE {role} PASSWORD '{role}-pass'" for role in ("caveat_owner", "caveat_reader")))
    certify(server)
    return server


def certify(server):
    """Set up TLS as the guide has it, for this machine's own name and address."""
    (commands,) = blocks("TLS", "sh")
    server.cluster.program("/bin/sh", "-e", "-c", commands.replace(HOST, "localhost"))
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
