"""What a teacher writes into the custom values of a link gives nobody a colleague's worksheet.

Over real HTTP: every address below the visit is looked at for what is hidden in it.
"""

from __future__ import annotations

import re

import pytest
from pytest_django.live_server_helper import LiveServer

from lti_tool.audit import TOOL
from lti_tool.models import ResourceLink, User
from lti_tool.protocol.vocabulary import Claim
from tests.lti_tool.launching import Answer, Browser, HttpWire
from tests.lti_tool.rosters import FAULTY, page, person
from tests.platform.launches import TEACHER, Changes, Platform
from worksheets import authoring
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.formats.picture_file import StoredPicture
from worksheets.models import Assignment, CopyRequest, Edition

SECRETS = ("Manchuria", "MODELANSWER")
SOURCE = """# Causes

Japan took ___Manchuria___.

1. Why?

??? 4 marks
model: MODELANSWER
"""
HISTORIES = {
    "by the link": {"link_history": "link-1"},
    "by the course": {"context_history": "course-1"},
    "by both": {"link_history": "link-1", "context_history": "course-1"},
    "by the key": {},  # see below
}


def launched(course: str, sub: str, *roles: str, custom: dict[str, str] | None = None) -> Changes:
    return {
        "sub": sub,
        "name": f"Person {sub}",
        Claim.ROLES.value: list(roles),
        Claim.CONTEXT.value: {"id": course, "title": f"History of {course}"},
        Claim.RESOURCE_LINK.value: {
            "id": course.replace("course", "link"),
            "title": "Causes of the war",
        },
        Claim.CUSTOM.value: custom or {},
    }


class School:
    """Ruth's course with her worksheet, and whoever opens a link in another one."""

    def __init__(self, platform: Platform, wire: HttpWire) -> None:
        self.platform, self.wire = platform, wire
        self.ruth, self.ruths = self.open(launched("course-1", "ruth", TEACHER))
        author = User.objects.get(sub="ruth")
        worksheet = authoring.create(author, SOURCE)
        picture = StoredPicture(b"the solution", "image/png", 1, 1)
        authoring.add_picture(worksheet, "solution.png", picture)
        self.edition: Edition = authoring.publish(worksheet)
        link = ResourceLink.objects.get()
        assigning.assign(link, self.edition, AssignmentRules(), by=TOOL)
        pending = assigning.assign_pending(link.context, self.edition, AssignmentRules(), by=TOOL)
        self.key = {"worksheet": str(pending.pk)}

    def open(self, changes: Changes) -> tuple[Browser, str]:
        browser = Browser(self.wire)
        answer = browser.launch(self.platform, changes)
        assert answer.status == 302, answer.text
        return browser, answer.location

    def everything(self, browser: Browser, home: str) -> list[Answer]:
        worksheet, edition = self.edition.worksheet_id, self.edition.pk
        paths = [
            *("", "class/", "worksheets/", "answers/", "submit/"),
            *(f"worksheets/{worksheet}/", f"worksheets/{worksheet}/try/"),
            *(f"worksheets/{worksheet}/look/", f"editions/{edition}/place/"),
            f"pictures/{worksheet}/solution.png",
        ]
        posted = browser.send("POST", f"{home}worksheets/{worksheet}/preview/", {"source": "x"})
        return [posted, *(browser.get(home + path) for path in paths)]


@pytest.fixture
def school(platform: Platform, live_server: LiveServer) -> School:
    return School(platform, HttpWire(live_server.url))


def assert_nothing_of_hers(answers: list[Answer]) -> None:
    for answer in answers:
        assert not any(secret in answer.text for secret in SECRETS)
        assert "the solution" not in answer.text
    assert Assignment.objects.count() == 1


@pytest.mark.parametrize("way", HISTORIES)
def test_a_teacher_of_another_course_gets_nothing(school: School, way: str) -> None:
    custom = HISTORIES[way] or school.key
    mallory, home = school.open(launched("course-2", "mallory", TEACHER, custom=custom))
    assert_nothing_of_hers(school.everything(mallory, home))
    text = mallory.get(home).text
    assert "seems to be a copy of one with a worksheet by Person ruth" in text
    pupil, pupils = school.open(launched("course-2", "pupil", "Learner", custom=custom))
    assert_nothing_of_hers(school.everything(pupil, pupils))
    assert "Not ready yet" in pupil.get(pupils).text


@pytest.mark.parametrize("way", HISTORIES)
def test_a_real_copy_goes_on_as_it_did(school: School, way: str) -> None:
    custom = HISTORIES[way] or school.key
    ruth, home = school.open(launched("course-2", "ruth", TEACHER, custom=custom))
    assert "Causes" in ruth.get(f"{home}class/").text
    assert Assignment.objects.count() == 2


def test_a_pupil_may_open_it_first_once_the_teacher_was_in_the_course(school: School) -> None:
    school.open(launched("course-2", "ruth", TEACHER))  # at whatever link
    custom = {"link_history": "link-1"}
    changes = launched("course-2", "pupil", "Learner", custom=custom)
    pupil, home = school.open({**changes, Claim.RESOURCE_LINK.value: {"id": "link-20"}})
    assert "Japan took" in pupil.get(home).text


def test_the_author_is_asked_and_allows_it(school: School) -> None:
    custom = {"link_history": "link-1"}
    tessa, home = school.open(launched("course-2", "tessa", TEACHER, custom=custom))
    assert "Ask Person ruth" in tessa.get(home).text
    assert tessa.send("POST", f"{home}copy/").status == 302
    assert "Asked on" in tessa.get(home).text
    request = CopyRequest.objects.get()
    # Neither the one who asks nor a pupil may answer.
    for browser, address in [(tessa, home), school.open(launched("course-1", "amina", "Learner"))]:
        answer = browser.send("POST", f"{address}copies/{request.pk}/", {"allow": "1"})
        assert answer.status in {403, 404}
    assert_nothing_of_hers(school.everything(tessa, home))
    library = school.ruth.get(f"{school.ruths}worksheets/").text
    assert re.search(r"History of course-2 asks to use your worksheet “Causes”", library)
    assert "Person tessa" in library
    assert "asks to use a worksheet of yours" in school.ruth.get(f"{school.ruths}class/").text
    refused = school.ruth.send("POST", f"{school.ruths}copies/{request.pk}/", {"refuse": "1"})
    assert refused.status == 302
    assert "Person ruth refused on" in tessa.get(home).text
    allowed = school.ruth.send("POST", f"{school.ruths}copies/{request.pk}/", {"allow": "1"})
    assert allowed.status == 302
    assert "Causes" in tessa.get(f"{home}class/").text
    assert Assignment.objects.count() == 2


@pytest.mark.parametrize("others", [[], ["mallory"]])
def test_the_class_list_says_who_teaches_a_copy_that_a_pupil_opens_first(
    school: School, others: list[str]
) -> None:
    """It is believed where it brings nobody who could not read the worksheet before."""
    teachers = [person(sub, "Instructor") for sub in ("ruth", *others)]
    school.platform.lms.fail(FAULTY, page(*teachers, person("pupil")))
    custom = {"link_history": "link-1"}
    pupil, home = school.open(launched("course-2", "pupil", "Learner", custom=custom))
    text = pupil.get(home).text
    assert ("Not ready yet" in text) == bool(others)
    assert Assignment.objects.count() == (1 if others else 2)
