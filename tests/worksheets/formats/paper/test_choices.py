"""True or false, one of several, and what belongs together."""

from __future__ import annotations

import pytest

from worksheets.formats.paper import to_markup
from worksheets.questions import parse_sheet


def questions(text: str) -> list[tuple[str, list[str]]]:
    sheet = parse_sheet(to_markup(text).source)
    assert not sheet.gaps
    return [
        (question.kind, [option.label for option in question.content or ()])
        for question in sheet.questions
    ]


@pytest.mark.parametrize(
    "text",
    [
        "True or false?\n\n1. Ice floats.\n2. Stones float.\n",
        "True or false? Write T or F.\n\n1. Ice floats. ____\n2. Stones float. ____\n",
        "True or false?\n\n____ 1. Ice floats.\n____ 2. Stones float.\n",
        "True or false?\n\n1. Ice floats. T / F\n2. Stones float. T / F\n",
        "True or false?\n\n1. Ice floats. (   )\n2. Stones float. (   )\n",
        "True or false?\n\n[ ] 1. Ice floats.\n[ ] 2. Stones float.\n",
        "Escribe V (verdadero) o F (falso).\n\n1. Ice floats. ( )\n2. Stones float. ( )\n",
        "Richtig oder falsch?\n\na) Ice floats.\nb) Stones float.\n",
        "True or false?\n\n| Ice floats on water. | ☐ | ☐ |\n| Stones float, too. | ☐ | ☐ |\n",
    ],
)
def test_true_or_false(text: str) -> None:
    assert questions(text) == [("options", ["a", "b"])] * 2


@pytest.mark.parametrize(
    "options",
    [
        "a) Rome\nb) Oslo\nc) Bern",
        "A. Rome\nB. Oslo\nC. Bern",
        "a. Rome\nb. Oslo\nc. Bern",
        "a.) Rome\nb.) Oslo\nc.) Bern",
        "☐ Rome\n☐ Oslo\n☐ Bern",
        "O Rome\nO Oslo\nO Bern",
        "a) Rome   b) Oslo   c) Bern",
        "☐ Rome ☐ Oslo ☐ Bern",
        "• Rome\n• Oslo\n• Bern",
    ],
)
def test_options(options: str) -> None:
    text = (
        f"Circle the right answer.\n\n1. Which is in Italy?\n{options}\n2. Which is in"
        f" Norway?\n{options}\n"
    )
    assert questions(text) == [("options", ["a", "b", "c"])] * 2


def test_odd_one_out() -> None:
    text = "Find the odd one out. Circle it.\n\n1. cat · dog · rose\n2. red · blue · car\n"
    assert questions(text) == [("options", ["a", "b", "c"])] * 2


@pytest.mark.parametrize(
    "pairs",
    [
        "1. cat ____ a. barks\n2. dog ____ b. meows",
        "____ 1. cat      a. barks\n____ 2. dog      b. meows",
        "cat          barks\ndog          meows",
    ],
)
def test_matching_has_one_box(pairs: str) -> None:
    text = f"Match the words with the definitions.\n\n{pairs}\n"
    assert questions(text) == [("written", [])]
    source = to_markup(text).source
    assert all(word in source for word in ("cat", "dog", "barks", "meows"))


def test_sub_questions_have_a_box_each() -> None:
    text = "3. Answer the questions.\na) Why is it so?\nb) Explain how it works. (3 marks)\n"
    sheet = parse_sheet(to_markup(text).source)
    assert [question.kind for question in sheet.questions] == ["written", "written"]
    assert "??? 3 marks" in to_markup(text).source


@pytest.mark.parametrize(
    "options",
    [
        "[ ] red\n[x] blue\n[ ] green",
        "[ ] red\n[X] blue\n[ ] green",
        "( ) red\n(x) blue\n( ) green",
        "( ) red\n(•) blue\n( ) green",
        "☐ red\n☒ blue\n☐ green",
        "☐ red\n☑ blue\n☐ green",
        "☐ red\n✓ blue\n☐ green",
        "☐ red\n\n☑ blue\n\n☐ green",
        "- [ ] red\n- [x] blue\n- [ ] green",
    ],
)
@pytest.mark.parametrize("question", ["2. Which one?\n", "Which one?\n\n"])
def test_a_ticked_box_is_an_option(options: str, question: str) -> None:
    imported = to_markup(f"1. Who?\n\n{question}{options}\n")
    assert "(a) red\n(b) blue\n(c) green\n" in imported.source
    (caution,) = [c for c in imported.warnings if c.code == "printed-key"]
    assert str(caution.message).startswith("The paper ticks this answer: blue.")
    assert imported.source.split("\n")[caution.line - 1] == "(b) blue"


@pytest.mark.parametrize("line", ["☐ red ☒ blue ☐ green", "[ ] red [x] blue [ ] green"])
def test_ticked_boxes_on_one_line(line: str) -> None:
    imported = to_markup(f"Tick the right answer.\n\n1. The sky is {line}\n2. Grass is {line}\n")
    assert imported.source.count("(a) red\n(b) blue\n(c) green\n") == 2
    assert [c.code for c in imported.warnings].count("printed-key") == 2


def test_ticked_boxes_behind_a_question() -> None:
    imported = to_markup("1. Who?\n\n2. Which one? ☐ red ☒ blue ☐ green\n")
    assert "2. Which one?\n\n(a) red\n(b) blue\n(c) green\n" in imported.source
    assert [c.code for c in imported.warnings].count("printed-key") == 1


@pytest.mark.parametrize("text", ["✓ I can read.\n✓ I can write.", "Let (x) be 2.\n(x) is even."])
def test_ticks_without_empty_boxes_stay(text: str) -> None:
    imported = to_markup(f"# What I can do\n\n{text}\n")
    assert "printed-key" not in [c.code for c in imported.warnings]
    assert imported.source.count("✓") + imported.source.count("(x)") == 2


def test_a_ticked_verdict_is_stripped() -> None:
    imported = to_markup(
        "True or false?\n\n1. Ice floats. [x] true [ ] false\n2. Iron floats. ☐ true ☒ false\n"
    )
    assert "[x]" not in imported.source
    assert "☒" not in imported.source
    assert [c.code for c in imported.warnings].count("printed-key") == 2


def test_boxes_behind_words_are_options() -> None:
    imported = to_markup("Which are metals?\n\nIron [ ]\nSulfur [ ]\nCopper [ ]\n")
    assert "(a) Iron\n(b) Sulfur\n(c) Copper\n\n???\n" in imported.source
    assert imported.source.count("???") == 1
    assert "check-choices" in [c.code for c in imported.warnings]


def test_one_box_behind_a_line_is_no_list() -> None:
    assert "(a)" not in to_markup("# Metals\n\nI have read this [ ]\n").source
