"""`kb serve` as a process with real sockets: it starts, says how it is, logs, counts, and stops gracefully."""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path

import pytest

from tests import lake

pytestmark = pytest.mark.enable_socket
WAIT = 60.0
"""Seconds after which a test gives up; nothing is decided by how long it takes."""
PASTED = "Zanzibarine cures low mood"
BODY = json.dumps({"text": PASTED}).encode()


class Server:
    """A process, with the lines that it wrote."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.root = lake.write_lake(folder / "project" / "claims")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kb", "serve", "--port", "0", *options],
            cwd=self.root.parent,
            env={**os.environ, "CAVEAT_HOME": str(folder / "home")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.log: list[str] = []
        self._reader = threading.Thread(target=lambda: self.log.extend(self.process.stderr), daemon=True)
        self._reader.start()
        self.figures = self._port() if "--metrics" in options else None
        self.port = self._port()

    def _port(self) -> int:
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found, (line, self.log)
        return int(found[1])

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None, port: int = 0):
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=WAIT)
        try:
            connection.request(method, path, body or None, headers or {})
            answer = connection.getresponse()
            answer.text = answer.read().decode()
            return answer
        finally:
            connection.close()

    def wait_until_ready(self) -> None:
        """Wait while it makes ready what its first searches would wait for."""
        ends = time.monotonic() + WAIT
        while self.ask("GET", "/readyz").status != 200:
            assert time.monotonic() < ends, self.log
            time.sleep(0.05)

    def children(self) -> list[int]:
        """Return the processes that this one has started."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        tasks = listed.parent.parent.glob("*/children")
        return [int(pid) for task in tasks for pid in task.read_text().split()]

    def stop(self, *, told: bool = False) -> int:
        if not told:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(WAIT)
        self._reader.join(WAIT)
        self.process.stdout.close()
        self.process.stderr.close()
        return code


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    made = Server(tmp_path_factory.mktemp("served"), "--log-format", "json", "--metrics", "0")
    made.wait_until_ready()
    yield made
    if not made.process.stdout.closed:
        made.process.kill()
        made.stop(told=True)


def test_it_is_alive_and_ready(server):
    alive, ready = server.ask("GET", "/healthz"), server.ask("GET", "/readyz")
    assert (alive.status, alive.text, alive.headers["Cache-Control"]) == (200, "alive\n", "no-store")
    assert (ready.status, json.loads(ready.text)) == (200, {"ready": True, "reasons": []})
    assert ready.headers["Cache-Control"] == "no-store"
    assert "Server" not in alive.headers


def test_pages_are_not_where_the_figures_are_and_the_other_way_round(server):
    assert server.ask("GET", "/metrics").status == 404
    assert "caveat_entries" in server.ask("GET", "/metrics", port=server.figures).text


def test_figures_count_routes_and_never_hold_what_was_typed(server):
    server.ask("GET", "/?q=zanzibarine")
    server.ask("GET", "/claims/zanzibarine")
    server.ask("ZANZIBARINE", "/zanzibarine")
    audited = server.ask("POST", "/api/v1/audit", BODY, {"Content-Type": "application/json"})
    assert audited.status == 200, audited.text
    told = server.ask("GET", "/metrics", port=server.figures).text
    assert "zanzibarine" not in told.lower()
    lines = set(told.splitlines())
    assert 'caveat_http_requests_total{method="GET",route="/claims/<claim_id>",status="404"} 1.0' in lines
    assert any(line.startswith('caveat_http_requests_total{method="other",route="(none)"') for line in lines)
    assert 'caveat_entries{kind="claims"} 2.0' in lines
    assert "caveat_index_behind 0.0" in lines
    assert 'caveat_sign_in_failures_total{reason="wrong"} 0.0' in lines
    copies = re.search(r'caveat_audits_total\{outcome="audited"\} (\d+)', told)
    assert int(copies[1]) >= 1


