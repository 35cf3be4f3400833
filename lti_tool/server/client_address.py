"""The address of the person's machine, behind a proxy or not."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.http import HttpRequest

NETWORK = 64  # bits of an IPv6 address that a provider gives to a customer, with all below them
UNKNOWN = "0.0.0.0"  # noqa: S104 - nothing is bound to it


def client_address(request: HttpRequest) -> str:
    """Return the address that the request came from, as far as that can be known.

    A proxy on this machine or in its network tells it, as the last one in X-Forwarded-For: it
    must set that header, or the browser could choose. From anywhere else the header means nothing.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if not _is_outside(peer):
        told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if _is_address(told):
            return told
    return peer if _is_address(peer) else UNKNOWN


def address_to_count(request: HttpRequest) -> str:
    """Return the address by which tries are counted: of IPv6 the network, which one machine has."""
    address = ip_address(client_address(request))
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address, NETWORK), strict=False).network_address)


def _is_outside(peer: str) -> bool:
    """Return whether the peer is a machine out there; a Unix socket has no address at all."""
    return _is_address(peer) and ip_address(peer).is_global


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return "%" not in text  # the zone of a link-local one, which PostgreSQL does not take
