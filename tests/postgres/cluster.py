"""Throw-away PostgreSQL servers: started from nothing, reached by Unix sockets in a folder of their own, then gone.

No server listens on an address, so neither ports nor other servers of this machine can be in the way. Whoever may enter
the folder may do anything (`trust`): good for tests, wrong for everything else.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

if TYPE_CHECKING:
    from collections.abc import Iterator

OWNER = "owner"
"""Who made the servers, and may do anything."""

USUALLY = {
    "listen_addresses": "''",
    "fsync": "off",  # nobody pulls the plug in a test
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "100",
    "max_wal_size": "256MB",
    "jit": "off",
}


def programs() -> Path | None:
    """Return the folder with the server's programs; one that has PL/Proxy, where there are several; or `None`."""
    said = shutil.which("pg_config")
    asked = [Path(_output(said, "--bindir"))] if said else []
    folders = [*asked, *Path("/usr/lib/postgresql").glob("*/bin")]
    installed = [folder for folder in folders if (folder / "initdb").exists()]
    return max(installed, key=lambda folder: has_extension(folder, "plproxy"), default=None)


def has_extension(binaries: Path, name: str) -> bool:
    """Return whether the server with these programs has this extension to offer."""
    return (Path(_output(str(binaries / "pg_config"), "--sharedir")) / "extension" / f"{name}.control").exists()


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _as_whom() -> dict:
    """Return how to run the programs: PostgreSQL refuses root, so root runs them as the user that its package made."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _tell(pid: int, what: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has just ended
        os.kill(pid, what)


# Reads until whoever started it closes the other end, or dies, however that comes about.
_KEEPER = """
cat
for server in "$0"/*/postmaster.pid; do
    [ -e "$server" ] && kill -QUIT "$(head -n 1 "$server")"
done
for _ in $(seq 200); do
    ls "$0"/*/postmaster.pid > /dev/null || break
    sleep 0.05
done
rm -rf "$0"
"""


@dataclass
class Server:
    """One server, which may run or not."""

    cluster: Cluster
    name: str
    port: int
    """It names the socket in the cluster's folder; no address has it."""

    @property
    def folder(self) -> Path:
        return self.cluster.folder / self.name

    def dsn(self, **more: str) -> str:
        """Return how to connect: database `postgres` as the owner, unless told otherwise."""
        return dsn([self], **more)

    def set(self, **settings: str) -> None:
        """Set what the server reads when it starts, or when it is told to read again."""
        with (self.folder / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def start(self) -> None:
        log = str(self.cluster.folder / f"{self.name}.log")
        self._control("start", "-l", log, "-o", f"-p {self.port} -k {self.cluster.folder}")

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` in good order, `immediate` as if its machine had died."""
        self._control("stop", "-m", mode)

    def restart(self) -> None:
        self.stop()
        self.start()

    def reload(self) -> None:
        self._control("reload")

    def promote(self) -> None:
        """Make a standby a primary."""
        self._control("promote")

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Let it hang meanwhile, as on a stuck disk: it keeps its connections, and takes new ones, without a word."""
        lead = int((self.folder / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        os.kill(lead, signal.SIGSTOP)  # first, so that nothing is started any more
        others = [int(pid) for pid in _output("/bin/ps", "-o", "pid=", "--ppid", str(lead)).split()]
        try:
            for pid in others:
                _tell(pid, signal.SIGSTOP)
            yield
        finally:
            for pid in (*others, lead):
                _tell(pid, signal.SIGCONT)

    @property
    def running(self) -> bool:
        return (self.folder / "postmaster.pid").exists()

    @property
    def primary(self) -> bool:
        """Whether it runs and takes writes."""
        return self.running and self.run("SELECT pg_is_in_recovery()") == [(False,)]

    def run(self, *statements: str, **where: str) -> list[tuple]:
        """Run statements, each in a transaction of its own; return the rows of the last."""
        with psycopg.connect(self.dsn(**where), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def follow(self, other: Server) -> None:
        """Wait until this standby has all that another server has written so far."""
        ((written,),) = other.run("SELECT pg_current_wal_lsn()::text")
        while self.run(f"SELECT pg_last_wal_replay_lsn() >= '{written}'") != [(True,)]:
            time.sleep(0.01)

    def _control(self, verb: str, *options: str) -> None:
        self.cluster.program("pg_ctl", verb, "-D", str(self.folder), "-w", "-t", "120", "-s", *options)


def dsn(servers: list[Server], **more: str) -> str:
    """Return how to connect to whichever of these servers will have it."""
    hosts = ",".join(str(server.cluster.folder) for server in servers)
    ports = ",".join(str(server.port) for server in servers)
    return make_conninfo(**{"host": hosts, "port": ports, "user": OWNER, "dbname": "postgres", **more})


class Cluster:
    """A folder with servers in it."""

    def __init__(self, binaries: Path) -> None:
        self.binaries = binaries
        self.servers: list[Server] = []
        # Not in pytest's folder: a socket's path may be a hundred characters long, and not everybody may enter there.
        self.folder = Path(tempfile.mkdtemp(prefix="kb-pg-"))
        if owner := _as_whom():
            os.chown(self.folder, owner["user"], owner["group"])
        self._keeper = subprocess.Popen(
            ("/bin/sh", "-c", _KEEPER, str(self.folder)),
            cwd="/",
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C is not for it
            **_as_whom(),
        )

    def program(self, name: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs; what it says goes into the error if it fails."""
        with tempfile.TemporaryFile() as said:  # not a pipe: the server inherits it and would keep it open
            done = subprocess.run(
                (str(self.binaries / name), *arguments),
                cwd=self.folder,
                env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                check=False,
                **_as_whom(),
            )
            said.seek(0)
            if done.returncode:
                logs = [
                    file.read_text(encoding="utf-8", errors="replace")[-2000:] for file in self.folder.glob("*.log")
                ]
                raise AssertionError("\n".join([f"{name} {' '.join(arguments)}", said.read().decode(), *logs]))

    def new(self, name: str, **settings: str) -> Server:
        """Start an empty server."""
        pattern = self.folder / "empty"
        if not pattern.exists():
            self.program(
                *("initdb", "-D", str(pattern), "-U", OWNER, "-A", "trust", "-E", "UTF8"),
                *("--locale=C.UTF-8", "-N", "--no-instructions"),
            )
        server = self._server(name)
        self.program("/bin/cp", "-a", str(pattern), str(server.folder))
        server.set(**{**USUALLY, **settings})
        server.start()
        return server

    def standby(self, of: Server, name: str, **settings: str) -> Server:
        """Start a streaming replica of a server."""
        server = self._server(name)
        self.program(
            *("pg_basebackup", "-d", of.dsn(application_name=name), "-D", str(server.folder)),
            *("-R", "-X", "stream", "-c", "fast", "--no-sync"),
        )
        server.set(**settings)
        server.start()
        return server

    def _server(self, name: str) -> Server:
        self.servers.append(Server(self, name, 5432 + len(self.servers)))
        return self.servers[-1]

    def end(self) -> None:
        """Stop every server, and leave nothing."""
        self._keeper.communicate()


def needed() -> Path:
    """Return the folder with the server's programs; skip the test where there is none."""
    folder = programs()
    if folder is None:
        pytest.skip("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    return folder
