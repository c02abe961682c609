from __future__ import annotations

import pytest

from kb.search.prose import has_marks, is_pasted, is_prose, said


@pytest.mark.parametrize(
    ("text", "pasted"),
    [
        ("it eases pain", False),
        ("it eases pain.", True),
        ("it eases pain.”", True),
        ("does it ease pain?", False),
        ("does it ease pain?”", False),
        ("in pain? it helps.", True),
        ("pain?", False),
        ("one two three four five six seven", False),
        ("one two three four five six seven eight", True),
    ],
)
def test_sentences_are_told_from_words(text, pasted):
    assert is_pasted(text) is pasted


@pytest.mark.parametrize(
    "text",
    [
        '"I have my life back," says Ann, who came to us last year.',
        'They call it "a miracle" and leave the chair with a smile',
        '"Ketamine gave me back the life that I had lost"',
        "New this year: -gentle- infusions, *no* side effects, relief OR your money back!",
        "-Reduces anxiety\n-Improves mood\n-Restores sleep and more",
        "a plain sentence of eight words without end",
    ],
)
def test_marks_in_a_sentence_are_punctuation(text):
    assert is_prose(text)


@pytest.mark.parametrize(
    "text",
    [
        '"blood pressure" pain nausea',
        '"blood pressure" "heart rate" ketamine infusion dizziness vomiting headache anxiety',
        'pain "does not cause" relief.',
        "claims about the bladder and long term treatment with ketamine -recreational",
        "anxiety OR depression OR trauma in adults with chronic pain and fatigue",
        "depress* anxi* traum* in adults with chronic pain or fatigue",
    ],
)
def test_marks_in_a_query_are_meant(text):
    assert not is_prose(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("see https://t.co/x1?y=z now", "see   now"),
        ("read more:www.page.example/a", "read more: "),
        ("at clinic.com/about today", "at   today"),
        ("mail ann@clinic.com", "mail ann@clinic.com"),
        ("thanks @Ann_Lee!", "thanks  !"),
        ("#LowMood #PTSDAwareness #top10 #a_b", "Low Mood PTSD Awareness top 10 a b"),
        ("1.5 mg/kg, e.g. 0.5", "1.5 mg/kg, e.g. 0.5"),
    ],
)
def test_addresses_say_nothing_and_tags_are_words(text, words):
    assert said(text) == words


def test_marks_are_known():
    assert [has_marks(text) for text in ('a "b"', "a -b", "a*", "a OR b", "a-b - 5", "a or b*c")] == [
        True,
        True,
        True,
        True,
        False,
        True,
    ]


@pytest.mark.parametrize("text", ["a-" * 5_000, "a." * 5_000, '"' * 10_000, "#A" * 5_000, "@" * 10_000, "w" * 10_000])
def test_long_nonsense_is_read_as_well(text):
    assert isinstance(is_prose(text), bool)
    assert len(said(text)) <= 2 * len(text)
