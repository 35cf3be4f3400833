"""A check that the addresses in a platform's configuration belong together.

Pure. Without it anybody could register an issuer that is not theirs. Source: LTI Dynamic
Registration 1.0 section 3.4 (issuer and configuration share a host).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from lti_tool.platforms.dynamic.errors import RegistrationError, RegistrationProblem


@dataclass(frozen=True, slots=True)
class Cloud:
    """A hosted Canvas, which has one issuer for all customers and a sign-on host beside it."""

    issuer: str
    hosts: frozenset[str]
    customers: str  # the ending of its customers' hosts


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
    """Raise RegistrationRefused (DISAGREES) unless the addresses belong together.

    ``address`` is where the configuration was read.
    """
    cloud = CLOUDS.get(issuer)
    if cloud is not None:
        _check_cloud(cloud, address, registration_endpoint, endpoints)
        return
    home = _origin(address)
    for other in (issuer, registration_endpoint, *endpoints):
        if _origin(other) != home:
            raise _disagrees(other)


def _check_cloud(
    cloud: Cloud, address: str, registration_endpoint: str, endpoints: Iterable[str]
) -> None:
    """Raise RegistrationRefused unless the endpoints are at the cloud's own, known hosts.

    Only the registration itself may be at any host that Canvas names, because a school may
    have a domain of its own.
    """
    for endpoint in endpoints:
        if not _is_https_at(endpoint, cloud.hosts):
            raise _disagrees(endpoint)
    if _is_https_at(address, cloud.hosts):
        if urlsplit(registration_endpoint).scheme != "https":
            raise _disagrees(registration_endpoint)
        return
    if not (urlsplit(address).hostname or "").endswith(cloud.customers):
        raise _disagrees(address)
    if _origin(registration_endpoint) != _origin(address):
        raise _disagrees(registration_endpoint)


def _is_https_at(url: str, hosts: frozenset[str]) -> bool:
    scheme, host, port = _origin(url)
    return (scheme, port) == ("https", 443) and host in hosts


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    usual = 443 if parts.scheme == "https" else 80
    return parts.scheme, parts.hostname or "", parts.port or usual


def _disagrees(url: str) -> RegistrationError:
    return RegistrationError(RegistrationProblem.DISAGREES, urlsplit(url).hostname or "")
