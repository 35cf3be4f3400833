"""Lists of statements that are true or false."""

from __future__ import annotations

import re

import pytest

from worksheets.formats.paper import to_markup
from worksheets.questions import parse_sheet


@pytest.mark.parametrize(
    "text",
    [
        "True or false?\n\n1. Ice floats.\n2. Stones float.\n",
        "True or false? Write T or F.\n\n1. Ice floats. ____\n2. Stones float. ____\n",
        "True or false?\n\n____ 1. Ice floats.\n____ 2. Stones float.\n",
        "True or false?\n\n1. Ice floats. T / F\n2. Stones float. T / F\n",
        "True or false?\n\n1. Ice floats. (   )\n2. Stones float. (   )\n",
        "True or false?\n\n[ ] 1. Ice floats.\n[ ] 2. Stones float.\n",
        "True or false?\n\n• Ice floats.\n• Stones float.\n",
        "Escribe V (verdadero) o F (falso).\n\n1. Ice floats. ( )\n2. Stones float. ( )\n",
        "Richtig oder falsch?\n\na) Ice floats.\nb) Stones float.\n",
        "True or false?\n\n| Ice floats on water. | ☐ | ☐ |\n| Stones float, too. | ☐ | ☐ |\n",
        "3. True or false?\n\n1. Ice floats.\n2. Stones float.\n",
        "True or false?\n\n3. Look at the list:\n4. Ice floats.\n5. Stones float.\n",
        "1. True or false?\n\na) Ice floats.\nb) Stones float.\n",
    ],
)
def test_a_list_is_one_question(text: str) -> None:
    imported = to_markup(text)
    sheet = parse_sheet(imported.source)
    (question,) = sheet.questions
    assert (question.kind, len(question.content.listed)) == ("statements", 2)
    assert (sheet.gaps, sheet.problems) == ((), ())
    assert "check-choices" in [caution.code for caution in imported.warnings]


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("True or false?", None),
        ("Richtig oder falsch?", ("richtig", "falsch")),
        ("Vrai ou faux ?", ("vrai", "faux")),
        ("¿Verdadero o falso?", ("verdadero", "falso")),
        ("Prawda czy fałsz?", ("prawda", "fałsz")),
        ("判断正误。", ("对", "错")),
    ],
)
def test_what_the_paper_calls_them(task: str, words: tuple[str, str] | None) -> None:
    sheet = parse_sheet(to_markup(f"{task}\n\n1. Ice floats.\n2. Stones float.\n").source)
    assert sheet.questions[0].content.words == words


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("True or false? (4 marks)\n\n1. Ice floats.\n2. Stones float.\n", 4),
        ("True or false?\n\n1. Ice floats. (1)\n2. Stones float. (1)\n", None),
        ("True or false?\n\n1. Ice floats. [1]\n2. Stones float. [2]\n", 3),
    ],
)
def test_printed_marks_are_those_of_all_statements(text: str, marks: int | None) -> None:
    (question,) = parse_sheet(to_markup(text).source).questions
    assert question.marks == marks


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Richtig oder falsch?\n      richtig   falsch   nicht im Text\n"
            "1. A ist B. ☐ ☐ ☐\n2. C ist D. ☐ ☐ ☐\n",
            ("richtig", "falsch", "nicht im text"),
        ),
        (
            "Write TRUE, FALSE or NOT GIVEN.\n\n1. Ice floats. ____\n2. Stones float. ____\n",
            ("true", "false", "not given"),
        ),
        (
            "Do these statements agree with it?\n\nYES   if it says so\nNO   if it denies it\n"
            "NOT GIVEN   if it does not say\n\n14  Ice floats.\n15  Stones float.\n",
            ("yes", "no", "not given"),
        ),
        (
            "Vero o falso?\n\n| Frase | Vero | Falso | Non indicato |\n| 1. Ice floats. | | | |\n"
            "| 2. Stones float. | | | |\n",
            ("vero", "falso", "non indicato"),
        ),
        (
            "Vrai ou faux ?\n        Vrai    Faux\nIce floats.   □   □\nStones float.   □   □\n",
            ("vrai", "faux"),
        ),
        ("Zaznacz P albo F.\n\nIce floats.   P   F\nStones float.   P   F\n", ("P", "F")),
        ("Part B: True or False\n\nT   F   1. Ice floats.\nT   F   2. Stones float.\n", None),
        (
            "Wahr oder falsch?\n\na) Ice floats.   wahr [ ]  falsch [ ]\n"
            "b) It is 1/2.   wahr [ ]  falsch [ ]\n",
            ("wahr", "falsch"),
        ),
        ("Verdadero o falso.\n\n_____ Ice floats.\n_____ Stones float.\n", ("verdadero", "falso")),
    ],
)
def test_columns_of_verdicts(text: str, words: tuple[str, ...] | None) -> None:
    sheet = parse_sheet(to_markup(text).source)
    (question,) = sheet.questions
    assert (question.kind, len(question.content.listed)) == ("statements", 2)
    assert question.content.words == words
    assert not any("_" in repr(option) for option in question.content.listed)
    assert (sheet.gaps, sheet.problems) == ((), ())


