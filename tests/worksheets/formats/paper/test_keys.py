"""Answers that a paper prints."""

from __future__ import annotations

import pytest

from worksheets.formats.paper import to_markup
from worksheets.markup.sheet import Sheet
from worksheets.questions import parse_sheet

GAPS = "1. The sky is ____.\n2. The grass is ____.\n3. The rose is ____.\n"


def printed(text: str) -> list[str]:
    return list(to_markup(text).printed_key.values())


@pytest.mark.parametrize(
    "key",
    [
        "Answers: blue, green, red",
        "Answers: 1. blue  2. green  3. red",
        "Answers: (1) blue (2) green (3) red",
        "Answer key\n1 blue\n2 green\n3 red",
        "KEY\n\n1) blue\n2) green\n3) red",
        "Lösungen\nblue\ngreen\nred",
        "Lösung: blue / green / red",
        "Corrigé :\nblue – green – red",
        "Respuestas\n1. blue\n2. green\n3. red",
        "Gabarito: blue; green; red",
        "Odpowiedzi: 1. blue, 2. green, 3. red",
        "参考答案：blue、green、red",
        "Mark scheme\n1. blue\n2. green\n3. red",
        "## Solutions\n\nblue, green, red",
        "<details>\n<summary>Solution</summary>\n\nblue, green, red\n\n</details>",
    ],
)
def test_forms_of_a_key(key: str) -> None:
    text = f"# Colours\n\n{GAPS}\n{key}\n"
    assert printed(text) == ["blue", "green", "red"]
    source = to_markup(text).source
    assert "green" not in source


@pytest.mark.parametrize(
    "line",
    [
        "Answer in sentences.",
        "Your answer: ______",
        "Answers: ______ ______",
        "Solution: what is it?",
        "Key words: sky, grass, rose",
        "The answer is blue, green and red.",
    ],
)
def test_what_is_no_key(line: str) -> None:
    imported = to_markup(f"Colours\n\n{GAPS}\n{line}\n")
    assert not imported.printed_key
    assert not imported.key_text


def test_a_key_above_all_questions_is_text() -> None:
    assert not to_markup("Answers: a friend of mine, and yours.\n\nIt is ____.\n").key_text


def test_each_task_has_its_own_answers() -> None:
    text = (
        "Exercise 1\n\nComplete the sentences.\n\n1. I ____ tea.\n2. You ____ milk.\n\n"
        "Exercise 2\n\nFill in the blanks.\n\n1. A ____ barks.\n2. A ____ meows.\n3. A"
        " ____ sings.\n\n"
        "Answers\n\nExercise 2: dog, cat, bird\nExercise 1: drink, like\n"
    )
    assert to_markup(text).printed_key == {1: "drink", 2: "like", 3: "dog", 4: "cat", 5: "bird"}


def test_a_key_behind_each_task() -> None:
    text = (
        "Part 1\n\n1. I ____ tea.\n2. You ____ milk.\n\nAnswers\n1. drink\n2. like\n\n"
        "Part 2\n\n1. A ____ barks.\n2. A ____ meows.\n\nAnswers\n1. dog\n2. cat\n"
    )
    imported = to_markup(text)
    assert imported.printed_key == {1: "drink", 2: "like", 3: "dog", 4: "cat"}
    assert imported.source.count("## Part") == 2


def test_two_gaps_of_an_item() -> None:
    assert printed(
        "Complete.\n\n1. ____ you ever ____ it?\n2. I ____ it.\n\nAnswers: 1. Have / tried 2. saw\n"
    ) == ["Have", "tried", "saw"]


def test_answers_that_do_not_fit_fill_nothing() -> None:
    imported = to_markup(f"Colours\n\n{GAPS}\nAnswers: 1. blue 2. green\n")
    assert not imported.printed_key or len(imported.printed_key) < 3
    assert [c for c in imported.warnings if c.code in ("unmatched-key", "printed-key")]


