"""From the LMS's gradebook to one pupil's answers, and to nobody else's."""

from __future__ import annotations

import pytest

from lti_tool.models import StoredLaunch
from lti_tool.protocol.vocabulary import MessageType
from tests.cast import Cast, Someone, open_again
from tests.worksheets.sheets import RULES, assignment_at, hand_in, hand_in_again, place, save
from worksheets import attempts
from worksheets.models import Attempt


def reviewing(cast: Cast, reviewer: Someone, pupil: Someone) -> Someone:
    opened = open_again(cast.course, reviewer.membership)
    StoredLaunch.objects.filter(pk=opened.launch.pk).update(
        message=MessageType.SUBMISSION_REVIEW, reviewed=pupil.user
    )
    return opened


@pytest.fixture
def amina_and_ben(cast: Cast) -> tuple[Attempt, Attempt]:
    assignment = place(cast)
    return hand_in(assignment, cast.amina), hand_in(assignment, cast.ben)


@pytest.mark.usefixtures("amina_and_ben")
def test_a_teacher_lands_on_this_pupils_answers(cast: Cast) -> None:
    visit = reviewing(cast, cast.ruth, cast.amina)
    page = visit.client.get(visit.url("home"), follow=True)
    assert page.status_code == 200
    assert "Amina Abdullahi" in page.text
    assert "Save marks" in page.text
    assert "All pupils" not in page.text


def test_nobody_elses_work_opens(cast: Cast, amina_and_ben: tuple[Attempt, Attempt]) -> None:
    amina, ben = amina_and_ben
    visit = reviewing(cast, cast.ruth, cast.amina)
    assert visit.client.get(visit.url("attempt", number=amina.pk)).status_code == 200
    assert visit.client.get(visit.url("attempt", number=ben.pk)).status_code == 404
    assert visit.client.post(visit.url("release", number=ben.pk)).status_code == 404
    for name in ("class", "release-all", "roster"):
        answer = visit.client.post(visit.url(name)) if name != "class" else None
        answer = answer or visit.client.get(visit.url(name))
        assert answer.status_code == 403
        assert b"Ben Ashworth" not in answer.content


@pytest.mark.usefixtures("amina_and_ben")
def test_the_rules_of_the_class_are_not_changed_from_there(cast: Cast) -> None:
    visit = reviewing(cast, cast.ruth, cast.amina)
    placed = assignment_at(cast.course.link)
    url = visit.url("assign", number=placed.edition_id)
    assert visit.client.get(url).status_code == 403
    posted = {**RULES, "feedback": "score"}
    assert visit.client.post(url, posted).status_code == 403
    assert assignment_at(cast.course.link).feedback == placed.feedback


def test_after_marking_the_same_pupil_is_shown(
    cast: Cast, amina_and_ben: tuple[Attempt, Attempt]
) -> None:
    amina, _ben = amina_and_ben
    visit = reviewing(cast, cast.ruth, cast.amina)
    form = {"q1-points": "1", "q1-comment": "", "next": "1"}
    marked = visit.client.post(visit.url("attempt", number=amina.pk), form, follow=True)
    assert "Amina Abdullahi" in marked.text
    returned = visit.client.post(visit.url("reopen", number=amina.pk), follow=True)
    assert "Amina Abdullahi" in returned.text


def test_who_wrote_nothing_is_said_so(cast: Cast) -> None:
    place(cast)
    visit = reviewing(cast, cast.ruth, cast.amina)
    page = visit.client.get(visit.url("home"))
    assert "has not written anything" in page.text


@pytest.mark.usefixtures("amina_and_ben")
def test_a_pupil_sees_their_own(cast: Cast) -> None:
    visit = reviewing(cast, cast.amina, cast.amina)
    page = visit.client.get(visit.url("home"))
    assert "Submitted" in page.text
    assert "Save marks" not in page.text


def test_of_several_attempts_the_one_that_counts_is_shown(cast: Cast) -> None:
    assignment = place(cast, attempt_limit=3)
    first = hand_in(assignment, cast.amina)
    second = hand_in_again(assignment, cast.amina, {"g1": "Bavaria"})
    attempts.begin_again(assignment, cast.amina.user)
    visit = reviewing(cast, cast.ruth, cast.amina)
    page = visit.client.get(visit.url("home"), follow=True)
    assert page.redirect_chain[-1][0] == visit.url("attempt", number=first.pk)
    assert "This one counts." in page.text
    assert visit.url("attempt", number=second.pk) in page.text
    assert visit.client.get(visit.url("attempt", number=second.pk)).status_code == 200


def test_what_is_being_written_can_be_looked_at(cast: Cast) -> None:
    attempt = save(place(cast), cast.amina, {"g1": "Bavaria"})
    visit = reviewing(cast, cast.ruth, cast.amina)
    page = visit.client.get(visit.url("home"), follow=True)
    assert page.redirect_chain[-1][0] == visit.url("attempt", number=attempt.pk)
