"""Roles of the course decide who teaches."""

from __future__ import annotations

import pytest

from lti_tool.protocol.roles import course_roles, teaches_as_administrator
from lti_tool.protocol.vocabulary import INSTITUTION_ROLE, SYSTEM_ROLE, TEST_USER_ROLE
from tests.reported import reported

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"

TEACHERS = [
    f"{MEMBERSHIP}#Instructor",
    f"{MEMBERSHIP}#Administrator",
    f"{MEMBERSHIP}/Instructor#TeachingAssistant",
    f"{MEMBERSHIP}/Instructor#Grader",
    f"{MEMBERSHIP}#TeachingAssistant",
    "TeachingAssistant",
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
    assert not course_roles(["Learner", role]).is_learner


@pytest.mark.parametrize("role", NO_TEACHERS)
def test_no_teachers(role: str) -> None:
    assert not course_roles([role]).is_teacher


def test_nobody_in_particular_is_a_pupil() -> None:
    roles = course_roles([])
    assert (roles.is_teacher, roles.is_test_user, roles.is_learner) == (False, False, True)


def test_a_test_user_works_like_a_pupil_and_has_no_cell() -> None:
    roles = course_roles(["Learner", TEST_USER_ROLE])
    assert (roles.is_teacher, roles.is_test_user, roles.is_learner) == (False, True, False)


@pytest.mark.parametrize(
    ("roles", "is_learner"),
    [
        ([], True),
        ([""], True),
        (["Learner"], True),
        ([f"{MEMBERSHIP}#Learner"], True),
        ([f"{MEMBERSHIP}/Learner#GuestLearner"], True),
        (["Odd"], True),
        (["Mentor", "Learner"], True),
        pytest.param([f"{INSTITUTION_ROLE}Instructor"], False, marks=reported("lti-04d")),
        ([f"{INSTITUTION_ROLE}Faculty", f"{SYSTEM_ROLE}User"], False),
        ([f"{INSTITUTION_ROLE}Instructor", f"{INSTITUTION_ROLE}Student"], True),
        ([f"{INSTITUTION_ROLE}Instructor", "Learner"], True),
        ([f"{INSTITUTION_ROLE}Staff"], True),
        ([f"{INSTITUTION_ROLE}Student"], True),
        (["Mentor"], False),
        ([f"{MEMBERSHIP}#Manager"], False),
        (["Officer", "ContentDeveloper"], False),
        ([f"{INSTITUTION_ROLE}Administrator", f"{SYSTEM_ROLE}User"], False),
        ([f"{SYSTEM_ROLE}SysAdmin", "Learner"], True),
        (["Learner", "Instructor"], False),
        (["Learner", TEST_USER_ROLE], False),
    ],
)
def test_who_belongs_on_a_class_list(roles: list[str], is_learner: bool) -> None:
    assert course_roles(roles).is_learner == is_learner


@pytest.mark.parametrize(
    "role",
    [
        f"{INSTITUTION_ROLE}Administrator",
        f"{SYSTEM_ROLE}Administrator",
        f"{SYSTEM_ROLE}SysAdmin",
    ],
)
def test_administrators_of_the_lms(role: str) -> None:
    assert course_roles(["Learner", role]).is_lms_administrator


@pytest.mark.parametrize(
    "role",
    [
        "Administrator",
        f"{MEMBERSHIP}#Administrator",
        f"{MEMBERSHIP}/Administrator#SystemAdministrator",
        f"{INSTITUTION_ROLE}Instructor",
        f"{SYSTEM_ROLE}User",
        "SysAdmin",
        "urn:lti:sysrole:ims/lis/Administrator",
        "",
    ],
)
def test_whoever_administers_a_course_alone_is_none(role: str) -> None:
    assert not course_roles([role]).is_lms_administrator


@pytest.mark.parametrize(
    ("roles", "is_recorded"),
    [
        ([f"{MEMBERSHIP}#Administrator"], True),
        ([f"{MEMBERSHIP}#Administrator", f"{INSTITUTION_ROLE}Faculty"], True),
        ([f"{MEMBERSHIP}#Instructor", f"{SYSTEM_ROLE}Administrator"], True),  # Moodle
        ([f"{MEMBERSHIP}/Instructor#TeachingAssistant", f"{SYSTEM_ROLE}SysAdmin"], True),
        ([f"{MEMBERSHIP}#Instructor", f"{MEMBERSHIP}#Administrator"], False),
        ([f"{MEMBERSHIP}#Instructor", f"{INSTITUTION_ROLE}Instructor"], False),
        ([f"{MEMBERSHIP}#Learner", f"{SYSTEM_ROLE}Administrator"], False),
        ([f"{INSTITUTION_ROLE}Administrator"], False),
        ([], False),
    ],
)
def test_a_teacher_who_administers_the_lms_or_the_course(
    roles: list[str], is_recorded: bool
) -> None:
    assert teaches_as_administrator(roles) == is_recorded


@pytest.mark.parametrize(
    ("roles", "is_assistant"),
    [
        ([f"{MEMBERSHIP}/Instructor#TeachingAssistant"], True),
        # Canvas, at a launch and in its roster
        ([f"{MEMBERSHIP}/Instructor#TeachingAssistant", f"{MEMBERSHIP}#Instructor"], True),
        ([f"{MEMBERSHIP}/instructor#TeachingAssistant", f"{MEMBERSHIP}#Instructor"], True),
        ([f"{MEMBERSHIP}#Instructor", f"{INSTITUTION_ROLE}Instructor"], False),
        ([f"{MEMBERSHIP}/Instructor#TeachingAssistantSection"], True),
        ([f"{MEMBERSHIP}/Instructor#Grader"], True),
        ([f"{MEMBERSHIP}#TeachingAssistant"], True),
        (["TeachingAssistant", "Learner"], True),
        ([f"{MEMBERSHIP}/Instructor#TeachingAssistant", "Administrator"], False),
        (
            [
                f"{MEMBERSHIP}/Instructor#TeachingAssistant",
                f"{MEMBERSHIP}/Instructor#PrimaryInstructor",
            ],
            False,
        ),
        ([f"{MEMBERSHIP}/Instructor#Lecturer"], False),
        # Moodle, for a teacher with or without the right to edit
        (["Instructor"], False),
        ([f"{MEMBERSHIP}/Learner#TeachingAssistant"], False),
        ([f"{INSTITUTION_ROLE}TeachingAssistant"], False),
        ([], False),
    ],
)
def test_who_assists_a_teacher(roles: list[str], is_assistant: bool) -> None:
    found = course_roles(roles)
    assert found.is_assistant == is_assistant
    assert not (found.is_assistant and (not found.is_teacher or found.is_learner))
