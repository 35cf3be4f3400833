"""Connections go to public hosts only, whatever the name service said a moment ago."""

from __future__ import annotations

import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pytest_django import Settings

from lti_tool.services import connections, http
from lti_tool.services.addresses import check_address
from lti_tool.services.errors import DeliveryProblem, ServiceError
from tests.platform.fake import FakePlatform
from tests.platform.server import Fault
from tests.servers.certificates import self_signed


@pytest.fixture
def server(fake_platform: FakePlatform) -> FakePlatform:
    return fake_platform


def refused(url: str) -> DeliveryProblem:
    with pytest.raises(ServiceError) as caught:
        http.call("GET", url)
    return caught.value.problem


def test_a_private_peer_hears_nothing(server: FakePlatform, settings: Settings) -> None:
    settings.LTI_ALLOW_PRIVATE_HOSTS = False
    assert refused(server.url) == DeliveryProblem.UNREACHABLE
    assert server.asked == []
    settings.LTI_ALLOW_PRIVATE_HOSTS = True
    assert http.call("GET", server.registration.address).status == 200


def test_a_name_that_changes_its_address_reaches_nothing(
    server: FakePlatform, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LTI_ALLOW_PRIVATE_HOSTS = False
    port = urlsplit(server.url).port
    answers = iter(["93.184.216.34", "127.0.0.1"])

    def look_up(host: str, *args: object, **kwargs: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    url = f"https://rebinding.example:{port}/"
    assert check_address(url, allow_private=False) == url
    assert refused(url) == DeliveryProblem.UNREACHABLE
    assert server.asked == []


def test_headers_that_come_a_byte_at_a_time_are_given_up(
    server: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "READ_SECONDS", 0.3)
    server.fail("/x", Fault(drip_headers=True))
    assert refused(f"{server.url}/x") == DeliveryProblem.UNREACHABLE


def test_a_chunk_whose_length_never_ends_is_given_up(
    server: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "BODY_SECONDS", 0.3)
    server.fail("/x", Fault(200, b"1", {"Transfer-Encoding": "chunked"}, drip=True))
    assert refused(f"{server.url}/x") in {
        DeliveryProblem.UNREACHABLE,
        DeliveryProblem.ANSWER_UNREADABLE,
    }


def test_the_body_of_a_redirect_is_bounded_too(server: FakePlatform) -> None:
    server.fail("/x", Fault(302, b" " * 100_000_000, {"Location": "/elsewhere"}))
    assert refused(f"{server.url}/x") == DeliveryProblem.ANSWER_UNREADABLE
    assert server.sent < 50_000_000


@pytest.fixture
def proxy(
    server: FakePlatform, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FakePlatform]:
    """A proxy inside the operator's own network, which the environment names."""
    settings.LTI_ALLOW_PRIVATE_HOSTS = False
    for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", server.url.replace("//", "//me:p%40ss@"))
    _forget()
    yield server
    _forget()


def _forget() -> None:
    """The environment is read once a process."""
    connections._proxy_for.cache_clear()


def test_the_operators_proxy_makes_the_connections(proxy: FakePlatform) -> None:
    assert http.call("GET", "http://lms.example.org/config?y=1").status == 200
    (asked,) = proxy.asked
    target, headers = asked.target, asked.headers
    assert target == "http://lms.example.org/config?y=1"
    assert headers["proxy-authorization"] == f"Basic {b64encode(b'me:p@ss').decode()}"


@pytest.mark.parametrize("hosts", ["127.0.0.1", "lms.example.org, 127.0.0.0/8", "*"])
def test_some_hosts_are_reached_without_it(
    proxy: FakePlatform, monkeypatch: pytest.MonkeyPatch, hosts: str
) -> None:
    monkeypatch.setenv("no_proxy", hosts)
    assert refused(f"{proxy.url}/x") == DeliveryProblem.UNREACHABLE  # itself, and guarded again
    assert proxy.asked == []


class Encrypted(BaseHTTPRequestHandler):
    """Says yes, and passes on what it does not understand.

    No part of a FakePlatform: it speaks below HTTP, and TLS with certificates of its own.
    """

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def do_CONNECT(self) -> None:
        """As a proxy does (RFC 9110 section 9.3.6), for one exchange."""
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host, int(port)), 10) as there:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=_pass_on, args=(there, self.connection))
            back.start()
            _pass_on(self.connection, there)
            back.join()
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Silent."""


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def serving(certificate: Path | None = None) -> Iterator[str]:
    """The host and port of a server for the block."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Encrypted) as server:
        server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}"
        connections.pools_for("https://127.0.0.1").clear()
        server.shutdown()
        thread.join()


@pytest.fixture
def is_authorised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A certificate that the operator's own authority vouches for."""
    certificate = self_signed(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    connections._pools.cache_clear()
    yield certificate
    connections._pools.cache_clear()


def test_the_operators_own_authorities_are_believed(is_authorised: Path) -> None:
    with serving(is_authorised) as host:
        assert http.call("GET", f"https://{host}/").body == b"{}"


def test_a_folder_of_authorities_is_read_too(
    is_authorised: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "authorities"
    folder.mkdir()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(folder))
    with serving(is_authorised) as host:
        assert refused(f"https://{host}/") == DeliveryProblem.UNREACHABLE  # none of them vouches
    connections._pools.cache_clear()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "nothing"))
    assert refused("https://127.0.0.1:1/") == DeliveryProblem.UNREACHABLE


def test_nobody_else_is_believed(tmp_path: Path) -> None:
    with serving(self_signed(tmp_path)) as host:
        assert refused(f"https://{host}/") == DeliveryProblem.UNREACHABLE


def test_through_the_operators_proxy_it_is_encrypted_to_the_end(
    is_authorised: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LTI_ALLOW_PRIVATE_HOSTS = False  # for the proxy to decide
    for name in ("no_proxy", "NO_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving() as proxy, serving(is_authorised) as host:
        assert refused(f"https://{host}/") == DeliveryProblem.UNREACHABLE
        monkeypatch.setenv("https_proxy", f"http://{proxy}")
        _forget()
        for _ in range(2):
            assert http.call("GET", f"https://{host}/").body == b"{}"
    monkeypatch.delenv("https_proxy")
    _forget()
