"""The rights of a person in a course, from the roles that a launch or a roster names.

Pure. The roles of the course decide: someone who is an instructor somewhere in the
institution but a learner in this course is a learner (LTI Core 1.3, appendix A.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lti_tool.protocol.vocabulary import (
    CONTEXT_ROLE,
    CONTEXT_SUB_ROLE,
    INSTITUTION_ROLE,
    SYSTEM_ROLE,
    TEST_USER_ROLE,
)

TEACHING = frozenset({"Instructor", "Administrator"})
# Principal roles of people who are in a course for something else than learning.
BESIDE = frozenset({"ContentDeveloper", "Manager", "Mentor", "Officer"})
# Roles of the LMS or the institution, always named in full (appendix A.2.1, A.2.2). The
# administrator of a single course is not among them.
LMS_ADMINISTRATORS = frozenset(
    {f"{INSTITUTION_ROLE}Administrator", f"{SYSTEM_ROLE}Administrator", f"{SYSTEM_ROLE}SysAdmin"}
)


@dataclass(frozen=True, slots=True)
class CourseRoles:
    """The rights that a person's roles give in one course.

    ``is_teacher``: may see and mark everybody's work. ``is_test_user``: an LMS's 'view as a
    student', which works like a pupil and never gets a score. ``is_learner``: belongs on a
    class list, even before a first launch, and has a cell in the gradebook. A person who is
    neither teacher nor learner may try the worksheet. ``is_lms_administrator``: may see how
    the LMS and this tool are connected.
    """

    is_teacher: bool
    is_test_user: bool
    is_learner: bool
    is_lms_administrator: bool


def course_roles(roles: Iterable[str]) -> CourseRoles:
    """Return the rights that role names give, full or short, known or unknown.

    No roles mean a learner, except for an administrator of the LMS, who is then neither
    learner nor teacher.
    """
    names = frozenset(roles)
    principals = {_principal(name) for name in names} - {""}
    is_teacher = not principals.isdisjoint(TEACHING)
    is_test_user = TEST_USER_ROLE in names
    is_administrator = not names.isdisjoint(LMS_ADMINISTRATORS)
    learns = bool(principals - BESIDE) if principals else not is_administrator
    return CourseRoles(
        is_teacher=is_teacher,
        is_test_user=is_test_user,
        is_learner=learns and not (is_teacher or is_test_user),
        is_lms_administrator=is_administrator,
    )


def _principal(role: str) -> str:
    """Return the principal role of a context role, '' for any other.

    'Instructor' for 'Instructor', '…membership#Instructor' and '…/Instructor#Lecturer'.
    """
    if role.startswith(CONTEXT_ROLE):
        return role.removeprefix(CONTEXT_ROLE)
    if role.startswith(CONTEXT_SUB_ROLE):
        return role.removeprefix(CONTEXT_SUB_ROLE).partition("#")[0]
    # A short name is a context role (appendix A.2.3); any other address is no context role.
    return role if ":" not in role else ""
