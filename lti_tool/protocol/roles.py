"""The rights of a person in a course, from the roles that a launch or a roster names.

Pure. The roles of the course decide: someone who is an instructor somewhere in the
institution but a learner in this course is a learner (LTI Core 1.3, appendix A.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

from lti_tool.protocol.values import printable, role_names
from lti_tool.protocol.vocabulary import (
    CONTEXT_ROLE,
    CONTEXT_SUB_ROLE,
    INSTITUTION_ROLE,
    SYSTEM_ROLE,
    TEST_USER_ROLE,
)

TEACHING = frozenset({"Instructor", "Administrator"})
# Sub-roles of Instructor of those who help a teacher (appendix A.2.3.1). TeachingAssistant has
# others for a group, a section and so on, whose names begin with it.
ASSISTANT = "TeachingAssistant"
ASSISTING = (ASSISTANT, "Grader")
# Sub-roles of Instructor that outweigh those.
LEADING = frozenset({"PrimaryInstructor", "Lecturer"})
# Who builds a course without teaching it, as Canvas's designers do.
DESIGNING = "ContentDeveloper"
# Principal roles of people who are in a course for something else than learning.
BESIDE = frozenset({"ContentDeveloper", "Manager", "Mentor", "Officer"})
# Roles of the LMS or the institution, always named in full (appendix A.2.1, A.2.2). The
# administrator of a single course is not among them.
LMS_ADMINISTRATORS = frozenset(
    {f"{INSTITUTION_ROLE}Administrator", f"{SYSTEM_ROLE}Administrator", f"{SYSTEM_ROLE}SysAdmin"}
)
# Roles that make somebody a teacher only where a registration takes the institution's roles.
INSTITUTION_TEACHERS = LMS_ADMINISTRATORS | {
    f"{INSTITUTION_ROLE}{name}" for name in ("Faculty", "Instructor")
}
INSTITUTION_LEARNERS = frozenset(f"{INSTITUTION_ROLE}{name}" for name in ("Learner", "Student"))


@dataclass(frozen=True, slots=True)
class CourseRoles:
    """The rights that a person's roles give in one course.

    ``is_teacher``: may see and mark everybody's work. ``is_assistant``: is a teacher who helps
    another one, and may not decide all that teachers may. ``is_designer``: may write and place
    worksheets, and sees nobody's work. ``is_test_user``: an LMS's 'view as a
    student', which works like a pupil and never gets a score. ``is_learner``: belongs on a
    class list, even before a first launch, and has a cell in the gradebook. A person who is
    none of these may try the worksheet. ``is_lms_administrator``: may see how
    the LMS and this tool are connected. ``lacks_course_role``: teaches at the institution, and the
    course says nothing of it.
    """

    is_teacher: bool
    is_assistant: bool
    is_designer: bool
    is_test_user: bool
    is_learner: bool
    is_lms_administrator: bool
    lacks_course_role: bool

    @property
    def builds_course(self) -> bool:
        """Return whether the person may write worksheets and place them in the course."""
        return self.is_teacher or self.is_designer


def course_roles(roles: Iterable[str]) -> CourseRoles:
    """Return the rights that role names give, full or short, known or unknown.

    No role in the course means a learner, except for whoever teaches at the institution or
    administers the LMS, who is then neither learner nor teacher.
    """
    names = frozenset(roles)
    principals = {_principal(name) for name in names} - {""}
    is_teacher = not principals.isdisjoint(TEACHING)
    is_test_user = TEST_USER_ROLE in names
    lacks_role = lacks_course_role(names)
    learns = bool(principals - BESIDE) if principals else not lacks_role
    return CourseRoles(
        is_teacher=is_teacher,
        is_assistant=is_teacher and _assists(names, principals),
        is_designer=DESIGNING in principals and not (is_teacher or learns or is_test_user),
        is_test_user=is_test_user,
        is_learner=learns and not (is_teacher or is_test_user),
        is_lms_administrator=not names.isdisjoint(LMS_ADMINISTRATORS),
        lacks_course_role=lacks_role,
    )


def with_institution_roles(roles: Iterable[str]) -> tuple[str, ...]:
    """Return the roles of a launch, with a role in the course where only others came.

    An administrator of a Canvas account opens courses without being enrolled in them, and then
    brings roles of the institution and the system alone. Open edX has no others, for anybody (issue
    618 of openedx/xblock-lti-consumer). Such a person teaches here, and has no cell in the
    gradebook. Whoever has a role in the course keeps that one.
    """
    names = tuple(roles)
    if not lacks_course_role(names):
        return names
    return role_names([*names, f"{CONTEXT_ROLE}Administrator"])


def lacks_course_role(roles: Iterable[str]) -> bool:
    """Return whether the institution makes somebody a teacher to whom the course gives no role.

    Who learns at the institution as well is taken for a teacher only as an administrator.
    """
    names = frozenset(roles)
    if any(_principal(name) for name in names) or TEST_USER_ROLE in names:
        return False
    learns = not names.isdisjoint(INSTITUTION_LEARNERS)
    teaching = LMS_ADMINISTRATORS if learns else INSTITUTION_TEACHERS
    return not names.isdisjoint(teaching)


def teaches_as_administrator(roles: Iterable[str]) -> bool:
    """Return whether somebody is a teacher here who administers the LMS, or the course.

    Moodle 4.5 tells of an administrator of the site that they are an instructor of each course that
    they open (``lti_get_ims_role`` in mod/lti/locallib.php), so it cannot be told from somebody
    who teaches there as well. In others they come without a role in the course
    (``with_institution_roles``), or as its administrator.
    """
    names = frozenset(roles)
    teaching = {_principal(name) for name in names} & TEACHING
    administers = teaching == {"Administrator"} or not names.isdisjoint(LMS_ADMINISTRATORS)
    return bool(teaching) and administers


def short_names(roles: Iterable[str]) -> str:
    """Return roles for a page or a log, without the parts that all of them share."""
    return ", ".join(printable(name.rpartition("/vocab/lis/v2/")[2])[:80] for name in roles)[:300]


def _assists(names: Iterable[str], principals: Set[str]) -> bool:
    """Return whether an instructor is one who helps a teacher: the sub-role says so.

    Canvas names the plain Instructor besides for each teaching assistant
    (``lib/lti/substitutions_helper.rb``), so that one says nothing. It names both, too, for
    somebody who teaches one section and assists in another, who is an assistant here. Brightspace,
    Blackboard and Sakai send what their administrator has chosen for a role. Moodle 4.5 names no
    sub-roles: a non-editing teacher is an Instructor (``lti_get_ims_role``, mod/lti/locallib.php).
    """
    subs = {_sub_role(name) for name in names}
    leads = "Administrator" in principals or not subs.isdisjoint(LEADING)
    return not leads and any(name.startswith(ASSISTING) for name in subs)


def _principal(role: str) -> str:
    """Return the principal role of a context role, '' for any other.

    'Instructor' for 'Instructor', '…membership#Instructor' and '…/Instructor#Lecturer', and for
    TeachingAssistant, which was a principal role in LTI 1.1 and which some platforms still send.
    """
    if role.startswith(CONTEXT_ROLE):
        name = role.removeprefix(CONTEXT_ROLE)
    elif role.startswith(CONTEXT_SUB_ROLE):
        return role.removeprefix(CONTEXT_SUB_ROLE).partition("#")[0]
    else:
        # A short name is a context role (appendix A.2.3); any other address is no context role.
        name = role if ":" not in role else ""
    return "Instructor" if name == ASSISTANT else name


def _sub_role(role: str) -> str:
    """Return the sub-role of a context role of instructors, '' for none."""
    if role in {ASSISTANT, f"{CONTEXT_ROLE}{ASSISTANT}"}:
        return ASSISTANT
    if not role.startswith(CONTEXT_SUB_ROLE):
        return ""
    principal, _sign, name = role.removeprefix(CONTEXT_SUB_ROLE).partition("#")
    # Canvas has written '…/membership/instructor#TeachingAssistant', beside the plain Instructor.
    return name if principal in {"Instructor", "instructor"} else ""
