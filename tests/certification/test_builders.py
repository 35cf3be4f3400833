"""Who builds a course without being its teacher: designers, and administrators of the account.

In Canvas the first bring ContentDeveloper, the second no role in the course at all
(`lib/lti/substitutions_helper.rb`). Over real HTTP.
"""

from __future__ import annotations

import pytest

from lti_tool.models import Membership, Registration
from lti_tool.protocol.refusal import Reason
from lti_tool.protocol.vocabulary import CONTEXT_ROLE, INSTITUTION_ROLE, SYSTEM_ROLE, Claim
from tests.lti_tool.launching import Browser
from tests.lti_tool.refusals import assert_refused
from tests.lti_tool.selecting import deep_linking, review
from tests.platform.launches import PUPIL, Platform

DESIGNER = f"{CONTEXT_ROLE}ContentDeveloper"
ACCOUNT_ADMINISTRATOR = [f"{INSTITUTION_ROLE}Administrator", f"{SYSTEM_ROLE}User"]
Log = pytest.LogCaptureFixture


@pytest.fixture
def counting(platform: Platform) -> Platform:
    """The operator lets the roles of the institution count."""
    Registration.objects.update(takes_institution_roles=True)
    return platform


def test_a_designer_chooses_worksheets(platform: Platform, browser: Browser) -> None:
    answer = browser.launch(platform, {**deep_linking(), Claim.ROLES: [DESIGNER]})
    assert answer.status == 302, answer.text
    assert browser.get(answer.location).status == 200


def test_a_designer_reviews_nobody(platform: Platform, browser: Browser, caplog: Log) -> None:
    answer = browser.launch(platform, review("somebody", DESIGNER))
    assert_refused(answer, caplog, Reason.OTHERS_WORK)


def test_a_pupil_who_designs_too_is_a_pupil(
    platform: Platform, browser: Browser, caplog: Log
) -> None:
    answer = browser.launch(platform, {**deep_linking(), Claim.ROLES: [PUPIL, DESIGNER]})
    assert_refused(answer, caplog, Reason.TEACHERS_ONLY)


def test_an_administrator_of_the_account_reads_what_came_and_what_would_help(
    platform: Platform, browser: Browser, caplog: Log
) -> None:
    answer = browser.launch(platform, {**deep_linking(), Claim.ROLES: ACCOUNT_ADMINISTRATOR})
    assert_refused(answer, caplog, Reason.NO_COURSE_ROLE)
    assert "institution/person#Administrator, system/person#User" in answer.text
    assert "Enrol yourself in the course as a teacher" in answer.text


def test_the_same_in_an_activity(platform: Platform, browser: Browser) -> None:
    answer = browser.launch(platform, {Claim.ROLES: ACCOUNT_ADMINISTRATOR})
    page = browser.get(answer.location).text
    assert "institution/person#Administrator, system/person#User" in page
    assert "enrol yourself in it as a teacher" in page


def test_where_institution_roles_count_they_teach_and_are_never_graded(
    counting: Platform, browser: Browser
) -> None:
    choosing = browser.launch(counting, {**deep_linking(), Claim.ROLES: ACCOUNT_ADMINISTRATOR})
    assert choosing.status == 302, choosing.text
    opened = browser.launch(counting, {Claim.ROLES: ACCOUNT_ADMINISTRATOR})
    assert browser.get(f"{opened.location}worksheets/").status == 200
    roles = Membership.objects.get().course_roles
    assert (roles.is_teacher, roles.is_learner) == (True, False)


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
