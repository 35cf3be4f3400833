"""Pooled connections that go to public hosts only and respect deadlines.

Against DNS rebinding (a name that is public when checked and private when called), the
peer's address is checked again before anything is sent. Behind a proxy of the operator's
(``HTTPS_PROXY``, ``HTTP_PROXY``, ``NO_PROXY``), which makes the connections itself, that
check is left to the proxy.
"""

from __future__ import annotations

import functools
import ipaddress
import os
import socket
import ssl
from pathlib import Path
from urllib.parse import unquote, urlsplit

import certifi
import urllib3
from django.conf import settings
from requests.utils import get_environ_proxies, select_proxy
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError
from urllib3.util import create_urllib3_context, make_headers, parse_url

from lti_tool.services.addresses import is_public
from lti_tool.services.deadlines import cut_off

# Connections are kept to MAX_HOSTS hosts, MAX_KEPT to each. One that the platform closed stays
# open here until it is used again, so their number must be bounded.
MAX_HOSTS, MAX_KEPT = 50, 8


class _TimedConnection(HTTPConnection):
    """A connection that limits how long a response takes to begin."""

    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]  # as urllib3's own
        """Return the response, whose status and headers must arrive within the read time-out.

        urllib3 alone would allow that time for each piece of the headers.
        """
        with cut_off(self.timeout or 0, self._stop):
            return super().getresponse()

    def _stop(self) -> None:
        if self.sock is not None:
            self.sock.shutdown(socket.SHUT_RDWR)


class _PublicConnection(_TimedConnection):
    """A connection that is given up before anything is sent if its peer is not public."""

    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        peer = ipaddress.ip_address(str(connected.getpeername()[0]).partition("%")[0])
        if settings.LTI_ALLOW_PRIVATE_HOSTS or is_public(peer):
            return connected
        connected.close()
        raise NewConnectionError(self, "the peer is inside a private network")


class _TimedTLSConnection(_TimedConnection, HTTPSConnection):
    """A ``_TimedConnection`` over TLS."""


class _PublicTLSConnection(_PublicConnection, HTTPSConnection):
    """A ``_PublicConnection`` over TLS."""


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _PublicConnection


class _TLSPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _PublicTLSConnection


class _ProxyPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _TimedConnection


class _ProxyTLSPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _TimedTLSConnection


def pools_for(url: str) -> urllib3.PoolManager:
    """Return the connection pools for an address, shared by all threads of the process.

    Raise ValueError if it is no http(s) address.
    """
    address = urlsplit(url)
    if address.scheme not in {"http", "https"}:
        raise ValueError("no http(s) address")
    proxy = _proxy_for(f"{address.scheme}://{address.netloc.rpartition('@')[2]}")
    # A forked process must not use its parent's connections.
    return _pools(proxy, os.getpid())


@functools.lru_cache(maxsize=1000)
def _proxy_for(origin: str) -> str:
    """Return the address of the operator's proxy to this host, or ''."""
    return select_proxy(origin, get_environ_proxies(origin)) or ""


@functools.cache
def _pools(proxy: str, process: int) -> urllib3.PoolManager:  # noqa: ARG001
    tls = _tls()
    if not proxy:
        pools = urllib3.PoolManager(MAX_HOSTS, maxsize=MAX_KEPT, ssl_context=tls)
        pools.pool_classes_by_scheme = {"http": _Pool, "https": _TLSPool}
        return pools
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    login = unquote(parse_url(proxy).auth or "")
    through = urllib3.ProxyManager(
        proxy,
        MAX_HOSTS,
        proxy_headers=make_headers(proxy_basic_auth=login) if login else None,
        maxsize=MAX_KEPT,
        ssl_context=tls,
        proxy_ssl_context=tls,
    )
    through.pool_classes_by_scheme = {"http": _ProxyPool, "https": _ProxyTLSPool}
    return through


def _tls() -> ssl.SSLContext:
    """Return a TLS context with the operator's or certifi's certificate authorities.

    Slow: reading the authorities takes longer than a call, so ``_pools`` keeps it.
    """
    made = create_urllib3_context()
    own = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    if own and Path(own).is_dir():
        made.load_verify_locations(capath=own)
    else:
        made.load_verify_locations(own or certifi.where())
    return made
