"""Files that are damaged, cut short, foreign or newer: right answers, or words that say what it is; never a guess."""

from __future__ import annotations

import random
import shutil
import sqlite3

import pytest
from click.testing import CliRunner

from kb.accounts import Accounts, Role, folder_of
from kb.cli.main import main
from kb.errors import KbError
from kb.library import Library
from kb.store import load
from tests.accounts.people import PASSWORD, cheap
from tests.editing.shop import shop
from tests.faults import switch
from tests.web.signing import signed_in
from webapp import create_app

__all__ = ["cheap"]

GIVEN, REPORT = "Copy that was handed in. " * 40, "What was found. " * 40
DAMAGES = switch.number("CAVEAT_DAMAGES", 60)


@pytest.fixture
def folder(tmp_path):
    """Return the folder of accounts with two people, a session and a saved audit."""
    accounts = Accounts(tmp_path / "accounts")
    for name in ("ada", "bob"):
        accounts.users.add(name, Role.EDITOR, PASSWORD)
    ada = accounts.users.get("ada")
    accounts.saved.save(ada, title="t", digest="d", summary="s", given=GIVEN, report=REPORT)
    accounts.close()
    return tmp_path / "accounts"


def asked(folder):
    """Ask accounts everything; return what could be answered."""
    accounts = Accounts(folder)
    try:
        people = {one.name: (one.display, one.role) for one in accounts.users.all()}
        found = accounts.users.get("ada")
        audits = accounts.saved.of(found)
        kept = accounts.saved.get(found, audits[0].id) if audits else None
        accounts.log.verify()
        token = accounts.sessions.start(found)
        signed_in_as = accounts.sessions.find(token)
        return people, kept, signed_in_as.account.name if signed_in_as else None
    finally:
        accounts.close()


@pytest.mark.parametrize("name", ["accounts.sqlite", "audits.sqlite"])
def test_whatever_byte_is_wrong_it_is_an_answer_or_a_refusal_in_words(folder, name, tmp_path):
    chance = random.Random(name)  # noqa: S311
    whole = (folder / name).read_bytes()
    refusals = 0
    for number in range(DAMAGES):
        damaged = bytearray(whole)
        if number % 3 == 0:
            del damaged[chance.randrange(1, len(whole)) :]
        else:
            for _ in range(chance.choice((1, 1, 50))):
                damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        place = tmp_path / "damaged"
        shutil.copytree(folder, place)
        (place / name).write_bytes(damaged)
        try:
            asked(place)
        except KbError as error:
            refusals += bool(str(error))
        shutil.rmtree(place)
    assert refusals >= DAMAGES // 10, "the damage was none"


def test_damage_in_what_was_saved_is_noticed(folder):
    with sqlite3.connect(folder / "audits.sqlite") as opened:
        report = opened.execute("SELECT report FROM audits").fetchone()[0]
        opened.execute("UPDATE audits SET report = ?", (report[:-9] + bytes(9),))
    opened.close()
    with pytest.raises(KbError, match="the saved audit 1 is damaged and cannot be read"):
        asked(folder)


def foreign(path):
    with sqlite3.connect(path) as opened:
        opened.execute("CREATE TABLE users (name TEXT)")
        opened.execute("INSERT INTO users VALUES ('somebody else')")
    opened.close()


def newer(path):
    with sqlite3.connect(path) as opened:
        opened.execute("CREATE TABLE users (name TEXT)")
        opened.execute("PRAGMA user_version = 99")
    opened.close()


STRANGE = {
    "another program's database": (foreign, "cannot be opened"),
    "a newer program's database": (newer, "was written by another version of this program"),
    "no database": (lambda path: path.write_bytes(b"%PDF-1.7\n" * 999), "file is not a database"),
    "a folder": (lambda path: path.mkdir(), "cannot be opened"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_file_of_another_kind_is_left_as_it_is_and_said(tmp_path, name):
    root = shop(tmp_path / "claims")
    make, said = STRANGE[name]
    path = folder_of(root) / "accounts.sqlite"
    path.parent.mkdir(parents=True)
    make(path)
    before = path.read_bytes() if path.is_file() else None
    done = CliRunner().invoke(main, ["--claims", str(root), "user", "list"])
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1), done.output
    assert said in done.stderr
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_database_that_is_damaged_under_the_server_is_no_unhandled_error(tmp_path, caplog):
    root = shop(tmp_path / "claims")
    accounts = Accounts(tmp_path / "accounts")
    accounts.users.add("ada", Role.EDITOR, PASSWORD)
    app = create_app(Library(root, engine="memory"), accounts=accounts, reload_every=None)
    client = signed_in(app, accounts, "ada")
    path = tmp_path / "accounts" / "accounts.sqlite"
    path.write_bytes(b"\xff" * path.stat().st_size)
    answers = [client.get(address) for address in ("/account", "/", "/claims/claim-1", "/login", "/healthz")]
    assert [answer.status_code for answer in answers] == [503, 200, 200, 503, 200]
    assert answers[0].status_code == 503
    assert "Accounts are out of order" in answers[0].text
    assert app.test_client().get("/claims/claim-1").status_code == 200, "who is not signed in goes on reading"
    assert "internal error" not in "".join(answer.text for answer in answers)
    assert caplog.text.count("AccountsUnavailable")


def test_caches_may_hold_anything(tmp_path, home):
    root = shop(tmp_path / "claims")
    right = load(root, cache=False)
    assert load(root) == right
    CliRunner().invoke(main, ["--claims", str(root), "search", "testamine"])
    caches = [path for path in (home / "cache").rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert {path.relative_to(home).parts[1] for path in caches} >= {"snapshots", "index"}
    assert any(b"Words" in path.read_bytes() for path in caches if path.parent.name == "snapshots")
    chance = random.Random(3)  # noqa: S311
    for path in caches:
        whole = path.read_bytes()
        for content in (
            b"",
            whole[: len(whole) // 2],
            b"\x00" * len(whole),
            whole[:-1] + bytes([whole[-1] ^ 1]),
            whole.replace(b"Words", b"Wards"),  # well-formed, and only its check sum tells
            bytes(chance.randrange(256) for _ in range(2_000)),
            b"[" * 100_000,
        ):
            path.write_bytes(content)
            assert load(root) == right, path
            done = CliRunner().invoke(main, ["--claims", str(root), "search", "testamine"])
            assert (done.exit_code, done.stdout.splitlines()[0].split(";")[0]) == (0, "10 claims"), path
        path.write_bytes(whole)
