"""What a person may do in a course, from the roles that a launch or a roster names.

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
# Others who are in a course for something else than learning.
BESIDE = frozenset({"ContentDeveloper", "Manager", "Mentor", "Officer"})
# Of the LMS or the institution, always named in full (appendix A.2.1, A.2.2). Who is an
# administrator of a course alone is not among them.
LMS_ADMINISTRATORS = frozenset(
    {f"{INSTITUTION_ROLE}Administrator", f"{SYSTEM_ROLE}Administrator", f"{SYSTEM_ROLE}SysAdmin"}
)


@dataclass(frozen=True, slots=True)
class CourseRoles:
    """``is_teacher``: may see and mark everybody's work. ``is_test_user``: an LMS's
    'view as a student', which works like a pupil and is never given a score.
    ``is_learner``: belongs on a class list, whether or not they ever come, and has a cell
    in the gradebook. Whoever is neither teacher nor learner may try the worksheet.
    ``is_lms_administrator``: may look at how the LMS and this tool are connected."""

    is_teacher: bool
    is_test_user: bool
    is_learner: bool
    is_lms_administrator: bool


def course_roles(roles: Iterable[str]) -> CourseRoles:
    """Read role names, full or short, known or not; an empty list is a plain pupil.

    An administrator of the LMS without a role in the course only looks in.
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
    """'Instructor' for the short name, '…membership#Instructor', '…/Instructor#Lecturer'."""
    if role.startswith(CONTEXT_ROLE):
        return role.removeprefix(CONTEXT_ROLE)
    if role.startswith(CONTEXT_SUB_ROLE):
        return role.removeprefix(CONTEXT_SUB_ROLE).partition("#")[0]
    # A short name is a context role (appendix A.2.3); anything with a scheme is not ours.
    return role if ":" not in role else ""
