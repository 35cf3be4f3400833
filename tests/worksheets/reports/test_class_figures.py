"""The averages of a class: who counts, and of how many."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from tests.cast import PUPIL, Cast, Someone, make_someone
from tests.reported import reported
from tests.worksheets.html import Page
from tests.worksheets.sheets import (
    EVERYTHING,
    RIGHT,
    WRITTEN,
    hand_in,
    hand_in_again,
    mark,
    place,
    save,
)
from worksheets import attempts
from worksheets.attempts import GivenDates
from worksheets.reports.class_figures import Average, class_averages
from worksheets.reports.class_overview import overview


def pupils(cast: Cast, count: int) -> list[Someone]:
    return [make_someone(cast.course, f"9{n}", f"Pupil {n}", PUPIL) for n in range(count)]


@reported("desk-22")
def test_who_waits_for_a_mark_or_writes_is_no_zero(cast: Cast) -> None:
    assignment = place(cast, attempt_limit=2)
    nothing = class_averages(overview(assignment).rows)
    assert nothing.total == nothing.automatic == Average(None, None, 0)
    six, zero, blank, unmarked, twice = pupils(cast, 5)
    for someone, points in [(six, "6"), (zero, "0")]:
        mark(hand_in(assignment, someone), cast.ruth, q1="2", q2=points)
    # Left blank: a teacher's 0 counts like any other.
    mark(hand_in(assignment, blank, RIGHT), cast.ruth, q1="2", q2="0")
    hand_in(assignment, unmarked)
    save(assignment, cast.amina, EVERYTHING)  # still writing
    for handed_in, points in [(hand_in, "1"), (hand_in_again, "6")]:
        mark(
            handed_in(assignment, twice, {**WRITTEN, "g1": "Manchuria"}),
            cast.ruth,
            q1="2",
            q2=points,
        )
    found = class_averages(overview(assignment).rows)
    # The gaps of five: 4 4 4 4 1, one attempt a pupil.
    assert found.automatic == Average(Decimal("3.4"), Decimal(4), 5)
    # The answers of four, (8 + 2 + 2 + 8) / 4, and with the gaps (12 + 6 + 6 + 9) / 4.
    assert found.by_teacher == Average(Decimal("5.0"), Decimal(10), 4)
    assert found.total == Average(Decimal("8.2"), Decimal(14), 4)


@reported("desk-20")
def test_averages_are_of_marks_as_earned_and_say_so_where_late_work_loses(cast: Cast) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    assignment = place(cast, due_at=yesterday, late_deduction=20)
    mark(hand_in(assignment, cast.amina), cast.ruth, q1="2", q2="6")

    def page() -> str:
        return " ".join(Page(cast.ruth.client.get(cast.ruth.url("class"))).text.split())

    words = "as earned, before anything is taken off late work"
    shown = page()
    assert "12 − 2.4 = 9.6" in shown
    assert f"Average {words}" in shown
    assert class_averages(overview(assignment).rows).total.points == 12
    attempts.give_dates(
        assignment, [cast.amina.user], GivenDates(due_at=timezone.now()), "", by=cast.ruth.user
    )
    shown = page()
    assert words not in shown
    assert "− 2.4" not in shown
