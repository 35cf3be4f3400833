"""The demo: the sandbox LMS and the tool, as two processes that communicate over HTTP.

    python -m lti_tool.sandbox.demo --port 8000 [--reset] [--reload]

``make demo`` serves both with gunicorn, as an operator would; ``make dev`` adds ``--reload``:
Django's own server, its error pages, and a restart after every change of the code.

This module only starts processes; it imports nothing of the tool.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.autoreload import DJANGO_AUTORELOAD_ENV

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".data" / "demo"
STARTUP_SECONDS = 60.0  # for a server to respond
TEACHER = "10"
COURSE = "2"
ACTIVITY = "1"
DEBUG_VARIABLES = {
    "DEBUG": "1",
    "SANDBOX_DEBUG": "1",
    "DJANGO_RUNSERVER_HIDE_WARNING": "true",
    # Without it Django's server would start a second process, and that one would serve.
    DJANGO_AUTORELOAD_ENV: "true",
}
MIGRATED_PACKAGES = {
    "lti_tool": "lti_tool",
    "sandbox": "lti_tool/sandbox",
    "worksheets": "worksheets",
}
RELOAD_STATUS = 3  # the exit status with which Django's reloader asks for a new process


class DemoError(Exception):
    """The error that the demo cannot run. Its text is for the person at the terminal."""


@dataclass(slots=True)
class Server:
    """The process of the LMS or of the tool."""

    name: str
    url: str
    health: str  # the path of a page that responds when the server is ready
    command: Sequence[str]
    environment: Mapping[str, str]
    reloads: bool
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def manage(self, *arguments: str) -> None:
        """Run a management command in this server's environment."""
        command = [sys.executable, "-m", "django", *arguments]
        done = subprocess.run(  # noqa: S603
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise DemoError(f"{self.name}: {arguments[0]} failed.\n{done.stderr.strip()}")

    def start(self) -> None:
        command = [sys.executable, "-m", *self.command]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment)  # noqa: S603

    def restart_if_changed(self) -> None:
        """Start the process again if its code changed. Raise DemoError if it ended otherwise."""
        status = self.process.poll() if self.process else None
        if status == RELOAD_STATUS and self.reloads:
            self.start()
        elif status is not None:
            raise DemoError(f"The {self.name} ended by itself; its last output is above.")

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + self.health, timeout=2):  # noqa: S310
                return True
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        """Ask the process to end; ``wait`` makes sure that it does."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def wait(self) -> None:
        if self.process:
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    """Set up both processes, serve until Ctrl-C, stop them and return the exit status."""
    parser = argparse.ArgumentParser(description="Serve the demo LMS and the tool.")
    parser.add_argument("--port", type=int, default=8000, help="the LMS; the tool has the next one")
    parser.add_argument("--reset", action="store_true", help="delete the data first")
    parser.add_argument("--reload", action="store_true", help="show changes as they are saved")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the data is kept")
    options = parser.parse_args(arguments)
    _on_signals(signal.default_int_handler)
    try:
        _run(options.port, options.folder, reset=options.reset, reload=options.reload)
    except DemoError as error:
        sys.stderr.write(f"The demo cannot start. {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stdout.write("\nStopped. The data is kept; RESET=1 deletes it.\n")
    return 0


def _on_signals(handler: Callable[..., None] | signal.Handlers) -> None:
    """Set the handler of all signals that end the demo: SIGINT, SIGTERM and SIGHUP."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
            signal.signal(number, handler)


def _run(port: int, folder: Path, *, reset: bool, reload: bool) -> None:
    _check_ports(port, port + 1)
    if reset:
        shutil.rmtree(folder, ignore_errors=True)
    elif has_unknown_migrations(folder):
        sys.stdout.write("The demo's data is of another version of its tables: it is made anew.\n")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    lms, tool = _servers(port, folder, reload=reload)
    _prepare(lms, tool)
    try:
        lms.start()
        tool.start()
        _wait_until_ready(lms, tool)
        sys.stdout.write(_welcome(lms, tool))
        sys.stdout.flush()
        while True:
            lms.restart_if_changed()
            tool.restart_if_changed()
            time.sleep(0.3)
    finally:
        # A second Ctrl-C must not leave one of the processes running.
        _on_signals(signal.SIG_IGN)
        lms.stop()
        tool.stop()
        lms.wait()
        tool.wait()


