"""A knowledge base on disk that may be changed, and clients of people who may change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kb.accounts import Accounts, Role
from kb.library import Library
from tests.on_disk import write
from tests.web.editing.entries import sound
from tests.web.editing.people import Person
from tests.web.shelf import attach_article
from webapp import create_app

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Return a library over the made-up entries, with the one article attached."""
    found = Library(write(sound(), tmp_path / "kb"), engine="memory", cache=False)
    attach_article(found, tmp_path)
    return found


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(tmp_path / "accounts")


@pytest.fixture
def app(library: Library, accounts: Accounts) -> Flask:
    return create_app(library, accounts=accounts, reload_every=None, audits_per_minute=None)


@pytest.fixture
def person(app: Flask, accounts: Accounts) -> Callable[..., Person]:
    """Return a function that makes an account and signs it in."""

    def made(name: str = "ada", role: Role = Role.EDITOR, **options: Any) -> Person:
        account = accounts.users.add(name, role, "wet gravel under moonlight", display=name.capitalize(), **options)
        client = app.test_client()
        client.set_cookie("caveat", accounts.sessions.start(account))
        return Person(client)

    return made


@pytest.fixture
def ada(person: Callable[..., Person]) -> Person:
    return person()
