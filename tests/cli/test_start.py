"""How `kb` starts, stops and fails: lean imports, broken pipes, bugs, colour, the server."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
import waitress
from click.testing import CliRunner

import index_build
import kb
from kb.cli import common, main, serving
from kb.library import Library
from webapp.audit_limits import MAX_FORM
from webapp.audit_running import AT_ONCE, WAITING

HEAVY = ("pydantic", "yaml", "whoosh", "flask", "waitress", "snowballstemmer", "sentencex", "kb.model")


def run(*arguments: str, **options):
    return CliRunner().invoke(main, arguments, prog_name="kb", catch_exceptions=False, **options)


@pytest.fixture
def project(root, monkeypatch):
    monkeypatch.chdir(root.parent)
    return root.parent


def test_help_needs_none_of_the_heavy_libraries():
    code = f"import sys, kb.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_version():
    assert run("--version").output == f"kb, version {kb.__version__}\n"


def test_a_reader_that_stops_early_is_no_error(project):
    with subprocess.Popen(
        [sys.executable, "-m", "kb", "schema", "claim"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=project
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.usefixtures("project")
def test_a_bug_is_not_swallowed(monkeypatch):
    def broken(*_arguments, **_options):
        raise ZeroDivisionError

    monkeypatch.setattr(Library, "open", broken)
    with pytest.raises(ZeroDivisionError):
        run("lint")


def test_a_bug_exits_with_2_since_1_means_findings(project):
    code = "from kb.cli import main, run; main.invoke = lambda _: 1 / 0; run()"
    done = subprocess.run(
        [sys.executable, "-c", code, "lint"], check=False, capture_output=True, text=True, cwd=project
    )
    assert done.returncode == 2
    assert "ZeroDivisionError" in done.stderr
    assert done.stderr.endswith(
        "kb: this is a bug in kb, not in what it was given; please report it with the lines above\n"
    )


def test_the_knowledge_base_may_be_named_in_the_environment(project, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CAVEAT_CLAIMS", str(project / "claims"))
    assert run("new", "caveat", "costs-money").output == f"{project.name}/claims/caveats/costs-money.yaml\n"


@pytest.mark.parametrize(
    ("terminal", "no_color", "coloured"), [(True, "", True), (True, "1", False), (False, "", False)]
)
def test_colour_is_for_terminals_whose_reader_wants_it(monkeypatch, terminal, no_color, coloured):
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    monkeypatch.setenv("NO_COLOR", no_color)
    assert common.coloured() is coloured


def test_schema_prints_what_the_store_generates():
    assert run("schema", "claim").output.startswith('{\n  "$schema": "https://json-schema.org/draft/2020-12/schema",')


@pytest.mark.usefixtures("project")
def test_index_says_what_it_is_and_does_nothing_twice():
    line = re.compile(r"whoosh index of 2 claims, built \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, files [0-9a-f]{12}\n")
    first, second = run("index"), run("index")
    assert line.fullmatch(first.stdout)
    assert second.stdout == first.stdout
    assert second.stderr == ""
    assert run("index", "--force", "--engine", "memory").exit_code == 0


@pytest.mark.usefixtures("project")
def test_index_build_is_kb_index(capsys):
    with pytest.raises(SystemExit) as caught:
        index_build.main(["index", "--help"], prog_name="index_build.py")
    assert caught.value.code == 0
    assert "Build the search index" in capsys.readouterr().out


@pytest.fixture
def served(monkeypatch):
    """Return the list of servers that `kb serve` makes, none of which opens a port."""
    made = []
    monkeypatch.setattr(waitress, "create_server", lambda app, **where: made.append(Server(app, **where)) or made[-1])
    return made


class Server:
    """Stands in for waitress: remembers what it was asked to serve and comes back at once."""

    def __init__(self, app, host, port, **limits):
        self.limits = limits
        self.app, self.host, self.effective_port = app, host, port or 54321
        self.task_dispatcher = self
        self.ran = False

    def shutdown(self, timeout):
        self.ran = timeout > 0


@pytest.mark.parametrize(
    ("arguments", "stdout", "stderr"),
    [
        ([], "Test base: http://127.0.0.1:8000/ (Ctrl+C stops)\n", ""),
        (["--port", "0"], "Test base: http://127.0.0.1:54321/ (Ctrl+C stops)\n", ""),
        (["--host", "::1", "--port", "81"], "Test base: http://[::1]:81/ (Ctrl+C stops)\n", ""),
        (["--host", "localhost"], "Test base: http://localhost:8000/ (Ctrl+C stops)\n", ""),
        (
            ["--host", "0.0.0.0"],  # noqa: S104
            "Test base: http://127.0.0.1:8000/ (Ctrl+C stops)\n",
            "kb: 0.0.0.0 can be reached from other machines, and there are no passwords\n",
        ),
    ],
)
@pytest.mark.usefixtures("project")
def test_serve_says_the_address_and_warns_when_others_can_reach_it(served, arguments, stdout, stderr):
    run("index")
    result = run("serve", *arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (0, stdout, stderr)
    assert [server.ran for server in served] == [True]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(98, "Address already in use"), "kb: cannot listen on 127.0.0.1 port 8000: Address already in use\n"),
        (
            ValueError("Invalid host/port specified."),
            "kb: cannot listen on 127.0.0.1 port 8000: Invalid host/port specified.\n",
        ),
    ],
)
@pytest.mark.usefixtures("project")
def test_serve_says_why_it_cannot_listen(monkeypatch, error, message):
    def refuse(*_arguments, **_options):
        raise error

    monkeypatch.setattr(waitress, "create_server", refuse)
    run("index")
    result = run("serve")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", message)


@pytest.mark.usefixtures("project")
def test_serve_takes_no_larger_body_than_a_form_of_copy_and_keeps_it_in_memory(served):
    run("serve")
    most = served[0].limits["max_request_body_size"]
    assert MAX_FORM < most < 2 * MAX_FORM
    assert served[0].limits["inbuf_overflow"] == most
    assert served[0].limits["threads"] > AT_ONCE + WAITING


@pytest.mark.parametrize(("host", "status"), [("localhost", 200), ("127.0.0.1:8000", 200), ("elsewhere.example", 400)])
@pytest.mark.usefixtures("project")
def test_serve_answers_to_this_machine_s_names_alone(served, host, status):
    run("serve")
    assert served[0].app.test_client().get("/", headers={"Host": host}).status_code == status


@pytest.mark.parametrize("given", ["", "x", "127.0.0.1:", "65536", "a:b", "-1"])
@pytest.mark.usefixtures("project")
def test_figures_want_a_port(served, given):
    result = run("serve", "--metrics", given)
    assert result.exit_code == 2
    assert "is not a port, nor HOST:PORT" in result.stderr
    assert served == []


@pytest.mark.parametrize(
    ("given", "at"),
    [("9100", ("127.0.0.1", 9100)), ("10.0.0.5:9100", ("10.0.0.5", 9100)), ("[::1]:0", ("::1", 0)), (None, None)],
)
def test_figures_are_for_this_machine_unless_another_address_is_said(given, at):
    assert serving._address_of_figures(given) == at
