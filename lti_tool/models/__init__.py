"""Models of the platform's side: platforms, courses, people, launches and deliveries of scores."""

from lti_tool.models.audit import AppendOnly, AuditEntry, AuditKind
from lti_tool.models.course import (
    Context,
    GradeChoice,
    LineItem,
    Membership,
    ResourceLink,
    User,
)
from lti_tool.models.delivery import Delivery, PlatformQueue
from lti_tool.models.job import Job
from lti_tool.models.launch import LaunchWay, PagePass, RefusedLaunch, StoredLaunch
from lti_tool.models.platform import (
    AccessToken,
    Deployment,
    Invitation,
    NewDeployments,
    PeriodicJob,
    PlatformKeySet,
    Registration,
    ToolKey,
)

__all__ = [
    "AccessToken",
    "AppendOnly",
    "AuditEntry",
    "AuditKind",
    "Context",
    "Delivery",
    "Deployment",
    "GradeChoice",
    "Invitation",
    "Job",
    "LaunchWay",
    "LineItem",
    "Membership",
    "NewDeployments",
    "PagePass",
    "PeriodicJob",
    "PlatformKeySet",
    "PlatformQueue",
    "RefusedLaunch",
    "Registration",
    "ResourceLink",
    "StoredLaunch",
    "ToolKey",
    "User",
]
