"""The roles that Canvas sends, as full URIs."""

from typing import Final

from lti_tool.protocol.vocabulary import (
    CONTEXT_ROLE,
    CONTEXT_SUB_ROLE,
    INSTITUTION_ROLE,
    SYSTEM_ROLE,
    TEST_USER_ROLE,
)
from lti_tool.sandbox.models import Enrolment, Role

COURSE_ROLES: Final = {
    Role.TEACHER: (f"{CONTEXT_ROLE}Instructor",),
    Role.ASSISTANT: (
        f"{CONTEXT_SUB_ROLE}Instructor#TeachingAssistant",
        f"{CONTEXT_ROLE}Instructor",
    ),
    Role.DESIGNER: (f"{CONTEXT_ROLE}ContentDeveloper",),
    # Somebody who is not enrolled has no role in the course (`lib/lti/substitutions_helper.rb`).
    Role.ACCOUNT_ADMINISTRATOR: (),
    Role.PUPIL: (f"{CONTEXT_ROLE}Learner",),
    Role.TEST_STUDENT: (f"{CONTEXT_ROLE}Learner", TEST_USER_ROLE),
}


def course_roles(member: Enrolment) -> list[str]:
    return list(COURSE_ROLES[Role(member.role)])


def all_roles(member: Enrolment) -> list[str]:
    """Return the roles in a launch: those of the course, the institution and the system."""
    institution = "Instructor" if member.person.is_staff else "Student"
    if member.role == Role.ACCOUNT_ADMINISTRATOR:
        institution = "Administrator"
    return [INSTITUTION_ROLE + institution, *course_roles(member), SYSTEM_ROLE + "User"]
