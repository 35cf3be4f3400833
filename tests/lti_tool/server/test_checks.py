"""System checks, also of a whole production configuration."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from pytest_django import Settings

from lti_tool.server.checks import check_open_registration, check_private_hosts
from tests import ROOT


def ids(settings: Settings, url: str, *, private: bool) -> list[str | None]:
    settings.PUBLIC_URL, settings.LTI_ALLOW_PRIVATE_HOSTS = url, private
    return [message.id for message in check_private_hosts(None)]


def test_private_hosts_are_told_of_in_production_only(settings: Settings) -> None:
    assert ids(settings, "https://a.example", private=True) == ["lti_tool.W001"]
    assert ids(settings, "https://a.example", private=False) == []
    assert ids(settings, "http://localhost:8001", private=True) == []


def test_open_registration_is_told_of(settings: Settings) -> None:
    assert check_open_registration(None) == []
    settings.LTI_OPEN_REGISTRATION = True
    assert [message.id for message in check_open_registration(None)] == ["lti_tool.W002"]


def in_production(
    tmp_path: Path, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """``manage.py`` as an operator runs it."""
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "q7w9e-tyu1o_pas5dfg8hjk2zxcvb4nm6QWERTYUIOPASDFGHJKLZ",
        "PUBLIC_URL": "https://worksheets.example.org",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'tool.sqlite3'}",
        **variables,
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def deploy_check(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    arguments = ["check", "--deploy", "--fail-level", "WARNING"]
    return in_production(tmp_path, *arguments, **variables)


ASK_WHO = """
from django.contrib.auth import get_user_model
from django.test import Client
operator = get_user_model().objects.create_superuser("ada", password="x" * 12)
client = Client(headers={"host": "worksheets.example.org"})
client.force_login(operator)
page = client.get("/admin/password_change/", secure=True)
print(page.status_code, client.cookies.output(sep="\\n"))
"""


def test_no_other_host_can_plant_an_operators_cookies(tmp_path: Path) -> None:
    assert in_production(tmp_path, "migrate", "--verbosity", "0").returncode == 0
    done = in_production(tmp_path, "shell", "--no-imports", "--verbosity", "0", "-c", ASK_WHO)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("200")
    for name in ("sessionid", "csrftoken"):
        (cookie,) = re.findall(rf"Set-Cookie: __Host-{name}=(.*)", done.stdout)
        assert {"Path=/", "Secure"} <= set(cookie.split("; "))
        assert not re.search(r"Domain=(?!None)", cookie)


def test_a_production_configuration_is_clean(tmp_path: Path) -> None:
    done = deploy_check(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_private_hosts_in_production_are_a_warning(tmp_path: Path) -> None:
    done = deploy_check(tmp_path, LTI_ALLOW_PRIVATE_HOSTS="1")
    assert done.returncode != 0
    assert "lti_tool.W001" in done.stderr
