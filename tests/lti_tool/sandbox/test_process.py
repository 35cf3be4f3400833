"""The sandbox as it really runs: gunicorn, its own settings, its own database, over HTTP."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests

from lti_tool.protocol.vocabulary import CLIENT_ASSERTION_TYPE, MediaType, Scope
from tests.lti_tool.sandbox import lms
from tests.lti_tool.sandbox.tool_server import ToolServer, rsa_key
from tests.servers.programs import free_port

SETTINGS = "lti_tool.sandbox.settings"


@dataclass
class Sandbox:
    url: str
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "django", *arguments, "--settings", SETTINGS]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    def token(self, scope: str) -> str:
        now = int(time.time())
        claims = {"iss": "sandbox-tool", "sub": "sandbox-tool", "aud": f"{self.url}/lti/token"}
        times = {"iat": now, "exp": now + 60, "jti": os.urandom(8).hex()}
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": CLIENT_ASSERTION_TYPE,
            "client_assertion": jwt.encode(
                {**claims, **times}, rsa_key("first"), "RS256", headers={"kid": "first"}
            ),
            "scope": scope,
        }
        answer = requests.post(f"{self.url}/lti/token", form, timeout=30)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def post_score(self, token: str, **changes: object) -> int:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": MediaType.SCORE}
        address = self.url + lms.scores_address()
        body = lms.a_score(**changes)
        return requests.post(address, json=body, headers=headers, timeout=30).status_code

    def state(self) -> Any:
        return requests.get(f"{self.url}/state.json", timeout=30).json()


@pytest.fixture
def sandbox(tmp_path: Path, repository: Path, tool_server: ToolServer) -> Iterator[Sandbox]:
    """Migrated, set up, and served by one process with threads."""
    port = free_port()
    url, tool_url = f"http://127.0.0.1:{port}", tool_server.url.removesuffix("/jwks.json")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")},
        "SANDBOX": "1",
        "SANDBOX_URL": url,
        "SANDBOX_TOOL_URL": tool_url,
        "SANDBOX_DATABASE": str(tmp_path / "sandbox.sqlite3"),
        "PYTHONPATH": str(repository),
    }
    made = Sandbox(url, environment)
    made.manage("migrate", "-v0")
    made.manage("sandbox_setup")
    server = [sys.executable, "-m", "gunicorn", "lti_tool.sandbox.wsgi", "-b", f"127.0.0.1:{port}"]
    command = [*server, "--threads", "8", "--no-control-socket", "--log-level", "error"]
    with subprocess.Popen(command, env=environment) as process:
        wait_for(url)
        yield made
        process.terminate()


def wait_for(url: str) -> None:
    for _ in range(300):
        try:
            # The socket is open before the worker behind it has started.
            requests.get(url, timeout=30)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the sandbox did not start")


def test_a_launch_a_token_and_a_class_of_scores(sandbox: Sandbox) -> None:
    _launches(sandbox)
    token = sandbox.token(f"{Scope.SCORE}")
    with ThreadPoolExecutor(16) as pool:
        pupils = [str(number) for number in range(101, 131)]
        posts = [pool.submit(sandbox.post_score, token, userId=pupil) for pupil in pupils]
    assert [post.result() for post in posts] == [200] * 30
    assert len(sandbox.state()["grades"]) == 30
    _same_second(sandbox, token)


def _launches(sandbox: Sandbox) -> None:
    browser = requests.Session()
    browser.post(f"{sandbox.url}/sign-in/", {"person": "101"}, timeout=30)
    page = browser.get(f"{sandbox.url}/launch/1/", timeout=30)
    form = lms._Form()
    form.feed(page.text)
    redirect_uri = form.action.replace("/lti/login/", "/lti/launch/")
    request = lms.auth_request(form.fields, redirect_uri=redirect_uri)
    answer = browser.get(f"{sandbox.url}/lti/auth", params=request, timeout=30)
    found = re.search(r'name="id_token" value="([^"]+)"', answer.text)
    assert found
    keys = jwt.PyJWKSet.from_dict(requests.get(f"{sandbox.url}/lti/jwks", timeout=30).json())
    claims = jwt.decode(found[1], keys.keys[0], algorithms=["RS256"], audience="sandbox-tool")
    assert (claims["iss"], claims["sub"]) == (sandbox.url, "101")


def _same_second(sandbox: Sandbox, token: str) -> None:
    """Of many posts for one cell and one second, one is taken."""
    moment = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    with ThreadPoolExecutor(16) as pool:
        posts = [pool.submit(sandbox.post_score, token, timestamp=moment) for _ in range(16)]
    assert sorted(post.result() for post in posts) == [200] + [409] * 15


def test_every_model_change_has_its_migration(sandbox: Sandbox) -> None:
    assert "No changes detected" in sandbox.manage("makemigrations", "--check", "--dry-run")
    assert "no issues" in sandbox.manage("check")
