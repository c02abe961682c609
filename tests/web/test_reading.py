"""Looking for edits: at once where there are few files, beside the requests where there are many."""

from __future__ import annotations

import threading

import pytest

from tests.web.shelf import Shelf
from webapp import create_app, reading


class Slow(Shelf):
    """A shelf whose look at the files ends when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.may_end = threading.Event()
        self.lookers: list[threading.Thread] = []

    def reload_if_changed(self) -> bool:
        self.lookers.append(threading.current_thread())
        return not self.may_end.wait(timeout=30)


@pytest.fixture
def slow():
    shelf = Slow()
    yield shelf
    shelf.may_end.set()


def test_few_files_are_looked_at_before_the_answer(slow):
    slow.may_end.set()
    create_app(slow, reload_every=0).test_client().get("/about")
    assert slow.lookers == [threading.current_thread()]


def test_no_request_waits_for_a_look_at_many_files(slow, monkeypatch):
    monkeypatch.setattr(reading, "MANY", 1)
    client = create_app(slow, reload_every=0).test_client()
    assert client.get("/about").status_code == 200
    assert client.get("/").status_code == 200
    [looker] = slow.lookers  # the second request did not start another while the first was still looking
    assert looker is not threading.current_thread()
    slow.may_end.set()
    looker.join()


def test_files_are_left_alone_where_nobody_asked(slow):
    create_app(slow, reload_every=None).test_client().get("/about")
    assert slow.lookers == []
