"""What the throwaway servers need of the machine: their programs, and a free port."""

from __future__ import annotations

import os
import random
import socket
from typing import NoReturn

import pytest


class NotInstalled(Exception):
    """A program is missing. The text says which package has it."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def two_free_ports() -> int:
    """The first of two in a row, at a random place: two runs on one machine do not meet."""
    for port in random.sample(range(20000, 30000, 2), 200):
        with socket.socket() as one, socket.socket() as two:
            try:
                one.bind(("127.0.0.1", port))
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise AssertionError("no two free ports")


def skip(reason: NotInstalled) -> NoReturn:
    """Skip the test on somebody's own machine; where CI is set nothing may be missing."""
    if os.environ.get("CI"):
        pytest.fail(str(reason))
    pytest.skip(str(reason))
