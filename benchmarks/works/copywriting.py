"""Copy to audit: real sentences in random order, one word of each changed, so that nobody gains by remembering."""

from __future__ import annotations

import json
import random

from harness.peers import ROOT

LABELLED = ROOT / "corpus" / "labelled"
_SHORTEST = 3
"""Words that a sentence has more than."""


def text_of(megabytes: float, seed: int = 7) -> str:
    """Return about so many megabytes of Markdown."""
    rng = random.Random(seed)
    sentences = [sentence for sentence in _sentences() if len(sentence.split()) > _SHORTEST]
    parts: list[str] = []
    size, number = 0, 0
    while size < megabytes * 1_000_000:
        words = rng.choice(sentences).split()
        words[rng.randrange(len(words))] = "".join(rng.choices("abcdefghilmnoprstu", k=rng.randint(3, 9)))
        number += 1
        after = f"\n\n## Part {number}\n\n" if number % 40 == 0 else "\n\n" if number % 4 == 0 else " "
        parts.append(" ".join(words) + after)
        size += len(parts[-1])
    return "".join(parts)


def _sentences() -> list[str]:
    texts = {file.stem: file.read_text(encoding="utf-8") for file in LABELLED.glob("[0-9]*.txt")}
    labels = map(json.loads, (LABELLED / "labels.jsonl").read_text(encoding="utf-8").splitlines())
    return [
        " ".join(texts[label["doc"]][label["start"] : label["end"]].split())
        for label in labels
        if label["unit"] == "sentence"
    ]
