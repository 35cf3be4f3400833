"""Answers in nearly the same words are one group, and nothing else is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.worksheets.marking.one_sentence_answers import ANSWERS
from worksheets.marking.alike import together
from worksheets.words.settings import Settings

PROMPT = "Why was the trial held in public?"
ENGLISH, GERMAN = Settings(), Settings(language="de")


def groups(*texts: str, settings: Settings = ENGLISH, prompt: str = PROMPT) -> list[list[str]]:
    found = together(texts, settings, prompt)
    assert sorted(place for group in found for place in group) == list(range(len(texts)))
    return [[texts[place] for place in group] for group in found]


def test_small_words_endings_and_the_question_are_passed_over() -> None:
    same = ["Because it scared people.", "It scares the people", "it really scared ppl"]
    same += ["The trial was held in public because it scared people"]
    assert groups(*same) == [same]


def test_what_may_say_something_else_stays_apart() -> None:
    others = ["It scared people", "It didn't scare people", "They were afraid of him"]
    others += ["He was afraid of them", "Germany attacked Poland", "Germany was attacked by Poland"]
    others += ["Poland attacked Germany", "It began in 1938", "It began in 1939", "more", "less"]
    others += ["The trial was held in secret because it scared people", "", "?", "  "]
    assert groups(*others) == [[text] for text in others]


def test_one_slip_is_seen_through_where_it_is_certain() -> None:
    slip = ["Germany attacked Poland", "germany attacked poland", "Germany attackd Poland"]
    assert groups(*slip) == [slip]
    # Two pupils write it: it is a word of its own.
    words = ["to prevent the war", "prevent war", "to present the war", "To present a war"]
    assert len(groups(*words)) == 3
    strict = Settings(spelling_counts=True)
    assert len(groups(*slip, settings=strict)) == 2


@given(st.lists(st.text(max_size=30), max_size=8))
def test_each_answer_is_in_one_group_whatever_it_is(texts: list[str]) -> None:
    groups(*texts)


def test_of_a_class_two_in_five_are_settled_and_none_is_wrong() -> None:
    for prompt, answers in ANSWERS.items():
        settings = GERMAN if prompt.startswith("Warum") else ENGLISH
        found = together([text for _meaning, text in answers], settings, prompt)
        wrong = [
            [answers[place] for place in group]
            for group in found
            if len({answers[place][0] for place in group}) > 1
        ]
        assert wrong == []
        settled = sum(len(group) for group in found if len(group) > 1)
        assert settled / len(answers) >= 0.4, (prompt, settled)
