"""Accounts and sessions: who may, for how long, and what ends it."""

from __future__ import annotations

import sqlite3
import stat
import sys

import pytest

from kb.accounts import LOCAL, Accounts, Role, folder_of
from kb.accounts.sessions import IDLE, LINK, LONGEST
from kb.errors import AccountRefused, EntryExists, EntryNotFound, KbError
from tests.accounts.people import OTHER, PASSWORD


def test_each_role_may_do_what_the_one_before_may():
    roles = list(Role)
    assert [[one.covers(other) for other in roles] for one in roles] == [
        [True, False, False, False],
        [True, True, False, False],
        [True, True, True, False],
        [True, True, True, True],
    ]


@pytest.mark.parametrize("name", ["", "a", "Ada", "1ada", "ada byron", "ada/../x", "ädä", "a" * 41, LOCAL, "kb"])
def test_names_that_cannot_be(accounts, name):
    with pytest.raises(AccountRefused, match="cannot be a name"):
        accounts.users.add(name, Role.EDITOR, PASSWORD)


@pytest.mark.parametrize("display", ["Ada <ada@evil>", "Ada\x00", "x" * 81, "\u202eAda"])
def test_names_that_git_or_a_reader_would_take_for_something_else(accounts, display):
    with pytest.raises(AccountRefused, match="cannot be shown"):
        accounts.users.add("ada", Role.EDITOR, PASSWORD, display=display)


@pytest.mark.parametrize("email", ["ada", "ada@", "a b@c", "ada@<x>", "ada@x\ny"])
def test_addresses_that_cannot_be(accounts, email):
    with pytest.raises(AccountRefused, match="no e-mail address"):
        accounts.users.add("ada", Role.EDITOR, PASSWORD, email=email)


@pytest.mark.parametrize(
    ("name", "display"),
    [("some-editor", "New"), ("ada", "SOME  editor"), ("ada", "some-editor"), ("ada", "Some Editor")],
)
def test_no_two_accounts_can_be_taken_for_each_other(accounts, name, display):
    with pytest.raises(EntryExists):
        accounts.users.add(name, Role.EDITOR, PASSWORD, display=display)


def test_a_name_is_free_again_and_its_number_is_not(accounts):
    before = accounts.users.get("some-editor")
    accounts.remove("some-editor")
    with pytest.raises(EntryNotFound):
        accounts.users.get("some-editor")
    assert accounts.users.add("some-editor", Role.READER, PASSWORD, display="Some Editor").id > before.id


def test_a_session_ends_when_it_is_not_used_and_in_any_case(accounts, clock):
    editor = accounts.users.get("some-editor")
    token, began = accounts.sessions.start(editor), clock.now
    clock.now += IDLE - 1
    assert accounts.sessions.find(token).account == editor
    clock.now += IDLE
    assert accounts.sessions.find(token) is None
    token, began = accounts.sessions.start(editor), clock.now
    while clock.now < began + LONGEST - 3600:
        clock.now += 3600
        assert accounts.sessions.find(token)
    clock.now += 3600
    assert accounts.sessions.find(token) is None
    assert accounts.sessions.of(editor) == []


ENDS = {
    "disabled": lambda accounts: accounts.users.disable("some-editor"),
    "another password": lambda accounts: accounts.users.set_password("some-editor", OTHER),
    "removed": lambda accounts: accounts.remove("some-editor"),
    "ended by an admin": lambda accounts: accounts.sessions.end_all(accounts.users.get("some-editor")),
}


@pytest.mark.parametrize("how", ENDS)
def test_what_ends_all_sessions_of_an_account_and_of_no_other(accounts, how):
    ended = accounts.sessions.start(accounts.users.get("some-editor"))
    goes_on = accounts.sessions.start(accounts.users.get("some-admin"))
    ENDS[how](accounts)
    assert accounts.sessions.find(ended) is None
    assert accounts.sessions.find(goes_on)


def test_a_disabled_account_signs_in_again_once_it_is_enabled(accounts):
    accounts.users.disable("some-editor")
    assert accounts.users.check("some-editor", PASSWORD) is None
    accounts.users.enable("some-editor")
    assert accounts.users.check("some-editor", PASSWORD)


def test_a_role_counts_from_the_next_request_on(accounts):
    token = accounts.sessions.start(accounts.users.get("some-editor"))
    accounts.users.set_role("some-editor", Role.READER)
    assert accounts.sessions.find(token).account.role is Role.READER


