"""The interface of a platform that the services call: requests with a token of the right scopes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from lti_tool.services.http import HttpReply


class Platform(Protocol):
    """A caller of a platform's services with a token (``lti_tool.adapter.connector``)."""

    def request(
        self,
        method: str,
        url: str,
        scopes: Sequence[str],
        *,
        accept: str,
        content: str | None = None,
        content_type: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> HttpReply:
        """Return the reply of a service, whatever its status. Raise ServiceError if none comes."""
        ...
