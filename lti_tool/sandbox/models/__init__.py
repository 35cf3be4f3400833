"""What the sandbox keeps: the platform, its courses, its gradebook, who is signed in."""

from lti_tool.sandbox.models.course import Activity, Course, Enrolment, Person, Role
from lti_tool.sandbox.models.faults import Fault
from lti_tool.sandbox.models.gradebook import Column, Grade, ScorePost
from lti_tool.sandbox.models.platform import AccessToken, PlatformKey, ToolClient, UsedAssertion
from lti_tool.sandbox.models.session import SignIn, Ticket

__all__ = [
    "AccessToken",
    "Activity",
    "Column",
    "Course",
    "Enrolment",
    "Fault",
    "Grade",
    "Person",
    "PlatformKey",
    "Role",
    "ScorePost",
    "SignIn",
    "Ticket",
    "ToolClient",
    "UsedAssertion",
]
