"""A pupil is removed from the course while a page is open, seen from outside: real HTTP."""

from __future__ import annotations

import json

import pytest
from pytest_django.live_server_helper import LiveServer

from lti_tool.audit import TOOL
from lti_tool.models import Context, ResourceLink, StoredLaunch, User
from lti_tool.protocol.vocabulary import Claim
from tests.certification.two_platforms import ADMINISTRATOR
from tests.lti_tool.launching import Answer, Browser, HttpWire
from tests.lti_tool.rosters import FAULTY, page, person
from tests.platform.launches import PUPIL, TEACHER, Changes, Platform
from tests.worksheets.sheets import GAPS_ONLY, publish
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.models import Answer as SavedAnswer

RUTH, AMINA, BEN = person("10", "Instructor"), person("101"), person("102")


class Lesson:
    """Ruth, Amina and Ben have the activity open; its worksheet has two gaps."""

    def __init__(self, platform: Platform, wire: HttpWire) -> None:
        self.platform, self.wire = platform, wire
        self.ruth, self.ruths = self.open("10", TEACHER)
        edition = publish(User.objects.get(sub="10"), GAPS_ONLY)
        assigning.assign(ResourceLink.objects.get(), edition, AssignmentRules(), by=TOOL)
        self.edition = str(edition.pk)

    def open(self, sub: str, *roles: str) -> tuple[Browser, str]:
        """A launch in a browser of its own, and the address that it led to."""
        changes: Changes = {"sub": sub, Claim.ROLES.value: list(roles or [PUPIL])}
        browser = Browser(self.wire)
        answer = browser.launch(self.platform, changes)
        assert answer.status == 302, answer.text
        return browser, answer.location

    def read(self, *members: object) -> None:
        """Ruth presses 'Refresh the class list', some time after the last reading."""
        Context.objects.update(roster_tried_at=None)
        self.platform.lms.fail(FAULTY, page(*members))
        assert self.ruth.send("POST", f"{self.ruths}class/roster/").status == 302

    def save(self, browser: Browser, address: str, word: str) -> Answer:
        """What the script of a pupil's page sends."""
        body = json.dumps({"edition": self.edition, "attempt": "1", "g1": word})
        headers = {"Content-Type": "application/json"}
        return browser.send("POST", f"{address}answers/", body=body, headers=headers)


@pytest.fixture
def lesson(platform: Platform, live_server: LiveServer) -> Lesson:
    return Lesson(platform, HttpWire(live_server.url))


def test_a_pupil_who_was_removed_goes_back_to_the_course(lesson: Lesson) -> None:
    ben, address = lesson.open("102")
    amina, aminas = lesson.open("101")
    lesson.read(RUTH, AMINA, BEN)
    assert ben.get(address).status == 200
    lesson.read(RUTH, AMINA)
    # Nothing else that is posted uses that up.
    assert ben.send("POST", f"{address}time-zone/", {"zone": "UTC"}).status == 403
    StoredLaunch.objects.filter(last_saved_at__isnull=False).update(
        last_saved_at="2020-01-01T00:00Z"
    )
    # What was on its way is taken, once.
    saved = lesson.save(ben, address, "Korea")
    assert saved.status == 403
    assert json.loads(saved.text)["saved"]
    assert SavedAnswer.objects.get(item="g1").text == "Korea"
    for path in ("", "submit/", "answers/", "receipt/", "attempts/1/"):
        answer = ben.get(address + path)
        assert answer.status == 403, path
        assert "This page has closed" in answer.text
    assert 'href="https://lms.example/return?id=1"' in ben.get(address).text
    assert amina.get(aminas).status == 200
    again, new = lesson.open("102")
    assert again.get(new).status == 200
    assert ben.get(address).status == 200  # in the course again


def test_a_teacher_who_was_removed_loses_the_class(lesson: Lesson) -> None:
    other, others = lesson.open("11", TEACHER)
    lesson.read(RUTH, person("11", "Instructor"), AMINA)
    assert other.get(f"{others}class/").status == 200
    lesson.read(RUTH, AMINA)
    for path in ("", "class/", "worksheets/", "jobs/1/"):
        assert other.get(others + path).status == 403
    assert other.send("POST", f"{others}class/release/").status == 403


def test_whoever_reads_of_their_own_removal_is_shown_no_class(lesson: Lesson) -> None:
    lesson.read(RUTH, AMINA)
    Context.objects.update(roster_tried_at=None)
    lesson.platform.lms.fail(FAULTY, page(AMINA))
    answer = lesson.ruth.send(
        "POST", f"{lesson.ruths}class/roster/", headers={"HX-Request": "true"}
    )
    assert (answer.status, answer.headers["hx-refresh"]) == (403, "true")


def test_whom_no_roster_has_listed_stays(lesson: Lesson) -> None:
    """An administrator who is not enrolled, and a pupil of a section that is left out."""
    admin, admins = lesson.open("1", TEACHER, ADMINISTRATOR)
    otis, address = lesson.open("201")
    lesson.read(RUTH, AMINA)
    lesson.read(RUTH)
    assert admin.get(f"{admins}class/").status == 200
    assert otis.get(address).status == 200
