"""Twenty editors on ten entries over real HTTP, and several processes on one: nobody's word is lost."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest
from waitress.server import create_server

from kb.accounts import Accounts, Role
from kb.library import Editor, Library
from kb.store import load
from tests.accounts.people import PASSWORD, cheap
from tests.editing.repository import git, repository
from tests.editing.shop import CLAIMS, file_of, is_sound, shop, words_in
from tests.web.signing import COOKIE, signed_in
from webapp import create_app

__all__ = ["cheap"]

EDITORS = 20
SAVES = int(os.environ.get("CAVEAT_SAVES", "200"))
"""How many saves all editors make together; the figure of the documentation was measured with 2,000."""


class Person:
    """An editor with a session and a connection, who adds a word to a claim and does not give up."""

    def __init__(self, port: int, cookie: str, token: str, number: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=120)
        self._headers = {
            "Cookie": f"{COOKIE}-{port}={cookie}",
            "X-CSRF-Token": token,
            "Content-Type": "application/json",
        }
        self._chance = random.Random(number)  # noqa: S311 - which claim comes next is no secret
        self._number = number
        self.added: list[tuple[str, str]] = []
        self.conflicts: list[dict] = []

    def work(self, saves: int) -> Person:
        for count in range(saves):
            self._add(self._chance.choice(CLAIMS), f"{self._number}n{count}")
        self._connection.close()
        return self

    def _add(self, name: str, word: str) -> None:
        status, answer = self._ask("GET", name)
        assert status == 200
        entry = answer["entry"]
        while True:
            mine = entry["fields"] | {"rationale": f"{entry['fields']['rationale']} {word}"}
            status, answer = self._ask("PUT", name, {"fields": mine, "revision": entry["revision"]})
            if status == 200:
                assert answer["changed"]
                self.added.append((name, word))
                return
            assert status == 409, answer
            self.conflicts.append(answer["versions"])
            assert answer["versions"]["mine"]["rationale"] == mine["rationale"]
            assert answer["versions"]["base"]["revision"] == entry["revision"]
            assert answer["versions"]["base"]["fields"] == entry["fields"]
            entry = answer["versions"]["theirs"]

    def _ask(self, method: str, name: str, body: dict | None = None) -> tuple[int, dict]:
        sent = None if body is None else json.dumps(body)
        self._connection.request(method, f"/api/v1/entries/claim/{name}", sent, self._headers)
        response = self._connection.getresponse()
        return response.status, json.loads(response.read())


@pytest.fixture
def served(tmp_path, cheap, socket_enabled):  # noqa: ARG001 - cheap hashes, and a socket on this machine
    root = shop(tmp_path / "kb")
    library = Library(root, engine="memory", cache=False)
    library.commit_saves = False
    accounts = Accounts(tmp_path / "accounts", time.time)
    names = [f"editor-{number}" for number in range(EDITORS)]
    for name in names:
        accounts.users.add(name, Role.EDITOR, PASSWORD, display=name)
    app = create_app(library, accounts=accounts)
    server = create_server(app, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    people = []
    for number, name in enumerate(names):
        client = signed_in(app, accounts, name)
        cookie = client.get_cookie(COOKIE).value
        people.append(Person(server.effective_port, cookie, client.csrf, number))
    yield root, library, people
    server.close()
    thread.join(5)
    accounts.close()


def test_twenty_editors_lose_nothing(served):
    root, library, people = served
    done = threading.Event()
    torn: list[str] = []

    def look() -> None:
        while not done.wait(0.01):
            try:
                words_in(root)
            except Exception as error:  # noqa: BLE001 - whatever it is, a file was not whole
                torn.append(repr(error))

    onlooker = threading.Thread(target=look)
    onlooker.start()
    with ThreadPoolExecutor(EDITORS) as pool:
        list(pool.map(lambda person: person.work(SAVES // EDITORS), people))
    done.set()
    onlooker.join()
    words = words_in(root)
    assert torn == []
    assert sorted((name, word) for name in CLAIMS for word in words[name]) == sorted(
        pair for person in people for pair in person.added
    )
    assert sum(map(len, words.values())) == SAVES // EDITORS * EDITORS
    assert sum(len(person.conflicts) for person in people) > 0
    assert is_sound(root)
    assert library.kb.digest == load(root, cache=False).kb.digest
    assert not library.index_info().behind


WORKER = """
import sys
from pathlib import Path
from kb.library import EditConflict, Editor, Library
root, number, saves = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
library = Library(root, engine="memory", cache=False)
for count in range(saves):
    name = f"claim-{count % 3}"
    while True:
        entry = library.entry("claim", name)
        fields = {**entry.fields, "rationale": f"{entry.fields['rationale']} {number}n{count}"}
        try:
            who = Editor(f"Editor {number}")
            saved = library.save_entry("claim", name, fields, revision=entry.revision, editor=who)
        except EditConflict:
            continue
        assert saved.commit and not saved.commit_problem, saved.commit_problem
        break
"""


def test_processes_lose_nothing_and_each_save_is_a_commit_of_one_file(tmp_path):
    root = shop(tmp_path / "project" / "kb")
    top = repository(root.parent)
    workers = [
        subprocess.Popen([sys.executable, "-c", WORKER, str(root), str(number), "6"], cwd=Path(__file__).parents[2])
        for number in range(3)
    ]
    assert [worker.wait(120) for worker in workers] == [0, 0, 0]
    words = words_in(root)
    expected = sorted(f"{number}n{count}" for number in range(3) for count in range(6))
    assert sorted(word for found in words.values() for word in found) == expected
    assert is_sound(root)
    assert git(top, "status", "--porcelain") == ""
    log = git(top, "log", "--format=%an", "--shortstat", "-n18").split("\n")
    assert sorted(line for line in log if line.startswith("Editor")) == sorted(["Editor 0", "Editor 1", "Editor 2"] * 6)
    assert {line.split(",")[0].strip() for line in log if "changed" in line} == {"1 file changed"}


def test_a_conflict_has_its_base_from_git_where_nobody_kept_it(tmp_path):
    root = shop(tmp_path / "project" / "kb")
    repository(root.parent)
    library = Library(root, engine="memory", cache=False)
    before = library.entry("claim", "claim-1")
    file = file_of(root, "claim-1")
    file.write_text(before.text.replace("Words", "Words by hand"), encoding="utf-8")
    from kb.library import EditConflict  # noqa: PLC0415 - only here

    with pytest.raises(EditConflict) as caught:
        library.save_entry("claim", "claim-1", before.fields, revision=before.revision, editor=Editor("Ann"))
    assert caught.value.base == before
    assert caught.value.theirs == library.entry("claim", "claim-1")
