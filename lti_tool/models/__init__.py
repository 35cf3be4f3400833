"""Rows for the platform's side: who launches us, from where, and what the gradebook should show."""

from lti_tool.models.course import Context, LineItem, Membership, ResourceLink, User
from lti_tool.models.delivery import Delivery
from lti_tool.models.launch import StoredLaunch
from lti_tool.models.platform import AccessToken, Deployment, PlatformKeySet, Registration, ToolKey

__all__ = [
    "AccessToken",
    "Context",
    "Delivery",
    "Deployment",
    "LineItem",
    "Membership",
    "PlatformKeySet",
    "Registration",
    "ResourceLink",
    "StoredLaunch",
    "ToolKey",
    "User",
]
