"""Write a made-up but valid knowledge base of any size, the same for the same seed.

    python benchmarks/generate.py --claims 10000 /tmp/generated

Words are as frequent as in English: by Zipf's law up to the commonest 6,000 and twice as steep beyond them. Most are
rare, and there are the more different ones the more claims there are (about as the square root). Entries have the
size and shape of real ones (about 3 kB, 8 occurrences, 4 lines of evidence, 9 ways of asking) and share caveats,
references, sources and concepts as real ones do. Each claim's own example is recognised by its own rule, relations are
symmetric, and every id that is used exists.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import random
from itertools import accumulate
from pathlib import Path
from typing import Any

from kb.model import (
    About,
    Caveat,
    CertaintyReason,
    Claim,
    ClaimType,
    Concept,
    DisclosureKey,
    Reference,
    Source,
)
from kb.store import encode

_FIRST_WORDS = (
    "the of and in with for people after to by than were was on at from within most one some not their more over is "
    "study trial dose weeks days hours treatment relief pain mood sleep score placebo infusion risk effect clinic"
)
_COMMON = tuple(_FIRST_WORDS.split())
_SYLLABLES = tuple(consonant + vowel for consonant in "bdfgklmnprst" for vowel in "aeio")
_ENDINGS = ("n", "r", "l", "st", "x", "m")
_KERNEL = 6_000
"""Words that follow Zipf's law; rarer ones thin out twice as fast (Ferrer i Cancho and Solé, 2001)."""
_RARE_WORDS = 600
"""Rarer ones beyond the kernel, times the square root of the number of claims: more than are ever drawn."""
_CONCEPTS = 500
_MOST_REFERENCES = 1_500  # more would not fit into one file of 1 MiB
_AREAS = ("efficacy", "onset", "mechanism", "safety", "process", "access")
_THEMES_PER_AREA = 10
_DESIGNS = ("rct", "meta-analysis", "systematic-review", "open-label", "cohort", "review")
_SOURCE_CHARS = 20_000
_HEADINGS = 8
_WORDS_ASKED = (2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 7, 8, 8, 8, 9, 9, 10, 11)
"""How many words a way of asking has: as many as in the entries that come with the program."""
_LONGEST_ASKED = 80
_TENTH = 0.1
"""The share of claims that have ten of them; others have nine."""
_OWN = 0.4
"""The share of them that are the claim's own."""
_REVIEW = {"author": "A. Generator", "due": "2035-01-01"}


