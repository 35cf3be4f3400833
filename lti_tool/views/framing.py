"""Which pages may stand in whose frame: CSP's frame-ancestors."""

from __future__ import annotations

from typing import TypeVar

from csp.constants import SELF
from django.http.response import HttpResponseBase

from lti_tool.hosts import origin_of
from lti_tool.models import StoredLaunch

Response = TypeVar("Response", bound=HttpResponseBase)


def may_be_framed_anywhere(response: Response) -> Response:
    """For pages that say something and do nothing."""
    return _set(response, ["*"])


def may_be_framed_by_its_platform(response: Response, launch: StoredLaunch) -> Response:
    """For an activity's pages: the LMS that launched it, and nobody else.

    The issuer is not always the host that people see; the launch's return address is.
    """
    addresses = [launch.frame_ancestor, launch.registration.auth_login_url]
    origins = {origin for address in addresses if (origin := origin_of(address))}
    return _set(response, [SELF, *sorted(origins)])


def _set(response: Response, ancestors: list[str]) -> Response:
    setattr(response, "_csp_replace", {"frame-ancestors": ancestors})  # noqa: B010
    return response
