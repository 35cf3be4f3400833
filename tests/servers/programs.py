"""What the throwaway servers need of the machine: their programs, and a free port."""

from __future__ import annotations

import os
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


def skip(reason: NotInstalled) -> NoReturn:
    """Skip the test on somebody's own machine; where CI is set nothing may be missing."""
    if os.environ.get("CI"):
        pytest.fail(str(reason))
    pytest.skip(str(reason))
