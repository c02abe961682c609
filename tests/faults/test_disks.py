"""Disks that are full or read-only: what cannot be written is said, nothing of it stays, and afterwards all goes on."""

from __future__ import annotations

import datetime as dt
import json
import re
import sqlite3

import pytest
from click.testing import CliRunner

from kb.accounts import Accounts, Role
from kb.cli.main import main
from kb.errors import AccountsUnavailable, IndexUnavailable, KbError, NotWritten
from kb.library import Editor, Library, gaps, unlisted
from kb.search.base import Query
from tests.accounts.people import PASSWORD, cheap
from tests.editing.shop import CLAIMS, file_of, is_sound, shop
from tests.faults import disks
from tests.lake import TEXT, write_lake
from tests.web.signing import signed_in
from webapp import create_app

__all__ = ["cheap"]

DAY = dt.date(2026, 5, 6)
EDITOR = Editor("Ann")
BLOCK = 4_096
FULL = [state for state in disks.states() if state.startswith("full")]
"""No disk becomes read-only under an open database: the system forbids it. One that is, has a test of its own."""

KEPT = ("whoosh", "tantivy")
"""The engines that keep their indexes on disk."""

HITS = Query("testamine", per_page=100)


@pytest.fixture(params=disks.states())
def disk(request, tmp_path, monkeypatch):
    """Return a disk with everything of a knowledge base on it: entries, caches, and data of this machine."""
    with disks.disk(tmp_path / "disk", request.param) as made:
        monkeypatch.setenv("CAVEAT_HOME", str(made.folder / "home"))
        yield made


@pytest.fixture
def root(disk):
    return shop(disk.folder / "claims")


@pytest.fixture
def library(root):
    found = Library(root, cache=False)
    found.commit_saves = False
    found.index()
    return found


def everything(folder):
    """Return every file of a folder with its bytes, but for locks and what SQLite keeps beside a database."""
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {
        name: content
        for name, content in files.items()
        if name != "filler" and not name.endswith(("-journal", ".lock"))
    }


def refused(disk, error, what):
    """Check that something cannot be done, says why, and leaves every file as it was."""
    before = everything(disk.folder)
    with disk.failing(), pytest.raises(error, match=disk.says) as raised:
        what()
    assert everything(disk.folder) == before
    return str(raised.value)


def save(library, words):
    entry = library.entry("claim", CLAIMS[0])
    fields = {**entry.fields, "rationale": words}
    return library.save_entry("claim", CLAIMS[0], fields, revision=entry.revision, editor=EDITOR)


def test_a_save_says_that_it_was_not_written_and_works_later(disk, root, library):
    save(library, "Words before")
    refused(disk, NotWritten, lambda: save(library, "Words lost"))
    assert library.claim(CLAIMS[0]).rationale == "Words before"
    assert [hit.id for hit in library.search(HITS).hits]
    assert save(library, "Words after").changed
    assert "Words after" in file_of(root, CLAIMS[0]).read_text(encoding="utf-8")
    assert is_sound(root)


def test_what_was_created_or_deleted_is_there_in_whole_or_not_at_all(disk, library):
    fields = {**library.entry("claim", CLAIMS[0]).fields, "id": "quite-new"}

    def create():
        library.save_entry("claim", "quite-new", fields, revision=None, editor=EDITOR, area="other")

    refused(disk, NotWritten, create)
    create()
    assert library.claim("quite-new").id == "quite-new"
    revision = library.entry("claim", "quite-new").revision
    said = refused(
        disk,
        NotWritten,
        lambda: library.rename_entry("claim", "quite-new", "newer", revision=revision, editor=EDITOR),
    )
    assert "cannot be" in said


@pytest.fixture(params=KEPT)
def engine(request):
    if request.param == "tantivy":
        pytest.importorskip("tantivy", reason="the extra `fast` is not installed")
    return request.param


def test_an_index_that_cannot_be_built_leaves_the_old_one(disk, root, engine):
    library = Library(root, engine=engine, cache=False)
    library.index()
    expected = library.search(HITS)
    said = refused(disk, IndexUnavailable, lambda: library.index(force=True))
    assert said.startswith("the search index cannot be ")
    assert library.search(HITS) == expected
    assert Library(root, engine=engine, cache=False).search(HITS) == expected
    assert not library.index_info().behind


