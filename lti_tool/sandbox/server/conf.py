"""The sandbox's settings, read at each use."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse


def _setting(name: str) -> object:
    """Return a setting, or '' if it is absent, which the system check then reports."""
    return getattr(settings, name, "")


def is_on() -> bool:
    return _setting("SANDBOX") is True


def issuer() -> str:
    """Return the issuer: the platform's address without a trailing slash, as in Moodle."""
    return str(_setting("SANDBOX_URL")).rstrip("/")


def tool_url() -> str:
    return str(_setting("SANDBOX_TOOL_URL")).rstrip("/")


def address(name: str, *args: object) -> str:
    """Return the absolute address of one of the sandbox's own views."""
    return issuer() + reverse(f"sandbox:{name}", args=args)


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
