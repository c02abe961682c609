"""Which passwords are good enough, and how they are kept."""

from __future__ import annotations

from pathlib import Path

import argon2
import pytest
import yaml

from kb.accounts import Role, passwords
from kb.errors import AccountRefused
from tests.accounts.people import CHEAP, OTHER, PASSWORD

CASES = yaml.safe_load(Path(__file__).with_name("passwords.yaml").read_text(encoding="utf-8"))
ADA = ("ada", "Ada Byron", "ada.byron@example.org")


@pytest.mark.parametrize("password", CASES["good"])
def test_what_nobody_would_try_is_good(password):
    assert passwords.check_new(password, *ADA)


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: case["password"][:30] or "empty")
def test_what_everybody_tries_is_refused_with_the_reason(case):
    with pytest.raises(AccountRefused, match=case["because"]):
        passwords.check_new(case["password"], *ADA)


def test_the_longest_password_is_taken_whole():
    longest = "".join(chr(0x4E00 + n) for n in range(passwords.LONGEST))
    kept = passwords.hashed(passwords.check_new(longest))
    assert passwords.fits(longest, kept)
    assert not passwords.fits(longest[:-1], kept)
    assert not passwords.fits(longest + "x", kept)
    with pytest.raises(AccountRefused, match="more than 256"):
        passwords.check_new(longest + "x")


def test_a_password_is_the_same_however_a_keyboard_composes_it():
    kept = passwords.hashed(passwords.check_new("cafe\u0301 by the green lake"))
    assert passwords.fits("caf\u00e9 by the green lake", kept)


def test_hashes_are_argon2id_with_the_parameters_of_the_rfc():
    profile = argon2.PasswordHasher()
    assert argon2.extract_parameters(profile.hash("x")) == argon2.profiles.RFC_9106_LOW_MEMORY


def test_no_hash_fits_nothing_and_a_broken_one_neither():
    assert not passwords.fits("nobody", None)
    assert not passwords.fits(PASSWORD, "no hash at all")


def test_without_a_user_a_hash_is_worked_out_all_the_same(accounts, monkeypatch):
    verified = []

    class Counting(type(CHEAP)):
        def verify(self, kept, password):
            verified.append(kept)
            return super().verify(kept, password)

    monkeypatch.setattr(passwords, "_HASHER", Counting(time_cost=1, memory_cost=8, parallelism=1))
    assert accounts.users.check("nobody-here", PASSWORD) is None
    assert accounts.users.check("some-editor", OTHER) is None
    assert len(verified) == 2


def test_a_hash_with_old_parameters_is_made_anew_when_somebody_signs_in(accounts, monkeypatch):
    def kept():
        return accounts.users._database.row("SELECT password FROM users WHERE name = 'some-editor'")["password"]

    before = kept()
    dearer = argon2.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", dearer)
    assert accounts.users.check("some-editor", OTHER) is None
    assert kept() == before
    assert accounts.users.check("some-editor", PASSWORD).role is Role.EDITOR
    assert kept() != before
    assert not dearer.check_needs_rehash(kept())
    assert accounts.users.check("some-editor", PASSWORD)
