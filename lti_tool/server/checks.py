"""System checks, which find a wrong setting at deployment and not at the first request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(deploy=True)
def check_private_hosts(app_configs: Any, **kwargs: Any) -> Sequence[checks.CheckMessage]:  # noqa: ARG001
    """Warn if registrations may name private addresses, which the tool would then call."""
    if not settings.LTI_ALLOW_PRIVATE_HOSTS or settings.PUBLIC_URL.startswith("http://"):
        return []
    return [
        checks.Warning(
            "Registrations may name private addresses.",
            hint="Unset LTI_ALLOW_PRIVATE_HOSTS unless the LMS is inside your own network.",
            id="lti_tool.W001",
        )
    ]


@checks.register(deploy=True)
def check_open_registration(
    app_configs: Any,  # noqa: ARG001
    **kwargs: Any,  # noqa: ARG001
) -> Sequence[checks.CheckMessage]:
    """Warn if anybody may register an LMS, whose host the tool would then call."""
    if not settings.LTI_OPEN_REGISTRATION:
        return []
    return [
        checks.Warning(
            "Anyone may register an LMS.",
            hint="Unset LTI_OPEN_REGISTRATION and use 'manage.py invite_platform'.",
            id="lti_tool.W002",
        )
    ]
