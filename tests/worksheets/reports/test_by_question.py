"""The answers of a class to one question: which there are, in which order, how many are marked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from lti_tool.audit import TOOL
from lti_tool.models import Membership
from tests.cast import PUPIL, TEACHER, Cast, Someone, make_someone
from tests.worksheets.sheets import (
    CAUSES,
    GAPS_ONLY,
    assignment_at,
    hand_in,
    hand_in_again,
    mark,
    place,
    publish,
    save,
)
from worksheets import attempts
from worksheets.models import Assignment, Attempt, Mark
from worksheets.reports.by_question import (
    QuestionMarking,
    first_to_mark,
    question_marking,
)
from worksheets.reports.question_answers import read_marks, read_names


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast)


def answered(
    cast: Cast, assignment: Assignment, text: str, sub: str, **more: str
) -> tuple[Someone, Attempt]:
    """Another pupil, whose answer to the first question this is."""
    someone = make_someone(cast.course, sub, f"Pupil {sub}", PUPIL)
    return someone, hand_in(assignment, someone, {"q1": text, "q2": "The evidence.", **more})


def marking(assignment: Assignment, item: str = "q1") -> QuestionMarking:
    fresh = assignment_at(assignment.link)
    return question_marking(fresh, fresh.edition.sheet.question(item))


def texts(found: QuestionMarking) -> list[list[str]]:
    return [[one.answer.text for one in group.answers] for group in found.groups]


def test_equal_answers_without_a_mark_are_together(cast: Cast, assignment: Assignment) -> None:
    works = [answered(cast, assignment, "So that all see it.", f"90{n}")[1] for n in range(3)]
    answered(cast, assignment, "To frighten people.", "910")
    assert sorted(map(len, texts(marking(assignment)))) == [1, 3]
    mark(works[0], cast.ruth, q1="3")
    found = marking(assignment)
    assert sorted(map(len, texts(found))) == [1, 1, 2]
    # What is marked comes after what is not.
    assert [group.is_marked for group in found.groups] == [False, False, True]
    assert len({group.number for group in found.groups}) == 3
    assert (found.unmarked, len(found.marks), found.average) == (3, 1, Decimal(3))


def test_the_order_stays_as_marks_are_given(cast: Cast, assignment: Assignment) -> None:
    words = ("harvest", "Siberia", "tractors", "passports", "grain and more grain", "railway")
    works = {word: answered(cast, assignment, word, word[:3])[1] for word in words}
    before = [one for (one,) in texts(marking(assignment))]
    mark(works[before[2]], cast.ruth, q1="1")
    after = [one for (one,) in texts(marking(assignment))]
    assert after == [*before[:2], *before[3:], before[2]]
    numbers = {group.first.answer.text: group.number for group in marking(assignment).groups}
    assert numbers == {word: n for n, word in enumerate(before, 1)}


def test_the_choice_is_in_the_margin(cast: Cast, assignment: Assignment) -> None:
    hand_in(assignment, cast.amina)
    (group,) = marking(assignment, "q2").groups
    assert (group.first.choice, group.first.words) == ("a", 2)


def test_another_choice_is_another_answer(cast: Cast, assignment: Assignment) -> None:
    answered(cast, assignment, "x", "1", **{"q2-choice": "a"})
    answered(cast, assignment, "x", "2", **{"q2-choice": "b"})
    assert texts(marking(assignment, "q2")) == [["The evidence."], ["The evidence."]]


def test_what_is_blank_stands_apart(cast: Cast, assignment: Assignment) -> None:
    _someone, work = answered(cast, assignment, "  ", "901")
    found = marking(assignment)
    assert (len(found.groups), len(found.blank), found.unmarked) == (0, 1, 0)  # the machine's 0
    Mark.objects.filter(attempt=work, item="q1").delete()
    found = marking(assignment)
    assert ([one.attempt for one in found.unmarked_blank], found.unmarked) == ([work], 1)


def test_who_is_not_in_the_class_list_is_left_out(cast: Cast, assignment: Assignment) -> None:
    gone, _work = answered(cast, assignment, "Gone", "901")
    Membership.objects.filter(user=gone.user).update(status=Membership.Status.GONE)
    teacher, _work = answered(cast, assignment, "A colleague", "902")
    Membership.objects.filter(user=teacher.user).update(roles=[TEACHER])
    former, _work = answered(cast, assignment, "Moved", "903")
    Membership.objects.filter(user=former.user).delete()
    save(assignment, cast.ben, {"q1": "Not submitted"})
    assert texts(marking(assignment)) == [["Moved"]]  # as the class page has it


def test_only_attempts_that_can_count(cast: Cast) -> None:
    assignment = place(cast, attempt_limit=3, counting="last")
    hand_in(assignment, cast.amina, {"q1": "First"})
    hand_in_again(assignment, cast.amina, {"q1": "Second"})
    assert texts(marking(assignment)) == [["Second"]]


def test_an_edition_that_asks_something_else(cast: Cast, assignment: Assignment) -> None:
    answered(cast, assignment, "Old", "901")
    newer = publish(cast.ruth.user, CAUSES.replace("Why was the trial", "When was the trial"))
    newer.worksheet = assignment.edition.worksheet
    Assignment.objects.filter(pk=assignment.pk).update(edition=newer)
    found = marking(assignment)
    assert (found.elsewhere, found.answers) == (1, [])
    assert marking(assignment, "q2").elsewhere == 0


def test_the_first_question_with_something_to_mark(cast: Cast, assignment: Assignment) -> None:
    def first() -> Any:
        found = first_to_mark(assignment_at(assignment.link))
        return found and found.key

    assert first() == "q1"
    work = hand_in(assignment, cast.amina)
    mark(work, cast.ruth, q1="1")
    assert first() == "q2"
    mark(work, cast.ruth, q2="1")
    assert first() == "q1"


def test_a_sheet_without_such_a_question(cast: Cast) -> None:
    assert first_to_mark(place(cast, GAPS_ONLY)) is None


def test_questions_before_and_after(cast: Cast, assignment: Assignment) -> None:
    one, two = marking(assignment, "q1"), marking(assignment, "q2")
    assert (one.position, one.preceding, one.following) == (1, None, two.question)
    assert (two.position, two.preceding, two.following) == (2, one.question, None)


def test_the_mark_from_before_it_was_reopened(cast: Cast, assignment: Assignment) -> None:
    work = hand_in(assignment, cast.amina)
    mark(work, cast.ruth, q1="3")
    attempts.reopen(work, by=TOOL)
    hand_in(assignment, cast.amina, {"q1": "Another one"})
    found = marking(assignment)
    (group,) = found.groups
    read_marks(group.answers)
    assert group.first.before is not None
    assert group.first.mark is None
    assert group.first.before.points == 3


def test_a_large_class_costs_as_many_queries(
    cast: Cast,
    assignment: Assignment,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(10):
        answered(cast, assignment, f"{n} " * 300, f"90{n}")
    fresh = assignment_at(assignment.link)
    question = fresh.edition.sheet.question("q1")
    with django_assert_max_num_queries(7):
        found = question_marking(fresh, question)
        read_marks(found.answers)
        read_names(found.answers)
        assert {group.first.attempt.number for group in found.groups} == {1}
        assert found.average is None
