"""A knowledge base on disk under git, and people with roles who may change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from kb.accounts import Accounts, Role
from kb.library import Library
from tests.factories import claim, evidence
from tests.history.repository import commit, git
from tests.on_disk import write
from tests.web.html import Page
from tests.web.shelf import attach_article, base
from tests.web.signing import token_in
from webapp import create_app

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse


@dataclass
class Person:
    """Somebody who is signed in."""

    name: str
    client: FlaskClient

    def get(self, address: str) -> TestResponse:
        """Open a page, which must be sound."""
        response = self.client.get(address, follow_redirects=True)
        assert response.status_code == 200, (address, response.text[:300])
        assert Page(response.text).faults == []
        assert len(response.data) < 100_000
        return response

    def post(self, address: str, **data: Any) -> TestResponse:
        """Post a form with the token of the session."""
        data["csrf_token"] = token_in(self.client.get("/account"))
        return self.client.post(address, data=data, follow_redirects=True)

    def step(self, library: Library, entry_id: str, action: str, *, kind: str = "claim", **data: Any) -> TestResponse:
        """Take a step of the review, on the entry as it is now."""
        revision = data.pop("revision", None) or library.entry(kind, entry_id).revision
        return self.post(f"/review/{kind}/{entry_id}", action=action, revision=revision, **data)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    sound = claim(
        "better-sleep",
        claim="Testamine improves sleep.",
        themes=["sleep"],
        verdict="unproven",
        certainty={"level": "very-low", "reasons": ["imprecision"]},
        evidence=[evidence("doe2020", direction="neutral")],
        rationale="Nobody has looked well.",
    )
    others = [one for one in base().claims.values() if one.id != sound.id]
    folder = write(base(claims=sorted([sound, *others], key=lambda one: one.id)), tmp_path / "project" / "kb")
    git(tmp_path / "project", "init", "--quiet")
    commit(tmp_path / "project", "Begin", 1)
    return folder


@pytest.fixture
def library(root: Path, tmp_path: Path) -> Library:
    """Return a library over the made-up entries, with the one article attached."""
    found = Library(root, engine="memory", cache=False)
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

    def made(display: str, role: Role = Role.EDITOR) -> Person:
        name = display.casefold().replace(" ", "").replace(".", "")
        account = accounts.users.add(name, role, "wet gravel under moonlight", display=display)
        client = app.test_client()
        client.set_cookie("caveat", accounts.sessions.start(account))
        return Person(display, client)

    return made


@pytest.fixture
def author(person: Callable[..., Person]) -> Person:
    """Return the author of every made-up entry, who is a reviewer as well."""
    return person("A. Editor", Role.REVIEWER)


@pytest.fixture
def reviewer(person: Callable[..., Person]) -> Person:
    return person("B. Reviewer", Role.REVIEWER)


@pytest.fixture
def editor(person: Callable[..., Person]) -> Person:
    return person("C. Writer")