def has_unknown_migrations(folder: Path) -> bool:
    """Return whether a database there has migrations applied that this version does not have."""
    known = {
        (app, path.stem)
        for app, package in MIGRATED_PACKAGES.items()
        for path in (ROOT / package / "migrations").glob("0*.py")
    }
    for file in folder.glob("*.sqlite3"):
        with contextlib.closing(sqlite3.connect(file)) as database:
            try:
                applied = set(database.execute("SELECT app, name FROM django_migrations"))
            except sqlite3.Error:
                continue  # no tables yet, or none that Django made: 'migrate' says what is wrong
        if {row for row in applied if row[0] in MIGRATED_PACKAGES} - known:
            return True
    return False


def _check_ports(*ports: int) -> None:
    for port in ports:
        if not 0 < port < 65536:
            raise DemoError(f"{port} is not a port: choose one with PORT=8100.")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise DemoError(
                    f"Port {port} is taken: choose others with PORT={port + 100}."
                ) from None


def _servers(port: int, folder: Path, *, reload: bool) -> tuple[Server, Server]:
    debug = DEBUG_VARIABLES if reload else {}
    lms_command = _gunicorn(port, "lti_tool.sandbox.wsgi")
    tool_command = _gunicorn(port + 1, "lti_tool.wsgi")
    if reload:
        lms_command = ["django", "runserver", f"127.0.0.1:{port}"]
        # WhiteNoise serves the static files, as it does with gunicorn.
        tool_command = ["django", "runserver", "--nostatic", f"127.0.0.1:{port + 1}"]
    lms_url, tool_url = f"http://127.0.0.1:{port}", f"http://localhost:{port + 1}"
    lms = Server(
        name="demo LMS",
        url=lms_url,
        health="/",
        command=lms_command,
        reloads=reload,
        environment={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "lti_tool.sandbox.settings",
            "SANDBOX": "1",
            "SANDBOX_URL": lms_url,
            "SANDBOX_TOOL_URL": tool_url,
            "SANDBOX_DATABASE": str(folder / "lms.sqlite3"),
            **debug,
        },
    )
    tool = Server(
        name="worksheet tool",
        url=tool_url,
        health="/healthz",
        command=tool_command,
        reloads=reload,
        environment={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "lti_tool.settings",
            "SECRET_KEY": _secret_key(folder / "secret-key"),
            "PUBLIC_URL": tool_url,
            "DATABASE_URL": f"sqlite:///{folder / 'tool.sqlite3'}",
            "LTI_ALLOW_PRIVATE_HOSTS": "1",
            **debug,
        },
    )
    return lms, tool


def _gunicorn(port: int, application: str) -> list[str]:
    return [
        *("gunicorn", application, "--bind", f"127.0.0.1:{port}"),
        *("--workers", "1", "--threads", "8", "--keep-alive", "75"),
        *("--log-level", "warning", "--no-control-socket"),
    ]


def _secret_key(path: Path) -> str:
    """Return a secret key that is kept in a file, so that open pages survive a restart."""
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


def _wait_until_ready(*servers: Server) -> None:
    end = time.monotonic() + STARTUP_SECONDS
    while not all(server.is_ready() for server in servers):
        for server in servers:
            server.restart_if_changed()
        if time.monotonic() > end:
            raise DemoError(f"{servers[-1].url} does not respond.")
        time.sleep(0.1)


def _welcome(lms: Server, tool: Server) -> str:
    reloads = "  Changes of the code show as soon as they are saved.\n" if tool.reloads else ""
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
{reloads}  Ctrl-C stops both and keeps the data. RESET=1 deletes it.

"""


if __name__ == "__main__":
    raise SystemExit(main())
