"""The environment variables that configure a process, read into one frozen value.

Pure, without Django. ``docs/operator.md`` lists the variables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import dj_database_url

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# 13 months: a school year, and a month after it.
RETENTION_DAYS = 396
# The minimum protects an operator who means 13 months and writes 13.
MIN_RETENTION_DAYS, MAX_RETENTION_DAYS = 30, 3660
# Different steps from sign to sign that a secret needs; a random one has about one for each sign.
MIN_STEPS = 20
_HOST_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\]")
TRUE, FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"", "0", "false", "no", "off"})


class EnvironmentInvalid(Exception):
    """The error of a missing or wrong variable. Its text is one sentence saying what to set."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The configuration of a process.

    ``public_url`` has no trailing slash; ``database`` is one of Django's DATABASES;
    ``redis_url`` is '' if this process delivers scores itself; ``metrics_token`` is '' if
    nobody may read the metrics; ``static_root`` is the folder of the collected static files,
    None if they are not collected.
    """

    secret_key: str
    public_url: str
    allowed_hosts: tuple[str, ...]
    database: Mapping[str, object]
    redis_url: str
    static_root: Path | None
    allow_private_hosts: bool
    open_registration: bool
    debug: bool
    time_zone: str
    retention_days: int
    key_days: int
    key_overlap_hours: int
    web_threads: int
    scores_at_once: int
    scores_at_once_canvas: int
    reconcile: bool
    metrics_token: str
    admin_second_factor: bool
    author_quota: int
    author_quota_mb: int


def read_environment(variables: Mapping[str, str], base: Path) -> Environment:
    """Return the checked configuration; the default database is a file in ``base``.

    Raise EnvironmentInvalid, with one sentence for the operator, if a variable is missing or
    wrong.
    """
    public_url = _public_url(variables.get("PUBLIC_URL", ""))
    return Environment(
        secret_key=_secret_key(variables.get("SECRET_KEY", "")),
        public_url=public_url,
        allowed_hosts=(
            _host_header(public_url),
            *_allowed_hosts(variables.get("ALLOWED_HOSTS", "")),
        ),
        database=read_database(variables.get("DATABASE_URL", ""), base),
        redis_url=_redis_url(variables.get("REDIS_URL", "")),
        static_root=_folder(variables, "STATIC_ROOT"),
        allow_private_hosts=_flag(variables, "LTI_ALLOW_PRIVATE_HOSTS"),
        open_registration=_flag(variables, "LTI_OPEN_REGISTRATION"),
        debug=_debug(variables, public_url),
        time_zone=_time_zone(variables.get("TIME_ZONE", "")),
        retention_days=_number(
            variables,
            "LTI_RETENTION_DAYS",
            default=RETENTION_DAYS,
            minimum=MIN_RETENTION_DAYS,
            maximum=MAX_RETENTION_DAYS,
        ),
        key_days=_number(variables, "LTI_KEY_DAYS", default=180, minimum=0),
        key_overlap_hours=_number(variables, "LTI_KEY_OVERLAP_HOURS", default=48, minimum=1),
        web_threads=_number(variables, "LTI_WEB_THREADS", default=8, minimum=1),
        scores_at_once=_number(variables, "LTI_SCORES_AT_ONCE", default=8, minimum=1),
        scores_at_once_canvas=_number(variables, "LTI_SCORES_AT_ONCE_CANVAS", default=2, minimum=1),
        reconcile=_flag(variables, "LTI_RECONCILE", default=True),
        metrics_token=_metrics_token(variables.get("METRICS_TOKEN", "")),
        admin_second_factor=_flag(variables, "ADMIN_SECOND_FACTOR"),
        author_quota=_number(variables, "LTI_AUTHOR_QUOTA", default=500, minimum=1),
        author_quota_mb=_number(variables, "LTI_AUTHOR_QUOTA_MB", default=200, minimum=1),
    )


def _secret_key(value: str) -> str:
    if not value:
        raise EnvironmentInvalid(
            "SECRET_KEY is not set: set it to a long random text, the same for every"
            " process (python3 -c 'import secrets; print(secrets.token_urlsafe(50))' makes one)."
        )
    if len(value) < 32:
        raise EnvironmentInvalid("SECRET_KEY is too short: it needs at least 32 characters.")
    if _is_repetitive(value):
        raise EnvironmentInvalid(
            "SECRET_KEY repeats itself, so it can be guessed: set it to a random text"
            " (python3 -c 'import secrets; print(secrets.token_urlsafe(50))' makes one)."
        )
    if value.startswith("django-insecure-"):
        raise EnvironmentInvalid(
            "SECRET_KEY is one that Django made for development: set it to a random text of your"
            " own."
        )
    return value


def _is_repetitive(secret: str) -> bool:
    """Return whether a text is one sign, a few, a run such as 'abcdef' or a block, repeated."""
    steps = [ord(after) - ord(before) for before, after in pairwise(secret)]
    return len(set(pairwise(steps))) < min(MIN_STEPS, len(secret) // 2)


def _allowed_hosts(value: str) -> list[str]:
    """Return the host names of a list separated by commas. Raise EnvironmentInvalid for patterns.

    With a pattern, whoever owns a name that fits it chooses what the tool takes for its own.
    """
    hosts = [host for part in value.split(",") if (host := part.strip())]
    for host in hosts:
        if not _HOST_NAME.fullmatch(host):
            raise EnvironmentInvalid(
                "ALLOWED_HOSTS must be whole host names separated by commas, without '*', a dot at"
                f" the beginning, a scheme or a port, not {host[:60]!r}."
            )
    return hosts


def _debug(variables: Mapping[str, str], public_url: str) -> bool:
    """Return DEBUG. Raise EnvironmentInvalid where others could see what it shows: our settings."""
    debug = _flag(variables, "DEBUG")
    if debug and urlsplit(public_url).hostname not in LOOPBACK:
        raise EnvironmentInvalid(
            "DEBUG works only with a PUBLIC_URL of this machine's own, such as"
            " http://localhost:8001: its error pages show the configuration."
        )
    return debug


def _public_url(value: str) -> str:
    if not value:
        raise EnvironmentInvalid(
            "PUBLIC_URL is not set: set it to the address at which browsers and the LMS reach this"
            " tool, for example https://worksheets.example.org."
        )
    parts = _split_address(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise EnvironmentInvalid(f"PUBLIC_URL is not an http(s) address: {value[:100]!r}.")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise EnvironmentInvalid("PUBLIC_URL must be only scheme and host, without a path.")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise EnvironmentInvalid(
            "PUBLIC_URL must begin with https:// (http works only for this machine's own address)."
        )
    return f"{parts.scheme}://{parts.netloc}"


def _split_address(value: str) -> SplitResult:
    """Return the parts of an address, all of them '' if it is none."""
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises for a port that is no number
    except ValueError:
        return urlsplit("")
    return parts


def _host_header(public_url: str) -> str:
    """Return the host as a Host header has it: an IPv6 address in brackets."""
    host = urlsplit(public_url).hostname or ""
    return f"[{host}]" if ":" in host else host


def read_database(value: str, base: Path) -> Mapping[str, object]:
    """Return one of Django's DATABASES for a DATABASE_URL; '' means a SQLite file in ``base``.

    Raise EnvironmentInvalid if it is neither SQLite nor PostgreSQL.
    """
    try:
        # Without health checks a pupil's request would fail on a dropped connection.
        config = dj_database_url.parse(
            value or f"sqlite:///{base / 'lti-worksheets.sqlite3'}",
            conn_max_age=600,
            conn_health_checks=True,
        )
    except (ValueError, KeyError) as error:
        raise EnvironmentInvalid(
            "DATABASE_URL is not a database address: use sqlite:////path/to/file or"
            " postgresql://user:password@host/name."
        ) from error
    engine = str(config["ENGINE"])
    if engine.endswith("sqlite3"):
        # No server can drop the connection to a file.
        return {
            **config,
            "ENGINE": "lti_tool.db.sqlite3",
            "CONN_HEALTH_CHECKS": False,
            "OPTIONS": _SQLITE_OPTIONS,
        }
    if engine.endswith("postgresql"):
        options = {**_POSTGRESQL_OPTIONS, **config.get("OPTIONS", {})}
        return {**config, "ENGINE": "lti_tool.db.postgresql", "OPTIONS": options}
    raise EnvironmentInvalid("DATABASE_URL must begin with sqlite:// or postgresql://.")


def _redis_url(value: str) -> str:
    parts = _split_address(value)
    is_address = parts.scheme in {"redis", "rediss"} and bool(parts.hostname)
    if value and not is_address and not (parts.scheme == "unix" and parts.path):
        raise EnvironmentInvalid(
            "REDIS_URL is not an address of a Redis server: use redis://host:6379/0, rediss://…"
            " or unix:///path/to/socket, or leave it out."
        )
    return value


# Deferred transactions fail with 'database is locked' whatever the timeout, because a reader
# cannot become a writer while another one writes; immediate ones wait for each other. The timeout
# is that of work beside the pages; pages give up sooner (lti_tool.db.waiting).
_SQLITE_OPTIONS: Mapping[str, object] = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}

# PostgreSQL takes longer to plan these statements than to run them, so a connection prepares
# those that it repeats. A pooler must support prepared statements (PgBouncer 1.21 does).
_POSTGRESQL_OPTIONS: Mapping[str, object] = {
    "server_side_binding": True,
    "prepare_threshold": 3,
    "connect_timeout": 3,  # seconds; a host that answers nothing is tried for minutes otherwise
}


def _folder(variables: Mapping[str, str], name: str) -> Path | None:
    value = variables.get(name, "").strip()
    if value and not Path(value).is_absolute():
        raise EnvironmentInvalid(f"{name} must be the full path of a folder, not {value[:40]!r}.")
    return Path(value) if value else None


def _metrics_token(value: str) -> str:
    token = value.strip()
    if token and (len(token) < 16 or not token.isascii() or not token.isprintable()):
        raise EnvironmentInvalid("METRICS_TOKEN must have at least 16 plain letters and digits.")
    if token and _is_repetitive(token):
        raise EnvironmentInvalid("METRICS_TOKEN repeats itself, so it can be guessed.")
    return token


def _flag(variables: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    value = variables.get(name, "").strip().lower()
    if value in TRUE or (default and not value):
        return True
    if value in FALSE:
        return False
    raise EnvironmentInvalid(f"{name} must be 1 or 0, not {value[:40]!r}.")


def _number(
    variables: Mapping[str, str], name: str, *, default: int, minimum: int, maximum: int = 9999
) -> int:
    value = variables.get(name, "").strip() or str(default)
    is_number = value.isascii() and value.isdecimal() and len(value) <= len(str(maximum))
    if is_number and minimum <= int(value) <= maximum:
        return int(value)
    raise EnvironmentInvalid(
        f"{name} must be a number from {minimum} to {maximum}, not {value[:40]!r}."
    )


def _time_zone(value: str) -> str:
    name = value.strip() or "UTC"
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise EnvironmentInvalid(
            "TIME_ZONE must be the name of a time zone, for example Europe/Berlin, not"
            f" {name[:40]!r}."
        ) from error
    return name
