"""A system check against installing the sandbox, where anyone signs in as anyone, in production."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error

from lti_tool.sandbox.server import conf
from lti_tool.sandbox.server.environment import is_loopback

HINT = (
    "Take 'lti_tool.sandbox' out of INSTALLED_APPS. To try the tool, run the sandbox as a process "
    "of its own with the settings module lti_tool.sandbox.settings."
)


def check_not_in_production(**_arguments: Any) -> list[CheckMessage]:
    """Return E001 unless the sandbox is switched on, and on loopback if DEBUG is off."""
    if not conf.is_on():
        return [Error("The sandbox LMS is installed but not switched on.", HINT, id="sandbox.E001")]
    host = urlsplit(conf.issuer()).hostname or ""
    if not settings.DEBUG and not is_loopback(host):
        return [Error("The sandbox LMS has a public address.", HINT, id="sandbox.E001")]
    return []
