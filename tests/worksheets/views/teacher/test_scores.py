"""What a teacher does about scores: send again, keep the LMS's, send ours; what pupils see."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from lti_tool.models import Delivery, Membership, Registration
from tests.cast import PUPIL, Cast, make_someone
from tests.worksheets.html import Page
from tests.worksheets.sheets import GAPS_ONLY, RIGHT, assignment_at, hand_in, place
from worksheets import gradebook
from worksheets.models import Assignment, Attempt

SHOWS = "Moodle shows 2; ours is 4, out of 4. The mark there did not come from this tool."


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    Registration.objects.update(product="moodle")
    cast.ruth.launch.registration.refresh_from_db()
    return place(cast)


@pytest.fixture
def attempt(cast: Cast, assignment: Assignment) -> Attempt:
    """Amina's, which somebody gave another mark in Moodle."""
    made = hand_in(assignment, cast.amina, RIGHT)
    say(cast, state="changed", problem="newer-in-lms", theirs_given="2.00000", theirs_maximum="4")
    say(cast, sent_given="3", sent_maximum="4")
    return made


def say(cast: Cast, **values: object) -> None:
    Delivery.objects.filter(user=cast.amina.user).update(**values)


def state(cast: Cast) -> str:
    return Delivery.objects.get(user=cast.amina.user).state


def look(cast: Cast) -> Page:
    return Page(cast.ruth.client.get(cast.ruth.url("class")))


def press(cast: Cast, name: str, posted: dict[str, str] | None = None, **where: object) -> Page:
    """Press a button of the page that is shown now."""
    statuses = gradebook.statuses_of(assignment_at(cast.course.link), cast.amina.user)
    shown = {"seen": statuses[0].fingerprint} if statuses else {}
    answer = cast.ruth.client.post(cast.ruth.url(name, **where), {**shown, **(posted or {})})
    assert answer.status_code == 302
    return Page(cast.ruth.client.get(answer["Location"]))


# --- changed in the LMS ---


def test_the_class_says_both_marks_and_offers_both(cast: Cast, attempt: Attempt) -> None:
    page = look(cast)
    assert SHOWS in page.text
    assert "Keep Moodle’s mark: Amina Abdullahi" in page.text
    assert "Send ours: Amina Abdullahi" in page.text
    assert "1 not in the gradebook" in page.text
    assert "again" not in page.text  # there is nothing that would be refused the same way


def test_so_does_the_pupils_page(cast: Cast, attempt: Attempt) -> None:
    page = Page(cast.ruth.client.get(cast.ruth.url("attempt", number=attempt.pk)))
    assert SHOWS in page.text
    assert "Keep Moodle’s mark" in page.text
    assert "Send again" not in page.text


def test_the_lmss_mark_is_kept_and_ours_can_still_be_sent(cast: Cast, attempt: Attempt) -> None:
    page = press(cast, "accept-lms-grade", {"class": "1"}, number=attempt.pk)
    assert "The gradebook keeps its own mark." in page.text
    assert "Moodle’s mark stays: 2; ours is 4, out of 4." in page.text
    assert "Keep Moodle’s mark" not in page.text
    assert "not in the gradebook" not in page.text
    assert state(cast) == "kept"
    page = press(cast, "overwrite", {"class": "1"}, number=attempt.pk)
    assert "Our mark is being sent to the gradebook." in page.text
    row = Delivery.objects.get(user=cast.amina.user)
    assert (row.state, row.force) == ("due", True)


def test_the_button_leads_back_to_where_it_was(cast: Cast, attempt: Attempt) -> None:
    url = cast.ruth.url("accept-lms-grade", number=attempt.pk)
    assert "/class/?" in cast.ruth.client.post(url, {"class": "1"})["Location"]
    assert f"/class/{attempt.pk}/?" in cast.ruth.client.post(url)["Location"]


@pytest.mark.parametrize("name", ["accept-lms-grade", "overwrite"])
def test_a_mark_that_has_moved_on_is_left_alone(cast: Cast, attempt: Attempt, name: str) -> None:
    say(cast, state="delivered", problem="", theirs_given=None, theirs_maximum=None)
    page = press(cast, name, number=attempt.pk)
    assert "this mark has changed in the meantime" in page.text
    assert state(cast) == "delivered"


