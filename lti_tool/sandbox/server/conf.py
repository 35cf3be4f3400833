"""The sandbox's settings, read when they are needed."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse


def _setting(name: str) -> object:
    """Absent where the sandbox is installed by mistake; the system check says so."""
    return getattr(settings, name, "")


def is_on() -> bool:
    return _setting("SANDBOX") is True


def issuer() -> str:
    """The platform's issuer: its address without a slash at the end, as Moodle's is."""
    return str(_setting("SANDBOX_URL")).rstrip("/")


def tool_url() -> str:
    return str(_setting("SANDBOX_TOOL_URL")).rstrip("/")


def address(name: str, *args: object) -> str:
    """The full address of one of the sandbox's own views."""
    return issuer() + reverse(f"sandbox:{name}", args=args)


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