class Generator:
    """Makes the parts of one knowledge base from one stream of random numbers."""

    def __init__(self, claims: int, seed: int) -> None:
        self._random = random.Random(seed)
        self._asking = random.Random(f"asked {seed}")  # of its own: without ways of asking, all else would be the same
        self._claims = claims
        self._words = self._lexicon()
        self._weights = list(accumulate(_frequency(rank) for rank in range(len(self._words))))
        self._rare = self._words[len(_COMMON) :]
        self.themes = {
            area: {f"{area}-{self._rare[number]}": self.sentence(4, 8) for number in range(_THEMES_PER_AREA)}
            for area in _AREAS
        }
        self._theme_ids = [theme for group in self.themes.values() for theme in group]
        self.concepts = {f"concept-{number}": self._concept(number) for number in range(_CONCEPTS)}
        self.references = {
            f"work{number}_{1990 + number % 35}": self._reference(number)
            for number in range(min(claims // 4 + 20, _MOST_REFERENCES))
        }
        self.sources = [self._source(number) for number in range(claims // 100 + 5)]
        self._reference_keys = list(self.references)
        self.caveats = [self._caveat(number) for number in range(claims // 5 + 10)]

    def claims(self) -> Any:
        """Yield every claim with the area whose folder it goes to."""
        for number in range(self._claims):
            yield _AREAS[number % len(_AREAS)], self._claim(number)

    def sentence(self, shortest: int, longest: int, *extra: str) -> str:
        """Return a sentence of Zipf-distributed words, `extra` among them."""
        words = self._random.choices(self._words, cum_weights=self._weights, k=self._random.randint(shortest, longest))
        for phrase in extra:
            words.insert(self._random.randint(0, len(words)), phrase)
        text = " ".join(words)
        return text[0].upper() + text[1:] + "."

    def _lexicon(self) -> list[str]:
        """Return distinct words, the commonest first."""
        words = dict.fromkeys(_COMMON)
        while len(words) < _KERNEL + _RARE_WORDS * math.isqrt(self._claims):
            syllables = self._random.choices(_SYLLABLES, k=self._random.randint(2, 4))
            words["".join(syllables) + self._random.choice(_ENDINGS)] = None
        return list(words)

    def _concept(self, number: int) -> Concept:
        # Terms come from a stretch of the lexicon that is the concept's own, so that no other concept shares them.
        own = self._rare[number * 10 : number * 10 + 10]
        return Concept(label=own[0], terms=(own[0], own[1], f"{own[2]} {own[3]}", f"{own[4]} * {own[5]}"))

    def _reference(self, number: int) -> Reference:
        return Reference.model_validate(
            {
                "type": "article-journal",
                "design": self._random.choice(_DESIGNS),
                "title": self.sentence(6, 14),
                "author": [
                    {"family": self._random.choice(self._rare).title(), "given": self._random.choice("ABCDEFGH")}
                    for _ in range(self._random.randint(1, 4))
                ],
                "issued": 1990 + number % 35,
                "container-title": f"Journal of {self._random.choice(self._rare).title()}",
                "volume": str(number % 90 + 1),
                "DOI": f"10.9999/generated.{number}",
                "finding": self.sentence(12, 30),
                "read": self._random.choice(("primary", "secondary")),
            }
        )

    def _source(self, number: int) -> Source:
        step = _SOURCE_CHARS // _HEADINGS
        outline = [
            {
                "selector": {"start": place * step, "end": place * step + 20},
                "digest": self._digest(),
                "label": self._label(place),
            }
            for place in range(_HEADINGS)
        ]
        text = {"sha256": hashlib.sha256(f"source {number}".encode()).hexdigest(), "chars": _SOURCE_CHARS}
        return Source.model_validate(
            {"id": f"source-{number}", "title": self.sentence(4, 9), "text": text, "outline": outline}
        )

    @staticmethod
    def _label(place: int) -> str:
        return f"Section {place + 1}"

    def _caveat(self, number: int) -> Caveat:
        rule, example, counterexample = self._recognition()
        return Caveat.model_validate(
            {
                "id": f"caveat-{number}",
                "caveat": self.sentence(10, 24),
                "short": f"Short name {number}",
                "suggested_disclosure": example,
                "key": self._random.choice(list(DisclosureKey)),
                "themes": self._random.sample(self._theme_ids, 2),
                "status": "in-review",
                "evidence": self._evidence(2),
                "recognise": [rule],
                "examples": {"match": [example], "no_match": [counterexample]},
                "review": _REVIEW,
            }
        )

    def _claim(self, number: int) -> Claim:
        rule, example, counterexample = self._recognition()
        owed = self._random.sample(self.caveats, self._random.randint(1, 4))
        # Relations go back and forth between the two claims of a pair.
        partner = number ^ 1
        related = [{"claim": f"claim-{partner}", "type": "similar", "note": "The other of a pair."}]
        text = self.sentence(8, 16)[:190]
        return Claim.model_validate(
            {
                "id": f"claim-{number}",
                "claim": text,
                "asked": self._asked(text),
                "type": self._random.choice(list(ClaimType)),
                "themes": self._random.sample(self._theme_ids, self._random.randint(1, 3)),
                "status": "in-review",
                "verdict": self._random.choice(("supported", "contested", "unproven")),
                "certainty": {
                    "level": self._random.choice(("moderate", "low", "very-low")),
                    "reasons": self._random.sample(list(CertaintyReason)[:5], 2),
                },
                "rationale": self.sentence(15, 35),
                "scope": {"drug": "testamine", "population": self.sentence(3, 6), "horizon": "24 h"},
                "evidence": self._evidence(self._random.randint(3, 5)),
                "caveats": [
                    {"caveat": caveat.id, "near": self._random.choice(("section", "document"))} for caveat in owed
                ],
                "occurrences": self._occurrences(self._random.randint(5, 11)),
                "recognise": [rule],
                "examples": {"match": [example], "no_match": [counterexample]},
                "related": related if partner < self._claims else [],
                "review": _REVIEW,
            }
        )

    def _asked(self, claim: str) -> list[str]:
        """Return ways of asking for a claim: some of its words, and others that it has not."""
        chance, own = self._asking, claim.rstrip(".").lower().split()
        asked: dict[str, None] = {}
        number = 10 if chance.random() < _TENTH else 9
        while len(asked) < number:
            words = chance.choices(self._words, cum_weights=self._weights, k=chance.choice(_WORDS_ASKED))
            text = " ".join(chance.choice(own) if chance.random() < _OWN else word for word in words)
            asked[text[:_LONGEST_ASKED].strip()] = None
        return list(asked)

    def _evidence(self, count: int) -> list[dict[str, Any]]:
        keys = self._random.sample(self._reference_keys, count)
        return [
            {
                "reference": key,
                "direction": ("supports", "disputes")[place % 2],
                "directness": self._random.choice(("direct", "indirect")) if place else "direct",
                "design": self.references[key].design,
                "finding": self.sentence(12, 28),
            }
            for place, key in enumerate(keys)
        ]

    def _occurrences(self, count: int) -> list[dict[str, Any]]:
        found = []
        for _ in range(count):
            start = self._random.randrange(_SOURCE_CHARS - 200)
            found.append(
                {
                    "source": self._random.choice(self.sources).id,
                    "selector": {"start": start, "end": start + self._random.randint(40, 160)},
                    "digest": self._digest(),
                    "section": self._label(start * _HEADINGS // _SOURCE_CHARS),
                    "strength": self._random.choice(("hedged", "plain", "emphatic")),
                }
            )
        return found

    def _recognition(self) -> tuple[dict[str, list[str]], str, str]:
        """Return a rule, a sentence that it recognises and one that it does not."""
        first, second, unwanted = self._random.sample(list(self.concepts), 3)
        rule = {"all": [first, second], "unless": [unwanted]}
        words = [self._random.choice(self.concepts[concept].terms[:3]) for concept in (first, second, unwanted)]
        filling = " ".join(self._random.sample(_COMMON, 5))
        return rule, f"The {words[0]} {filling} {words[1]}.", f"The {words[0]} {filling} {words[1]} {words[2]}."

    def _digest(self) -> str:
        return f"{self._random.getrandbits(64):016x}"


def generate(folder: Path, claims: int, *, seed: int = 1) -> Path:
    """Write a knowledge base of so many claims into a folder and return the folder."""
    made = Generator(claims, seed)
    about = About(name="Generated", description="Made up for measurements.", licence="CC0-1.0")
    _write(folder / "kb.yaml", encode(about))
    _write(folder / "themes.yaml", encode(made.themes, "themes"))
    _write(folder / "vocabulary.yaml", encode(made.concepts, "vocabulary"))
    _write(folder / "references.yaml", encode(made.references, "references"))
    for source in made.sources:
        _write(folder / "sources" / f"{source.id}.yaml", encode(source))
    for caveat in made.caveats:
        _write(folder / "caveats" / f"{caveat.id}.yaml", encode(caveat))
    for area, claim in made.claims():
        _write(folder / "entries" / area / f"{claim.id}.yaml", encode(claim))
    return folder


def main() -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--claims", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(generate(options.folder, options.claims, seed=options.seed))


def _frequency(rank: int) -> float:
    """Return how often the word of this rank is drawn, as a weight; ranks begin at 0."""
    return 1 / (rank + 2) if rank < _KERNEL else _KERNEL / (rank + 2) ** 2


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
