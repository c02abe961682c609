"""The log is only ever added to, and shows it where somebody reached behind it."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from kb.accounts import Accounts, Role
from tests.accounts.people import OTHER, PASSWORD


@pytest.fixture
def log(accounts):
    accounts.log.add("some-editor", "saved", kind="claim", entry="eases-pain", revision="a" * 64, git="b" * 40)
    accounts.log.add("some-reviewer", "approved", kind="claim", entry="eases-pain", note="x" * 900)
    return accounts.log


def tampered(log, *statements):
    """Change the file as somebody does who owns it and knows about triggers."""
    with sqlite3.connect(log._database.path) as behind:
        for name in ("log_is_not_changed", "log_is_not_shortened"):
            behind.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            behind.execute(statement)
    behind.close()


def test_what_is_done_to_accounts_is_in_the_log(accounts):
    accounts.users.add("ada", Role.EDITOR, PASSWORD)
    accounts.users.set_role("ada", Role.ADMIN, by="some-admin")
    accounts.users.set_password("ada", OTHER, by="ada")
    accounts.users.disable("ada")
    accounts.users.enable("ada")
    accounts.remove("ada")
    told = [(one.who, one.what, one.kind, one.entry, one.note) for one in accounts.log.latest(6)][::-1]
    assert told == [
        ("kb", "added", "account", "ada", "editor"),
        ("some-admin", "changed role of", "account", "ada", "admin"),
        ("ada", "changed password of", "account", "ada", ""),
        ("kb", "disabled", "account", "ada", ""),
        ("kb", "enabled", "account", "ada", ""),
        ("kb", "removed", "account", "ada", ""),
    ]


@pytest.mark.parametrize(
    "statement", ["UPDATE log SET who = 'me'", "DELETE FROM log", "DELETE FROM log WHERE number = 1"]
)
def test_the_database_refuses_to_change_or_shorten_it(log, statement):
    with pytest.raises(sqlite3.IntegrityError, match="only ever added to"), log._database.writing() as statements:
        statements.execute(statement)
    assert log.verify().problem == ""


def test_a_whole_log_verifies(log):
    found = log.verify()
    assert (found.records, found.problem) == (6, "")
    assert found.last == log.latest(1)[0].digest
    assert log.verify(contains=log.latest(3)[2].digest).problem == ""
    assert "no record has the digest" in log.verify(contains="f" * 64).problem


@pytest.mark.parametrize(
    "field", ["at", "who", "what", "kind", "entry", "revision", "git", "address", "note", "digest"]
)
@pytest.mark.parametrize("number", [1, 5, 6])
def test_any_changed_field_shows(log, field, number):
    tampered(log, f"UPDATE log SET {field} = {field} || '!' WHERE number = {number}")  # noqa: S608
    assert log.verify().problem == f"record {number} is not the one that was written"


def test_a_record_that_was_taken_out_shows_wherever_it_was(log):
    tampered(log, "DELETE FROM log WHERE number = 3")
    assert log.verify().problem == "record 3 is not the one that was written"


def test_a_log_that_was_cut_short_shows(log):
    tampered(log, "DELETE FROM log WHERE number > 4")
    assert log.verify().problem == "there are 4 records, and 6 were written"


def test_a_log_that_was_written_anew_shows_where_a_digest_was_noted(log):
    noted = log.verify().last
    tampered(log, "DELETE FROM log", "DELETE FROM sqlite_sequence WHERE name = 'log'")
    log.add("some-admin", "did nothing wrong")
    assert log.verify().problem == ""
    assert log.verify(contains=noted).problem == "no record has the digest that was noted"


def test_pages_of_the_log_follow_each_other(log):
    assert [one.number for one in log.latest(2)] == [6, 5]
    assert [one.number for one in log.latest(2, before=5)] == [4, 3]
    assert [one.what for one in log.latest(who="some-reviewer")] == ["approved"]
    assert len(log.latest(1)[0].note) == 300


def test_the_chain_holds_whoever_adds_to_it_at_the_same_time(accounts, clock):
    """The server and `kb user` are two programs; a server has many threads."""
    other = Accounts(accounts.folder, clock)
    before = accounts.log.verify().records

    def add(number):
        (accounts if number % 2 else other).log.add("some-editor", "saved", kind="claim", entry=f"entry-{number}")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(40)))
    other.close()
    assert (accounts.log.verify().problem, accounts.log.verify().records) == ("", before + 40)
    assert {one.entry for one in accounts.log.latest(40)} == {f"entry-{number}" for number in range(40)}
