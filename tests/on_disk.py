"""A knowledge base from `factories` as files in a folder, the way an editor would have written them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.store import encode

if TYPE_CHECKING:
    from pathlib import Path

    from kb.model import KnowledgeBase


def write(kb: KnowledgeBase, folder: Path, area: str = "mood") -> Path:
    """Write every file of a knowledge base in canonical style; all claims go to one area. Return the folder."""
    files = {
        "kb.yaml": encode(kb.about),
        "themes.yaml": encode(kb.themes, "themes"),
        "vocabulary.yaml": encode(kb.concepts, "vocabulary"),
        "references.yaml": encode(kb.references, "references"),
        **({"topics.yaml": encode(kb.topics, "topics")} if kb.topics else {}),
        **{f"sources/{entry.id}.yaml": encode(entry) for entry in kb.sources.values()},
        **{f"caveats/{entry.id}.yaml": encode(entry) for entry in kb.caveats.values()},
        **{f"entries/{area}/{entry.id}.yaml": encode(entry) for entry in kb.claims.values()},
    }
    for relpath, text in files.items():
        path = folder / relpath
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return folder
