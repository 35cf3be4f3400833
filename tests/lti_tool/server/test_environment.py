"""Configuration by the environment: each mistake is one clear sentence at start."""

from __future__ import annotations

import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from lti_tool.server.environment import Environment, EnvironmentInvalid, read_environment
from tests import ROOT

BIN = Path(sys.executable).parent
SECRET = "q7w9e-tyu1o_pas5dfg8hjk2zxcvb4nm6QWERTYUIOPASDFGHJKLZ"
GOOD = {"SECRET_KEY": SECRET, "PUBLIC_URL": "https://worksheets.example.org"}


def read(**changes: str) -> Environment:
    return read_environment({**GOOD, **changes}, Path("/srv/tool"))


def test_the_least_that_is_needed() -> None:
    environment = read()
    assert environment.public_url == "https://worksheets.example.org"
    assert environment.allowed_hosts == ("worksheets.example.org",)
    assert not environment.allow_private_hosts
    assert not environment.open_registration
    assert not environment.debug
    assert environment.retention_days == 396
    assert environment.time_zone == "UTC"
    assert (environment.key_days, environment.key_overlap_hours) == (180, 48)
    assert environment.database["NAME"] == "/srv/tool/lti-worksheets.sqlite3"
    assert SECRET not in repr(environment.database)
    assert environment.static_root is None
    assert environment.reconcile
    assert environment.metrics_token == ""
    assert (environment.author_quota, environment.author_quota_mb) == (500, 200)


def test_everything() -> None:
    environment = read(
        PUBLIC_URL="https://a.example:8443/",
        ALLOWED_HOSTS=" b.example, ,c.example ",
        DATABASE_URL="postgresql://u:p@db.example:5433/tool",
        LTI_ALLOW_PRIVATE_HOSTS="yes",
        LTI_OPEN_REGISTRATION="1",
        TIME_ZONE=" Europe/Berlin ",
        LTI_RETENTION_DAYS=" 30 ",
        LTI_KEY_DAYS="0",
        LTI_KEY_OVERLAP_HOURS=" 1 ",
        STATIC_ROOT="/srv/static",
        LTI_RECONCILE="0",
        METRICS_TOKEN=" a-token-of-some-length ",
    )
    assert not environment.reconcile
    assert environment.metrics_token == "a-token-of-some-length"
    assert environment.static_root == Path("/srv/static")
    assert (environment.key_days, environment.key_overlap_hours) == (0, 1)
    assert environment.retention_days == 30
    assert environment.time_zone == "Europe/Berlin"
    assert environment.public_url == "https://a.example:8443"
    assert environment.allowed_hosts == ("a.example", "b.example", "c.example")
    assert environment.database["HOST"] == "db.example"
    assert environment.database["PORT"] == 5433
    assert environment.allow_private_hosts
    assert environment.open_registration


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://localhost:8001", "localhost"),
        ("http://127.0.0.1:8001/", "127.0.0.1"),
        ("http://[::1]:8001", "[::1]"),
    ],
)
def test_http_is_good_on_this_machine(url: str, host: str) -> None:
    environment = read(PUBLIC_URL=url, DEBUG="on")
    assert environment.allowed_hosts == (host,)
    assert environment.debug


@pytest.mark.parametrize(
    "key",
    [
        secrets.token_urlsafe(24),
        secrets.token_urlsafe(50),
        secrets.token_hex(16),
        secrets.token_hex(40),
        "".join(str(secrets.randbelow(10)) for _ in range(32)),
        "correct horse battery staple on a Tuesday",
    ],
    # Every process of a run has to call them the same.
    ids=["letters", "many letters", "hex", "much hex", "digits", "words"],
)
def test_random_keys_are_good(key: str) -> None:
    assert read(SECRET_KEY=key).secret_key == key


def test_random_keys_are_never_taken_for_repetitive_ones() -> None:
    for _ in range(2000):
        read(SECRET_KEY=secrets.token_hex(16))


def test_addresses_of_ipv6_are_hosts() -> None:
    environment = read(ALLOWED_HOSTS="[2001:db8::1],worksheets.internal")
    assert environment.allowed_hosts[1:] == ("[2001:db8::1]", "worksheets.internal")


def test_sqlite_queues_its_writers() -> None:
    options = read(DATABASE_URL="sqlite:////tmp/x.sqlite3").database["OPTIONS"]
    assert isinstance(options, dict)
    assert options["transaction_mode"] == "IMMEDIATE"


