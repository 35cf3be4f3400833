"""Checks of the addresses that a registration may name, and their origins.

Registrations come from strangers: an address that leads into our own network is refused.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from urllib.parse import SplitResult, urlsplit

# Excludes what would end an origin inside a header: ';', ',' and a user name.
_PLAIN_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")
ORIGIN_LENGTH = 300
_DEFAULT_PORTS = {"https": 443, "http": 80}

# What IANA's registries of special-purpose addresses do not call globally reachable (October 2025),
# with multicast and what is withdrawn. Python's ``is_global`` differs from release to release, and
# knew 192.0.0.0/24 in part. No LMS lives at the few addresses in 192.0.0.0/24 and 2001::/23 that
# are reachable: they are services of the network itself.
_SPECIAL_IPV4 = [
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # between a provider and its customers
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",  # IETF protocol assignments, DS-Lite
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # relays of 6to4, withdrawn
        "192.168.0.0/16",
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
]
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# The part of IPv6 that is assigned so far.
_ASSIGNED_IPV6 = ipaddress.IPv6Network("2000::/3")
_SPECIAL_IPV6 = [
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # IETF protocol assignments: Teredo, benchmarks, ORCHID, drones
        "2001:db8::/32",  # documentation
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressRefused(Exception):
    """The refusal of an address that must not be called. Its text is one sentence saying why."""


def check_address(url: str, *, allow_private: bool) -> str:
    """Return the address unchanged. Raise AddressRefused if it must not be called.

    Every address that the host's name resolves to must be public, unless private ones are
    allowed; then plain http is too.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused(f"{url[:200]!r} is not an address.") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise AddressRefused(f"{url[:200]!r} is not an http(s) address.")
    if allow_private:
        return url
    if parts.scheme != "https":
        raise AddressRefused(f"{url[:200]!r} must begin with https://.")
    for address in _addresses(parts.hostname, port or 443):
        if not is_public(address):
            raise AddressRefused(
                f"{parts.hostname} is inside a private network; LTI_ALLOW_PRIVATE_HOSTS=1 allows"
                " that."
            )
    return url


def is_public(address: Address) -> bool:
    """Return whether an address is routed on the public internet.

    An IPv4 address embedded in an IPv6 one is judged as itself.
    """
    plain = _embedded_ipv4(address)
    if isinstance(plain, ipaddress.IPv4Address):
        return not any(plain in network for network in _SPECIAL_IPV4)
    return plain in _ASSIGNED_IPV6 and not any(plain in network for network in _SPECIAL_IPV6)


def origin_of(url: str) -> str:
    """Return scheme, host and port of an http(s) address.

    '' if it is no such address, or if its origin cannot stand in a header.
    """
    try:
        parts = urlsplit(url)
    except ValueError:  # '[' without ']'
        return ""
    if parts.scheme not in {"http", "https"} or not _PLAIN_HOST.fullmatch(parts.netloc):
        return ""
    origin = f"{parts.scheme}://{parts.netloc}"
    return origin if len(origin) <= ORIGIN_LENGTH else ""


def is_same_origin(one: str, other: str) -> bool:
    """Return whether two addresses have the same scheme, host and port, however they are written.

    A dot at the end of a host's name leads to the same host. Raise ValueError if one of them is no
    address.
    """
    first, second = (
        (parts.scheme, host_of(parts), parts.port or _DEFAULT_PORTS.get(parts.scheme))
        for parts in (urlsplit(one), urlsplit(other))
    )
    return first == second


def host_of(parts: SplitResult) -> str:
    """Return the host of an address in small letters, without a dot at its end; '' if none."""
    return (parts.hostname or "").removesuffix(".")


def _embedded_ipv4(address: Address) -> Address:
    """Return the IPv4 address that a NAT64, mapped or 6to4 address embeds, or the address."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or address


def _addresses(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):  # UnicodeError: an empty or too long part of the name
        raise AddressRefused(f"{host[:200]} is not known to the name service.") from None
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
