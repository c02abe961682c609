"""docs/postgres.md as something that can be run: its blocks by heading and language."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/postgres.md"


def blocks(heading: str, language: str) -> list[str]:
    """Return the blocks of code of a language under a heading."""
    (section,) = re.findall(
        rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    every = re.findall(r"^```(\w*)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    found = [text for named, text in every if named == language]
    assert found, f"there is no block of {language} under {heading}"
    return found
