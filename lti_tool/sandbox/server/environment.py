"""Functions for the settings module: environment variables and the secret key."""

import ipaddress
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

REPOSITORY = Path(__file__).resolve().parents[3]
DEFAULT_DATABASE = REPOSITORY / ".data" / "sandbox.sqlite3"


class BadEnvironmentError(ValueError):
    """The error of a wrong variable. Its text is one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Environment:
    url: str
    tool_url: str
    database: Path
    debug: bool

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""


def is_loopback(host: str) -> bool:
    """Return whether a host name or address can only mean this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read(environ: Mapping[str, str]) -> Environment:
    """Return the sandbox's configuration. Raise BadEnvironmentError if a variable is wrong."""
    if environ.get("SANDBOX") != "1":
        raise BadEnvironmentError(
            "The sandbox LMS lets anyone sign in as anyone; set SANDBOX=1 to start it anyway."
        )
    url = _address("SANDBOX_URL", environ.get("SANDBOX_URL") or "http://127.0.0.1:8000")
    if not is_loopback(urlsplit(url).hostname or ""):
        raise BadEnvironmentError(f"SANDBOX_URL must name this machine (127.0.0.1), not {url}.")
    tool = _address("SANDBOX_TOOL_URL", environ.get("SANDBOX_TOOL_URL") or "http://localhost:8001")
    database = Path(environ.get("SANDBOX_DATABASE") or DEFAULT_DATABASE)
    return Environment(url, tool, database, debug=environ.get("SANDBOX_DEBUG") == "1")


def _address(name: str, value: str) -> str:
    """Return `scheme://host[:port]`, without a trailing slash."""
    try:
        parts = urlsplit(value.rstrip("/"))
        _ = parts.port
    except ValueError as error:
        raise BadEnvironmentError(f"{name} is not an address: {value}") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadEnvironmentError(f"{name} must be an http address, not {value}.")
    if parts.path or parts.query or parts.fragment or parts.username:
        raise BadEnvironmentError(f"{name} must be scheme, host and port alone, not {value}.")
    return f"{parts.scheme}://{parts.netloc}"


def secret_key(database: Path) -> str:
    """Return the random key kept beside the database; the first of several processes makes it."""
    path = database.with_name(database.name + ".key")
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _make_key(path)
    return path.read_text(encoding="ascii").strip()


def _make_key(path: Path) -> None:
    """Create the key file atomically, so that no process reads half a key or replaces one."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        Path(temporary).unlink()