@pytest.mark.parametrize(
    "path",
    [
        "/../kb.yaml",
        "/static/../../kb/__init__.py",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%2f..%2f..%2fetc/passwd",
        "/sources/..%2f..%2fkb.yaml",
        "/api/v1/entries/claim/..%2f..%2fkb",
        "//etc/passwd",
        "/static//etc/passwd",
        "/claims/%00",
        "/static/%5c..%5c..%5cetc",
    ],
)
def test_no_address_leads_out_of_the_house(server, path):
    answer = server.ask("GET", path)
    assert answer.status in {301, 308, 400, 404}
    assert "root:" not in answer.text
    assert "schema:" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/?q=a%0d%0aX-Made-Up:%201",
        "/claims/a%0d%0aX-Made-Up:%201",
        "/login?next=/%0d%0aX-Made-Up:%201",
        "/search.csv?q=%0d%0aX-Made-Up:%201",
    ],
)
def test_no_address_writes_headers(server, path):
    assert "X-Made-Up" not in server.ask("GET", path).headers


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 300_000 + b"\r\n\r\n", 431),
        (b"POST /audit HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99000000\r\n\r\n", 413),
        (b"POST /audit HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /audit HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: x\r\n\r\na", 501),
        (b"GET / HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nA : b\r\n\r\n", 400),
        (b"not HTTP at all\r\n\r\n", 400),
    ],
)
def test_requests_that_are_none_are_refused(server, sent, status):
    with socket.create_connection(("127.0.0.1", server.port), WAIT) as connection:
        connection.sendall(sent)
        assert connection.recv(1000).split()[1] == str(status).encode()


def test_it_stops_when_what_is_under_way_is_done_and_has_logged_routes_alone(server):
    """Half a request is under way, the server is told to stop, nobody comes in, and the other half is answered.

    Comes last, so that everything above is in the log.
    """
    lines = ("POST /api/v1/audit HTTP/1.1", "Host: localhost", "Content-Type: application/json")
    head = "\r\n".join((*lines, "X-Request-ID: made-up-id", f"Content-Length: {len(BODY)}", "", ""))
    server.ask("GET", "/claims/zanzibarine?q=zanzibarine", headers={"Referer": "http://localhost/?q=zanzibarine"})
    with socket.create_connection(("127.0.0.1", server.port), WAIT) as connection:
        connection.sendall(head.encode() + BODY[:9])
        while unsent(connection):
            time.sleep(0.01)
        server.ask("GET", "/healthz")  # came later, so that the half before it is known
        helpers = server.children()
        server.process.send_signal(signal.SIGTERM)
        while listens(server.port):
            time.sleep(0.01)
        connection.sendall(BODY[9:])
        answer = connection.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b'"ok":true' in answer.replace(b" ", b"")
    assert b"made-up-id" not in answer  # no proxy was named whose word would count
    assert server.stop(told=True) == 0
    assert helpers
    ends = time.monotonic() + WAIT
    while any(map(runs, helpers)):
        assert time.monotonic() < ends, helpers
        time.sleep(0.01)
    assert "zanzibarine" not in "".join(server.log).lower()
    told = [line for line in map(json.loads, server.log) if "route" in line]
    assert {"GET /healthz", "GET /claims/<claim_id>", "POST /api/v1/audit"} <= {
        f"{line['method']} {line['route']}" for line in told
    }
    fields = {"time", "level", "logger", "request", "method", "route", "status", "ms", "account"}
    assert all(set(line) == fields for line in told)
    assert len({line["request"] for line in told}) == len(told)


def unsent(connection: socket.socket) -> int:
    """Return the bytes that the other end has not taken (Linux: SIOCOUTQ)."""
    return struct.unpack("i", fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, b"\0" * 4))[0]


def runs(pid: int) -> bool:
    """Say whether a process is there and more than a name that nobody has asked after (a zombie)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), WAIT).close()
    except OSError:
        return False
    return True
