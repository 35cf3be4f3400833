"""What the throwaway servers need of the machine: their programs, and a free port."""

from __future__ import annotations

import contextlib
import os
import socket
from typing import NoReturn

import pytest


class NotInstalled(Exception):
    """A program is missing. The text says which package has it."""


def free_port(wanted: int = 0) -> int:
    """A port of 127.0.0.1 that is given to nobody else for the next minute.

    Raises OSError if it is to be a certain one, and somebody has that.

    A connection that was closed there leaves it in TIME_WAIT: the kernel then hands it to
    nobody who asks for any port, and leaves it to the server that asks for it by number.
    """
    with socket.create_server(("127.0.0.1", wanted)) as listening:
        address = listening.getsockname()
        with socket.create_connection(address) as caller:
            answering, _ = listening.accept()
            answering.close()  # whoever closes first waits
            caller.recv(1)
    return int(address[1])


def two_free_ports() -> int:
    """The first of two ports in a row, both given to nobody else for the next minute."""
    for _ in range(200):
        port = free_port()
        with contextlib.suppress(OSError, OverflowError):
            free_port(port + 1)
            return port
    raise AssertionError("no two free ports")


def skip(reason: NotInstalled) -> NoReturn:
    """Skip the test on somebody's own machine; where CI is set nothing may be missing."""
    if os.environ.get("CI"):
        pytest.fail(str(reason))
    pytest.skip(str(reason))
