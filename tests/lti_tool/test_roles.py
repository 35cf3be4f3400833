"""Roles of the course decide who teaches."""

from __future__ import annotations

import pytest

from lti_tool.roles import course_roles
from lti_tool.vocabulary import INSTITUTION_ROLE, SYSTEM_ROLE, TEST_USER_ROLE

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"

TEACHERS = [
    f"{MEMBERSHIP}#Instructor",
    f"{MEMBERSHIP}#Administrator",
    f"{MEMBERSHIP}/Instructor#TeachingAssistant",
    f"{MEMBERSHIP}/Instructor#Grader",
    "Instructor",
    "Administrator",
]
NO_TEACHERS = [
    f"{MEMBERSHIP}#Learner",
    f"{MEMBERSHIP}#Mentor",
    f"{MEMBERSHIP}#ContentDeveloper",
    f"{MEMBERSHIP}/Learner#Instructor",
    f"{INSTITUTION_ROLE}Instructor",
    f"{INSTITUTION_ROLE}Administrator",
    f"{SYSTEM_ROLE}Administrator",
    f"{MEMBERSHIP}#instructor",
    f"{MEMBERSHIP}#",
    f"{MEMBERSHIP}/",
    "Learner",
    "instructor",
    " Instructor",
    "urn:lti:role:ims/lis/Instructor",
    "https://evil.example/membership#Instructor",
    "Odd",
    "",
]


@pytest.mark.parametrize("role", TEACHERS)
def test_teachers(role: str) -> None:
    assert course_roles([role]).is_teacher
    assert course_roles(["Learner", role]).is_teacher
    assert not course_roles([role]).may_be_graded


@pytest.mark.parametrize("role", NO_TEACHERS)
def test_no_teachers(role: str) -> None:
    assert not course_roles([role]).is_teacher
    assert course_roles([role]).may_be_graded


def test_nobody_in_particular_is_a_pupil() -> None:
    roles = course_roles([])
    assert (roles.is_teacher, roles.is_test_user, roles.may_be_graded) == (False, False, True)


def test_a_test_user_works_like_a_pupil_and_has_no_cell() -> None:
    roles = course_roles(["Learner", TEST_USER_ROLE])
    assert (roles.is_teacher, roles.is_test_user, roles.may_be_graded) == (False, True, False)
