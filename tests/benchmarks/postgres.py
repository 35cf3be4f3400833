"""A PostgreSQL of our own for the time of a measurement, where its programs are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.servers import free_port

_DEBIAN = Path("/usr/lib/postgresql")
_UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root


@contextmanager
def cluster() -> Iterator[str]:
    """A fresh cluster with one database; gives its address, or '' if there are no programs."""
    programs = _programs()
    if programs is None:
        yield ""
        return
    folder = Path(tempfile.mkdtemp(prefix="benchmark-"))
    user = _UNPRIVILEGED if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    port = free_port()
    data = str(folder / "data")
    serve = ["-D", data, "-k", str(folder), "-p", str(port), "-c", "listen_addresses=127.0.0.1"]
    _run(programs / "initdb", "-D", data, "-U", "tool", "-A", "trust", user=user)
    server = subprocess.Popen(
        [programs / "postgres", *serve], user=user, cwd=folder, stderr=subprocess.DEVNULL
    )
    try:
        _run(programs / "pg_isready", "-h", "127.0.0.1", "-p", str(port), tries=100)
        yield f"postgresql://tool@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder)


def _programs() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    # Debian keeps them, version by version, outside the path.
    versions = sorted(_DEBIAN.glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


def _run(program: Path, *arguments: str, user: str | None = None, tries: int = 1) -> None:
    """Once, or until it succeeds."""
    for left in reversed(range(tries)):
        done = subprocess.run(
            [program, *arguments], user=user, cwd="/", capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            return
        if left == 0:
            raise SystemExit(f"{program}: {done.stderr or done.stdout}")
        time.sleep(0.1)
