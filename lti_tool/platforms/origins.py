"""Where a platform's own pages are: what its registration says, and no claim adds to it."""

from __future__ import annotations

from lti_tool.models import Registration, StoredLaunch
from lti_tool.services.addresses import origin_of


def platform_origins(registration: Registration) -> set[str]:
    """The origins of the platform itself, and those that its registration lists.

    A hosted LMS has one issuer for all its schools, so theirs are in the list.
    """
    listed = registration.frame_ancestors if isinstance(registration.frame_ancestors, list) else []
    addresses = [registration.issuer, registration.auth_login_url, *listed]
    return {origin_of(address) for address in addresses if isinstance(address, str)} - {""}


def return_address(launch: StoredLaunch) -> str:
    """The way back to the course, or '' where it does not lead to the platform's own host."""
    origin = origin_of(launch.return_url)
    return launch.return_url if origin in platform_origins(launch.registration) else ""
