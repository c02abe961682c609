"""The loop around Waitress, on real sockets in this process: slow and greedy clients, and a graceful stop."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import pytest

from kb.cli.listening import Limits, Listening, Patience
from kb.errors import KbError

pytestmark = pytest.mark.enable_socket
WAIT = 30.0
"""Seconds after which a test gives up; nothing is decided by how long it takes."""
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
HALF = b"GET / HTTP/1.1\r\nHost: x\r\nA: "
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"


def answer(_environ, start_response):
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]


@contextlib.contextmanager
def served(app=answer, *, threads: int = 2, connections: int = 400, **patience):
    server = Listening(
        app, "127.0.0.1", 0, Limits(threads, 2_000_000, connections=connections), Patience(**patience), proxied=False
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server, thread
    finally:
        server.stop()
        server.stop()
        thread.join(WAIT)
        assert not thread.is_alive()


@contextlib.contextmanager
def connected(server):
    with socket.create_connection(("127.0.0.1", server.port), WAIT) as connection:
        yield connection


def asked(server) -> bytes:
    with connected(server) as connection:
        connection.sendall(GET)
        return connection.recv(1000)


def trickled_until_closed(connection) -> bool:
    """Send a byte now and then; return whether the other end has closed the connection."""
    ends = time.monotonic() + WAIT
    connection.settimeout(0.05)
    while time.monotonic() < ends:
        try:
            connection.sendall(b"a")
            if connection.recv(100) == b"":
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


def test_more_slow_clients_than_threads_hold_nobody_up():
    with served(header=WAIT * 10) as (server, _), contextlib.ExitStack() as stack:
        for number in range(50):
            connection = stack.enter_context(connected(server))
            connection.sendall(HALF if number % 2 else POST + b"a")
        assert asked(server).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize("sent", [HALF, b"G", POST], ids=["headers", "first line", "body"])
def test_a_request_that_trickles_in_is_given_up(sent):
    with served(header=0.5, rate=10_000) as (server, _), connected(server) as connection:
        connection.sendall(sent)
        assert trickled_until_closed(connection)
        assert asked(server).startswith(b"HTTP/1.1 200 OK")


def test_slow_clients_that_have_taken_every_connection_are_shown_the_door():
    with served(header=0.5, connections=10) as (server, _), contextlib.ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(connected(server)).sendall(HALF)
        assert asked(server).startswith(b"HTTP/1.1 200 OK")


def test_an_answer_that_nobody_fetches_sets_its_thread_free():
    def large(_environ, start_response):
        start_response("200 OK", [])
        return (b"a" * 1_000_000 for _ in range(60))

    with served(large, threads=1, fetching=0.5) as (server, _), connected(server) as greedy:
        greedy.sendall(GET)
        assert greedy.recv(1000).startswith(b"HTTP/1.1 200 OK")
        assert asked(server).startswith(b"HTTP/1.1 200 OK")


def test_bodies_that_are_too_much_together_are_not_kept():
    with served(header=WAIT, bodies=1_500_000) as (server, _), contextlib.ExitStack() as stack:
        greedy = [stack.enter_context(connected(server)) for _ in range(4)]
        for connection in greedy:
            with contextlib.suppress(OSError):  # closed already
                connection.sendall(POST + b"a" * 900_000)
        assert trickled_until_closed(greedy[0]) or trickled_until_closed(greedy[1])
        assert asked(server).startswith(b"HTTP/1.1 200 OK")


@pytest.fixture
def held():
    """Return an application that answers when it is let, and what tells that it was asked."""
    came, may = threading.Event(), threading.Event()

    def app(environ, start_response):
        came.set()
        may.wait(WAIT)
        return answer(environ, start_response)

    yield app, came, may
    may.set()


def test_what_is_under_way_is_answered_before_it_stops(held):
    app, came, may = held
    with served(app, grace=WAIT) as (server, thread), connected(server) as idle, connected(server) as connection:
        connection.sendall(GET)
        assert came.wait(WAIT)
        server.stop()
        assert idle.recv(1) == b""  # nothing was under way there
        with pytest.raises(OSError, match="refused"):
            asked(server)
        assert thread.is_alive()
        may.set()
        assert connection.makefile("rb").read().endswith(b"\r\n\r\nok")
        thread.join(WAIT)
        assert not thread.is_alive()


def test_when_the_time_of_grace_is_over_it_stops_all_the_same(held, caplog):
    app, came, _ = held
    with served(app, grace=0.3) as (server, thread), connected(server) as connection:
        connection.sendall(GET)
        assert came.wait(WAIT)
        server.stop()
        thread.join(WAIT)
        assert not thread.is_alive()
        assert connection.recv(1000) == b""
    assert "stopped with requests under way: 1" in caplog.text


def test_a_port_that_is_taken_is_named():
    with served() as (server, _), pytest.raises(KbError, match=f"cannot listen on 127.0.0.1 port {server.port}: "):
        Listening(answer, "127.0.0.1", server.port, Limits(1, 1), Patience(), proxied=False)
