"""Statements that are true or false: read, answered, marked."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worksheets.markup.helpers import codes, shown
from tests.worksheets.markup.texts import mark_soup
from worksheets.markup import NumberedList, Sheet
from worksheets.questions import (
    automatic_marks,
    parse_sheet,
    read_answers,
    same_items,
    saved_fields,
    unanswered,
)
from worksheets.questions.keying import write_solution

LIST = "True or false?\n\n1. Ice floats.\n2. Stones *float*.\n3. Wood sinks.\n\n"
THREE = f"{LIST}??? true or false, 3 marks\nas: true | false | not given\n"
KEYED = f"{LIST}??? true or false, 3 marks\ntrue: 1\n"


@pytest.mark.parametrize(
    ("source", "true"),
    [
        (KEYED, ("1",)),
        (KEYED.replace("true: 1\n", "TRUE : 3 ;\n 1."), ("1", "3")),
        (KEYED.replace("true: 1\n", "true: none\n"), ()),
        (KEYED.replace("true: 1\n", ""), None),
    ],
)
def test_the_list_above_belongs_to_the_question(source: str, true: tuple[str, ...] | None) -> None:
    sheet = parse_sheet(source)
    (question,) = sheet.questions
    assert (question.kind, question.prompt) == ("statements", "True or false?")
    assert [option.label for option in question.content.listed] == ["1", "2", "3"]
    assert (question.content.true, question.automatic) == (true, true is not None)
    assert sheet.problems == ()
    assert not any(isinstance(block, NumberedList) for block in sheet.blocks)
    assert sheet.lines == (1, 3)


def test_letters_and_a_single_statement_do_as_well() -> None:
    sheet = parse_sheet(
        "(a) x\n(b) y\n??? true or false\n\n4. z ??? true or false, 1 mark\ntrue: 4"
    )
    first, second = sheet.questions
    assert [option.label for option in first.content.listed] == ["a", "b"]
    assert second.content.true == ("4",)
    assert sheet.problems == ()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Ice floats. ??? true or false", ["nothing-to-choose"]),
        ("1. a\n2. ___b___ c\n\n??? true or false", ["nothing-to-choose"]),
        ("1. a\n\n   - b\n\n??? true or false", ["nothing-to-choose"]),
        ("".join(f"{n}. x\n" for n in range(1, 32)) + "??? true or false", ["nothing-to-choose"]),
        (f"{LIST}??? true or false, 1 mark\ntrue: 4", ["bad-key"]),
        (f"{LIST}??? true or false, 1 mark\ntrue: 1, none", ["bad-key"]),
        (f"{LIST}??? true or false\ntrue: 1", ["right-without-marks"]),
        (f"{LIST}??? true or false\nas: vrai | faux | non | oui", ["bad-verdicts"]),
        (f"{LIST}??? true or false\nas: vrai | faux | vrai", ["bad-verdicts"]),
        (f"{LIST}??? true or false, 1 mark\ntrue: 1\nnot given: 2", ["bad-key"]),
        (f"{THREE}true: 1\nnot given: 1", ["bad-key"]),
        (f"{THREE}not given: 4", ["bad-key"]),
        ("???\n\nnot given: 1", ["misplaced-not-given"]),
        (f"{LIST}??? true or false\nas: vrai | ____", ["bad-verdicts"]),
        ("???\n\ntrue: 1", ["misplaced-true"]),
    ],
)
def test_each_mistake_is_reported(source: str, expected: list[str]) -> None:
    assert codes(source) == expected


@pytest.mark.parametrize("line", ["True: the first casualty of war.", "As: you see | here."])
def test_a_line_that_was_text_before_stays_text(line: str) -> None:
    sheet = parse_sheet(f"1. Why?\n\n??? 2 marks\n{line}")
    assert line in shown(sheet.blocks)
    assert sheet.problems == ()


@pytest.mark.parametrize(
    ("verdicts", "points"),
    [
        (["true", "false", "false"], "3"),
        (["true", "true", "true"], "1"),
        (["false", "true", "true"], "0"),
        (["true", "", ""], "1"),
        (["", "", ""], "0"),
    ],
)
def test_each_statement_earns_the_same(verdicts: list[str], points: str) -> None:
    sheet = parse_sheet(KEYED)
    fields = {f"q1-{n}": verdict for n, verdict in enumerate(verdicts, 1)}
    (mark,) = automatic_marks(sheet, read_answers(sheet, fields).accepted)
    assert mark.points == Decimal(points)


def test_a_third_name_is_a_third_answer() -> None:
    """What a text does not say is right, wrong and keyed as the other two are."""
    sheet = parse_sheet(f"{THREE}not given: 2\ntrue: 1\n")
    (question,) = sheet.questions
    assert (question.content.true, question.content.neither) == (("1",), ("2",))
    assert sheet.problems == ()
    fields = {"q1-1": "true", "q1-2": "not given", "q1-3": "not given"}
    answers = read_answers(sheet, fields).accepted
    assert answers["q1"].text == "1 true, 2 not given, 3 not given"
    (mark,) = automatic_marks(sheet, answers)
    assert mark.points == 2
    only = parse_sheet(f"{THREE}not given: 2, 3\n").questions[0]
    assert (only.content.true, only.content.neither, only.automatic) == ((), ("2", "3"), True)
    assert read_answers(parse_sheet(KEYED), {"q1-1": "not given"}).errors
    assert not same_items(parse_sheet(KEYED), parse_sheet(THREE))


def test_the_key_of_three_answers_is_pressed_and_taken_away() -> None:
    source = f"{THREE}model: Ice is lighter.\n"
    fields = {"solution": "1", "q1-1": "false", "q1-2": "not given", "q1-3": "true"}
    keyed = write_solution(source, "q1", fields)
    assert keyed.endswith("not given: 2\ntrue: 3\nmodel: Ice is lighter.\n")
    assert write_solution(keyed, "q1", {"solution": "1", "q1-1": ""}) == source


def test_what_is_said_of_an_answer() -> None:
    sheet = parse_sheet(KEYED + "as: vrai | faux\n")
    answers = read_answers(sheet, {"q1-1": "true", "q1-3": "false"}).accepted
    assert answers["q1"].text == "1 vrai, 3 faux"
    ((_question, missing),) = unanswered(sheet, answers).half
    assert missing == "not every statement is answered"
    assert read_answers(sheet, {"q1-1": "perhaps"}).errors


def test_another_key_asks_the_same_and_other_words_do_not() -> None:
    sheet = parse_sheet(KEYED)
    assert same_items(sheet, parse_sheet(KEYED.replace("true: 1", "true: 2")))
    assert not same_items(sheet, parse_sheet(KEYED.replace("Wood", "Iron")))


@given(st.dictionaries(st.sampled_from(["q1-1", "q1-2"]), st.sampled_from(["true", "false", "x"])))
def test_whatever_is_posted_is_read_and_posted_again(fields: dict[str, str]) -> None:
    sheet = parse_sheet(KEYED)
    accepted = read_answers(sheet, fields).accepted
    assert read_answers(sheet, saved_fields(sheet, accepted)).accepted == accepted


soup = st.lists(
    st.sampled_from(["\n", "1. x\n", "2. y", "(a) x\n", "???", " true or false", "true:", "1", ","])
    | mark_soup
).map("".join)


@given(soup)
def test_no_text_raises(source: str) -> None:
    assert isinstance(parse_sheet(source), Sheet)


@pytest.mark.parametrize("detail", ["true or false", "match", "choose one"])
def test_a_gap_in_the_list_above_is_not_lost(detail: str) -> None:
    sheet = parse_sheet(f"1. Ice ______.\n2. Stones sink.\n\n??? {detail}")
    assert len(sheet.gaps) == 1
    assert "NumberedList" in repr(sheet.blocks)
