"""The tool as an operator runs it: commands and gunicorn, as processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from tests import ROOT
from tests.benchmarks.platform import CLIENT_ID, DEPLOYMENT, Platform
from tests.servers.programs import free_port

PLACE = ("--client-id", CLIENT_ID, "--deployment-id", DEPLOYMENT)


@dataclass
class Tool:
    """One installation: ``python`` runs it from ``folder``, by default the checkout's."""

    database: str
    python: Path = Path(sys.executable)
    folder: Path = ROOT
    port: int = field(default_factory=free_port)
    more: Mapping[str, str] = field(default_factory=dict)
    workers: int = 1

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Nothing but what the operator must set; no path to the checkout."""
        return {
            "PATH": os.environ["PATH"],
            "SECRET_KEY": "only-for-tests-q7w9etyu1opas5dfg8hjk2zxcvb4nm6",
            "PUBLIC_URL": self.url,
            "DATABASE_URL": self.database,
            "LTI_ALLOW_PRIVATE_HOSTS": "1",
            **self.more,
        }

    def start(self, *command: str | Path) -> subprocess.Popen[str]:
        """A process in this installation's environment."""
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, *command: str | Path) -> tuple[int, str]:
        """A process to its end: its status, and what it said."""
        with self.start(*command) as process:
            said, _ = process.communicate(timeout=120)
        return process.returncode, said

    def manage(self, *arguments: str) -> str:
        """What a management command says; it must succeed."""
        command = (self.python, "-c", "from lti_tool.server.command_line import main; main()")
        status, said = self.run(*command, *arguments)
        assert status == 0, said
        return said

    def join(self, platform: Platform) -> None:
        """Migrate, register the platform, and place the sample worksheet at its link."""
        self.manage("migrate", "--verbosity", "0")
        self.manage(
            *("add_platform", "--name", "LMS", "--issuer", platform.url, *PLACE),
            *("--auth-login-url", f"{platform.url}/auth"),
            *("--auth-token-url", f"{platform.url}/token"),
            *("--jwks-url", f"{platform.url}/jwks"),
        )
        link = ("--context-id", "course", "--link-id", "link", "--teacher", "t")
        self.manage("place_sample", *PLACE, *link)

    @contextmanager
    def serving(self, log: list[str] | None = None) -> Iterator[subprocess.Popen[str]]:
        """gunicorn, until the end of the block; it must stop by itself when it is asked to.

        ``log`` is then given the lines that it has said.
        """
        options = ("--threads", "8", "--keep-alive", "75", "--no-control-socket")
        where = ("--workers", str(self.workers), "--bind", f"127.0.0.1:{self.port}")
        process = self.start(self.python, "-m", "gunicorn", "lti_tool.wsgi", *where, *options)
        try:
            self._wait(process)
            yield process
        finally:
            process.terminate()
            said, _ = process.communicate(timeout=40)
            if log is not None:
                log += said.splitlines()
        assert process.returncode == 0, said

    def get(self, path: str) -> requests.Response:
        """What it answers, without following it anywhere."""
        return requests.get(f"{self.url}{path}", timeout=30, allow_redirects=False)

    def _wait(self, process: subprocess.Popen[str]) -> None:
        for _ in range(300):
            try:
                self.get("/healthz")
            except requests.ConnectionError:
                if process.poll() is not None:
                    break
                time.sleep(0.1)
            else:
                return
        raise AssertionError(f"{self.url} does not answer")
