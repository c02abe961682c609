"""Saved audits: private to the account, within limits, and gone when they are deleted."""

from __future__ import annotations

import random
import zlib

import pytest

from kb.accounts import saved
from kb.errors import EntryNotFound, SavedAuditsFull

GIVEN = "".join(random.Random(6).choices("abcdefghijklmnopqrstuvwxyz ", k=20_000))  # noqa: S311  (only to fill space)


@pytest.fixture
def mine(accounts):
    return accounts.users.get("some-reader")


def keep(accounts, account, title="My page", given=GIVEN, report="{}"):
    return accounts.saved.save(account, title=title, digest="d", summary="1 finding", given=given, report=report)


def test_an_audit_comes_back_as_it_was(accounts, mine, clock):
    made = keep(accounts, mine, "  My\n page ", "lone \ud800 surrogate", '{"a": 1}')
    assert accounts.saved.get(mine, made.id) == (made, "lone \ud800 surrogate", '{"a": 1}')
    assert (made.title, made.saved, made.summary) == ("My page", int(clock.now), "1 finding")
    clock.now += 1
    later = keep(accounts, mine)
    assert accounts.saved.of(mine) == [later, made]


def test_another_account_is_told_that_there_is_none(accounts, mine):
    made, other = keep(accounts, mine), accounts.users.get("some-admin")
    for attempt in (
        lambda: accounts.saved.get(other, made.id),
        lambda: accounts.saved.rename(other, made.id, "Mine now"),
        lambda: accounts.saved.delete(other, made.id),
    ):
        with pytest.raises(EntryNotFound):
            attempt()
    assert accounts.saved.of(other) == []
    assert accounts.saved.of(mine) == [made]


def test_what_is_deleted_is_in_the_file_no_more(accounts, mine):
    made, stays = keep(accounts, mine, "Quarterly secrets"), keep(accounts, mine, "Another", "short")
    packed = zlib.compress(GIVEN.encode())
    pieces = [b"Quarterly secrets", *(packed[at : at + 64] for at in range(200, len(packed) - 200, 500))]

    def found():
        content = b"".join(file.read_bytes() for file in accounts.folder.iterdir())
        return [piece for piece in pieces if piece in content]

    assert len(found()) > len(pieces) / 2  # a page of the file may end within a piece
    accounts.saved.delete(mine, made.id)
    assert found() == []
    assert accounts.saved.of(mine) == [stays]


def test_an_account_that_is_removed_takes_its_audits_along(accounts, mine):
    keep(accounts, mine, "Quarterly secrets")
    keep(accounts, mine)
    assert accounts.remove("some-reader") == 2
    assert b"Quarterly secrets" not in (accounts.folder / "audits.sqlite").read_bytes()


def test_an_account_keeps_so_many_and_no_more(accounts, mine, monkeypatch):
    monkeypatch.setattr(saved, "MOST", 2)
    keep(accounts, mine)
    keep(accounts, mine)
    with pytest.raises(SavedAuditsFull, match="at most 2 audits"):
        keep(accounts, mine)
    keep(accounts, accounts.users.get("some-admin"))


def test_an_account_keeps_so_much_and_no_more(accounts, mine, monkeypatch):
    monkeypatch.setattr(saved, "MOST_BYTES", 20_000)
    made = keep(accounts, mine)
    with pytest.raises(SavedAuditsFull):
        keep(accounts, mine)
    accounts.saved.delete(mine, made.id)
    keep(accounts, mine)
