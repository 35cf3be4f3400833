"""Programs of ours that read a file from outside, each in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PULSE = 0.1  # seconds between two calls of ``look`` while nothing else happens

# A program that a file has taken over finds none of our secrets in its environment.
_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR", "TZ")

Child = subprocess.CompletedProcess[bytes]


class TookTooLong(Exception):
    """The error for a program that was ended because its time was over."""


def _no_look(_said: bytes) -> None:
    pass


def run(
    program: Path,
    *arguments: str,
    data: bytes,
    seconds: float,
    look: Callable[[bytes], None] = _no_look,
) -> Child:
    """Return what a program has made of ``data``; it limits its own memory and time.

    ``look`` is called several times a second with what the program has said on standard error.
    What it raises ends the program. Raise TookTooLong after ``seconds``, or if the program has
    used up the time that it may compute for.
    """
    command = [sys.executable, "-P", "-W", "ignore", str(program), *arguments]
    environment = {name: os.environ[name] for name in _VARIABLES if name in os.environ}
    pipe, end = subprocess.PIPE, time.monotonic() + seconds
    with tempfile.TemporaryFile() as file:
        # ``communicate`` of Python 3.11 sends nothing more once it has timed out.
        file.write(data)
        file.seek(0)
        with subprocess.Popen(  # noqa: S603 - our own script, and no shell
            command, stdin=file, stdout=pipe, stderr=pipe, env=environment
        ) as child:
            try:
                while True:
                    try:
                        out, err = child.communicate(timeout=min(PULSE, seconds))
                    except subprocess.TimeoutExpired as waiting:
                        if time.monotonic() >= end:
                            raise TookTooLong from None
                        look(waiting.stderr or b"")
                    else:
                        break
            finally:
                child.kill()
    if child.returncode == -signal.SIGXCPU:
        raise TookTooLong
    return Child(command, child.returncode, out, err)
