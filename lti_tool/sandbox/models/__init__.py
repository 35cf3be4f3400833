"""The models of the sandbox: platform, courses, gradebook, sessions."""

from lti_tool.sandbox.models.course import Activity, Course, Enrolment, Person, Role
from lti_tool.sandbox.models.gradebook import Column, Grade, Review, ScorePost
from lti_tool.sandbox.models.injected_fault import InjectedFault
from lti_tool.sandbox.models.platform import (
    AccessToken,
    Flavour,
    PlatformKey,
    ToolClient,
    UsedAssertion,
)
from lti_tool.sandbox.models.registration import RegistrationToken
from lti_tool.sandbox.models.session import Selection, SignIn, Ticket

__all__ = [
    "AccessToken",
    "Activity",
    "Column",
    "Course",
    "Enrolment",
    "Flavour",
    "Grade",
    "InjectedFault",
    "Person",
    "PlatformKey",
    "RegistrationToken",
    "Review",
    "Role",
    "ScorePost",
    "Selection",
    "SignIn",
    "Ticket",
    "ToolClient",
    "UsedAssertion",
]
