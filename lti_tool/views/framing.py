"""Which pages may stand in whose frame: CSP's frame-ancestors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from csp.constants import SELF
from django.http.response import HttpResponseBase

from lti_tool.models import StoredLaunch
from lti_tool.platforms.origins import platform_origins
from lti_tool.services.addresses import origin_of

Response = TypeVar("Response", bound=HttpResponseBase)


def may_be_framed_anywhere(response: Response, *, forms_may_leave: bool = False) -> Response:
    """For pages that say something, or lead to one that may not.

    ``forms_may_leave``: a form of the page ends at another host after redirects, which
    browsers hold against form-action.
    """
    others = {"form-action": ["*"]} if forms_may_leave else {}
    return _set(response, {"frame-ancestors": ["*"], **others})


def may_be_framed_by(response: Response, addresses: Iterable[str]) -> Response:
    """For pages that one LMS opens: the origins of its addresses, and nobody else."""
    origins = {origin_of(address) for address in addresses} - {""}
    return _set(response, {"frame-ancestors": [SELF, *sorted(origins)]})


def may_be_framed_by_its_platform(response: Response, launch: StoredLaunch) -> Response:
    """For an activity's pages: the LMS that launched it, and nobody else.

    The issuer is not always the host that people see; the launch's return address is.
    """
    origins = platform_origins(launch.registration) | {origin_of(launch.frame_ancestor)}
    return _set(response, {"frame-ancestors": [SELF, *sorted(origins - {""})]})


def may_post_to_any_host(response: Response) -> Response:
    """For a page whose one form of ours leads back to the LMS, which may redirect it on."""
    setattr(response, "_csp_update", {"form-action": ["*"]})  # noqa: B010
    return response


def _set(response: Response, directives: dict[str, list[str]]) -> Response:
    setattr(response, "_csp_replace", directives)  # noqa: B010
    return response
