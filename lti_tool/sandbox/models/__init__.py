"""The models of the sandbox: platform, courses, gradebook, sessions."""

from lti_tool.sandbox.models.course import Activity, Course, Enrolment, Person, Role
from lti_tool.sandbox.models.faults import Fault
from lti_tool.sandbox.models.gradebook import Column, Grade, Review, ScorePost
from lti_tool.sandbox.models.platform import (
    AccessToken,
    Flavour,
    PlatformKey,
    ToolClient,
    UsedAssertion,
)
from lti_tool.sandbox.models.registration import RegistrationOffer
from lti_tool.sandbox.models.session import Selection, SignIn, Ticket

__all__ = [
    "AccessToken",
    "Activity",
    "Column",
    "Course",
    "Enrolment",
    "Fault",
    "Flavour",
    "Grade",
    "Person",
    "PlatformKey",
    "RegistrationOffer",
    "Review",
    "Role",
    "ScorePost",
    "Selection",
    "SignIn",
    "Ticket",
    "ToolClient",
    "UsedAssertion",
]