WRONG = [
    ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
    ({"SECRET_KEY": "django-insecure-8(x#q2)v!k9m@w$e7&r5^t3*y1"}, "Django made for development"),
    ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must be whole host names"),
    ({"ALLOWED_HOSTS": "a.example, *"}, "ALLOWED_HOSTS must be whole host names"),
    ({"ALLOWED_HOSTS": ".example.org"}, "not '.example.org'"),
    ({"ALLOWED_HOSTS": "*.example.org"}, "not '*.example.org'"),
    ({"ALLOWED_HOSTS": "a.example:8000"}, "a scheme or a port"),
    ({"ALLOWED_HOSTS": "https://a.example"}, "a scheme or a port"),
    ({"ALLOWED_HOSTS": "a.example b.example"}, "separated by commas"),
    ({"DEBUG": "1"}, "DEBUG works only with a PUBLIC_URL of this machine"),
    ({"DEBUG": "1", "PUBLIC_URL": "https://10.0.0.5"}, "DEBUG works only"),
    ({"DEBUG": "1", "PUBLIC_URL": "https://localhost.example.org"}, "DEBUG works only"),
    ({"PUBLIC_URL": "http://10.0.0.5"}, "must begin with https://"),
    ({"PUBLIC_URL": "http://localhost.example.org"}, "must begin with https://"),
    ({"METRICS_TOKEN": "x" * 30}, "METRICS_TOKEN repeats itself"),
    ({"PUBLIC_URL": ""}, "PUBLIC_URL is not set"),
    ({"PUBLIC_URL": "worksheets.example.org"}, "PUBLIC_URL is not an http(s) address"),
    ({"PUBLIC_URL": "ftp://a.example"}, "PUBLIC_URL is not an http(s) address"),
    ({"PUBLIC_URL": "https://"}, "PUBLIC_URL is not an http(s) address"),
    ({"PUBLIC_URL": "https://a.example:port"}, "PUBLIC_URL is not an http(s) address"),
    ({"PUBLIC_URL": "https://[a"}, "PUBLIC_URL is not an http(s) address"),
    ({"PUBLIC_URL": "https://a.example/tool"}, "without a path"),
    ({"PUBLIC_URL": "https://a.example?x=1"}, "without a path"),
    ({"PUBLIC_URL": "https://me@a.example"}, "without a path"),
    ({"PUBLIC_URL": "http://a.example"}, "must begin with https://"),
    ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
    ({"DATABASE_URL": "mysql://a/b"}, "DATABASE_URL"),
    ({"DATABASE_URL": "odd://a/b"}, "DATABASE_URL"),
    ({"DATABASE_URL": "postgresql://host:port/b"}, "DATABASE_URL"),
    ({"STATIC_ROOT": "static"}, "STATIC_ROOT"),
    ({"LTI_ALLOW_PRIVATE_HOSTS": "maybe"}, "LTI_ALLOW_PRIVATE_HOSTS must be 1 or 0"),
    ({"LTI_RECONCILE": "nightly"}, "LTI_RECONCILE must be 1 or 0"),
    ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN must have at least 16"),
    ({"METRICS_TOKEN": "ü" * 20}, "METRICS_TOKEN must have at least 16"),
    (
        {"TIME_ZONE": "Berlin"},
        "TIME_ZONE must be the name of a time zone, for example Europe/Berlin",
    ),
    ({"TIME_ZONE": "../UTC"}, "TIME_ZONE must be the name"),
    ({"TIME_ZONE": "/etc/localtime"}, "TIME_ZONE must be the name"),
    ({"TIME_ZONE": "Europe"}, "TIME_ZONE must be the name"),
    ({"TIME_ZONE": "x" * 5000}, "TIME_ZONE must be the name"),
    ({"DEBUG": "2"}, "DEBUG must be 1 or 0"),
    ({"LTI_RETENTION_DAYS": "13"}, "30 to 3660, not '13'"),
    ({"LTI_RETENTION_DAYS": "3661"}, "30 to 3660"),
    ({"LTI_RETENTION_DAYS": "-400"}, "30 to 3660"),
    ({"LTI_RETENTION_DAYS": "400 days"}, "LTI_RETENTION_DAYS must be a number"),
    ({"LTI_RETENTION_DAYS": "9" * 5000}, "30 to 3660"),
    ({"LTI_AUTHOR_QUOTA": "0"}, "LTI_AUTHOR_QUOTA must be a number from 1 to 9999"),
    ({"LTI_AUTHOR_QUOTA_MB": "1 GB"}, "LTI_AUTHOR_QUOTA_MB must be a number from 1"),
    ({"LTI_KEY_DAYS": "-1"}, "LTI_KEY_DAYS must be a number from 0 to 9999, not '-1'"),
    ({"LTI_KEY_DAYS": "half a year"}, "LTI_KEY_DAYS must be a number"),
    ({"LTI_KEY_DAYS": "9" * 5000}, "LTI_KEY_DAYS must be a number"),
    ({"LTI_KEY_OVERLAP_HOURS": "0"}, "LTI_KEY_OVERLAP_HOURS must be a number from 1"),
]


@pytest.mark.parametrize(("changes", "words"), WRONG, ids=lambda value: str(value)[:50])
def test_each_mistake_is_one_sentence(changes: dict[str, str], words: str) -> None:
    with pytest.raises(EnvironmentInvalid) as problem:
        read(**changes)
    said = str(problem.value)
    assert words in said
    assert said.endswith((".", ")."))
    assert "\n" not in said
    assert SECRET not in said


@pytest.mark.parametrize(
    "key",
    [
        "x" * 60,
        "only-for-tests-" + "x" * 40,
        "abc" * 20,
        "changeme" * 8,
        "0123456789" * 5,
        "abcdefghijklmnopqrstuvwxyz0123456789",
        " " * 50,
    ],
)
def test_a_key_that_can_be_guessed_is_refused(key: str) -> None:
    with pytest.raises(EnvironmentInvalid, match="SECRET_KEY repeats itself") as problem:
        read(SECRET_KEY=key)
    assert key not in str(problem.value)


def start(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A process of the tool with that environment and no other variable of ours."""
    return subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


STARTS = [
    ("python", "-c", "import lti_tool.settings"),
    ("python", "manage.py", "check"),
    ("gunicorn", "--check-config", "lti_tool.wsgi"),
]


@pytest.mark.parametrize("command", STARTS, ids=["settings", "manage.py", "gunicorn"])
def test_a_start_without_a_value_says_one_sentence(command: tuple[str, ...]) -> None:
    done = start(*command, SECRET_KEY=SECRET)
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.startswith("lti-worksheets cannot start. PUBLIC_URL is not set: ")
    assert done.stderr.count("\n") == 1


def test_gunicorn_starts_with_all_values(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'tool.sqlite3'}"
    done = start("gunicorn", "--check-config", "lti_tool.wsgi", **GOOD, DATABASE_URL=database)
    assert done.returncode == 0, done.stderr
