"""Who builds a course without being its teacher: designers, and administrators of the account.

In Canvas the first bring ContentDeveloper, the second no role in the course at all
(`lib/lti/substitutions_helper.rb`). Over real HTTP.
"""

from __future__ import annotations

import re

import pytest

from lti_tool.audit import TOOL
from lti_tool.models import Delivery, Membership, Registration, ResourceLink, User
from lti_tool.protocol.refusal import Reason
from lti_tool.protocol.roles import short_names
from lti_tool.protocol.vocabulary import CONTEXT_ROLE, INSTITUTION_ROLE, SYSTEM_ROLE, Claim
from lti_tool.services.errors import DeliveryProblem
from tests.lti_tool.delivering import deliver_due
from tests.lti_tool.launching import Browser
from tests.lti_tool.refusals import assert_refused
from tests.lti_tool.selecting import deep_linking, review
from tests.platform.launches import PUPIL, TEACHER, Platform
from tests.reported import reported
from tests.worksheets.sheets import publish
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.models import Assignment, Feedback

DESIGNER = f"{CONTEXT_ROLE}ContentDeveloper"
# Open edX's instructor and staff (LTI_1P3_ROLE_MAP in lti_consumer/lti_1p3/constants.py).
EDX_INSTRUCTOR = [f"{INSTITUTION_ROLE}Instructor"]
EDX_STAFF = [f"{SYSTEM_ROLE}Administrator", f"{INSTITUTION_ROLE}Instructor"]
CANVAS_DESIGNER = [f"{INSTITUTION_ROLE}Instructor", DESIGNER, f"{SYSTEM_ROLE}User"]
ACCOUNT_ADMINISTRATOR = [f"{INSTITUTION_ROLE}Administrator", f"{SYSTEM_ROLE}User"]
Log = pytest.LogCaptureFixture


@pytest.fixture
def counting(platform: Platform) -> Platform:
    """The operator lets the roles of the institution count."""
    Registration.objects.update(takes_institution_roles=True)
    return platform


@reported("lti-04e")
@pytest.mark.parametrize("roles", [[DESIGNER], CANVAS_DESIGNER])
def test_a_designer_chooses_worksheets_and_sees_nobodys_work(
    platform: Platform, browser: Browser, roles: list[str]
) -> None:
    answer = browser.launch(platform, {**deep_linking(), Claim.ROLES: roles})
    assert answer.status == 302, answer.text
    assert browser.get(answer.location).status == 200
    opened = browser.launch(platform, {Claim.ROLES: roles}).location
    assert browser.get(f"{opened}worksheets/").status == 200
    assert browser.get(f"{opened}class/").status == 403
    roles_here = Membership.objects.get().course_roles
    assert (roles_here.is_teacher, roles_here.is_learner) == (False, False)


def test_a_designer_reviews_nobody(platform: Platform, browser: Browser, caplog: Log) -> None:
    answer = browser.launch(platform, review("somebody", DESIGNER))
    assert_refused(answer, caplog, Reason.OTHERS_WORK)


def test_a_pupil_who_designs_too_is_a_pupil(
    platform: Platform, browser: Browser, caplog: Log
) -> None:
    answer = browser.launch(platform, {**deep_linking(), Claim.ROLES: [PUPIL, DESIGNER]})
    assert_refused(answer, caplog, Reason.TEACHERS_ONLY)


@reported("lti-04f")
@pytest.mark.parametrize("roles", [ACCOUNT_ADMINISTRATOR, EDX_INSTRUCTOR, EDX_STAFF])
def test_an_administrator_of_the_account_reads_what_came_and_what_would_help(
    platform: Platform, browser: Browser, caplog: Log, roles: list[str]
) -> None:
    answer = browser.launch(platform, {**deep_linking(), Claim.ROLES: roles})
    assert_refused(answer, caplog, Reason.NO_COURSE_ROLE)
    assert short_names(sorted(roles)) in answer.text
    assert "Enrol yourself in the course as a teacher" in answer.text


@pytest.mark.parametrize("roles", [ACCOUNT_ADMINISTRATOR, EDX_INSTRUCTOR, EDX_STAFF])
def test_the_same_in_an_activity(platform: Platform, browser: Browser, roles: list[str]) -> None:
    opened = browser.launch(platform, {Claim.ROLES: roles})
    page = browser.get(opened.location).text
    assert short_names(sorted(roles)) in page
    assert "enrol yourself in it as a teacher" in page


