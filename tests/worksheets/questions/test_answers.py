"""What a pupil sends is read without ever failing, and kept only where it can be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worksheets.sheets import CAUSES, said
from worksheets.markup import Settings
from worksheets.questions import gap, parse_sheet, read_answers, saved_fields
from worksheets.questions.answers import clean
from worksheets.questions.gap import MAX_LENGTH as MAX_GAP_LENGTH
from worksheets.questions.written import MAX_LENGTH as MAX_ANSWER_LENGTH

SHEET = parse_sheet(CAUSES)
KEYS = ["g1", "g2", "g3", "g4", "q1", "q2", "q2-choice"]
# Lone surrogates as well: JSON can carry them.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


def test_only_what_was_posted_is_read() -> None:
    read = read_answers(SHEET, {"g2": "Abyssinia", "edition": "1", "g99": "x", "other": "y"})
    assert read.accepted == {"g2": said("Abyssinia")}
    assert read.errors == {}


def test_a_question_is_its_text_with_its_choice() -> None:
    read = read_answers(SHEET, {"q2": "because", "q2-choice": "b", "q1": "so"})
    assert read.accepted == {"q1": said("so"), "q2": said("because", "b")}
    assert read_answers(SHEET, {"q2-choice": "a"}).accepted == {"q2": said("", "a")}


@pytest.mark.parametrize(
    "text",
    ["Manchuria", " manchuria ", "MANCHURIA", "\tManchuria", "ｍanchuria"],
)
def test_a_word_of_the_bank_is_kept_as_it_stands_there(text: str) -> None:
    """Typed and chosen are the same answer: shown, compared and marked alike."""
    assert read_answers(SHEET, {"g1": text}).accepted == {"g1": said("Manchuria")}


@pytest.mark.parametrize("text", ["", "   "])
def test_blanks_are_kept_as_they_came(text: str) -> None:
    assert read_answers(SHEET, {"g1": text}).accepted == {"g1": said(text)}


def test_of_two_words_that_differ_in_capitals_alone_each_can_be_chosen() -> None:
    """In an edition of before; today the second one is left out."""
    (bank,) = SHEET.banks
    sheet = replace(SHEET, banks=(replace(bank, words=("Pact", "pact", "PACT")),))
    for word in ("Pact", "pact", "PACT"):
        assert read_answers(sheet, {"g1": word}).accepted == {"g1": said(word)}


@pytest.mark.parametrize("text", ["Ethiopia", "Mancuria", "Manchuria Rhineland", "🎉", "<b>"])
def test_a_word_that_is_not_in_the_bank_is_an_error(text: str) -> None:
    read = read_answers(SHEET, {"g1": text, "g2": "Abyssinia"})
    assert read.errors == {"g1": f"“{text}” is not in the word bank. Choose one of its words."}
    assert read.accepted == {"g2": said("Abyssinia")}
    assert read.posted["g1"].value == said(text).value


def test_a_gap_without_a_bank_takes_any_word() -> None:
    assert read_answers(SHEET, {"g4": "whatever"}).accepted == {"g4": said("whatever")}


@pytest.mark.parametrize("label", ["c", "A", "a ", "ab", "1", "🎉"])
def test_an_unknown_option_is_an_error(label: str) -> None:
    read = read_answers(SHEET, {"q2": "why", "q2-choice": label})
    assert read.errors == {"q2": "Choose one of the options."}
    assert read.accepted == {}


def test_a_question_without_options_has_nothing_to_choose() -> None:
    read = read_answers(SHEET, {"q1-choice": "a"})
    assert (read.accepted, read.errors) == ({}, {})


@pytest.mark.parametrize(("key", "most"), [("g4", MAX_GAP_LENGTH), ("q1", MAX_ANSWER_LENGTH)])
def test_length_is_bounded(key: str, most: int) -> None:
    assert read_answers(SHEET, {key: "x" * most}).accepted == {key: said("x" * most)}
    for length in (most + 1, 100_000):
        error = read_answers(SHEET, {key: "x" * length}).errors[key]
        assert error.values == {"length": length, "maximum": most}


def test_an_error_does_not_repeat_a_long_word() -> None:
    assert read_answers(SHEET, {"g1": "x" * 400}).errors["g1"].values == {"word": "x" * 80}


def test_a_word_of_many_letters_in_each_sign_is_not_written_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = []

    def normalise(text: str, _settings: Settings) -> str:
        seen.append(text)
        return text

    monkeypatch.setattr(gap, "normalise", normalise)
    sent = "\ufdfa" * MAX_GAP_LENGTH
    assert read_answers(SHEET, {"g1": sent}).errors["g1"].values == {"word": sent[:80]}
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
    assert read_answers(SHEET, {"q1": sent}).accepted == {"q1": said(kept)}


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
    assert read.accepted.keys() | read.errors.keys() == read.posted.keys() == posted
    assert not read.accepted.keys() & read.errors.keys()
    for answer in read.accepted.values():
        answer.text.encode()


@given(st.dictionaries(st.sampled_from(KEYS), ANY_TEXT, max_size=8))
def test_a_page_that_shows_an_answer_posts_it(fields: dict[str, str]) -> None:
    accepted = read_answers(SHEET, fields).accepted
    assert read_answers(SHEET, saved_fields(SHEET, accepted)).accepted == accepted


def test_a_value_of_another_kind_is_shown_as_blank() -> None:
    """An answer that was kept for an item before the worksheet changed has another value."""
    odd = replace(said("x"), value={"v": 1, "text": 5, "choice": None})
    assert saved_fields(SHEET, {"g1": odd, "q2": odd}) == {"g1": "", "q2": ""}


@pytest.mark.parametrize(
    ("fields", "is_blank"),
    [
        ({"q2": ""}, True),
        ({"q2": " \n\t\u3000", "q2-choice": ""}, True),
        ({"q2-choice": "a"}, False),
        ({"q2": "0"}, False),
    ],
)
def test_what_is_blank(fields: dict[str, str], is_blank: bool) -> None:
    assert read_answers(SHEET, fields).blank == (frozenset({"q2"}) if is_blank else frozenset())
