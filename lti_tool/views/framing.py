"""Functions that set which pages may be shown in whose frame (CSP's frame-ancestors)."""

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
    """Allow any page to frame this one, which shows a message or leads to another page.

    With ``forms_may_leave`` a form of the page may end at another host after redirects, which
    browsers check against form-action.
    """
    others = {"form-action": ["*"]} if forms_may_leave else {}
    setattr(response, "_csp_replace", {"frame-ancestors": ["*"], **others})  # noqa: B010
    return response


def may_be_framed_by(response: Response, addresses: Iterable[str]) -> Response:
    """Allow only this tool and the origins of these addresses to frame this page."""
    origins = {origin_of(address) for address in addresses} - {""}
    ancestors = [SELF, *sorted(origins)]
    setattr(response, "_csp_replace", {"frame-ancestors": ancestors})  # noqa: B010
    return response


def may_be_framed_by_its_platform(response: Response, launch: StoredLaunch) -> Response:
    """Allow only this tool and the platform that launched the activity to frame this page.

    The issuer is not always the host that people see, but the launch's return address is.
    """
    origins = platform_origins(launch.registration)
    return may_be_framed_by(response, {*origins, launch.frame_ancestor})


def may_post_to_any_host(response: Response) -> Response:
    """Allow the page's form to lead to any host: it goes back to the LMS, which may redirect it."""
    setattr(response, "_csp_update", {"form-action": ["*"]})  # noqa: B010
    return response