def test_the_next_number_of_the_paper_is_no_statement() -> None:
    text = "2. True or false?\na) Ice floats.\nb) Stones float.\n\n3. Explain why. (4 marks)\n"
    sheet = parse_sheet(to_markup(text).source)
    assert [question.kind for question in sheet.questions] == ["statements", "written"]
    assert sheet.questions[1].marks == 4


def test_a_head_without_statements_stays() -> None:
    source = to_markup(
        "True or false?\n\nSentence    right    wrong\n\nWhy is the sky blue?\n"
    ).source
    assert "right" in source


def test_a_task_with_nothing_below_it() -> None:
    assert to_markup("True or false?\n\n# Next\n\nTrue or false?\n").source


def test_three_printed_verdicts_are_the_key() -> None:
    text = (
        "Write T, F or NG (not given).\n\n1. Ice floats.\n2. Stones float.\n3. Wood floats.\n\n"
        "Key\n1. F\n2. NG\n3. T\n"
    )
    (question,) = parse_sheet(to_markup(text).source).questions
    assert (question.content.true, question.content.neither) == (("3",), ("2",))


def test_a_line_for_the_reasons_stays() -> None:
    line = "_" * 60
    text = f"True or false?\n\n1. Ice floats.\n{line}\n2. Stones float.\n{line}\n"
    kinds = [question.kind for question in parse_sheet(to_markup(text).source).questions]
    assert kinds == ["options", "options"]


def test_lines_below_the_list_are_a_question_of_their_own() -> None:
    line = "_" * 60
    text = f"True or false?\n\n1. Ice floats.\n2. Stones float.\n\n{line}\n{line}\n"
    kinds = [question.kind for question in parse_sheet(to_markup(text).source).questions]
    assert kinds == ["statements", "written"]


@pytest.mark.parametrize(
    ("printed", "true"),
    [("1. T\n2. F", ("1",)), ("1. false\n2. false", ()), ("1. falsch\n2. richtig", ("2",))],
)
def test_printed_verdicts_are_the_key(printed: str, true: tuple[str, ...]) -> None:
    imported = to_markup(
        f"True or false?\n\n1. Ice floats.\n2. Stones float.\n\nAnswers\n{printed}\n"
    )
    (question,) = parse_sheet(imported.source).questions
    assert question.content.true == true
    assert re.sub(r"\W", "", printed) in re.sub(r"\W", "", imported.key_text)


def test_a_ticked_verdict_is_stripped() -> None:
    imported = to_markup(
        "True or false?\n\n1. Ice floats. [x] true [ ] false\n2. Iron floats. ☐ true ☒ false\n"
    )
    assert "[x]" not in imported.source
    assert "☒" not in imported.source
    assert [c.code for c in imported.warnings].count("printed-key") == 2


def test_our_own_text_is_left_as_it_is() -> None:
    text = "1. Ice floats.\n2. Stones float.\n\n??? 2 marks, true or false\ntrue: 1\n"
    assert to_markup(text).source == text
