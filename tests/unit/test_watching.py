"""Edits on disk are noticed once they are whole."""

from __future__ import annotations

from kb.library import Library, watching
from tests.factories import claim, knowledge_base
from tests.on_disk import write


def _library(folder):
    kb = knowledge_base(claims=[claim("wakes-up", claim="Cold water wakes people up.")])
    root = write(kb, folder / "kb")
    return root, Library(root, engine="memory", cache=False)


def _file(root):
    return next(path for path in root.rglob("*.yaml") if "wakes-up" in path.name)


def test_what_is_just_being_written_is_read_when_it_is_whole(tmp_path, monkeypatch):
    root, library = _library(tmp_path)
    path = _file(root)
    whole = path.read_text(encoding="utf-8").replace("Cold water", "Very cold water")
    path.write_text("", encoding="utf-8")  # as an editor has it for a moment
    monkeypatch.setattr(watching.time, "sleep", lambda _: path.write_text(whole, encoding="utf-8"))
    assert library.reload_if_changed()
    assert library.claim("wakes-up").claim == "Very cold water wakes people up."


def test_what_is_written_all_the_time_is_read_as_it_is(tmp_path, monkeypatch):
    root, library = _library(tmp_path)
    path, whole = _file(root), _file(root).read_text(encoding="utf-8")
    looked = []

    def go_on(_):
        looked.append(1)
        path.write_text(whole + "#" * len(looked), encoding="utf-8")

    monkeypatch.setattr(watching.time, "sleep", go_on)
    go_on(0)
    assert library.reload_if_changed()
    assert len(looked) == watching._LOOKS + 1
