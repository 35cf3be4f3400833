"""The sandbox's settings, read at each use."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse


def is_on() -> bool:
    return getattr(settings, "SANDBOX", False) is True


def issuer() -> str:
    """Return the issuer: the platform's address without a trailing slash, as in Moodle.

    It is '' if the setting is absent, which the system check reports.
    """
    return str(getattr(settings, "SANDBOX_URL", "")).rstrip("/")


def tool_url() -> str:
    return str(getattr(settings, "SANDBOX_TOOL_URL", "")).rstrip("/")


def address(name: str, *args: object) -> str:
    """Return the absolute address of one of the sandbox's own views."""
    return issuer() + reverse(f"sandbox:{name}", args=args)


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
