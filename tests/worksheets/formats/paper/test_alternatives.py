"""Words in a sentence of which one is right."""

from __future__ import annotations

import pytest

from worksheets.formats.paper import to_markup
from worksheets.questions import parse_sheet


@pytest.mark.parametrize(
    ("task", "sentence", "choices"),
    [
        ("Circle the correct word.", "She was / were late.", [("was", "were")]),
        ("Circle the correct word.", "She was/were late again.", [("was", "were")]),
        ("Underline the right form.", "It (go / goes / went) on.", [("go", "goes", "went")]),
        ("Complete the sentences.", "It [goes / went] on.", [("goes", "went")]),
        (
            "Unterstreiche das richtige Wort.",
            "Der/Die Hund (läuft / laufen) weg.",
            [("laufen", "läuft")],
        ),
        (
            "Choose the right word.",
            "He is / are and was / were here.",
            [("are", "is"), ("was", "were")],
        ),
    ],
)
def test_a_sentence_offers_words(task: str, sentence: str, choices: list[tuple[str, ...]]) -> None:
    imported = to_markup(f"{task}\n\n1. {sentence}\n2. {sentence}\n")
    sheet = parse_sheet(imported.source)
    assert [gap.choices for gap in sheet.gaps] == choices * 2
    assert {problem.code for problem in sheet.problems} == {"gap-without-key"}
    codes = [caution.code for caution in imported.warnings]
    assert codes.count("check-choices") == 2
    assert "no-bank" not in codes


@pytest.mark.parametrize(
    ("task", "text"),
    [
        ("Circle the odd one out.", "cat / dog / rose"),
        ("Circle the right answer.", "cat / dog"),
        ("Read the text.", "He and/or she (was / were) late."),
        ("Complete the sentences.", "The train goes at 80 km/h to the ______."),
        ("Circle the correct word.", "It was 1914/1918 then."),
        ("Circle the correct word.", "See example.org/a/b for more."),
        ("Circle the correct word.", "Was was / was so."),
    ],
)
def test_other_strokes_stay(task: str, text: str) -> None:
    source = to_markup(f"{task}\n\n1. {text}\n2. {text}\n").source
    assert "choose:" not in source


def test_the_printed_answers_fit() -> None:
    imported = to_markup(
        "Circle the correct word.\n\n1. She was / were late.\n2. They was / were here.\n\n"
        "Answers\n1. was\n2. were\n"
    )
    assert dict(imported.printed_key) == {1: "was", 2: "were"}