def sheet_of(text: str) -> Sheet:
    return parse_sheet(to_markup(text).source)


def test_answers_to_questions_are_model_answers() -> None:
    sheet = sheet_of(
        "Answer the questions.\n\n1. Why?\n2. How?\n\nAnswers\n1. Because.\n2. Slowly,"
        " and with care.\n"
    )
    assert len(sheet.questions) == 2
    source = to_markup(
        "Answer the questions.\n\n1. Why?\n2. How?\n\nAnswers\n1. Because.\n2. Slowly,"
        " and with care.\n"
    ).source
    assert "model: Slowly, and with care." in source


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        (
            "Read the poem and answer the questions.\n\nAnswers\n1. Who is the speaker?\n"
            "2. Where does the poem take place?\n3. Why is he sad?",
            ["Who is the speaker?", "Where does the poem take place?", "Why is he sad?"],
        ),
        (
            "Lis le texte. Le chat ______ noir.\n\nRéponses\n1. Comment s'appelle le chat ?\n"
            "2. Où habite-t-il ?",
            ["Comment s'appelle le chat ?", "Où habite-t-il ?"],
        ),
        (
            "Read the poem. Where is he?\n\nKey\nR = river\n1. What does R mean?",
            ["R = river", "What does R mean?"],
        ),
        (
            "It is ____.\n\nAnswers\n1. Match the words with the pictures.\n2. 这是什么？",
            ["Match the words with the pictures.", "这是什么？"],
        ),
    ],
)
def test_questions_below_the_word_answers_are_no_key(text: str, questions: list[str]) -> None:
    imported = to_markup(text)
    assert not imported.printed_key
    assert not imported.key_text
    for question in questions:
        assert question in imported.source


def test_questions_end_a_key() -> None:
    imported = to_markup(f"{GAPS}\nAnswers\n1. blue\n2. green\n3. red\n4. Why is it so?\n")
    assert imported.key_text == "Answers\n1. blue\n2. green\n3. red"
    assert "4. Why is it so?" in imported.source


def test_a_line_of_answers_goes_on_with_the_next_number_only() -> None:
    imported = to_markup(
        "1. Cats can fly. ___\n2. Fish can swim. ___\n\nSolution: F, T\n3. Dogs bark. (T / F)"
    )
    assert imported.key_text == "Solution: F, T"
    assert "3. Dogs bark. (T / F)" in imported.source
    imported = to_markup(f"{GAPS}\nAnswers: 1. blue\n2. green\n3. red\n4. Dogs bark.\n")
    assert imported.printed_key == {1: "blue", 2: "green", 3: "red"}
    assert "4. Dogs bark." in imported.source
    assert printed(f"{GAPS}\nAnswers: 1. blue\n3. green\n") == []


@pytest.mark.parametrize(
    ("key", "left"),
    [
        ("Answers: 1. blue 2. green 3. red\nWell done!", "Well done!"),
        ("Answers\n1. blue\n2. green\n3. red\nWell done!", "Well done!"),
        (
            "Lösungen:\n1. blue\n2. green\n3. red\n\nSchreibe fünf Sätze über deine Familie.",
            "Schreibe fünf Sätze über deine Familie.",
        ),
        (
            "Answers: 1. blue\n2. green\n3. red\nTell your neighbour about your pet.",
            "Tell your neighbour about your pet.",
        ),
        ("Klucz: 1. blue 2. green 3. red\nImię i nazwisko: ......", "Imię i nazwisko:"),
        ("(Answers: 1. blue 2. green 3. red)", ""),
    ],
)
def test_text_behind_a_key_stays(key: str, left: str) -> None:
    text = f"# Colours\n\n{GAPS}\n{key}\n"
    assert printed(text) == ["blue", "green", "red"]
    source = to_markup(text).source
    assert left in source
    assert "blue" not in source


