"""Two registrations with one issuer, and the same deployment, courses and people on both.

Whatever is of the one platform carries its mark, so that it is recognised on a page of the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lti_tool.audit import TOOL
from lti_tool.models import ResourceLink, User
from lti_tool.protocol.vocabulary import (
    CONTEXT_ROLE,
    CONTEXT_SUB_ROLE,
    INSTITUTION_ROLE,
    SYSTEM_ROLE,
    Claim,
)
from tests.lti_tool.launching import Answer, Browser, ClientWire
from tests.platform.fake import FakePlatform
from tests.platform.launches import ABSENT, Platform
from worksheets import authoring
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.formats.picture_file import StoredPicture
from worksheets.models import Edition

MARKS, SUBS, COURSES = ["ALPHA", "BETA"], ["1", "2", "3"], ["c1", "c2"]
ADMINISTRATOR = f"{SYSTEM_ROLE}Administrator"
TEACHING = [
    [f"{CONTEXT_ROLE}Instructor"],
    ["Instructor"],
    # Moodle's non-editing teacher, and another LMS's assistant
    [f"{CONTEXT_ROLE}Instructor", f"{CONTEXT_SUB_ROLE}Instructor#TeachingAssistant"],
    [f"{CONTEXT_SUB_ROLE}Instructor#TeachingAssistant"],
    [f"{CONTEXT_ROLE}Learner", f"{CONTEXT_ROLE}Instructor"],
]
LEARNING: list[list[str]] = [
    [f"{CONTEXT_ROLE}Learner"],
    ["Learner"],
    [],
    ["urn:odd:role"],
    [f"{INSTITUTION_ROLE}Instructor", f"{CONTEXT_ROLE}Learner"],
    [ADMINISTRATOR],
]
SECRET = "SECRETOFTEACHERS"
SOURCE = """# {mark} causes

Japan took ___Manchuria___.

![A map](map.png)

1. Why?

??? 4 marks
model: {secret} {mark}
rubric: {secret} {mark}
"""


def name_of(mark: str, sub: str) -> str:
    """No text but this person's name holds it."""
    return f"Person{sub}of{mark}"


@dataclass(frozen=True)
class Held:
    """A page that somebody has open, and whose it is."""

    home: str
    mark: str
    sub: str
    course: str
    browser: Browser
    is_picker: bool = False

    def ask(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        browser: Browser | None = None,
    ) -> Answer:
        """An address below the page, in the browser that opened it or another one."""
        return (browser or self.browser).send(method, f"{self.home}{path}", form)


class TwoPlatforms:
    """``prepare`` gives both a worksheet in each course, and a pupil's work on it.

    It is placed at the course's link, and has been chosen for another that is yet to be made.
    """

    def __init__(self, lms: FakePlatform) -> None:
        self.platforms = {mark: Platform(lms, client_id=f"client-{mark}") for mark in MARKS}
        lms.keys.publish(*(platform.key for platform in self.platforms.values()))

    def launch(
        self,
        mark: str,
        sub: str,
        course: str,
        roles: list[str],
        changes: Mapping[Any, object] | None = None,
    ) -> tuple[Answer, Browser]:
        """A launch of the course's link in a browser of its own, whatever comes of it."""
        claims: dict[str | tuple[str, ...], object] = {
            "sub": sub,
            "name": name_of(mark, sub),
            "given_name": name_of(mark, sub),
            "family_name": ABSENT,
            Claim.ROLES.value: roles,
            Claim.NRPS_SERVICE.value: ABSENT,
            Claim.CONTEXT.value: {"id": course, "title": f"{mark} course {course}"},
            Claim.RESOURCE_LINK.value: {"id": f"link-{course}", "title": f"{mark} link"},
            **(changes or {}),
        }
        browser, platform = Browser(ClientWire()), self.platforms[mark]
        begun = browser.send("POST", "/lti/login/", platform.login_form())
        if begun.status != 302:
            return begun, browser
        return browser.launch(platform, claims), browser

    def open(self, mark: str, sub: str, course: str, roles: list[str]) -> Held:
        """A launch that must be accepted."""
        answer, browser = self.launch(mark, sub, course, roles)
        assert answer.status == 302, answer.text
        return held(answer, mark, sub, course, browser)

    def prepare(self) -> list[Held]:
        """The pages of the teachers and pupils who have been there."""
        pages = []
        for mark in MARKS:
            for course in COURSES:
                teacher = self.open(mark, "1", course, TEACHING[0])
                edition = self._place(mark, course)
                pupil = self.open(mark, "2", course, LEARNING[0])
                form = {"edition": str(edition.pk), "g1": "Manchuria", "q1": f"Said by {mark}"}
                assert pupil.ask("POST", "answers/", form).status == 302
                pages += [teacher, pupil]
        return pages

    def _place(self, mark: str, course: str) -> Edition:
        registration = self.platforms[mark].registration
        author = User.objects.get(registration=registration, sub="1")
        worksheet = authoring.create(author, SOURCE.format(mark=mark, secret=SECRET))
        authoring.add_picture(worksheet, "map.png", StoredPicture(mark.encode(), "image/png", 1, 1))
        link = ResourceLink.objects.get(
            deployment__registration=registration, lti_id=f"link-{course}"
        )
        edition = authoring.publish(worksheet)
        assigning.assign(link, edition, AssignmentRules(), by=TOOL)
        assigning.assign_pending(link.context, edition, AssignmentRules(), by=TOOL)
        return edition


def held(answer: Answer, mark: str, sub: str, course: str, browser: Browser) -> Held:
    """The page that an accepted launch opened."""
    return Held("/".join(answer.location.split("/")[:3]) + "/", mark, sub, course, browser)