def test_without_any_index_a_search_says_why_and_never_nothing_found(disk, root, engine):
    library = Library(root, engine=engine, cache=False)
    said = refused(disk, IndexUnavailable, lambda: library.search(HITS))
    assert said.startswith("the search index cannot be ")
    assert library.index_info().info is None
    assert library.search(HITS).total == len(CLAIMS)


def test_an_edit_is_found_by_an_index_that_cannot_be_built_anew(disk, root, engine):
    Library(root, engine=engine, cache=False).index()
    file = file_of(root, CLAIMS[0])
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("rationale: Words", "rationale: Giraffes"), encoding="utf-8")
    before = everything(disk.folder)
    with disk.failing():
        library = Library(root, engine=engine, cache=False)
        assert [hit.id for hit in library.search(Query("giraffes")).hits] == [CLAIMS[0]]
        assert not library.index_info().behind
    assert everything(disk.folder) == before


def test_a_cache_that_cannot_be_written_stands_in_nobodys_way(disk, root):
    before = everything(disk.folder)
    with disk.failing():
        assert tuple(Library(root, engine="memory").kb.claims) == CLAIMS
    assert everything(disk.folder) == before


@pytest.mark.parametrize("disk", FULL, indirect=True)
def test_accounts_are_added_in_whole_or_not_at_all(disk):
    accounts = Accounts(disk.folder / "accounts")
    accounts.users.add("ada", Role.EDITOR, PASSWORD)
    ada = accounts.users.get("ada")
    token = accounts.sessions.start(ada)
    for change in (
        lambda: accounts.users.add("bob", Role.EDITOR, PASSWORD),
        lambda: accounts.users.set_role("ada", Role.ADMIN),
        lambda: accounts.sessions.start(ada),
        lambda: accounts.sessions.end_all(ada),
        lambda: accounts.secret("new"),
        lambda: accounts.saved.save(ada, title="t", digest="", summary="", given="a" * 9_000, report="b"),
    ):
        refused(disk, AccountsUnavailable, change)
        assert [one.name for one in accounts.users.all()] == ["ada"]
        assert accounts.sessions.find(token).account == ada
        assert accounts.saved.of(ada) == []
    assert [record.what for record in accounts.log.all()] == ["added"]
    accounts.users.add("bob", Role.EDITOR, PASSWORD)
    kept = accounts.saved.save(ada, title="t", digest="", summary="", given="a", report="b")
    accounts.close()
    again = Accounts(disk.folder / "accounts")
    assert [one.name for one in again.users.all()] == ["ada", "bob"]
    assert again.saved.get(ada, kept.id)[1:] == ("a", "b")
    again.close()


def test_a_change_of_accounts_that_is_given_up_half_way_leaves_nothing_of_it(tmp_path):
    accounts = Accounts(tmp_path / "accounts")
    accounts.users.add("ada", Role.EDITOR, PASSWORD)

    def give_up():
        with accounts.users._database.writing() as statements:
            statements.execute("UPDATE users SET role = 'admin'")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        give_up()
    assert accounts.users.get("ada").role is Role.EDITOR
    accounts.users.add("bob", Role.EDITOR, PASSWORD)  # nothing is in its way
    accounts.close()


def test_accounts_that_cannot_be_made_leave_none_that_is_half_made(disk):
    with disk.failing(), pytest.raises(KbError, match=f"cannot be opened: .*({disk.says})"):
        Accounts(disk.folder / "accounts")
    made = Accounts(disk.folder / "accounts")
    assert made.users.all() == []
    made.close()
    with sqlite3.connect(disk.folder / "accounts" / "accounts.sqlite") as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("name", ["gaps", "unlisted"])