def test_a_review_of_one_submission_leads_back_to_it(cast: Cast, attempt: Attempt) -> None:
    cast.ruth.launch.reviewed = cast.amina.user
    cast.ruth.launch.save()
    url = cast.ruth.url("accept-lms-grade", number=attempt.pk)
    assert f"/class/{attempt.pk}/?" in cast.ruth.client.post(url, {"class": "1"})["Location"]


def test_a_review_of_another_pupil_settles_nothing(cast: Cast, attempt: Attempt) -> None:
    cast.ruth.launch.reviewed = cast.ben.user
    cast.ruth.launch.save()
    for name in ("accept-lms-grade", "overwrite", "send-again"):
        url = cast.ruth.url(name, number=attempt.pk)
        assert cast.ruth.client.post(url).status_code == 404
    assert cast.ruth.client.post(cast.ruth.url("send-all-again")).status_code == 403
    assert state(cast) == "changed"


# --- again ---


def test_all_that_was_not_taken_is_sent_again(
    cast: Cast, assignment: Assignment, attempt: Attempt
) -> None:
    for n, progress in enumerate(["refused", "refused", "delivered"]):
        someone = make_someone(cast.course, f"90{n}", f"Pupil {n}", PUPIL)
        hand_in(assignment, someone, RIGHT)
        problem = "column-gone" if progress == "refused" else ""
        rows = Delivery.objects.filter(user=someone.user)
        rows.update(state=progress, problem=problem)
    assert "Send 2 marks again" in look(cast).text
    page = press(cast, "send-all-again")
    assert "2 marks are being sent again." in page.text
    states = Delivery.objects.order_by("user__sub").values_list("state", flat=True)
    assert list(states) == ["changed", "due", "due", "delivered"]


def test_who_left_is_not_sent_for_again(cast: Cast, attempt: Attempt) -> None:
    say(cast, state="refused", problem="no-pupil")
    Membership.objects.filter(user=cast.amina.user).update(status="gone")
    assert not re.search(r"Send (\d+ marks? )?again", look(cast).text)
    page = press(cast, "send-all-again")
    assert "0 marks are being sent again." in page.text
    assert state(cast) == "refused"


def test_without_any_there_is_no_button(cast: Cast, attempt: Attempt) -> None:
    say(cast, state="delivered", problem="")
    assert "again" not in look(cast).text


# --- the pupil's own ---


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": "due", "problem": ""}, "The gradebook will update shortly."),
        ({"state": "delivered", "problem": ""}, "In the gradebook."),
        (
            {"state": "refused", "problem": "column-gone"},
            "Not accepted by the gradebook. The gradebook column of this activity no longer exists."
            " Your work is safe. Please tell your teacher.",
        ),
        (
            {"state": "changed", "problem": "newer-in-lms"},
            "The gradebook shows a different mark, which was entered there.",
        ),
        (
            {"state": "kept", "problem": ""},
            "Your teacher has kept the mark that was entered in the gradebook.",
        ),
    ],
)
def test_a_pupil_reads_where_the_own_mark_is(
    cast: Cast, attempt: Attempt, values: dict[str, Any], words: str
) -> None:
    say(cast, **values)
    for name in ("home", "score-status"):
        page = Page(cast.amina.client.get(cast.amina.url(name)))
        assert words in page.text
    if values["state"] in {"changed", "kept"}:
        assert "tell your teacher" not in page.text
        assert "Someone" not in page.text


def test_a_page_that_stays_open_asks_more_and_more_seldom(cast: Cast) -> None:
    assignment = place(cast, GAPS_ONLY)
    hand_in(assignment, cast.amina, {"g1": "Manchuria"})
    address, waits = cast.amina.url("score-status"), []
    for _ in range(7):
        page = cast.amina.client.get(address).content.decode()
        asked = re.search(r'hx-get="([^"]+)"\s+hx-trigger="load delay:(\d+)s"', page)
        assert asked
        address = html.unescape(asked[1])
        waits.append(int(asked[2]))
    assert waits == [1, 2, 4, 8, 16, 30, 30]
    for junk in ("x", "-1", "9" * 50, "٣"):
        assert (
            cast.amina.client.get(cast.amina.url("score-status"), {"look": junk}).status_code == 200
        )
