"""Models that were given the same fields keep one set of their names, and none can change it for others."""

from __future__ import annotations

import pytest

from kb.model import base
from kb.model.base import Selector, Status
from tests.factories import claim


def test_models_with_the_same_fields_share_their_names():
    one, other = Selector(start=1, end=2), Selector(start=3, end=4)
    assert one.model_fields_set is other.model_fields_set
    assert one.model_fields_set == {"start", "end"}


def test_a_changed_copy_changes_no_other():
    one, other = claim("aa"), claim("bb")
    before = set(one.model_fields_set)
    changed = one.model_copy(update={"aliases": ("former",)})
    assert changed.model_fields_set == before | {"aliases"}
    assert one.model_fields_set == other.model_fields_set == before
    assert claim("aa") == one


def test_who_makes_up_fields_fills_no_memory(monkeypatch):
    monkeypatch.setattr(base, "_GIVEN", {})
    monkeypatch.setattr(base, "_MOST_GIVEN", 1)
    kept, one, other = Selector(start=1, end=2), claim("aa"), claim("aa", status=Status.DRAFT)
    assert list(base._GIVEN) == [frozenset(kept.model_fields_set)]
    assert one.model_fields_set is not other.model_fields_set


@pytest.mark.parametrize("model", [Selector(start=1, end=2), claim("aa")])
def test_what_was_given_is_told_from_what_was_not(model):
    given = type(model).model_validate(model.model_dump(exclude_unset=True))
    assert given == model
    assert given.model_fields_set == model.model_fields_set
