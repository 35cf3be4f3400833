"""A check that the addresses in a platform's configuration belong together.

Pure. Without it anybody could register an issuer that is not theirs. Source: LTI Dynamic
Registration 1.0 section 3.4 (issuer and configuration share a host).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from lti_tool.platforms.dynamic.errors import RegistrationError, RegistrationProblem
from lti_tool.services.addresses import is_same_origin


@dataclass(frozen=True, slots=True)
class Cloud:
    """A hosted Canvas, which has one issuer for all customers and a sign-on host beside it."""

    issuer: str
    hosts: frozenset[str]
    customers: str  # the ending of its customers' hosts

    def has(self, address: str) -> bool:
        """Return whether an address is at one of the cloud's own hosts."""
        return any(is_same_origin(address, f"https://{host}") for host in self.hosts)


def _canvas(stage: str) -> Cloud:
    return Cloud(
        issuer=f"https://canvas.{stage}instructure.com",
        hosts=frozenset({f"canvas.{stage}instructure.com", f"sso.{stage}canvaslms.com"}),
        customers=f".{stage}instructure.com",
    )


CLOUDS = {cloud.issuer: cloud for cloud in map(_canvas, ("", "beta.", "test."))}


def check_agreement(
    address: str, issuer: str, registration_endpoint: str, endpoints: Iterable[str]
) -> None:
    """Raise RegistrationError (DISAGREES) unless the addresses belong together.

    ``address`` is where the configuration was read.
    """
    cloud = CLOUDS.get(issuer)
    if cloud is not None:
        _check_cloud(cloud, address, registration_endpoint, endpoints)
        return
    for other in (issuer, registration_endpoint, *endpoints):
        _require(is_same_origin(other, address), other)


def _check_cloud(
    cloud: Cloud, address: str, registration_endpoint: str, endpoints: Iterable[str]
) -> None:
    """Raise RegistrationError unless the endpoints are at the cloud's own, known hosts.

    Only the registration itself may be at any host that Canvas names, because a school may
    have a domain of its own.
    """
    for endpoint in endpoints:
        _require(cloud.has(endpoint), endpoint)
    if cloud.has(address):
        _require(urlsplit(registration_endpoint).scheme == "https", registration_endpoint)
        return
    _require((urlsplit(address).hostname or "").endswith(cloud.customers), address)
    _require(is_same_origin(registration_endpoint, address), registration_endpoint)


def _require(belongs: bool, address: str) -> None:
    """Raise RegistrationError (DISAGREES), which names the address's host, unless it belongs."""
    if not belongs:
        host = urlsplit(address).hostname or ""
        raise RegistrationError(RegistrationProblem.DISAGREES, host)
