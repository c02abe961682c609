"""Fixtures for the web: a library in memory, the application over it, a client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask import Flask

from tests.accounts.people import cheap
from tests.web.shelf import Shelf
from tests.web.templates import Compiled
from webapp import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

__all__ = ["cheap"]


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Compile each template once, not once for each application."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": Compiled()})
        yield


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def app(shelf: Shelf) -> Flask:
    return create_app(shelf, reload_every=None, audits_per_minute=None)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
