"""The origins of a platform's own pages, from its registration and never from a claim."""

from __future__ import annotations

from lti_tool.models import Registration, StoredLaunch
from lti_tool.services.addresses import origin_of


def platform_origins(registration: Registration) -> set[str]:
    """Return the origins of the issuer, the authorisation address and ``frame_ancestors``.

    A hosted LMS has one issuer for all its schools, so that list has the schools' origins.
    """
    listed = registration.frame_ancestors if isinstance(registration.frame_ancestors, list) else []
    addresses = [registration.issuer, registration.auth_login_url, *listed]
    return {origin_of(address) for address in addresses if isinstance(address, str)} - {""}


def return_address(launch: StoredLaunch) -> str:
    """Return the launch's return address, or '' if it is at none of the platform's origins."""
    origin = origin_of(launch.return_url)
    return launch.return_url if origin in platform_origins(launch.registration) else ""
