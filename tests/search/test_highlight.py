from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.search.base import Document, Fragment
from kb.search.highlight import MAX_CHARS, Highlighter, fragment, merged
from kb.search.plan import Planner
from kb.search.query import parse
from kb.search.widen import Vocabulary
from tests.factories import knowledge_base

NO_CONCEPTS = Vocabulary({})


def _highlights(text, **texts):
    document = Document(
        "one", {"claim": (), "caveats": (), "evidence": (), "concepts": (), "asked": ()} | texts, (), (), {}, {}
    )
    plan = Planner(knowledge_base(), NO_CONCEPTS).plan(parse(text))
    return Highlighter(plan, NO_CONCEPTS).highlights(document)


def test_a_long_passage_is_cut_between_words_to_where_most_is():
    passage = " ".join(["mood", *["filler"] * 60, "sleep,", "mood", "and", "mood", *["filler"] * 60])
    (piece,) = _highlights("mood sleep", evidence=(passage,))["evidence"]
    assert piece == Fragment(
        text=" ".join([*["filler"] * 10, "sleep,", "mood", "and", "mood", *["filler"] * 21]),
        spans=((70, 75), (77, 81), (86, 90)),
        before=True,
        after=True,
    )


def test_only_the_passages_that_show_most_are_kept_in_their_order():
    passages = ("mood", "mood sleep pain", "nothing", "pain sleep", "sleep mood pain")
    found = _highlights("mood sleep pain", evidence=passages, caveats=passages)
    assert [piece.text for piece in found["evidence"]] == ["mood sleep pain", "sleep mood pain"]
    assert [piece.text for piece in found["caveats"]] == ["mood sleep pain", "pain sleep", "sleep mood pain"]


def test_words_of_labels_are_not_words_of_the_entry():
    assert _highlights('"mood"', claim=("Low mood.",), concepts=("mood",)) == {
        "claim": (Fragment("Low mood.", ((4, 8),)),)
    }


def test_overlapping_and_touching_spans_are_one():
    assert merged([(4, 6), (0, 2), (2, 3), (5, 9), (11, 12)]) == ((0, 3), (4, 9), (11, 12))


def test_a_word_longer_than_a_fragment_is_shown_whole():
    word = "a" * 1_000
    (piece,) = _highlights(word[:300], claim=(f"{word[:300]} {word}",))["claim"]
    assert (piece.text, piece.spans, piece.before, piece.after) == (word[:300], ((0, 300),), False, True)


TEXTS = st.lists(st.sampled_from(["mood", "moods", "sleep", "naïve", "x" * 50, "é", "—"]), max_size=120).map(" ".join)


@given(TEXTS, st.lists(st.tuples(st.integers(0, 900), st.integers(1, 300)), min_size=1, max_size=40))
def test_a_fragment_is_a_piece_of_the_text_with_its_spans(text, raw):
    spans = [(start, start + length) for start, length in raw if start + length <= len(text)]
    if not spans:
        return
    spans = merged(spans)
    piece = fragment(text, spans)
    places = [place for place in range(len(text)) if text.startswith(piece.text, place)]
    assert places
    assert piece.spans
    assert any(
        {(start + place, end + place) for start, end in piece.spans} <= set(spans)
        and piece.before == (place > 0)
        and piece.after == (place + len(piece.text) < len(text))
        for place in places
    )
    assert len(piece.text) <= max(MAX_CHARS, *(end - start for start, end in spans))
