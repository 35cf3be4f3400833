"""Options to choose from."""

from __future__ import annotations

import pytest

from worksheets.formats.paper import to_markup
from worksheets.questions import parse_sheet


def kinds(text: str) -> list[str]:
    sheet = parse_sheet(to_markup(text).source)
    assert not sheet.gaps
    assert sheet.problems == ()
    return [question.kind for question in sheet.questions]


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
    assert kinds(text) == ["choice", "choice"]
    imported = to_markup(text)
    assert imported.source.count("(a) Rome\n(b) Oslo\n(c) Bern\n\n??? choose one\n") == 2
    assert [caution.code for caution in imported.warnings].count("check-choices") == 2


@pytest.mark.parametrize(
    ("task", "stem", "room"),
    [
        ("Tick all that apply.", "Which are in Italy?", "??? choose several"),
        ("Choose the right answer.", "Tick two cities.", "??? choose several"),
        ("Choose the right answer.", "Which one? (2 marks)", "??? choose one, 2 marks"),
        ("Choose the right answer.", "Why is it so?", "??? choose one"),
        ("Choose the right answer and give reasons.", "Which one?", "???"),
        ("Choose the right answer.", "Which one? Why?", "???"),
        ("Kreuze alle richtigen Antworten an.", "Welche?", "??? choose several"),
        ("Cochez toutes les bonnes réponses.", "Lesquelles ?", "??? choose several"),
    ],
)
def test_what_is_asked_of_options(task: str, stem: str, room: str) -> None:
    source = to_markup(f"{task}\n\n1. {stem}\na) Rome\nb) Oslo\n").source
    assert f"(a) Rome\n(b) Oslo\n\n{room}\n" in source


def test_odd_one_out() -> None:
    text = "Find the odd one out. Circle it.\n\n1. cat · dog · rose\n2. red · blue · car\n"
    assert kinds(text) == ["choice", "choice"]


def test_printed_letters_are_the_key() -> None:
    options = "a) Rome\nb) Oslo"
    imported = to_markup(
        f"Circle the right answer.\n\n1. In Italy?\n{options}\n2. In Norway?\n{options}\n\n"
        "Answers\n1. a\n2. b\n"
    )
    assert [q.content.right for q in parse_sheet(imported.source).questions] == [("a",), ("b",)]
    assert "model:" not in imported.source
    assert imported.key_text


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


def test_boxes_behind_words_are_options() -> None:
    imported = to_markup("Which are metals?\n\nIron [ ]\nSulfur [ ]\nCopper [ ]\n")
    assert "(a) Iron\n(b) Sulfur\n(c) Copper\n\n??? choose one\n" in imported.source
    assert imported.source.count("???") == 1
    assert "check-choices" in [c.code for c in imported.warnings]


def test_one_box_behind_a_line_is_no_list() -> None:
    assert "(a)" not in to_markup("# Metals\n\nI have read this [ ]\n").source


@pytest.mark.parametrize(
    "item",
    [
        "1. If it rains, we ______ at home.\n   a) stay\n   b) will stay\n   c) stayed",
        "1. If it rains, we ______ at home.   a) stay   b) will stay   c) stayed",
    ],
)
def test_options_for_a_gap_are_a_choice(item: str) -> None:
    """Pupils choose; the line in the sentence is no gap, and the key is a letter."""
    second = item.replace("1.", "2.").replace("rains", "snows")
    text = f"Choose the best answer.\n\n{item}\n\n{second}\n\nKey: 1b, 2a\n"
    sheet = parse_sheet(to_markup(text).source)
    assert [question.kind for question in sheet.questions] == ["choice", "choice"]
    assert [question.content.right for question in sheet.questions] == [("b",), ("a",)]
    assert sheet.gaps == ()


@pytest.mark.parametrize(
    "text",
    [
        "## What do bees make?\n\n- [ ] honey\n- [ ] milk\n",
        "1. What do bees make?\n[ ] honey\n[ ] milk\n",
        "Choose the right answer, A or B.\n\n2  Where are bees?\n   A  in hives\n   B  in trees\n",
        "2) Choose the right answer. Bees live in:\n( ) hives\n( ) trees\n",
        "Choose the right answer.\n\n1. Bees live? (   )\nA. hives   B. trees   C. lakes\n",
    ],
)
def test_one_list_of_options_is_a_choice(text: str) -> None:
    sheet = parse_sheet(to_markup(text).source)
    assert [question.kind for question in sheet.questions] == ["choice"]
    assert sheet.gaps == ()
