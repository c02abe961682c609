"""A clock that jumps: nothing lasts for years by it, nothing new is tidied away, and what is logged stays in order."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import time

import pytest

from kb import checks
from kb.accounts.sessions import IDLE, LINK, LONGEST
from kb.library import Library
from kb.search.base import Query
from kb.search.engines import open_or_build
from kb.search.kept import KEPT
from kb.search.whoosh import WhooshEngine
from kb.store import saving
from tests.accounts.people import accounts, cheap, clock
from tests.editing.shop import shop
from tests.factories import claim, knowledge_base
from tests.search.bases import base
from webapp.rate import AskedTooOften, Rate
from webapp.running import metrics

__all__ = ["accounts", "cheap", "clock"]

YEAR = 365 * 24 * 3_600
HOUR = 3_600


def test_a_session_of_a_wrong_clock_does_not_last_for_years(accounts, clock):
    ada = accounts.users.get("some-editor")
    clock.now += YEAR
    wrong = accounts.sessions.start(ada)
    assert accounts.sessions.find(wrong).account == ada
    clock.now -= YEAR
    assert accounts.sessions.find(wrong) is None
    assert accounts.sessions.of(ada) == []
    right = accounts.sessions.start(ada)
    clock.now += YEAR
    assert accounts.sessions.find(wrong) is None, "the next session has tidied it away"
    assert accounts.sessions.find(right) is None


@pytest.mark.parametrize("jump", [-HOUR, HOUR, -60, 60, IDLE - 1])
def test_a_small_jump_signs_nobody_out(accounts, clock, jump):
    token = accounts.sessions.start(accounts.users.get("some-editor"))
    clock.now += jump
    assert accounts.sessions.find(token)
    assert accounts.sessions.find(token), "and noting that it is used changes nothing"


def test_no_way_back_and_forth_makes_a_session_last_longer(accounts, clock):
    began = clock.now
    token = accounts.sessions.start(accounts.users.get("some-editor"))
    while clock.now < began + LONGEST - IDLE:
        clock.now += IDLE - 1
        assert accounts.sessions.find(token)
        clock.now -= HOUR
        assert accounts.sessions.find(token)
    clock.now = began + LONGEST
    assert accounts.sessions.find(token) is None


@pytest.mark.parametrize(("jump", "works"), [(0, True), (LINK - 1, True), (LINK, False), (YEAR, False), (-YEAR, False)])
def test_a_link_works_within_its_minutes_and_at_no_other_time(accounts, clock, jump, works):
    token = accounts.sessions.link(accounts.users.get("some-editor"))
    clock.now += jump
    assert bool(accounts.sessions.redeem(token)) is works
    clock.now -= jump
    assert accounts.sessions.redeem(token) is None, "it was used up, or found to be over"


def test_the_log_stays_in_its_order_and_verifies(accounts, clock):
    for jump in (YEAR, -2 * YEAR, 60, -HOUR):
        clock.now += jump
        accounts.users.set_role("some-reader", accounts.users.get("some-editor").role)
    assert accounts.log.verify().problem == ""
    assert [record.number for record in accounts.log.latest()] == sorted(
        (record.number for record in accounts.log.all()), reverse=True
    )


def test_rates_do_not_go_by_the_clock_of_the_day(monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 1.0e12)
    rate = Rate(2)
    rate.spend("a")
    rate.spend("a")
    monkeypatch.setattr(time, "time", lambda: 9.0e12)
    with pytest.raises(AskedTooOften) as refused:
        rate.spend("a")
    assert refused.value.retry_after <= 60


def test_even_by_a_clock_that_is_set_back_nobody_waits_for_ever():
    now = [1_000.0]
    rate = Rate(1, lambda: now[0])
    rate.spend("a")
    now[0] = 0.0
    with pytest.raises(AskedTooOften):
        rate.spend("a")
    now[0] = 10_000.0
    rate.spend("a")


def test_a_lock_is_waited_for_by_no_clock_of_the_day(tmp_path, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 0.0)
    with saving.locked(tmp_path), pytest.raises(saving.Busy), saving.locked(tmp_path, patience=0.01):
        pass


@pytest.fixture
def built(tmp_path):
    """Return an engine whose folder is full of indexes from years to come."""
    engine = WhooshEngine(tmp_path / "index")
    for number in range(KEPT):
        engine.build(dataclasses.replace(base(), digest=f"{number:064}", concepts={}))
    ahead = time.time() + YEAR
    for path in (tmp_path / "index").iterdir():
        os.utime(path, (ahead, ahead))
    return engine


def test_an_index_that_was_just_built_stays_although_others_seem_newer(built, tmp_path):
    opened = open_or_build(built, base())
    assert opened.backend.search(Query("trd")).total == 2
    assert open_or_build(built, base()).rebuilt == ""
    assert len(list((tmp_path / "index").iterdir())) == KEPT


@pytest.mark.parametrize("hours", [-2, 2])
def test_leftovers_go_whichever_way_the_clock_was_wrong(built, tmp_path, hours):
    left = tmp_path / "index" / ".building-left"
    left.mkdir()
    when = time.time() + hours * HOUR
    os.utime(left, (when, when))
    built.build(base())
    assert not left.exists()


@pytest.mark.parametrize("years", [-30, 30])
def test_files_from_another_time_are_read_searched_and_followed(tmp_path, years):
    root = shop(tmp_path / "claims")
    when = time.time() + years * YEAR
    for path in root.rglob("*.yaml"):
        os.utime(path, (when, when))
    library = Library(root)
    assert library.search(Query("testamine")).total == 10
    path = root / "entries" / "mood" / "claim-1.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("rationale: Words", "rationale: Giraffes"), "utf-8")
    os.utime(path, (when - HOUR, when - HOUR))  # changed, and older than before
    assert library.reload_if_changed()
    assert [hit.id for hit in library.search(Query("giraffes")).hits] == ["claim-1"]


def test_the_age_of_an_index_is_never_negative(tmp_path, monkeypatch):
    library = Library(shop(tmp_path / "claims"), engine="memory")
    library.index()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    figures = metrics._Standing(library).collect()
    assert [one.samples[0].value for one in figures if one.name == "caveat_index_age_seconds"] == [0.0]


def test_reviews_fall_due_by_the_day_that_is_told():
    kb = knowledge_base(claims=[claim(review={"author": "A", "due": "2030-01-01"})])

    def overdue(day):
        return {problem.rule for problem in checks.run(kb, today=dt.date.fromisoformat(day))} & {"review-due"}

    assert [overdue(day) for day in ("1999-01-01", "2030-01-01", "2030-01-02", "2999-12-31")] == [
        set(),
        set(),
        {"review-due"},
        {"review-due"},
    ]
