"""An nginx of our own with the configuration of compose.yaml."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.servers.programs import NotInstalled, free_port


@dataclass(frozen=True)
class Proxy:
    """Where it listens, and what it says on standard output and standard error."""

    url: str
    output: Path
    errors: Path


@contextmanager
def proxy(configuration: str, upstream: str | None) -> Iterator[Proxy]:
    """A proxy to ``upstream``, a host and a port; None if the configuration names it itself.

    Raises NotInstalled.
    """
    # Debian keeps it where only root looks.
    program = shutil.which("nginx", path="/usr/local/bin:/usr/bin:/usr/sbin")
    if program is None:
        raise NotInstalled("nginx is not installed (Debian: apt install nginx-light).")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="nginx-") as folder:
        file = Path(folder) / "nginx.conf"
        moved = configuration.replace("listen 8080 ", f"listen 127.0.0.1:{port} ")
        if upstream is not None:
            # Only nginx 1.27.3 and newer know 'resolve', which an address does not need.
            moved, found = re.subn(r"server web:8000 resolve\b", f"server {upstream}", moved)
            if not found:
                raise ValueError("this is not the configuration of compose.yaml")
        moved = moved.replace("/tmp/", f"{folder}/")
        file.write_text(moved)
        made = Proxy(f"http://127.0.0.1:{port}", Path(folder) / "output", Path(folder) / "errors")
        with made.output.open("wb") as output, made.errors.open("wb") as errors:
            process = subprocess.Popen(
                [program, "-p", folder, "-c", file, "-g", "daemon off;"],
                stdout=output,
                stderr=errors,
            )
        try:
            _wait(f"{made.url}/-/proxy", process)
            yield made
        finally:
            process.terminate()
            process.wait(20)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        try:
            requests.get(url, timeout=5)
        except requests.ConnectionError:
            if process.poll() is not None:
                break
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{url} does not answer")
