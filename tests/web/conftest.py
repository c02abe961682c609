"""Fixtures for the web: a library in memory, the application over it, a client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.shelf import Shelf
from webapp import create_app

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def app(shelf: Shelf) -> Flask:
    return create_app(shelf, reload_every=None, audits_per_minute=None)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
