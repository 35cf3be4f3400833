"""What a pupil sends is read without ever failing, and kept only where it can be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worksheets.sheets import CAUSES
from worksheets.markup import Settings, parse
from worksheets.questions import answers
from worksheets.questions.answers import (
    MAX_ANSWER_LENGTH,
    MAX_GAP_LENGTH,
    ItemAnswer,
    NoSuchOption,
    NotInBank,
    TooLong,
    clean,
    read_answers,
)

SHEET = parse(CAUSES)
KEYS = ["g1", "g2", "g3", "g4", "q1", "q2", "q1-choice", "q2-choice"]
# Lone surrogates as well: JSON can carry them.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


def test_only_what_was_posted_is_read() -> None:
    read = read_answers(SHEET, {"g2": "Abyssinia", "edition": "1", "g99": "x", "other": "y"})
    assert read.accepted == {"g2": ItemAnswer("Abyssinia")}
    assert read.errors == {}


def test_a_question_is_its_text_with_its_choice() -> None:
    read = read_answers(SHEET, {"q2": "because", "q2-choice": "b", "q1": "so"})
    assert read.accepted == {"q1": ItemAnswer("so"), "q2": ItemAnswer("because", "b")}
    assert read_answers(SHEET, {"q2-choice": "a"}).accepted == {"q2": ItemAnswer("", "a")}


@pytest.mark.parametrize(
    "text",
    [
        "Manchuria",
        " manchuria ",
        "MANCHURIA",
        "",
        "   ",
        "Bavaria",
    ],
)
def test_words_of_the_bank_and_blanks_are_kept_as_they_came(text: str) -> None:
    assert read_answers(SHEET, {"g1": text}).accepted == {"g1": ItemAnswer(text)}


@pytest.mark.parametrize("text", ["Ethiopia", "Mancuria", "Manchuria Rhineland", "🎉", "<b>"])
def test_a_word_that_is_not_in_the_bank_is_a_fault(text: str) -> None:
    read = read_answers(SHEET, {"g1": text, "g2": "Abyssinia"})
    assert read.errors == {"g1": NotInBank(text)}
    assert read.accepted == {"g2": ItemAnswer("Abyssinia")}


def test_a_gap_without_a_bank_takes_any_word() -> None:
    assert read_answers(SHEET, {"g4": "whatever"}).accepted == {"g4": ItemAnswer("whatever")}


@pytest.mark.parametrize("label", ["c", "A", "a ", "ab", "1", "🎉"])
def test_an_unknown_option_is_a_fault(label: str) -> None:
    read = read_answers(SHEET, {"q2": "why", "q2-choice": label})
    assert read.errors == {"q2": NoSuchOption(label)}
    assert read.accepted == {}


def test_a_question_without_options_has_nothing_to_choose() -> None:
    assert read_answers(SHEET, {"q1-choice": "a"}).errors == {"q1": NoSuchOption("a")}


@pytest.mark.parametrize(("key", "most"), [("g4", MAX_GAP_LENGTH), ("q1", MAX_ANSWER_LENGTH)])
def test_length_is_bounded(key: str, most: int) -> None:
    assert read_answers(SHEET, {key: "x" * most}).accepted == {key: ItemAnswer("x" * most)}
    assert read_answers(SHEET, {key: "x" * (most + 1)}).errors == {key: TooLong(most + 1, most)}
    assert read_answers(SHEET, {key: "x" * 100_000}).errors == {key: TooLong(100_000, most)}


def test_a_fault_does_not_repeat_a_long_word() -> None:
    fault = read_answers(SHEET, {"g1": "x" * 400}).errors["g1"]
    assert isinstance(fault, NotInBank)
    assert len(fault.word) == 80
    option = read_answers(SHEET, {"q2-choice": "x" * 400}).errors["q2"]
    assert isinstance(option, NoSuchOption)
    assert len(option.label) == 20


def test_a_word_of_many_letters_in_each_sign_is_not_written_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = []

    def normalise(text: str, _settings: Settings) -> str:
        seen.append(text)
        return text

    monkeypatch.setattr(answers, "normalise", normalise)
    sent = "\ufdfa" * MAX_GAP_LENGTH
    assert read_answers(SHEET, {"g1": sent}).errors == {"g1": NotInBank(sent[:80])}
    assert sent not in seen


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a\0b", "ab"),
        ("\0", ""),
        ("a\ud800b", "a?b"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("👩🏽‍🏫 🎉", "👩🏽‍🏫 🎉"),
        ("שלום العالم", "שלום العالم"),
        ("\u202eevil\u202c", "\u202eevil\u202c"),
        ("é", "é"),
        ("\ufeffa\u200b", "\ufeffa\u200b"),
    ],
)
def test_text_is_cleaned_of_what_no_database_takes_and_of_nothing_else(
    sent: str, kept: str
) -> None:
    assert clean(sent) == kept
    assert read_answers(SHEET, {"q1": sent}).accepted == {"q1": ItemAnswer(kept)}


@given(ANY_TEXT)
def test_cleaned_text_can_be_stored_and_is_clean(text: str) -> None:
    cleaned = clean(text)
    assert "\0" not in cleaned
    assert "\r" not in cleaned
    assert cleaned.encode().decode() == cleaned
    assert clean(cleaned) == cleaned


@given(st.dictionaries(st.sampled_from(KEYS) | ANY_TEXT, ANY_TEXT, max_size=8))
def test_any_fields_are_read_each_item_once(fields: dict[str, str]) -> None:
    read = read_answers(SHEET, fields)
    posted = {name.removesuffix("-choice") for name in fields if name in KEYS}
    assert read.accepted.keys() | read.errors.keys() == posted
    assert not read.accepted.keys() & read.errors.keys()
    for response in read.accepted.values():
        (response.text + response.choice).encode()


@pytest.mark.parametrize(
    ("response", "is_blank"),
    [
        (ItemAnswer(), True),
        (ItemAnswer(" \n\t\u3000"), True),
        (ItemAnswer("", "a"), False),
        (ItemAnswer("0"), False),
    ],
)
def test_what_is_blank(response: ItemAnswer, is_blank: bool) -> None:
    assert response.is_blank is is_blank
