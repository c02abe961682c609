"""The engine by name: on the command line, and in two servers that share one folder and one database."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import time
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from kb.cli import main
from kb.library import Library
from kb.search.base import Query

SECRET = "hunter2"  # noqa: S105 - nobody's
WAIT = 60.0
"""Seconds after which a test gives up."""


@pytest.fixture
def run(root):
    """Return a function that runs `kb` on the lake's knowledge base."""

    def command(*arguments, env=None):
        return CliRunner().invoke(main, ["--claims", str(root), *arguments], env=env)

    return command


def test_it_is_built_and_searched_at_an_address(run, address, primary, database):
    built = run("index", "--engine", "postgres", "--dsn", address)
    assert (built.exit_code, built.stdout.startswith("postgres index of 2 claims, built ")) == (0, True), built.output
    found = run("search", "cold water", "--engine", "postgres", "--json", env={"CAVEAT_DSN": address})
    assert [hit["id"] for hit in json.loads(found.stdout)["hits"]] == ["wakes-up", "lifts-mood"]
    assert primary.run("SELECT count(*) FROM caveat.claim", dbname=database) == [(2,)]


def test_it_is_built_by_the_first_who_searches(run, address):
    found = run("search", "cold water", "--engine", "postgres", "--dsn", address)
    assert found.exit_code == 0
    assert "no search index has been built in this database of PostgreSQL; built it" in found.stderr


@pytest.mark.parametrize("command", [("index",), ("search", "mood"), ("serve", "--port", "0")])
@pytest.mark.parametrize(
    ("dsn", "message"),
    [
        ((), "kb: the engine postgres needs the address of a database: --dsn or CAVEAT_DSN\n"),
        (
            ("--dsn", f"host=a {SECRET}"),
            "kb: the address of PostgreSQL (--dsn, CAVEAT_DSN) is neither postgresql://… nor host=…\n",
        ),
        (("--dsn", f"host=/nonexistent password={SECRET}"), "kb: PostgreSQL cannot be reached ("),
    ],
)
def test_a_missing_or_wrong_address_is_an_error_in_words(run, command, dsn, message):
    result = run(*command, "--engine", "postgres", *dsn, env={"CAVEAT_DSN": None})
    assert result.exit_code == 2
    assert result.stderr.startswith(message)
    assert SECRET not in result.output


def test_the_package_that_is_missing_is_named(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    for module in [name for name in sys.modules if name.startswith("kb.search.postgres")]:
        monkeypatch.delitem(sys.modules, module)
    result = run("index", "--engine", "postgres", "--dsn", "host=a")
    said = "kb: the engine postgres needs a package (psycopg); install it with: pip install 'caveat-kb[postgres]'\n"
    assert (result.exit_code, result.stderr) == (2, said)


def test_an_index_that_was_cleared_away_is_built_again_behind_the_searches(root, address, primary, database):
    library = Library.open(root, engine="postgres", dsn=address)
    library.index()
    primary.run("DELETE FROM caveat.state", "DELETE FROM caveat.claim", dbname=database)
    assert [hit.id for hit in library.search(Query("mood")).hits] == ["lifts-mood", "wakes-up"]


class Serving:
    """A process that serves a folder for somebody who may edit; its index is in a database."""

    def __init__(self, root, address):
        options = ("--claims", str(root), "serve", "--port", "0", "--engine", "postgres", "--edit", "--no-commit")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kb", *options],
            env={**os.environ, "CAVEAT_DSN": address},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.port = 0
        self.link = ""

    def wait(self):
        self.port = int(re.search(r"http://127\.0\.0\.1:(\d+)/", self.process.stdout.readline())[1])
        self.link = re.search(r"(/start/\S+)", self.process.stdout.readline())[1]

    def ask(self, method, path, said=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        try:
            connection.request(method, path, json.dumps(said) if said else None, headers)
            answer = connection.getresponse()
            return answer.headers, answer.read().decode()
        finally:
            connection.close()

    def found(self, text):
        return [hit["id"] for hit in json.loads(self.ask("GET", f"/api/v1/search?q={quote(text)}")[1])["hits"]]

    def save(self, claim_id, text):
        """Save another text of a claim."""
        cookie = self.ask("GET", self.link)[0]["Set-Cookie"].partition(";")[0]
        token = re.search(r'name="csrf-token" content="([^"]+)"', self.ask("GET", "/account", Cookie=cookie)[1])[1]
        headers = {"Cookie": cookie, "X-CSRF-Token": token, "Content-Type": "application/json"}
        path = f"/api/v1/entries/claim/{claim_id}"
        entry = json.loads(self.ask("GET", path, **headers)[1])["entry"]
        fields = {**entry["fields"], "claim": text}
        saved = json.loads(self.ask("PUT", path, {"fields": fields, "revision": entry["revision"]}, **headers)[1])
        assert saved["ok"], saved

    def stop(self):
        self.process.terminate()
        self.process.wait(WAIT)
        self.process.stdout.close()


@pytest.mark.enable_socket
def test_a_save_on_one_server_is_found_on_another(root, address, primary, database):
    servers = [Serving(root, address), Serving(root, address)]
    try:
        for server in servers:
            server.wait()
        one, other = servers
        assert (one.found("zebras"), other.found("zebras")) == ([], [])
        one.save("wakes-up", "Cold water wakes zebras up.")
        assert one.found("zebras") == ["wakes-up", "lifts-mood"]  # with what is related to it
        ends = time.monotonic() + WAIT
        while other.found("zebras") != ["wakes-up", "lifts-mood"]:
            assert time.monotonic() < ends
            time.sleep(0.01)
        # both say so from the same rows: one for each claim, and one more for the claim that was saved
        assert primary.run("SELECT count(*) FROM caveat.claim", dbname=database) == [(3,)]
    finally:
        for server in servers:
            server.stop()
