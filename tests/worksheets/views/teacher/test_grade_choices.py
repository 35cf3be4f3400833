"""One decision for all pupils for whom the LMS holds another mark."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from lti_tool import grades
from lti_tool.models import Delivery, LineItem, Membership, Registration
from tests.cast import PUPIL, Cast, make_someone
from tests.worksheets.html import Page
from tests.worksheets.sheets import RIGHT, hand_in, place
from worksheets.models import Assignment
from worksheets.views.teacher import grade_choices

EARLIER = {"theirs_is_earlier": True}
ENTERED_AFTER = {"sent_given": "3", "sent_maximum": "4"}
LOCKED = {"problem": "locked-in-lms"}


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    Registration.objects.update(product="moodle")
    LineItem.objects.update(known_at=datetime(2026, 9, 1, 8, tzinfo=UTC))
    cast.ruth.launch.registration.refresh_from_db()
    return place(cast)


def hold(cast: Cast, assignment: Assignment, count: int, **values: object) -> list[Delivery]:
    """Pupils who have submitted, and for whom Moodle shows 2 out of 4."""
    rows = []
    for _ in range(count):
        number = 900 + Delivery.objects.count()
        someone = make_someone(cast.course, str(number), f"Pupil {number}", PUPIL)
        hand_in(assignment, someone, RIGHT)
        row = Delivery.objects.get(user=someone.user)
        held = {"state": "changed", "theirs_given": "2", "theirs_maximum": "4"}
        Delivery.objects.filter(pk=row.pk).update(**{"problem": "newer-in-lms", **held, **values})
        rows.append(row)
    return rows


def look(cast: Cast) -> Page:
    return Page(cast.ruth.client.get(cast.ruth.url("class")))


def shown(page: Page) -> list[str]:
    """What the forms of the page post for each group of pupils, by its first form."""
    group = r'<section class="notice warning grade-choices".*?name="seen" value="([^"]*)"'
    return re.findall(group, page.html, re.DOTALL)


def decide(cast: Cast, choice: str, seen: str) -> Page:
    posted = {"choice": choice, "seen": seen}
    answer = cast.ruth.client.post(cast.ruth.url("decide-all"), posted)
    assert answer.status_code == 302
    return Page(cast.ruth.client.get(answer["Location"]))


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize(
    ("values", "count", "words"),
    [
        (EARLIER, 1, "Moodle holds another mark for 1 pupil What stands there is from before"),
        (EARLIER, 3, "1 September 2026, 08:00 (UTC), when this activity was first opened"),
        (EARLIER, 3, "also holds for pupils who submit later"),
        ({}, 2, "were there before this tool had sent a mark"),
        ({}, 2, "For pupils who submit later you are asked again."),
        (ENTERED_AFTER, 2, "were entered after this tool had sent its marks"),
        (LOCKED, 2, "Moodle keeps its own marks for 2 pupils"),
    ],
)
def test_a_notice_says_since_when_the_marks_are_there(
    cast: Cast, assignment: Assignment, values: dict[str, object], count: int, words: str
) -> None:
    hold(cast, assignment, count, **values)
    page = look(cast)
    assert words in page.text
    assert "2/4 4/4" in page.text


@pytest.mark.parametrize("values", [{}, ENTERED_AFTER, LOCKED])
def test_one_pupil_is_decided_on_in_the_list(
    cast: Cast, assignment: Assignment, values: dict[str, object]
) -> None:
    hold(cast, assignment, 1, **values)
    assert shown(look(cast)) == []


def test_groups_are_decided_on_apart(cast: Cast, assignment: Assignment) -> None:
    hold(cast, assignment, 2, **EARLIER)
    hold(cast, assignment, 2, **ENTERED_AFTER)
    earlier, after = shown(look(cast))
    page = decide(cast, "replace", earlier)
    assert "2 marks are being sent to the gradebook." in page.text
    assert states() == ["due", "due", "changed", "changed"]
    assert list(Delivery.objects.filter(force=True).values_list("state", flat=True)) == ["due"] * 2
    assert "are replaced by those from here, also when pupils submit later" in page.text
    assert shown(page) == [after]
    page = decide(cast, "keep", after)
    assert "The gradebook keeps 2 marks." in page.text
    assert states() == ["due", "due", "kept", "kept"]


def test_keeping_earlier_marks_can_be_decided_again(cast: Cast, assignment: Assignment) -> None:
    hold(cast, assignment, 3, **EARLIER)
    (seen,) = shown(look(cast))
    page = decide(cast, "keep", seen)
    assert "are kept, also when pupils submit later" in page.text
    assert shown(page) == []
    answer = cast.ruth.client.post(cast.ruth.url("decide-anew"))
    page = Page(cast.ruth.client.get(answer["Location"]))
    assert "You are asked again about marks from before." in page.text
    assert shown(page) == [seen]
    assert grades.earlier_grades(cast.course.link).choice is None


def test_what_has_changed_since_is_said_and_left(cast: Cast, assignment: Assignment) -> None:
    _, second = hold(cast, assignment, 2, **EARLIER)
    (seen,) = shown(look(cast))
    Delivery.objects.filter(pk=second.pk).update(theirs_given="3")
    page = decide(cast, "replace", seen)
    assert "1 mark is being sent to the gradebook. The rest has changed" in page.text
    assert states() == ["due", "changed"]


def test_a_long_list_is_folded_and_decided_on_in_parts(
    cast: Cast, assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(cast, assignment, 7, **EARLIER)
    page = look(cast)
    assert not re.search(r'<details id="marks-[^>]* open', page.html)
    assert "These are the first" not in page.text
    monkeypatch.setattr(grade_choices, "MAX_ROWS", 5)
    page = look(cast)
    assert re.search(r'<details id="marks-[^>]* open', page.html)
    assert "holds other marks for 7 pupils" in page.text
    assert "These are the first 5." in page.text
    assert "Keep the 5 in the gradebook" in page.text
    (seen,) = shown(page)
    decide(cast, "keep", seen)
    assert states().count("kept") == 5


def test_who_has_left_is_not_decided_on(cast: Cast, assignment: Assignment) -> None:
    row, _ = hold(cast, assignment, 2, **EARLIER)
    Membership.objects.filter(user=row.user).update(status="gone")
    assert "another mark for 1 pupil" in look(cast).text


def test_where_everything_has_changed_nothing_is_decided(
    cast: Cast, assignment: Assignment
) -> None:
    hold(cast, assignment, 2, **EARLIER)
    (seen,) = shown(look(cast))
    Delivery.objects.update(theirs_given="3")
    for choice in ("replace", "keep"):
        page = decide(cast, choice, seen)
        assert "Nothing was decided: the marks have changed" in page.text
        assert "0 marks" not in page.text
    assert states() == ["changed", "changed"]


@pytest.mark.parametrize("seen", ["", "x", "1", "1:", "-1:a", "9" * 50 + ":a", "٣:a"])
def test_an_empty_list_is_refused(cast: Cast, assignment: Assignment, seen: str) -> None:
    hold(cast, assignment, 1, **EARLIER)
    posted = {"choice": "keep", "seen": seen}
    assert cast.ruth.client.post(cast.ruth.url("decide-all"), posted).status_code == 400
    assert states() == ["changed"]


def test_an_unknown_choice_is_refused(cast: Cast, assignment: Assignment) -> None:
    hold(cast, assignment, 1, **EARLIER)
    (seen,) = shown(look(cast))
    posted = {"choice": "delete", "seen": seen}
    assert cast.ruth.client.post(cast.ruth.url("decide-all"), posted).status_code == 400
    assert states() == ["changed"]


def test_a_page_that_stays_open_shows_the_notice(cast: Cast, assignment: Assignment) -> None:
    (row,) = hold(cast, assignment, 1, **EARLIER)
    asked = {"waiting": str(row.user_id), "seen": "x", "look": "1"}
    page = Page(cast.ruth.client.get(cast.ruth.url("class-scores"), asked))
    assert '<div id="grade-choices" hx-swap-oob="true">' in page.html
    assert len(shown(page)) == 1
