"""Roles are what the last launch said, in this course, on this platform. Over real HTTP."""

from __future__ import annotations

import pytest

from lti_tool.models import Membership, User
from lti_tool.protocol.vocabulary import CONTEXT_ROLE, CONTEXT_SUB_ROLE, INSTITUTION_ROLE, Claim
from tests.lti_tool.launching import Browser
from tests.platform.launches import PUPIL, TEACHER, Changes, Platform

ASSISTANT = f"{CONTEXT_SUB_ROLE}Instructor#TeachingAssistant"
OTHER_COURSE: Changes = {
    (Claim.CONTEXT, "id"): "course-2",
    (Claim.RESOURCE_LINK, "id"): "link-2",
}


def open_as(browser: Browser, platform: Platform, *roles: str, name: str = "Philippa") -> str:
    """The address of the page that a launch with these roles opens."""
    answer = browser.launch(platform, {Claim.ROLES: list(roles), "name": name})
    assert answer.status == 302, answer.text
    return answer.location


def teaches(browser: Browser, home: str) -> bool:
    """Whether a page that is for teachers opens there."""
    status = browser.get(f"{home.partition('?')[0]}worksheets/").status
    assert status in {200, 403}
    return status == 200


def test_a_demoted_teacher_is_demoted_on_pages_that_are_still_open(
    platform: Platform, browser: Browser
) -> None:
    before = open_as(browser, platform, TEACHER)
    assert teaches(browser, before)
    after = open_as(browser, platform, PUPIL)
    assert not teaches(browser, after)
    assert not teaches(browser, before)


def test_a_demoted_teacher_stays_so_in_another_browser(
    platform: Platform, browser: Browser
) -> None:
    before = open_as(browser, platform, TEACHER)
    elsewhere = Browser(browser.wire)
    open_as(elsewhere, platform, PUPIL)
    assert not teaches(browser, before)


def test_a_promotion_takes_effect_at_the_next_launch(platform: Platform, browser: Browser) -> None:
    assert not teaches(browser, open_as(browser, platform, PUPIL))
    assert teaches(browser, open_as(browser, platform, TEACHER))
    assert Membership.objects.get().roles == [TEACHER]


def test_a_launch_without_roles_demotes(platform: Platform, browser: Browser) -> None:
    before = open_as(browser, platform, TEACHER)
    open_as(browser, platform)
    assert not teaches(browser, before)


@pytest.mark.parametrize("roles", [[TEACHER, ASSISTANT], [ASSISTANT], ["Instructor"]])
def test_a_non_editing_teacher_teaches(
    platform: Platform, browser: Browser, roles: list[str]
) -> None:
    assert teaches(browser, open_as(browser, platform, *roles))


@pytest.mark.parametrize(
    "role",
    [
        f"{INSTITUTION_ROLE}Instructor",
        f"{INSTITUTION_ROLE}Administrator",
        f"{CONTEXT_ROLE}instructor",
        f"{CONTEXT_ROLE}Instructor ",
        f"{CONTEXT_SUB_ROLE}Learner#Instructor",
        "http://evil.example/membership#Instructor",
    ],
)
def test_what_only_looks_like_a_teachers_role_is_none(
    platform: Platform, browser: Browser, role: str
) -> None:
    assert not teaches(browser, open_as(browser, platform, PUPIL, role))


def test_a_teacher_of_one_course_is_a_pupil_in_another(
    platform: Platform, browser: Browser
) -> None:
    here = open_as(browser, platform, TEACHER)
    there = browser.launch(platform, {Claim.ROLES: [PUPIL], **OTHER_COURSE}).location
    assert (teaches(browser, here), teaches(browser, there)) == (True, False)


def test_two_registrations_with_one_issuer_and_one_sub_are_two_people(
    platform: Platform, other_platform: Platform, browser: Browser
) -> None:
    here = open_as(browser, platform, TEACHER)
    there = open_as(browser, other_platform, PUPIL, name="Another Person")
    assert (teaches(browser, here), teaches(browser, there)) == (True, False)
    people = {user.registration.client_id: user.name for user in User.objects.all()}
    assert people == {"client-1": "Philippa", "client-2": "Another Person"}


def test_a_demotion_on_one_registration_is_none_on_the_other(
    platform: Platform, other_platform: Platform, browser: Browser
) -> None:
    here, there = open_as(browser, platform, TEACHER), open_as(browser, other_platform, TEACHER)
    open_as(browser, platform, PUPIL)
    assert (teaches(browser, here), teaches(browser, there)) == (False, True)


def test_what_one_registration_switches_off_goes_on_at_the_other(
    platform: Platform, other_platform: Platform, browser: Browser
) -> None:
    here, there = open_as(browser, platform, TEACHER), open_as(browser, other_platform, TEACHER)
    platform.registration.is_active = False
    platform.registration.save()
    assert browser.get(here).status == 403
    assert teaches(browser, there)
