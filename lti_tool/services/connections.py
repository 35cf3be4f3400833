"""Connections that go to public hosts only, and end when they should.

A name that is looked up, found public and then changed ('DNS rebinding') reaches nothing:
the peer is looked at again before anything is sent to it. Behind a proxy of the
operator's, which makes the connections itself, that is the proxy's business.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import requests
import urllib3
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError

from lti_tool.hosts import is_public


class _Guarded(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        peer = ipaddress.ip_address(str(connected.getpeername()[0]).partition("%")[0])
        if settings.LTI_ALLOW_PRIVATE_HOSTS or is_public(peer):
            return connected
        connected.close()
        raise NewConnectionError(self, "the peer is inside a private network")

    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]  # as urllib3's own
        """The status and headers, all of them within the time that one piece may take."""
        with cut_off(self.timeout or 0, self._stop):
            return super().getresponse()

    def _stop(self) -> None:
        if self.sock is not None:
            self.sock.shutdown(socket.SHUT_RDWR)


class _GuardedTLS(_Guarded, HTTPSConnection):
    """The same, encrypted."""


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Guarded


class _TLSPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _GuardedTLS


class GuardedAdapter(HTTPAdapter):
    """For a session whose every connection is guarded."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """The pools that make the connections are ours."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TLSPool}


class GuardedSession(requests.Session):
    """Guarded connections, and no redirects, not even looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.mount("http://", GuardedAdapter())
        self.mount("https://", GuardedAdapter())

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None ever: requests would first read the redirect's own body, without a bound."""


@contextmanager
def cut_off(seconds: float, stop: Callable[[], None]) -> Iterator[None]:
    """Call ``stop`` from outside if this takes longer: a byte now and then resets any timeout."""

    def stop_if_open() -> None:
        # It may have ended, and been closed, in this very moment.
        with suppress(OSError, ValueError):
            stop()

    timer = threading.Timer(seconds, stop_if_open)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
