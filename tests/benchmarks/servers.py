"""The tool and the floor under gunicorn, each with two workers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from tests import ROOT
from tests.benchmarks.platform import CLIENT_ID, DEPLOYMENT, Platform
from tests.servers.programs import free_port


@contextmanager
def tool(platform: Platform, database: str, crowd: int = 0) -> Iterator[str]:
    """The tool, with the sample worksheet at the platform's link. Gives its address.

    ``database`` is a DATABASE_URL of nobody else's; ``crowd`` people are there before.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lti_tool.settings",
        "SECRET_KEY": "benchmark-q7w9etyu1opas5dfg8hjk2zxcvb4nm6",
        "PUBLIC_URL": url,
        "DATABASE_URL": database,
        "LTI_ALLOW_PRIVATE_HOSTS": "1",
    }
    ids = ["--client-id", CLIENT_ID, "--deployment-id", DEPLOYMENT]
    _manage(environment, "migrate", "--verbosity", "0")
    _manage(
        environment,
        *("add_platform", "--name", "Benchmark", "--issuer", platform.url, *ids),
        *("--auth-login-url", f"{platform.url}/auth", "--auth-token-url", f"{platform.url}/token"),
        *("--jwks-url", f"{platform.url}/jwks"),
    )
    _manage(
        environment,
        *("place_sample", *ids, "--context-id", "course", "--link-id", "link", "--teacher", "t"),
    )
    if crowd:
        _run(environment, "-m", "tests.benchmarks.crowd", str(crowd))
    with _serving("lti_tool.wsgi", port, environment, f"{url}/healthz"):
        yield url


@contextmanager
def floor(platform: Platform) -> Iterator[str]:
    """The bare view. Gives its address."""
    port = free_port()
    environment = {**os.environ, "PLATFORM": platform.url, "CLIENT_ID": CLIENT_ID}
    url = f"http://127.0.0.1:{port}"
    with _serving("tests.benchmarks.floor", port, environment, f"{url}/nothing"):
        yield url


def _manage(environment: dict[str, str], *arguments: str) -> None:
    _run(environment, "manage.py", *arguments)


def _run(environment: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, *arguments]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _serving(
    application: str, port: int, environment: dict[str, str], probe: str
) -> Iterator[None]:
    # Pupils who are ready early wait for the others: on a busy machine longer than two seconds.
    options = ["--workers", "2", "--threads", "4", "--keep-alive", "75"]
    options += ["--log-level", "error", "--no-control-socket"]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", *options],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.DEVNULL,  # the floor's 404 of the probe
    )
    try:
        _wait(probe)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _wait(url: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{url} does not answer")
