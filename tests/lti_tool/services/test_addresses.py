"""Which addresses a registration may name."""

from __future__ import annotations

import socket

import pytest

from lti_tool.services.addresses import ORIGIN_LENGTH, AddressRefused, check_address, origin_of

Found = list[tuple[int, int, int, str, tuple[str, int]]]


@pytest.fixture
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name service that knows a few names; addresses stand for themselves."""
    known = {
        "lms.example": ["93.184.216.34"],
        "both.example": ["93.184.216.34", "10.0.0.1"],
        "inside.example": ["192.168.1.1"],
        "mapped.example": ["::ffff:127.0.0.1"],
        "six.example": ["2606:2800:220:1::1"],
        "link.example": ["fe80::1%eth0"],
    }

    def look_up(host: str, port: int, **kwargs: object) -> Found:
        addresses = known.get(host) or [host]
        if not addresses[0][0].isdigit() and ":" not in addresses[0]:
            raise socket.gaierror
        return [(2, 1, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.usefixtures("_names")
@pytest.mark.parametrize(
    "url",
    ["https://lms.example/auth?x=1", "https://lms.example:8443/", "https://six.example/"],
)
def test_public_addresses(url: str) -> None:
    assert check_address(url, allow_private=False) == url


@pytest.mark.usefixtures("_names")
@pytest.mark.parametrize(
    "url",
    [
        "http://lms.example/",
        "https://inside.example/",
        "https://both.example/",
        "https://mapped.example/",
        "https://link.example/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.1.2.3/",
        "https://172.16.0.1/",
        "https://192.168.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://[fd00::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[64:ff9b:1::7f00:1]/",
        "https://[fec0::1]/",
        "https://[::127.0.0.1]/",
        "https://[::ffff:0:127.0.0.1]/",
        "https://[2001:0:7f00:1::]/",
        "https://[5f00::1]/",
        "https://[ff0e::1]/",
        "https://nobody.example/",
    ],
)
def test_private_and_unknown_addresses(url: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        check_address(url, allow_private=False)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("host", ["a..example", "a" * 64 + ".example"])
def test_a_name_that_cannot_be_asked_for(host: str) -> None:
    with pytest.raises(AddressRefused):
        check_address(f"https://{host}/", allow_private=False)


@pytest.mark.parametrize("allow_private", [True, False])
@pytest.mark.parametrize(
    "url",
    [
        "",
        "lms.example",
        "//lms.example/",
        "ftp://lms.example/",
        "file:///etc/passwd",
        "https://",
        "https://[",
        "https://lms.example:port/",
        "https://me@lms.example/",
        "https://lms.example@127.0.0.1/",
    ],
)
def test_what_is_no_address(url: str, allow_private: bool) -> None:
    with pytest.raises(AddressRefused):
        check_address(url, allow_private=allow_private)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/", "http://inside.example/"])
def test_private_ones_where_they_are_allowed(url: str) -> None:
    assert check_address(url, allow_private=True) == url


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://lms.example/a?b", "https://lms.example"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("https://[2001:db8::1]:1/", "https://[2001:db8::1]:1"),
        ("", ""),
        ("ftp://lms.example/", ""),
        ("https://a;sandbox/", ""),
        ("https://a,b/", ""),
        ("https://*/", ""),
        ("https://me@a/", ""),
        ("https://bücher.example/", ""),
        (f"https://{'a' * ORIGIN_LENGTH}/", ""),
    ],
)
def test_origins(url: str, origin: str) -> None:
    assert origin_of(url) == origin
