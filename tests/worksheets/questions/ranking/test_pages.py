"""Rankings on the pages of pupils and teachers, in the gradebook and in the class list."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lti_tool.models import Delivery
from tests.cast import Cast
from tests.worksheets.html import Page
from tests.worksheets.sheets import hand_in, mark, place, publish, release, save
from worksheets.authoring.assigning import AssignmentRules
from worksheets.gradebook import changes
from worksheets.models import Answer, Assignment, Feedback

SOURCE = """# Days

The sun is ___hot___.

1. Put the days in order.

??? 3 marks
rank: Monday | Friday | Sunday
right: Sunday > Monday > Friday
because: 2 marks
"""
KEY = "right: Sunday > Monday > Friday\n"
# Fields by the alphabet: Friday, Monday, Sunday.
ORDER = {"q1-1": "3", "q1-2": "1", "q1-3": "2"}


def of_the_teacher() -> str:
    return SOURCE.replace(KEY, "")


def get(cast: Cast, name: str = "home", **arguments: object) -> Page:
    return Page(cast.amina.client.get(cast.amina.url(name, **arguments)))


def comment(assignment: Assignment) -> str:
    return Delivery.objects.get(line_item__link=assignment.link).comment


def test_its_marks_go_with_those_of_the_gaps(cast: Cast) -> None:
    assignment = place(cast, SOURCE)
    hand_in(assignment, cast.amina, {**ORDER, "g1": "hot"})
    score = Delivery.objects.get()
    assert (score.score_given, score.score_maximum) == (Decimal(3), Decimal(4))
    assert comment(assignment).startswith("Marked automatically: 3 out of 4.")
    page = get(cast)
    assert "Marked automatically 3 out of 4" in page.text
    assert "2 / 3 Each pair in the right order earns the same." in page.text
    assert "Because" in page.text
    row = Page(cast.ruth.client.get(cast.ruth.url("class"))).text
    assert "1: Monday > Sunday > Friday" in row


@pytest.mark.parametrize(
    ("feedback", "is_marked", "is_solved"),
    [
        (Feedback.SCORE, False, False),
        (Feedback.CORRECTNESS, True, False),
        (Feedback.ANSWERS, True, True),
    ],
)
def test_the_result_shows_what_it_may(
    cast: Cast, feedback: str, is_marked: bool, is_solved: bool
) -> None:
    hand_in(place(cast, SOURCE, feedback=feedback), cast.amina, ORDER)
    page = get(cast)
    assert ("2 / 3" in page.text) is is_marked
    assert ("Right order: Sunday > Monday > Friday" in page.text) is is_solved


def test_the_key_is_on_no_page_to_fill_in(cast: Cast) -> None:
    assignment = place(cast, SOURCE)
    save(assignment, cast.amina, ORDER)
    one = cast.amina.client.get(cast.amina.url("home")).content
    for row in Answer.objects.all():
        assert "right" not in row.value
    assert b"Sunday &gt; Monday" not in one
    assert one.index(b"Monday") < one.index(b"Friday") < one.index(b"Sunday")


def test_what_a_teacher_marks_is_not_called_written(cast: Cast) -> None:
    source = "# Days\n\n??? 2 marks\nrank: Monday | Friday"
    attempt = hand_in(place(cast, source), cast.amina, {"q1-1": "1", "q1-2": "2"})
    assert "Other answers Your teacher has not marked them yet." in get(cast).text
    assert "Written" not in Page(cast.ruth.client.get(cast.ruth.url("class"))).text
    release(attempt, cast.ruth, q1="2")
    assert "Other answers 2 out of 2" in get(cast).text


def test_a_long_order_leaves_room_for_the_teachers_words(cast: Cast) -> None:
    things = " | ".join(f"{letter}{'x' * 150}" for letter in "abcdefghij")
    assignment = place(cast, f"??? 2 marks\nrank: {things}\nbecause: 2 marks")
    fields = {f"q1-{n}": str(n) for n in range(1, 11)}
    attempt = hand_in(assignment, cast.amina, {**fields, "q2": "So."})
    mark(attempt, cast.ruth, q1="1")
    attempt.marks.filter(item="q1").update(comment="WELL DONE")
    release(attempt, cast.ruth, q2="1")
    assert "… – WELL DONE" in comment(assignment)
    assert len(comment(assignment)) < 400


def test_an_edition_that_changes_who_marks_marks_nothing_again(cast: Cast) -> None:
    """Else a teacher's marks and comments would show before the release."""
    assignment = place(cast, of_the_teacher())
    attempt = hand_in(assignment, cast.amina, ORDER)
    mark(attempt, cast.ruth, q1="0.5")
    edition = publish(cast.ruth.user, SOURCE)
    edition.worksheet = assignment.edition.worksheet
    plan = changes.plan(assignment, edition, AssignmentRules(), mark_again=True)
    assert (plan.unmarkable, plan.remarked) == (1, [])


def test_numbers_stay_with_what_they_were_given_to(cast: Cast) -> None:
    """The teacher has replaced the worksheet by another edition while the page was open."""
    assignment = place(cast, SOURCE)
    posted = {**ORDER, "edition": str(assignment.edition_id), "attempt": "1"}
    worksheet = assignment.edition.worksheet
    text = SOURCE.replace("Friday", "Easter")
    newer = worksheet.editions.create(number=2, title="Days", source=text)
    Assignment.objects.filter(pk=assignment.pk).update(edition=newer)
    reply = cast.amina.client.post(cast.amina.url("answers"), posted)
    assert reply.status_code == 409
    # Easter is new; Monday and Sunday keep their numbers.
    posted_again = Page(reply).posted
    assert [posted_again[f"q1-{n}"] for n in (1, 2, 3)] == ["", "1", "2"]


@pytest.mark.parametrize("value", [[], "x", 5, True, {"v": 2}, {"places": {"Monday": None}}])
def test_a_value_of_another_form_is_a_blank(cast: Cast, value: object) -> None:
    assignment = place(cast, SOURCE)
    save(assignment, cast.amina, {**ORDER, "g1": "hot", "q2": "So."})
    Answer.objects.update(value=value)
    for name in ("home", "answers", "submit"):
        assert cast.amina.client.get(cast.amina.url(name)).status_code == 200
    hand_in(assignment, cast.amina, {})
    assert "Left blank" in get(cast).text