def test_a_line_of_a_list_is_there_in_whole_or_not_at_all(disk, name):
    file = disk.folder / name / "base.jsonl"

    def record(text):
        return gaps.record(file, text, DAY) if name == "gaps" else unlisted.send(file, [text], "Ann", DAY)

    record("cold water for sadness " * 20)
    longest = file.stat().st_size
    while file.stat().st_size + longest <= BLOCK:  # the next line begins in a block that is there and ends in a new one
        record("cold water for sadness " * 20)
    message = refused(disk, NotWritten, lambda: record("warm water for sadness " * 20))
    assert str(file) in message
    record("warm water for gladness")
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["text"][:4] for line in lines] == ["cold"] * (len(lines) - 1) + ["warm"]


def test_the_next_line_does_not_suffer_from_half_a_line(tmp_path, caplog):
    file = tmp_path / "gaps.jsonl"
    gaps.record(file, "before", DAY)
    with file.open("a", encoding="utf-8") as opened:
        opened.write('{"text": "torn')
    gaps.record(file, "after", DAY)
    assert {gap.text for gap in gaps.read(file)} == {"before", "after"}
    assert "cannot be read and is left out" in caplog.text


def test_a_private_copy_is_kept_in_whole_or_not_at_all(disk, tmp_path):
    library = Library(write_lake(disk.folder / "lake"), engine="memory", cache=False)
    article = tmp_path / "lake.txt"
    article.write_bytes(TEXT.encode())
    refused(disk, KbError, lambda: library.attach(article))
    assert library.source_text("lake-page") is None
    library.attach(article)
    assert library.source_text("lake-page") == TEXT


COMMANDS = {
    "index": (["index", "--force"], "kb: the search index cannot be built in "),
    "search": (["search", "testamine"], "kb: the search index cannot be built in "),
    "new": (["new", "caveat", "quite-new"], "kb: .*quite-new.yaml cannot be written|kb: .* cannot be made"),
    "user": (["user", "add", "ada", "--role", "editor", "--password-stdin"], "kb: .*accounts.sqlite cannot be opened"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_end_with_2_and_one_line_that_says_why(disk, root, name):
    arguments, said = COMMANDS[name]
    before = everything(root)
    with disk.failing():
        done = CliRunner().invoke(main, ["--claims", str(root), *arguments], input=f"{PASSWORD}\n")
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1), done.output
    assert re.match(said, done.stderr)
    assert re.search(disk.says, done.stderr)
    assert everything(root) == before
    done = CliRunner().invoke(main, ["--claims", str(root), *arguments], input=f"{PASSWORD}\n")
    assert done.exit_code == 0, done.output


def test_formatting_leaves_what_it_cannot_write_and_goes_on(disk, root):
    file = file_of(root, CLAIMS[0])
    file.write_text(file.read_text(encoding="utf-8").replace("status: ", "status:   "), encoding="utf-8")
    before = everything(root)
    with disk.failing():
        done = CliRunner().invoke(main, ["--claims", str(root), "fmt"])
    assert done.exit_code == 2, done.output
    assert re.search(disk.says, done.output)
    assert everything(root) == before
    assert CliRunner().invoke(main, ["--claims", str(root), "fmt"]).exit_code == 0


@pytest.mark.parametrize("disk", FULL, indirect=True)
def test_pages_say_so_and_reading_goes_on(disk, library, caplog):
    accounts = Accounts(disk.folder / "accounts")
    accounts.users.add("ada", Role.EDITOR, PASSWORD)
    app = create_app(library, accounts=accounts, reload_every=None, audits_per_minute=None)
    client = signed_in(app, accounts, "ada")
    form = client.get("/login", follow_redirects=False)
    assert form.status_code == 303
    stranger = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', stranger.get("/login").text)[1]
    with disk.failing():
        sent = {"name": "ada", "password": PASSWORD, "csrf_token": token}
        refusal = stranger.post("/login", data=sent)
        gap = stranger.post("/gaps", data={"text": "cold water"}, headers={"Origin": "http://localhost"})
        read = client.get(f"/claims/{CLAIMS[0]}")
        found = client.get("/?q=testamine")
    assert (refusal.status_code, gap.status_code) == (503, 500)
    assert "Accounts are out of order" in refusal.text
    assert "This could not be written" in gap.text
    assert (read.status_code, found.status_code) == (200, 200)
    assert PASSWORD not in caplog.text
    assert stranger.post("/login", data=sent).status_code == 303
    accounts.close()
