"""Rankings: what the text says, what a pupil posts, what it earns."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksheets.markup import Question
from worksheets.questions import (
    KINDS,
    automatic_marks,
    parse_sheet,
    read_answers,
    same_items,
    saved_fields,
    unanswered,
)
from worksheets.questions.ranking import Things

CAUSES = """Put the causes in order.

??? 3 marks
rank: Economic | Diplomatic | Political
right: Diplomatic > Economic > Political
because: 2 marks, 20-60 words
model: War came first.
"""
SHEET = parse_sheet(CAUSES)
# Fields are named by the alphabet: Diplomatic, Economic, Political.
RIGHT = {"q1-1": "1", "q1-2": "2", "q1-3": "3"}


def only(source: str) -> Question[Any]:
    (question,) = parse_sheet(source).questions
    return question


def codes(source: str) -> list[str]:
    return [problem.code for problem in parse_sheet(source).problems]


class TestGrammar:
    def test_a_ranking_and_the_reasons_for_it_are_two_questions(self) -> None:
        ranking, because = SHEET.questions
        assert SHEET.problems == ()
        assert (ranking.kind, ranking.marks, ranking.automatic) == ("ranking", Decimal(3), True)
        assert ranking.content == Things(
            ("Economic", "Diplomatic", "Political"), ("Diplomatic", "Economic", "Political")
        )
        assert (because.kind, because.marks, because.automatic) == ("written", Decimal(2), False)
        assert (because.words_min, because.words_max) == (20, 60)
        assert (ranking.model, because.model) == ("", "War came first.")
        assert ranking.prompt == because.prompt == "Put the causes in order."

    def test_without_a_right_order_a_teacher_marks_it(self) -> None:
        question = only("Order them.\n??? 2 marks\nrank: A | B\nrubric: one each")
        assert (question.automatic, question.content.right) == (False, ())
        assert question.rubric == "one each"

    def test_lines_may_be_wrapped_where_something_separates(self) -> None:
        source = "??? 1 mark\nrank: Bread |\nPeace and\n land\n\nText."
        assert only(source).content.listed == ("Bread", "Peace and")
        source = "??? 1 mark\nrank: Bread\n| Peace |\nLand\nright: Land > Bread >\nPeace\nText."
        assert only(source).content == Things(
            ("Bread", "Peace", "Land"), ("Land", "Bread", "Peace")
        )

    def test_lines_may_stand_in_any_order_after_the_first(self) -> None:
        source = "??? 1 mark\nrank: A | B\n\nmodel: m\nbecause: 1 mark\nright: B > A"
        assert codes(source) == []
        assert [q.model for q in parse_sheet(source).questions] == ["", "m"]

    def test_signs_are_written_with_a_backslash(self) -> None:
        question = only(r"??? 1 mark" "\n" r"rank: a \| b | c \> d" "\n" r"right: c \> d > a \| b")
        assert question.content == Things(("a | b", "c > d"), ("c > d", "a | b"))

    def test_the_right_order_may_be_in_other_letters(self) -> None:
        question = only("??? 1 mark\nrank: The War | Bread\nright: BREAD > the war")
        assert question.content.right == ("Bread", "The War")

    @pytest.mark.parametrize(
        "source",
        [
            "Right: the soldiers.",
            "Because: of the war.",
            "Rank: private",
            "???\nRight: the soldiers",
            "???\n\nRank: the soldiers stood in rows.",
            "???\nmodel: m\n\nRank: the soldiers stood in rows.",
            "???\nmodel: one\nRight: the other",
        ],
    )
    def test_ordinary_text_stays_text(self, source: str) -> None:
        sheet = parse_sheet(source)
        assert sheet.errors == ()
        assert not any(question.kind == "ranking" for question in sheet.questions)

    @pytest.mark.parametrize(
        "source",
        [
            "Text.\nright: SECRET > B",
            "- a\n- b\nright: SECRET > B",
            "(a) one\nright: SECRET > B\n(b) two",
            "???\nright: SECRET > B",
            "(a) x\n(b) y\n???\nrank: SECRET | B\nright: B > SECRET",
            "A. x > y\n???\nrank: SECRET | B\nright: B > SECRET",
            "> quoted\n\nright: SECRET > B",
        ],
    )
    def test_a_key_in_a_wrong_place_is_an_error_and_stays_hidden(self, source: str) -> None:
        sheet = parse_sheet(source)
        assert any(problem.code == "misplaced-right" for problem in sheet.errors)
        assert "SECRET" not in repr(sheet.blocks)

    @pytest.mark.parametrize(
        ("lines", "things"),
        [
            ("rank: Aa | Bb |\nright: Bb > Aa", ("Aa", "Bb")),
            ("rank: Aa | Bb |\nmodel: SECRET", ("Aa", "Bb")),
            ("rank: Aa | Bb |\n# Heading", ("Aa", "Bb")),
            ("rank: Aa | Bb |\n[[ x | y ]]", ("Aa", "Bb")),
            ("rank: Aa | Bb\n> A quotation", ("Aa", "Bb")),
            ("rank: bread; | peace;\nWrite below.", ("bread;", "peace;")),
            ("rank: Aa | b \\|\nText.", ("Aa", "b |")),
        ],
    )
    def test_nothing_else_becomes_a_thing(self, lines: str, things: tuple[str, ...]) -> None:
        (question, *_others) = parse_sheet(f"??? 1 mark\n{lines}").questions
        assert question.content.listed == things

    @pytest.mark.parametrize(
        "line",
        [
            "military | Political",
            "- right: B > A",
            "**right:** B > A",
            "right order: B>A",
        ],
    )
    def test_a_shown_line_that_may_be_a_part_of_it_is_pointed_out(self, line: str) -> None:
        assert codes(f"??? 1 mark\nrank: A | B\n{line}") == ["shown-key"]

    @pytest.mark.parametrize("name", ["model", "rubric"])
    @pytest.mark.parametrize("line", ["Right: Economic > Political", "rank: x | y"])
    def test_a_model_answer_of_before_there_were_rankings_stays_hidden(
        self, name: str, line: str
    ) -> None:
        sheet = parse_sheet(f"???\n{name}: one reason\n{line}\n- SECRET")
        assert sheet.blocks == parse_sheet("???").blocks
        assert [question.kind for question in sheet.questions] == ["written"]
        assert "SECRET" in getattr(sheet.questions[0], name)

    def test_a_line_twice(self) -> None:
        assert codes("???\nrank: A | B\nrank: C | D") == ["bad-detail"]

    @pytest.mark.parametrize("things", ["", "A", "A |", " | ".join("abcdefghijklmnopqrstu")])
    def test_there_are_two_to_twenty_things(self, things: str) -> None:
        assert codes(f"???\nrank: {things}") == ["rank-things"]

    @pytest.mark.parametrize("order", ["A", "A > B > C", "A > A", "A, B", "A | B", ""])
    def test_the_right_order_names_each_thing_once(self, order: str) -> None:
        assert codes(f"??? 1 mark\nrank: B | A\nright: {order}") == ["wrong-order"]

    def test_no_gap_in_it(self) -> None:
        assert codes("???\nrank: A | ______ | B") == ["gap-not-here"]

    def test_reasons_take_no_word_of_another_kind(self) -> None:
        assert codes("???\nrank: A | B\nbecause: which") == ["unknown-detail"]


class TestAnswers:
    def test_an_order_is_kept_by_name(self) -> None:
        read = read_answers(SHEET, RIGHT)
        assert read.errors == {}
        answer = read.accepted["q1"]
        assert answer.text == "Diplomatic > Economic > Political"
        assert answer.value == {"v": 1, "places": {"Diplomatic": 1, "Economic": 2, "Political": 3}}
        assert saved_fields(SHEET, read.accepted) == RIGHT

    def test_blank_fields_are_a_blank(self) -> None:
        read = read_answers(SHEET, {"q1-1": " "})
        assert (read.blank, read.accepted["q1"].text) == (frozenset({"q1"}), "")
        assert [q.key for q in unanswered(SHEET, read.accepted).questions] == ["q1", "q2"]

    def test_a_part_of_an_order_is_half_an_answer(self) -> None:
        read = read_answers(SHEET, {"q1-1": "3", "q1-3": "1"})
        assert read.accepted["q1"].text == "Political > Diplomatic"
        ((question, missing),) = unanswered(SHEET, read.accepted).half
        assert (question.key, missing) == ("q1", "not everything is put in order")

    @pytest.mark.parametrize("place", ["0", "4", "-1", "1.0", "one", "01", "²", "١", "9" * 500])
    def test_a_wrong_number_is_an_error_and_shown_again(self, place: str) -> None:
        read = read_answers(SHEET, {**RIGHT, "q1-2": place})
        assert read.accepted == {}
        assert read.errors["q1"].startswith("Use the numbers from 1 to 3")
        assert saved_fields(SHEET, read.posted)["q1-2"] == place[:20]

    def test_a_number_twice_is_an_error(self) -> None:
        assert list(read_answers(SHEET, {**RIGHT, "q1-2": "1"}).errors) == ["q1"]

    def test_things_listed_anew_keep_their_fields(self) -> None:
        after = parse_sheet(
            CAUSES.replace("Economic | Diplomatic | Political", "Political | Economic | Diplomatic")
        )
        assert read_answers(after, RIGHT).accepted == read_answers(SHEET, RIGHT).accepted

    @given(st.dictionaries(st.sampled_from([*RIGHT, "q1-4", "q1", "q2"]), st.text(max_size=3)))
    def test_any_fields_are_read(self, fields: dict[str, str]) -> None:
        read = read_answers(SHEET, fields)
        if "q1" in read.accepted:
            again = read_answers(SHEET, saved_fields(SHEET, read.accepted))
            assert again.accepted["q1"] == read.accepted["q1"]

    @pytest.mark.parametrize("value", [{}, {"v": 1}, {"v": 1, "places": []}, {"v": 9, "places": 3}])
    def test_another_value_is_a_blank(self, value: dict[str, object]) -> None:
        answer = type(read_answers(SHEET, RIGHT).accepted["q1"])(value)
        assert KINDS["ranking"].is_blank(answer)
        assert set(saved_fields(SHEET, {"q1": answer}).values()) == {""}


class TestMarks:
    def points(self, fields: dict[str, str], source: str = CAUSES) -> dict[str, Decimal]:
        sheet = parse_sheet(source)
        marks = automatic_marks(sheet, read_answers(sheet, fields).accepted)
        return {mark.key: mark.points for mark in marks}

    @pytest.mark.parametrize(
        ("places", "points"),
        [("123", 3), ("213", 2), ("312", 1), ("321", 0), ("1  ", 0), ("2 3", 1)],
    )
    def test_each_pair_earns_its_share(self, places: str, points: int) -> None:
        fields = {f"q1-{n}": place.strip() for n, place in enumerate(places, 1)}
        assert self.points(fields) == {"q1": points, "q2": 0}

    def test_left_blank_it_has_nothing(self) -> None:
        assert self.points({}) == {"q1": 0, "q2": 0}

    def test_a_third_of_a_mark_is_kept_with_four_decimals(self) -> None:
        source = CAUSES.replace("??? 3 marks", "??? 1 mark")
        fields = {"q1-1": "3", "q1-2": "1", "q1-3": "2"}
        assert self.points(fields, source)["q1"] == Decimal("0.3333")

    def test_without_a_right_order_only_a_blank_is_marked(self) -> None:
        source = CAUSES.replace("right: Diplomatic > Economic > Political\n", "")
        assert self.points(RIGHT, source) == {"q2": 0}
        assert self.points({}, source) == {"q1": 0, "q2": 0}

    def test_its_marks_are_those_of_the_machine(self) -> None:
        assert (SHEET.automatic_marks, SHEET.teacher_marks) == (Decimal(3), Decimal(2))


@pytest.mark.parametrize(
    ("old", "new", "is_same"),
    [
        ("right: Diplomatic > Economic", "right: Economic > Diplomatic", True),
        ("Economic | Diplomatic | Political", "Political | Economic | Diplomatic", True),
        ("??? 3 marks", "??? 6 marks", True),
        # A teacher's marks would pass for the machine's, or the reverse.
        ("right: Diplomatic > Economic > Political\n", "", False),
        ("Put the causes in order.", "Put them in order.", False),
        ("Political", "Religious", False),
        ("because: 2 marks, 20-60 words\n", "", False),
    ],
)
def test_what_another_edition_may_change(old: str, new: str, is_same: bool) -> None:
    after = parse_sheet(CAUSES.replace(old, new))
    assert same_items(SHEET, after) is is_same


def test_a_right_order_added_later_marks_no_answers_that_a_teacher_has_marked() -> None:
    before = parse_sheet(CAUSES.replace("right: Diplomatic > Economic > Political\n", ""))
    assert not same_items(before, SHEET)
