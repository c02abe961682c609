"""Atom 1.0: what RFC 4287 requires of every feed and entry, and ids that last."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from kb.export import Addresses, atom
from kb.export.history import Change, History
from kb.history import ChangeKind
from tests.export import small

NAMES = {"a": "http://www.w3.org/2005/Atom"}
DAY = dt.datetime(2026, 3, 4, tzinfo=dt.UTC)


def feed(*changes, kb=None, from_git=True):
    text = atom.feed(kb or small.base(), History(changes, from_git), Addresses(small.SITE))
    return ET.fromstring(text.encode())  # noqa: S314 - we wrote it


def change(kind=ChangeKind.CHANGED, entry_id="lifts-mood", revision="c1", **fields):
    return Change(
        kind, fields.get("entry_kind", "claim"), entry_id, fields.get("at", DAY), revision, fields.get("reason", "")
    )


def ids(found):
    return [element.text for element in found.findall(".//a:id", NAMES)]


@given(st.sampled_from(ChangeKind), st.text(), st.sampled_from(["lifts-mood", "gone", "fades-soon"]))
def test_whatever_is_noted_the_feed_is_valid(kind, reason, entry_id):
    found = feed(change(kind, entry_id, reason=reason), change(kind, entry_id, entry_kind="caveat", reason=reason))
    for element in (found, *found.findall("a:entry", NAMES)):
        for required in ("id", "title", "updated"):
            (text,) = [part.text for part in element.findall(f"a:{required}", NAMES)]
            assert text
    assert found.find("a:author/a:name", NAMES) is not None
    assert found.find("a:link[@rel='self']", NAMES).get("href") == "https://kb.example/changes.atom"
    assert len(set(ids(found))) == 3
    for element in found.findall("a:entry", NAMES):
        linked = element.find("a:link[@rel='alternate']", NAMES) is not None
        assert linked or element.find("a:summary", NAMES).text  # RFC 4287, 4.1.1.1


def test_an_id_is_of_one_entry_in_one_change_and_stays():
    kb = small.base()
    first = ids(feed(change(), kb=kb))
    assert ids(feed(change(ChangeKind.WITHDRAWN, reason="other words", at=DAY + dt.timedelta(1)), kb=kb)) == first
    assert ids(feed(change(revision="c2"), kb=kb))[1:] != first[1:]
    assert ids(feed(change(entry_id="hostile"), kb=kb))[1:] != first[1:]
    assert ids(feed(change(entry_kind="caveat"), kb=kb))[1:] != first[1:]
    assert all(text.startswith("urn:uuid:") for text in first)


def test_a_feed_without_changes_is_a_feed():
    found = feed()
    assert found.find("a:updated", NAMES).text == "1970-01-01T00:00:00Z"
    assert found.findall("a:entry", NAMES) == []


def test_the_feed_says_where_its_dates_come_from():
    assert feed().find("a:subtitle", NAMES).text.endswith("Dates are those of the commits.")
    assert (
        feed(from_git=False).find("a:subtitle", NAMES).text.endswith("Dates are those of the files: there is no git.")
    )


def test_times_are_those_of_greenwich():
    east = dt.datetime(2026, 3, 4, 1, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    assert feed(change(at=east)).find("a:entry/a:updated", NAMES).text == "2026-03-03T23:00:00Z"
