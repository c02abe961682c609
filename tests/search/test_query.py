from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kb.search.query import MAX_CHARS, PROSE_CHARS, parse
from kb.text.small_words import FUNCTION_WORDS
from kb.text.tokens import tokens
from tests.search.contract import AWKWARD

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "parse.yaml").read_text(encoding="utf-8"))


def _shown(text):
    """Return the parts of a text as the cases write them."""
    shown = []
    for part in parse(text).parts:
        flags = "p" * part.phrase + "x" * part.excluded + "d" * part.dropped
        shown.append(f"{part.text} [{flags}]" if flags else part.text)
    return shown


@pytest.mark.parametrize("case", [pytest.param(case, id=ascii(case["text"])) for case in CASES])
def test_reads(case):
    assert _shown(case["text"]) == case["parts"]


@pytest.mark.parametrize("word", ["not", "no", "never", "none", "without", "may", "might", "can", "will", "only"])
def test_keeps_every_word_that_turns_a_meaning(word):
    assert _shown(f"it {word} helps") == ["it [d]", word, "helps"]
    assert word not in FUNCTION_WORDS


def test_reads_the_beginning_of_a_long_text():
    words = "word " * 1_000
    for text, most in (("  " + words, PROSE_CHARS), ("theme:pain " + words, MAX_CHARS)):
        parsed = parse(text)
        assert parsed.cut
        assert most - len("theme:pain") < parsed.tokens[-1].end <= most
    assert not parse(" " * 1_000 + "word" + " " * 1_000).cut


@given(st.one_of(st.text(st.characters(codec=None)), st.sampled_from(AWKWARD), st.text("ab -\"“”'5%", max_size=60)))
def test_every_token_belongs_to_one_part(text):
    parsed = parse(text)
    covered = [index for part in parsed.parts for index in range(part.first, part.last + 1)]
    assert covered == list(range(len(parsed.tokens)))
    assert all(part.text.isprintable() for part in parsed.parts)
    assert len(parsed.tokens) <= (PROSE_CHARS if parsed.prose else MAX_CHARS)


@given(st.lists(st.sampled_from(["pain", "low mood", "5%", "follow-up", "not"]), min_size=1, max_size=5))
def test_phrases_come_back_as_they_were_typed(phrases):
    parsed = parse(" ".join(f'"{phrase}"' for phrase in phrases))
    assert [part.text for part in parsed.parts] == phrases
    assert [parsed.stems(part) for part in parsed.parts] == [
        tuple(token.stem for token in tokens(phrase)) for phrase in phrases
    ]
