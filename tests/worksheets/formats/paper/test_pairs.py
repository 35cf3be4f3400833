"""Two lists to match, and what only looks like them."""

from __future__ import annotations

import pytest

from worksheets.formats.paper import to_markup
from worksheets.questions import parse_sheet

TASK = "Match the words with the definitions."


@pytest.mark.parametrize(
    "pairs",
    [
        "1. cat ____ a. barks\n2. dog ____ b. meows",
        "____ 1. cat      a. barks\n____ 2. dog      b. meows",
        "1. cat\t\tA) barks\n2. dog\t\tB) meows",
        "1. cat\n2. dog\n\na) barks\nb) meows",
        "1. cat ____\n2. dog ____\n\nA. barks\nB. meows",
        "a) barks\nb) meows\n\n1. cat\n2. dog",
        "| 1. | cat | a) | barks |\n| 2. | dog | b) | meows |",
    ],
)
def test_two_lists_are_one_question(pairs: str) -> None:
    imported = to_markup(f"{TASK}\n\n{pairs}\n")
    sheet = parse_sheet(imported.source)
    (question,) = sheet.questions
    assert (question.kind, sheet.gaps, sheet.problems) == ("matching", (), ())
    assert [option.label for option in question.content.partners] == ["a", "b"]
    assert "1. cat\n2. dog\n\n(a) barks\n(b) meows\n\n??? match\n" in imported.source
    assert "check-choices" in [caution.code for caution in imported.warnings]


def test_a_longer_list_of_letters_has_distractors() -> None:
    pairs = "1. cat      a. barks\n2. dog      b. meows\n            c. sings\n"
    (question,) = parse_sheet(to_markup(f"{TASK}\n\n{pairs}").source).questions
    assert len(question.content.partners) == 3


def test_the_number_of_the_task_is_not_one_of_the_list() -> None:
    source = to_markup(
        f"3. {TASK} (2 marks)\n\n1. cat ____ a. barks\n2. dog ____ b. meows\n"
    ).source
    (question,) = parse_sheet(source).questions
    assert [item.label for item in question.content.items] == ["1", "2"]
    assert question.marks == 2


@pytest.mark.parametrize(
    "pairs",
    [
        "Cat          barks\nDog          meows",
        "Cat •          • barks\nDog •          • meows\n\nExercise 2: Explain it.",
        "| Cat | barks |\n| Dog | meows |",
    ],
)
def test_what_only_stands_side_by_side_gets_numbers_and_letters(pairs: str) -> None:
    source = to_markup(f"{TASK}\n\n{pairs}\n").source
    assert parse_sheet(source).questions[0].kind == "matching"
    assert "1. Cat\n2. Dog\n\n(a) barks\n(b) meows\n\n??? match\n" in source


def test_where_two_lists_are_not_found_pupils_write_their_pairs() -> None:
    source = to_markup(f"{TASK}\n\n1. cat: barks, or not\n2. dog: meows, or not\n").source
    (question,) = parse_sheet(source).questions
    assert question.kind == "written"
    assert all(word in source for word in ("cat", "dog", "barks", "meows"))


def test_a_table_with_empty_cells_is_filled_in() -> None:
    text = f"{TASK}\n\n| Animal | Sound |\n| Cat | |\n| Dog | |\n"
    sheet = parse_sheet(to_markup(text).source)
    assert (len(sheet.gaps), sheet.questions) == (2, ())


def test_printed_pairs_are_the_key_in_any_order() -> None:
    imported = to_markup(f"{TASK}\n\n1. cat ____ a. barks\n2. dog ____ b. meows\n\nKey: 2a, 1b\n")
    (question,) = parse_sheet(imported.source).questions
    assert question.content.pairs == (("1", "b"), ("2", "a"))


def test_printed_letters_are_the_key() -> None:
    imported = to_markup(
        f"{TASK}\n\n1. cat ____ a. barks\n2. dog ____ b. meows\n\nAnswers\n1. b\n2. a\n"
    )
    (question,) = parse_sheet(imported.source).questions
    assert question.content.pairs == (("1", "b"), ("2", "a"))