def test_nobody_ends_the_session_of_another(accounts):
    token = accounts.sessions.start(accounts.users.get("some-editor"))
    session = accounts.sessions.find(token)
    assert not accounts.sessions.end_of(accounts.users.get("some-admin"), session.id)
    assert accounts.sessions.find(token)
    assert accounts.sessions.end_of(session.account, session.id)
    assert accounts.sessions.find(token) is None


def test_a_link_works_once_and_not_for_long(accounts, clock):
    me = accounts.users.local("Ada", None)
    link = accounts.sessions.link(me)
    assert accounts.sessions.redeem(link) == me
    assert accounts.sessions.redeem(link) is None
    late = accounts.sessions.link(me)
    clock.now += LINK
    assert accounts.sessions.redeem(late) is None
    assert accounts.sessions.redeem("made-up") is None


def test_the_local_editor_is_nobody_once_the_server_has_stopped(accounts, clock):
    me = accounts.users.local("Ada", "ada@example.org")
    token, link = accounts.sessions.start(me), accounts.sessions.link(me)
    assert accounts.sessions.find(token).account.role is Role.ADMIN
    again = Accounts(accounts.folder, clock)
    assert again.sessions.find(token) is None
    assert again.sessions.redeem(link) is None
    assert accounts.sessions.find(token)
    again.close()


def test_the_local_editor_is_no_account_that_anybody_could_sign_in_with(tmp_path, clock):
    alone = Accounts(tmp_path / "alone", clock)
    me = alone.users.local("Ada <x>\n", None)
    assert (me.display, me.name, alone.users.any(), alone.users.all()) == ("Ada x", LOCAL, False, [])
    assert alone.users.check(LOCAL, "") is None
    with pytest.raises(EntryNotFound):
        alone.users.set_password(LOCAL, PASSWORD)
    alone.users.add("ada", Role.EDITOR, PASSWORD, display="Ada")
    assert alone.users.local("Ada", None).display == "Ada (local)"
    assert alone.users.local("", None).display == "local"
    alone.close()


def test_no_token_and_no_password_can_be_read_from_the_file(accounts):
    editor = accounts.users.get("some-editor")
    token, link = accounts.sessions.start(editor), accounts.sessions.link(editor)
    content = b"".join(path.read_bytes() for path in accounts.folder.iterdir())
    assert b"some-editor" in content
    for secret in (token, link, PASSWORD):
        assert secret.encode() not in content


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_its_owner_can_read_the_folder(accounts, clock):
    def mode(path):
        return stat.S_IMODE(path.stat().st_mode)

    files = sorted(accounts.folder.glob("*.sqlite"))
    assert [path.name for path in files] == ["accounts.sqlite", "audits.sqlite"]
    assert [mode(accounts.folder), *map(mode, files)] == [0o700, 0o600, 0o600]
    accounts.folder.chmod(0o755)
    files[0].chmod(0o644)
    Accounts(accounts.folder, clock).close()
    assert [mode(accounts.folder), *map(mode, files)] == [0o700, 0o600, 0o600]


def test_git_passes_the_folder_by(accounts):
    assert (accounts.folder / ".gitignore").read_text() == "*\n"


def test_a_file_of_another_version_or_kind_is_left_alone(accounts, clock, tmp_path):
    accounts.close()
    with sqlite3.connect(accounts.folder / "accounts.sqlite") as other:
        other.execute("PRAGMA user_version = 99")
    with pytest.raises(KbError, match="another version"):
        Accounts(accounts.folder, clock)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "accounts.sqlite").write_text("no database" * 200)
    with pytest.raises(KbError, match="cannot be opened"):
        Accounts(tmp_path / "new", clock)


def test_each_knowledge_base_has_its_own_people(tmp_path):
    one, other = tmp_path / "one" / "claims", tmp_path / "other" / "claims"
    assert folder_of(one) != folder_of(other)
    assert folder_of(one).name.startswith("one-")
    assert folder_of(one) == folder_of(one / ".." / "claims")


def test_the_secret_of_a_folder_stays(accounts, clock):
    secret = accounts.secret("csrf")
    assert len(secret) == 64
    again = Accounts(accounts.folder, clock)
    assert (again.secret("csrf"), again.secret("other") == secret) == (secret, False)
    again.close()
