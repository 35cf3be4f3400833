"""Which addresses a registration may name."""

from __future__ import annotations

import ipaddress
import socket

import pytest

from lti_tool.services.addresses import (
    ORIGIN_LENGTH,
    AddressRefused,
    check_address,
    is_public,
    origin_of,
)

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


# The first and the last address of each entry of IANA's registries that is not for the public.
SPECIAL = [
    *("0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255"),
    *("127.0.0.0", "127.255.255.255", "169.254.0.0", "169.254.255.255"),
    *("172.16.0.0", "172.31.255.255", "192.0.0.0", "192.0.0.8", "192.0.0.9", "192.0.0.10"),
    *("192.0.0.11", "192.0.0.169", "192.0.0.170", "192.0.0.172", "192.0.0.255", "192.0.2.0"),
    *("192.0.2.255", "192.31.196.0", "192.52.193.255", "192.88.99.0", "192.88.99.255"),
    *("192.168.0.0", "192.168.255.255", "192.175.48.0", "198.18.0.0", "198.19.255.255"),
    *("198.51.100.0", "203.0.113.255", "224.0.0.0", "239.255.255.255", "240.0.0.0"),
    *("255.255.255.255", "::", "::1", "::a00:1", "::ffff:192.0.0.99", "::ffff:0:a00:1"),
    *("64:ff9b::c000:63", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808"),
    *("64:ff9b:0:0:0:1:808:808", "100::", "100::ffff", "100:0:0:1::", "2001::", "2001:0:808:808::"),
    *("2001:1::1", "2001:1::2", "2001:2::", "2001:3::", "2001:4:112::", "2001:10::", "2001:20::"),
    *("2001:30::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::"),
    *("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2002:a00:1::", "2002:c000:63::", "2002:7f00:1::"),
    *("2002:a9fe:a9fe::1", "2620:4f:8000::", "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"),
    *("4000::", "5f00::", "fc00::", "fdff:ffff::", "fe80::1", "febf::", "fec0::", "ff00::"),
    *("ff0e::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
]
# Beside them.
PUBLIC = [
    *("1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255"),
    *("128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0"),
    *("191.255.255.255", "192.0.1.0", "192.0.3.0", "192.167.255.255", "192.169.0.0"),
    *("198.17.255.255", "198.20.0.0", "198.51.101.0", "203.0.112.255", "223.255.255.255"),
    *("::ffff:8.8.8.8", "64:ff9b::808:808", "2000::", "2001:200::", "2001:db7:ffff::"),
    *("2001:db9::", "2002:808:808::1", "2620:4f:8001::", "3ffe:ffff::", "3fff:1000::"),
]


@pytest.mark.parametrize("address", SPECIAL)
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_their_neighbours_are(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


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