def test_a_wrapped_answer_is_joined() -> None:
    text = (
        "# Colours\n\n1. The sky is ____, and the grass below it is ____, or not.\n\n"
        "Answers: 1. blue, as it is on most days of the year, and\nnever red 2. green\n"
    )
    imported = to_markup(text)
    assert "never red" in imported.key_text
    assert "never red" not in imported.source


@pytest.mark.parametrize(
    "key",
    [
        "Lösungen (nur für Lehrkräfte)\n1. blue",
        "Answers (teacher only): blue",
        "Réponse attendue : blue",
        "Chiave: 1. blue",
        "Facit\n1. blue",
        "Ans: blue",
        "Klucz: 1. blue",
    ],
)
def test_other_words_for_a_key(key: str) -> None:
    imported = to_markup(f"# Colours\n\n1. The sky is ____.\n\n{key}\n")
    assert imported.printed_key == {1: "blue"}
    assert "blue" not in imported.source


SCHEME = """Terror

1. Why did Stalin fear the army? (4 marks)

2. How did the trials change the party? (6 marks)

3. The trials began in ______ .

Mark scheme

1. Why did Stalin fear the army? (4 marks)
It could overthrow him.
Its leaders were popular.

2. How did the trials change the party? [6]
The old members were gone.

3. The trials began in 1936.
"""


def test_a_mark_scheme_that_repeats_its_questions_is_taken_out_and_offered() -> None:
    imported = to_markup(SCHEME)
    sheet = parse_sheet(imported.source)
    assert [q.model for q in sheet.questions] == [
        "It could overthrow him. Its leaders were popular.",
        "The old members were gone.",
    ]
    assert imported.printed_key == {1: "1936"}
    assert imported.source.count("Why did Stalin fear the army?") == 1
    assert "Mark scheme" not in imported.source
    assert "overthrow him" in imported.key_text


@pytest.mark.parametrize(
    "scheme",
    [
        "Answers\n\nWhy did Stalin fear the army? It could overthrow him.",
        "Answer key\n\n1. What was the army to Stalin? It could overthrow him.",
        "Erwartungshorizont\n\n1. Why was the army feared? It could overthrow him.",
    ],
)
def test_questions_among_answers_are_never_shown(scheme: str) -> None:
    imported = to_markup(f"Terror\n\n1. Why did Stalin fear the army?\n\n{scheme}\n")
    assert "overthrow" not in imported.source.partition("model:")[0]
    assert "overthrow" in imported.key_text


def test_sentences_that_a_key_repeats_are_read_for_their_words() -> None:
    key = "Answers\n\n1. The sky is deep blue.\n2. The grass is green!\n3. The rose is red.\n"
    imported = to_markup(f"# Colours\n\n{GAPS}\n{key}")
    assert list(imported.printed_key.values()) == ["deep blue", "green", "red"]


def test_answers_that_are_numbered_through_the_paper() -> None:
    """Those of options are their key, those of gaps stand beside them."""
    text = (
        "Multiple choice\n\n1. It began in\nA) 1912\nB) 1914\n\n2. He died in\nA) Bern\nB) Rome\n\n"
        "Fill in the blank\n\n3. It was ______ war.\n4. It ended in ______.\n\n"
        "Word bank\ntrench   Versailles   naval\n\n"
        "Answer Key\n1. B\n2. B\n3. trench\n4. Versailles\n"
    )
    imported = to_markup(text)
    sheet = parse_sheet(imported.source)
    assert [question.content.right for question in sheet.questions] == [("b",), ("b",)]
    assert imported.printed_key == {1: "trench", 2: "Versailles"}
    assert sheet.banks[0].words == ("trench", "Versailles", "naval")


def test_an_answer_that_fits_no_choice_is_no_model_answer() -> None:
    text = (
        "True or false?\n\n1. Ice floats. ____\n2. Stones float. ____\n\nKey\n1. water, air\n2. x\n"
    )
    assert "model:" not in to_markup(text).source
