"""A small knowledge base on disk that editors work on, and what is asked of it afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.store import decode, load
from tests.factories import claim, knowledge_base
from tests.on_disk import write

if TYPE_CHECKING:
    from pathlib import Path

CLAIMS = tuple(f"claim-{number}" for number in range(10))


def shop(folder: Path) -> Path:
    """Write ten claims and what they need; return the root."""
    return write(knowledge_base(claims=[claim(name, rationale="Words") for name in CLAIMS]), folder)


def file_of(root: Path, name: str) -> Path:
    return root / "entries" / "mood" / f"{name}.yaml"


def words_in(root: Path) -> dict[str, list[str]]:
    """Return the words that editors added to each claim, from files that must all be whole."""
    found = {}
    for name in CLAIMS:
        read = decode(file_of(root, name).read_text(encoding="utf-8"), "claim")
        assert read.id == name
        first, *words = read.rationale.split()
        assert first == "Words"
        found[name] = words
    return found


def is_sound(root: Path) -> bool:
    """Whether everything can be read, and nothing but the claims is taken for one."""
    loaded = load(root, cache=False)
    return loaded.findings == () and tuple(loaded.kb.claims) == CLAIMS
