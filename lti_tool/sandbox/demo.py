"""The demo: the sandbox LMS and the tool, as two processes that meet over HTTP.

    python -m lti_tool.sandbox.demo --port 8000 [--reset]

Only processes are started here; nothing of the tool is imported.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".data" / "demo"
PATIENCE = 60.0  # seconds for a server to answer
TEACHER = "10"
COURSE = "2"
ACTIVITY = "1"


class CannotStart(Exception):
    """One sentence for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Server:
    """One of the two processes."""

    name: str
    url: str
    port: int
    application: str
    environment: Mapping[str, str]

    def manage(self, *arguments: str) -> None:
        """Run a management command in this server's environment."""
        command = [sys.executable, "-m", "django", *arguments]
        done = subprocess.run(  # noqa: S603
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise CannotStart(f"{self.name}: {arguments[0]} failed.\n{done.stderr.strip()}")

    def start(self) -> subprocess.Popen[bytes]:
        """Serve."""
        command = [
            *(sys.executable, "-m", "gunicorn", self.application),
            *("--bind", f"127.0.0.1:{self.port}", "--workers", "1", "--threads", "8"),
            *("--log-level", "warning", "--no-control-socket"),
        ]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment)  # noqa: S603


def main(arguments: Sequence[str] | None = None) -> int:
    """Set up, serve until Ctrl-C, stop both. Gives the exit status."""
    parser = argparse.ArgumentParser(description="Serve the demo LMS and the tool.")
    parser.add_argument("--port", type=int, default=8000, help="the LMS; the tool has the next one")
    parser.add_argument("--reset", action="store_true", help="begin anew")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the data is kept")
    options = parser.parse_args(arguments)
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, _interrupt)
    try:
        return _run(options.port, options.folder, reset=options.reset)
    except CannotStart as problem:
        sys.stderr.write(f"The demo cannot start. {problem}\n")
        return 1
    except KeyboardInterrupt:
        sys.stdout.write("\nStopped. The data is kept; 'make demo RESET=1' begins anew.\n")
        return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _run(port: int, folder: Path, *, reset: bool) -> int:
    _check_ports(port, port + 1)
    if reset:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    lms, tool = _servers(port, folder)
    _prepare(lms, tool)
    running: list[subprocess.Popen[bytes]] = []
    try:
        running = [lms.start(), tool.start()]
        _wait(f"{lms.url}/", running)
        _wait(f"{tool.url}/healthz", running)
        sys.stdout.write(_welcome(lms, tool))
        sys.stdout.flush()
        while all(process.poll() is None for process in running):
            time.sleep(0.3)
        raise CannotStart("One of the two servers ended by itself; its last words are above.")
    finally:
        _stop(running)


def _check_ports(*ports: int) -> None:
    for port in ports:
        if not 0 < port < 65536:
            raise CannotStart(f"{port} is not a port: choose one with 'make demo PORT=8100'.")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                words = f"Port {port} is taken: choose others with 'make demo PORT={port + 100}'."
                raise CannotStart(words) from None


def _servers(port: int, folder: Path) -> tuple[Server, Server]:
    lms_url, tool_url = f"http://127.0.0.1:{port}", f"http://localhost:{port + 1}"
    lms = Server(
        name="demo LMS",
        url=lms_url,
        port=port,
        application="lti_tool.sandbox.wsgi",
        environment={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "lti_tool.sandbox.settings",
            "SANDBOX": "1",
            "SANDBOX_URL": lms_url,
            "SANDBOX_TOOL_URL": tool_url,
            "SANDBOX_DATABASE": str(folder / "lms.sqlite3"),
        },
    )
    tool = Server(
        name="worksheet tool",
        url=tool_url,
        port=port + 1,
        application="lti_tool.wsgi",
        environment={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "lti_tool.settings",
            "SECRET_KEY": _secret(folder / "secret-key"),
            "PUBLIC_URL": tool_url,
            "DATABASE_URL": f"sqlite:///{folder / 'tool.sqlite3'}",
            "LTI_ALLOW_PRIVATE_HOSTS": "1",
        },
    )
    return lms, tool


def _secret(path: Path) -> str:
    """Kept, so that pages stay open over a restart."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def _prepare(lms: Server, tool: Server) -> None:
    lms.manage("migrate", "--verbosity", "0")
    lms.manage("sandbox_setup")
    tool.manage("migrate", "--verbosity", "0")
    client = ("--client-id", "sandbox-tool", "--deployment-id", "1")
    tool.manage(
        *("add_platform", "--name", "Demo LMS", "--issuer", lms.url, *client),
        *("--auth-login-url", f"{lms.url}/lti/auth"),
        *("--auth-token-url", f"{lms.url}/lti/token"),
        *("--jwks-url", f"{lms.url}/lti/jwks"),
    )
    canvas = f"{lms.url}/canvas"
    tool.manage(
        *("add_platform", "--name", "Demo LMS (Canvas)", "--issuer", canvas),
        *("--client-id", "sandbox-canvas", "--deployment-id", "1:sandbox-canvas"),
        *("--auth-login-url", f"{canvas}/api/lti/authorize_redirect"),
        *("--auth-token-url", f"{canvas}/login/oauth2/token"),
        *("--jwks-url", f"{canvas}/api/lti/security/jwks"),
    )
    tool.manage(
        *("place_sample", *client, "--context-id", COURSE),
        *("--link-id", ACTIVITY, "--teacher", TEACHER),
    )


def _wait(url: str, running: Sequence[subprocess.Popen[bytes]]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if any(process.poll() is not None for process in running):
            raise CannotStart("One of the two servers did not start; its last words are above.")
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise CannotStart(f"{url} does not answer.")


def _stop(running: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in running:
        if process.poll() is None:
            process.terminate()
    for process in running:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _welcome(lms: Server, tool: Server) -> str:
    return f"""
  The demo is running.

    1. Open       {lms.url}/
    2. Click      a pupil, then 'The Terror and the Purges'. Fill in the gaps, write
                  something, press 'Check and submit'. 'My grades' has the mark.
    3. Choose     Ruth Adeyemi, the teacher, at the top and press 'Switch': the same
                  activity shows the class. Click the pupil, mark, press 'Release'.
    4. Go to      the course page: 'Add activities' opens the library of worksheets,
                  'Copy this course' makes a new one with the same activities.
    5. Go from    'History 10b' to 'Modern History (Canvas)' for an LMS with Canvas's ways, or
                  be the Site Administrator, who registers tools.

  The LMS is a small one of our own; the tool runs beside it at {tool.url}.
  Ctrl-C stops both and keeps the data. 'make demo RESET=1' begins anew.

"""


if __name__ == "__main__":
    raise SystemExit(main())
