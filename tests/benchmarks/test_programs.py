"""Programs are timed, and what ends badly is no figure."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from harness.programs import ProgramFailed, Server, Worker, cost_of, free_port, running


def python(code):
    return [sys.executable, "-c", code]


def test_a_programs_memory_is_its_own():
    small, large = (cost_of(python(f"x = bytearray({size})")).mib for size in (1, 300_000_000))
    assert small < 60
    assert large - small > 250


def test_linters_end_with_1_where_they_find_something():
    assert cost_of(python("raise SystemExit(1)")).wall > 0


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (python("import sys; print('no such option', file=sys.stderr); sys.exit(2)"), "ended with 2: no such option"),
        (["no-such-program"], "no-such-program cannot be started"),
    ],
)
def test_other_ends_are_failures(command, said):
    with pytest.raises(ProgramFailed, match=said):
        cost_of(command)


def test_a_program_runs_in_its_folder(tmp_path):
    cost_of(python("open('here', 'w')"), folder=tmp_path)
    assert (tmp_path / "here").exists()


def test_a_worker_keeps_what_it_is_told():
    with Worker() as worker:
        assert worker.call(Path, "a") == Path("a")
        worker.call(sys.setrecursionlimit, 4321)
        assert worker.call(sys.getrecursionlimit) == 4321


@pytest.mark.enable_socket
def test_a_server_is_started_asked_and_stopped():
    port = free_port()
    command = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)]
    with running(Server("Files", command, port, {})) as server:
        assert server.started > 0
        assert b"<html" in server.get("/").lower()
        server.connect_anew()
        with pytest.raises(ProgramFailed, match="Files answered 404 to /none"):
            server.get("/none")
        assert server.process.poll() is None
    assert server.process.returncode is not None


@pytest.mark.enable_socket
def test_a_server_that_does_not_start_says_why():
    server = Server("Ours", python("raise SystemExit('port taken')"), free_port(), {})
    with pytest.raises(ProgramFailed, match="Ours did not start: port taken"), running(server):
        pass