@pytest.mark.parametrize("roles", [[PUPIL], [], [PUPIL, *EDX_INSTRUCTOR]])
def test_a_pupil_reads_nothing_of_roles(
    platform: Platform, browser: Browser, roles: list[str]
) -> None:
    opened = browser.launch(platform, {Claim.ROLES: roles})
    assert "enrol yourself" not in browser.get(opened.location).text


@pytest.mark.parametrize(
    "roles",
    [
        ACCOUNT_ADMINISTRATOR,
        pytest.param(EDX_INSTRUCTOR, marks=reported("lti-04a")),
        pytest.param(EDX_STAFF, marks=reported("lti-04b")),
        [f"{INSTITUTION_ROLE}Faculty"],
    ],
)
def test_where_institution_roles_count_they_teach_and_are_never_graded(
    counting: Platform, browser: Browser, roles: list[str]
) -> None:
    choosing = browser.launch(counting, {**deep_linking(), Claim.ROLES: roles})
    assert choosing.status == 302, choosing.text
    opened = browser.launch(counting, {Claim.ROLES: roles})
    assert browser.get(f"{opened.location}worksheets/").status == 200
    roles_here = Membership.objects.get().course_roles
    assert (roles_here.is_teacher, roles_here.is_learner) == (True, False)


@pytest.fixture
def activity(platform: Platform, browser: Browser) -> Assignment:
    """A worksheet at the link that a launch names, placed by a teacher."""
    browser.launch(platform, {Claim.ROLES: [TEACHER], "sub": "teacher"})
    edition = publish(User.objects.get(sub="teacher"))
    rules = AssignmentRules(Feedback.CORRECTNESS)
    return assigning.assign(ResourceLink.objects.get(), edition, rules, by=TOOL)


def hand_in(browser: Browser, platform: Platform, roles: list[str]) -> None:
    home = browser.launch(platform, {Claim.ROLES: roles}).location
    shown = browser.get(home).text
    form = {**dict(re.findall(r'name="(edition|attempt)" value="(\d+)"', shown)), "g1": "x"}
    assert browser.send("POST", f"{home}submit/", form).status == 302


@reported("lti-04d")
@pytest.mark.usefixtures("activity")
@pytest.mark.parametrize("roles", [ACCOUNT_ADMINISTRATOR, EDX_INSTRUCTOR, EDX_STAFF])
def test_no_score_for_somebody_with_a_role_of_the_institution_alone(
    platform: Platform, browser: Browser, roles: list[str]
) -> None:
    hand_in(browser, platform, roles)
    deliver_due()
    assert not Delivery.objects.exists()
    assert platform.lms.scores == []


@pytest.mark.usefixtures("activity")
@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize("roles", [ACCOUNT_ADMINISTRATOR, EDX_INSTRUCTOR])
def test_no_score_that_was_queued_before(
    platform: Platform, browser: Browser, roles: list[str], counts: bool
) -> None:
    hand_in(browser, platform, [PUPIL])
    Registration.objects.update(takes_institution_roles=counts)
    browser.launch(platform, {Claim.ROLES: roles})
    assert deliver_due() == 1
    assert Delivery.objects.get().problem == DeliveryProblem.NO_PUPIL
    assert platform.lms.scores == []


@pytest.mark.parametrize(
    "roles",
    [
        [*ACCOUNT_ADMINISTRATOR, PUPIL],
        [f"{INSTITUTION_ROLE}Student"],
        [f"{INSTITUTION_ROLE}Instructor", f"{INSTITUTION_ROLE}Student"],
        [f"{INSTITUTION_ROLE}Staff"],
        [f"{SYSTEM_ROLE}User"],
        [],
    ],
)
def test_a_role_in_the_course_goes_before_them(
    counting: Platform, browser: Browser, roles: list[str]
) -> None:
    opened = browser.launch(counting, {Claim.ROLES: roles})
    assert browser.get(f"{opened.location}worksheets/").status == 403
    assert Membership.objects.get().roles == sorted(roles)
