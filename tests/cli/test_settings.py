"""`.caveat.toml` and which files an audit takes."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kb.cli import settings
from kb.errors import KbError
from kb.finding import Skipped
from kb.library.copies import gather

CASES = yaml.safe_load((Path(__file__).parent / "settings.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_settings(case, tmp_path):
    (tmp_path / settings.NAME).write_text(case["text"], encoding="utf-8")
    if "error" in case:
        with pytest.raises(KbError) as caught:
            settings.find(tmp_path)
        assert str(caught.value).replace(str(tmp_path), "…") == case["error"]
        return
    found = settings.find(tmp_path)
    values = {
        key: value.replace(str(tmp_path), "…") if key in settings._PATHS else value
        for key, value in found.values.items()
    }
    assert values == case["values"]


def test_settings_are_found_upwards_and_the_command_line_wins(tmp_path):
    (tmp_path / settings.NAME).write_text('profile = "uk-cap"\n', encoding="utf-8")
    folder = tmp_path / "site" / "pages"
    folder.mkdir(parents=True)
    found = settings.find(folder)
    assert (found.file, found.get("profile"), found.get("profile", "us-ftc")) == (
        tmp_path / settings.NAME,
        "uk-cap",
        "us-ftc",
    )
    assert settings.find(Path("/")).file is None


def test_settings_that_are_not_utf_8_say_so(tmp_path):
    (tmp_path / settings.NAME).write_bytes(b'profile = "\xff"\n')
    with pytest.raises(KbError, match="can't decode byte 0xff"):
        settings.find(tmp_path)


def test_folders_give_their_copy_in_order_each_file_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("b.md", "a.html", ".hidden.md", "notes.py", "drafts/c.txt", ".git/d.md", "z/e.PDF", "z/f.docx"):
        file = tmp_path / "site" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
    site = Path("site")
    found = list(gather([site, site / "b.md", site / "notes.py"], ["drafts/*"]))
    assert [copy.path for copy in found] == [
        "site/a.html",
        "site/b.md",
        "site/z/e.PDF",
        "site/z/f.docx",
        "site/notes.py",
    ]


def test_a_folder_that_cannot_be_read_is_reported(tmp_path, monkeypatch):
    import os  # noqa: PLC0415  (to stand in for its walk)

    def walk(folder, onerror):
        onerror(PermissionError(13, "Permission denied", f"{folder}/closed"))
        yield str(folder), [], ["a.md"]

    monkeypatch.chdir(tmp_path)
    (tmp_path / "site").mkdir()
    monkeypatch.setattr(os, "walk", walk)
    *_, last = gather([Path("site")])
    assert last == Skipped("site/closed", "Permission denied")
