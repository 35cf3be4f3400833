import importlib
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest
from django.core.exceptions import ImproperlyConfigured

from lti_tool.sandbox.server import environment
from lti_tool.sandbox.server.environment import BadEnvironmentError


def test_without_sandbox_the_settings_module_refuses_to_load(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SANDBOX", raising=False)
    monkeypatch.delitem(sys.modules, "lti_tool.sandbox.settings", raising=False)
    with pytest.raises(ImproperlyConfigured, match="set SANDBOX=1"):
        importlib.import_module("lti_tool.sandbox.settings")


@pytest.mark.parametrize("value", ["", "0", "true", "yes"])
def test_only_1_switches_the_sandbox_on(value: str) -> None:
    with pytest.raises(BadEnvironmentError):
        environment.read({"SANDBOX": value})


def test_defaults() -> None:
    found = environment.read({"SANDBOX": "1"})
    assert found.url == "http://127.0.0.1:8000"
    assert found.tool_url == "http://localhost:8001"
    assert found.database == environment.REPOSITORY / ".data" / "sandbox.sqlite3"


@pytest.mark.parametrize(
    "url",
    [
        "http://192.168.1.5:8000",
        "http://lms.example.org",
        "http://127.0.0.1.example.org",
        "http://0.0.0.0:8000",
        "http://localhost.evil.org",
    ],
)
def test_an_address_beyond_this_machine_is_refused(url: str) -> None:
    with pytest.raises(BadEnvironmentError, match="must name this machine"):
        environment.read({"SANDBOX": "1", "SANDBOX_URL": url})


@pytest.mark.parametrize("url", ["http://[::1]:8000", "http://127.8.9.1", "http://lms.localhost"])
def test_every_name_of_this_machine_will_do(url: str) -> None:
    assert environment.read({"SANDBOX": "1", "SANDBOX_URL": url + "/"}).url == url


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1",
        "127.0.0.1:8000",
        "http://127.0.0.1:port",
        "http://[",
        "http://127.0.0.1/lms",
        "http://127.0.0.1?a=b",
        "http://me@127.0.0.1",
    ],
)
def test_what_is_no_plain_address_is_refused_in_one_sentence(url: str) -> None:
    with pytest.raises(BadEnvironmentError, match="SANDBOX_URL"):
        environment.read({"SANDBOX": "1", "SANDBOX_URL": url})


def test_the_secret_key_is_random_private_and_kept(tmp_path: Path) -> None:
    first = environment.secret_key(tmp_path / "new" / "a.sqlite3")
    assert len(first) > 50
    assert environment.secret_key(tmp_path / "new" / "a.sqlite3") == first
    assert environment.secret_key(tmp_path / "b.sqlite3") != first
    assert stat.S_IMODE((tmp_path / "new" / "a.sqlite3.key").stat().st_mode) == 0o600


def test_a_process_that_comes_second_keeps_the_firsts_key(tmp_path: Path) -> None:
    first = environment.secret_key(tmp_path / "a.sqlite3")
    environment._make_key(tmp_path / "a.sqlite3.key")
    assert environment.secret_key(tmp_path / "a.sqlite3") == first


def test_processes_that_start_together_agree_on_the_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(environment.secret_key, [tmp_path / "a.sqlite3"] * 40))
    assert len(found) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.sqlite3.key"]


def test_the_settings_keep_writers_from_locking_each_other_out(own_settings: ModuleType) -> None:
    options = own_settings.DATABASES["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]
    assert own_settings.DEBUG is False
    assert own_settings.INSTALLED_APPS == ["lti_tool.sandbox"]
