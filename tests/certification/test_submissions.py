"""Submissions that Canvas opens by the address that came with a score, over real HTTP.

Canvas launches that address with the course's id in place of the link's, without the link's custom
values and without a line item (`lib/lti/messages/resource_link_request.rb`, canvas-lms #1952).
"""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from lti_tool.models import LineItem, ResourceLink, StoredLaunch, User
from lti_tool.protocol.refusal import Reason
from lti_tool.protocol.vocabulary import Claim
from tests.lti_tool.launching import Answer, Browser
from tests.lti_tool.refusals import logged_reasons
from tests.platform.launches import ABSENT, PUPIL, TEACHER, Changes, Platform
from tests.worksheets.sheets import WRITTEN, publish
from worksheets.models import Assignment

Log = pytest.LogCaptureFixture
COURSE, LINK, MENU_LINK = "course-1", "link-1", "course-1"
UNEXPANDED = "$Canvas.assignment.id"
WORDS, OTHER_WORDS = "WORDS AT THE ASSIGNMENT", "WORDS IN THE COURSE MENU"


def link(link_id: str = LINK, course: str = COURSE, assignment: str = UNEXPANDED) -> Changes:
    """A launch of a link by its own page."""
    return {
        (Claim.RESOURCE_LINK, "id"): link_id,
        (Claim.CONTEXT, "id"): course,
        Claim.CUSTOM: {"canvas_assignment": assignment},
    }


def submission(
    sub: str,
    at: str = "",
    *,
    course: str = COURSE,
    assignment: str = UNEXPANDED,
    role: str = TEACHER,
) -> Changes:
    """A launch from SpeedGrader, by a teacher unless another role is given."""
    query = {"submission_of": sub} | ({"submission_at": at} if at else {})
    return {
        "sub": "the-reviewer",
        Claim.ROLES: [role],
        Claim.TARGET_LINK_URI: f"http://localhost:8001/lti/launch/?{urlencode(query)}",
        (Claim.CONTEXT, "id"): course,
        Claim.RESOURCE_LINK: {"id": course, "title": "History 9"},
        Claim.CUSTOM: {"canvas_assignment": assignment},
        (Claim.AGS_ENDPOINT, "lineitem"): ABSENT,
    }


def place_and_answer(browser: Browser, platform: Platform, words: str, launch: Changes) -> None:
    """Place a worksheet at a link, and let the pupil 'amina' write something there."""
    page = browser.launch(platform, {**launch, "sub": "amina"}).location
    stored = StoredLaunch.objects.latest("created_at")
    author, _made = User.objects.get_or_create(registration=stored.registration, sub="author")
    assert stored.link is not None
    assignment = Assignment.objects.create(link=stored.link, edition=publish(author))
    form = {**WRITTEN, "q1": words, "edition": str(assignment.edition_id)}
    assert browser.send("POST", f"{page}answers/", form).status == 302


def shown(browser: Browser, answer: Answer) -> str:
    """The text of the page to which a launch leads."""
    assert answer.status == 302, answer.text
    page = browser.get(answer.location)
    while page.status == 302:
        page = browser.get(page.location)
    assert page.status == 200
    return page.text


@pytest.fixture
def answered(platform: Platform, browser: Browser) -> Platform:
    """A worksheet at an assignment, and one in the course menu, whose link has the course's id."""
    place_and_answer(browser, platform, WORDS, link(assignment="70"))
    place_and_answer(browser, platform, OTHER_WORDS, link(MENU_LINK))
    return platform


def test_a_teacher_sees_the_work_at_the_assignment(answered: Platform, browser: Browser) -> None:
    columns = list(LineItem.objects.order_by("pk").values())
    page = shown(browser, browser.launch(answered, submission("amina", LINK)))
    assert WORDS in page
    assert OTHER_WORDS not in page
    link_row = ResourceLink.objects.get(lti_id=LINK)
    assert (link_row.title, link_row.lms_assignment) == ("Causes of the war", "70")
    assert list(LineItem.objects.order_by("pk").values()) == columns
    assert ResourceLink.objects.count() == 2


def test_a_worksheet_in_the_course_menu_has_submissions_of_its_own(
    answered: Platform, browser: Browser
) -> None:
    page = shown(browser, browser.launch(answered, submission("amina", MENU_LINK)))
    assert OTHER_WORDS in page
    assert WORDS not in page


def test_an_older_address_finds_it_by_the_assignment(answered: Platform, browser: Browser) -> None:
    """Scores that were sent before name the pupil alone."""
    page = shown(browser, browser.launch(answered, submission("amina", assignment="70")))
    assert WORDS in page
    assert OTHER_WORDS not in page


@pytest.mark.parametrize("assignment", [UNEXPANDED, "71", ""])
def test_an_older_address_of_another_assignment_shows_nobodys_work(
    answered: Platform, browser: Browser, caplog: Log, assignment: str
) -> None:
    answer = browser.launch(answered, submission("amina", assignment=assignment))
    assert_unknown(answer, caplog)
    assert "Open the assignment in your course once" in answer.text


def test_a_pupil_sees_their_own(answered: Platform, browser: Browser, caplog: Log) -> None:
    own = {**submission("amina", LINK, role=PUPIL), "sub": "amina"}
    page = shown(browser, browser.launch(answered, own))
    assert WORDS in page
    assert OTHER_WORDS not in page
    others = browser.launch(answered, {**submission("amina", LINK, role=PUPIL), "sub": "ben"})
    assert others.status == 403
    assert [reason for _, reason in logged_reasons(caplog)] == [Reason.OTHERS_WORK]


def test_a_link_of_another_course_is_refused(
    answered: Platform, browser: Browser, caplog: Log
) -> None:
    """Whoever teaches one course cannot bring a link of another one into it."""
    before = list(ResourceLink.objects.order_by("pk").values())
    answer = browser.launch(answered, submission("amina", LINK, course="course-2", assignment="70"))
    assert_unknown(answer, caplog)
    assert list(ResourceLink.objects.order_by("pk").values()) == before


def test_a_strangers_link_is_refused(
    answered: Platform, other_platform: Platform, browser: Browser, caplog: Log
) -> None:
    assert_unknown(browser.launch(answered, submission("amina", "invented")), caplog)
    caplog.clear()
    assert_unknown(browser.launch(other_platform, submission("amina", LINK)), caplog)
    assert ResourceLink.objects.count() == 2


def test_an_odd_id_is_refused(answered: Platform, browser: Browser, caplog: Log) -> None:
    for odd in ("x" * 256, "\0"):
        assert browser.launch(answered, submission("amina", odd)).status == 400
    assert {reason for _, reason in logged_reasons(caplog)} == {Reason.CLAIM_MALFORMED}


def assert_unknown(answer: Answer, caplog: Log) -> None:
    assert answer.status == 403, answer.text
    assert [reason for _, reason in logged_reasons(caplog)] == [Reason.SUBMISSION_UNKNOWN]
    assert WORDS not in answer.text
    assert OTHER_WORDS not in answer.text
