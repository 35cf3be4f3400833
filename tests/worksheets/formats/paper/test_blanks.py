"""What is a blank to write in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksheets.formats.paper import to_markup
from worksheets.formats.paper.blanks import field_blanks, find_blanks, is_only_blank, width_of
from worksheets.questions import parse_sheet


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is ____ here", ["____"]),
        ("It is __ here", ["__"]),
        ("The b______ flies", ["______"]),
        ("It is ...... here", ["......"]),
        ("It is …… here", ["……"]),
        ("It is . . . . . . here", [". . . . . ."]),
        ("It is (1)______ here", ["______"]),
        ("It is (      ) here", ["(      )"]),
        ("它是（　　）的", ["（　　）"]),
        ("It is ＿＿＿ here", ["＿＿＿"]),
        ("2 + 3 = □", ["□"]),
        ("It is ------ here", ["------"]),
        ("It is _ _ _ _ here", ["_ _ _ _"]),
        ("the file __init__ and snake__case and snake___case", []),
        ("well-known — and so on -- or --- this", []),
        ("It was... well. Yes...", []),
    ],
)
def test_strong_blanks(text: str, found: list[str]) -> None:
    assert [text[b.start : b.end] for b in find_blanks(text) if not b.weak] == found


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Name: ________ Class: ______ Date: ____", 3),
        ("Vor- und Nachname: ____", 0),
        ("Name ..........", 1),
        ("Nom et prénom : ........ Note : ____ / 20", 2),
        ("姓名：____ 班级：____", 2),
        ("My name is ____.", 0),
        ("We go to school ____ day.", 0),
        ("A worksheet          Name: ____", 1),
        ("There are ____ of 0.1 mm.", 0),
    ],
)
def test_lines_for_name_and_class(text: str, count: int) -> None:
    assert len(field_blanks(text)) == count


def test_they_are_no_gaps() -> None:
    imported = to_markup("Name: ________ Class: ______\n\nBirds\n\nA bird has two ______.\n")
    assert len(parse_sheet(imported.source).gaps) == 1
    assert "name-line" in [caution.code for caution in imported.warnings]
    assert imported.source.startswith("Name: \\________ Class: \\______\n")


@given(st.text(alphabet="._… -—()[]□ab1", max_size=60))
def test_blanks_are_in_order_and_apart(text: str) -> None:
    end = 0
    for blank in find_blanks(text):
        assert end <= blank.start < blank.end <= len(text)
        assert width_of(text[blank.start : blank.end]) > 0
        end = blank.end
    assert is_only_blank(text) in (True, False)


@pytest.mark.parametrize(
    ("paper", "markup"),
    [
        ("What is it? ____________________", "What is it?\n\n???"),
        ("An adjective: " + "_" * 60, "An adjective:\n\n???"),
        ("Complete the words.\n\n1. The b____ is red.", "1. The b______ is red."),
        ("Explain the word. ....................................", "Explain the word.\n\n???"),
        ("Fill the gaps.\n\nIt is (1)____ and (2)____.", "It is (1)______ and (2)______."),
        ("Complete.\n\nIt ... here, and it ... there.", "It ______ here, and it ______ there."),
    ],
)
def test_gaps_and_lines_to_write_on(paper: str, markup: str) -> None:
    assert to_markup(f"{paper}\n").source.endswith(f"{markup}\n")


def test_empty_cells_of_a_table_are_gaps() -> None:
    source = to_markup("| word | meaning |\n|---|---|\n| cat | |\n| | a dog |\n").source
    assert len(parse_sheet(source).gaps) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Write to info__x@a__b.de or first____last@school.org.",
        "See www.a____b.de/____/x and https://a.de/b____c?d=____.",
        "She was happy ^__^ and tired (-___-), then sad T____T!",
        'print(x, end="__")',
        "print(x, end='____')",
    ],
)
def test_underscores_that_are_no_blanks(text: str) -> None:
    sheet = parse_sheet(to_markup(f"# Emails\n\nThe sky is ____.\n\n{text}\n").source)
    assert len(sheet.gaps) == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('He said "____" and left.', 1),
        ("My address is ____@____ now.", 2),
        ("See a.de/x__y@z. It is ____.", 1),
        ("A well-____-known man.", 1),
    ],
)
def test_underscores_near_such_signs_are_blanks(text: str, count: int) -> None:
    assert len(parse_sheet(to_markup(f"# Emails\n\n{text}\n").source).gaps) == count


@pytest.mark.parametrize(
    "line",
    [
        "Date: ___/___/___",
        "Aluno(a): ____________ Data: ___/___/20___",
        "**Name:** ________ **Class:** ____",
        "Von 15 Punkten hast du ____ erreicht.",
        "____ von 15 Punkten",
    ],
)
def test_a_line_for_name_date_or_marks_has_no_gap(line: str) -> None:
    imported = to_markup(f"Bees\n\n{line}\n\n1. Bees live in a ______.\n")
    assert len(parse_sheet(imported.source).gaps) == 1
    assert "already-markup" not in [caution.code for caution in imported.warnings]


def test_the_number_of_a_gap_may_stand_inside_it() -> None:
    source = to_markup(
        "Fill the gaps.\n\nIt began in ______(1)______ and ended in ....(2)....\n"
    ).source
    assert "(1)______" in source
    assert len(parse_sheet(source).gaps) == 2
