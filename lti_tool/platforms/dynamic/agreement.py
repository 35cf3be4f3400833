"""A check that the addresses in a platform's configuration belong together.

Pure. Without it anybody could register an issuer that is not theirs. Source: LTI Dynamic
Registration 1.0 section 3.4 (issuer and configuration share a host).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from lti_tool.platforms.dynamic.errors import RegistrationError, RegistrationProblem
from lti_tool.services.addresses import host_of, is_same_origin


@dataclass(frozen=True, slots=True)
class Cloud:
    """A hosted LMS that has one issuer for all customers, and hosts that all of them share.

    ``customers`` is the ending of its customers' hosts, '' if they do not register by themselves.
    """

    issuer: str
    hosts: frozenset[str]
    customers: str = ""

    def has(self, address: str) -> bool:
        """Return whether an address is at one of the cloud's own hosts."""
        return any(is_same_origin(address, f"https://{host}") for host in self.hosts)

    def has_customer(self, address: str) -> bool:
        """Return whether an address is at a customer's host, which may give tokens as well."""
        return bool(self.customers) and _is_below(self.customers, address)


def _canvas(stage: str) -> Cloud:
    return Cloud(
        issuer=f"https://canvas.{stage}instructure.com",
        hosts=frozenset({f"canvas.{stage}instructure.com", f"sso.{stage}canvaslms.com"}),
        customers=f".{stage}instructure.com",
    )


# Its developer portal registers a tool for all of its customers, as Blackboard's support article
# 000090618 of April 2025 shows.
_BLACKBOARD = Cloud("https://blackboard.com", frozenset({"developer.blackboard.com"}))
CLOUDS = {cloud.issuer: cloud for cloud in (*map(_canvas, ("", "beta.", "test.")), _BLACKBOARD)}
# What a configuration calls the issuer, where launches call it otherwise (the same article).
_LAUNCH_ISSUERS = {"https://developer.blackboard.com": _BLACKBOARD.issuer}
# The ending of the hosts of schools that have an issuer each, and hosts that give tokens to all:
# Brightspace's token address, and the audience of what is sent there.
_TOKEN_HOSTS = {".brightspace.com": ("auth.brightspace.com", "api.brightspace.com")}


def launch_issuer(issuer: str) -> str:
    """Return the issuer of the launches of a platform whose configuration names this issuer."""
    return _LAUNCH_ISSUERS.get(issuer, issuer)


def unproven_origins(
    address: str, issuer: str, registration_endpoint: str, endpoints: Iterable[str]
) -> tuple[str, ...]:
    """Return the origins of services of which only a person can say that they belong together.

    ``address`` is where the configuration was read. Raise RegistrationError (DISAGREES) where
    nobody can: the issuer is at the host of the configuration, unless it is that of a known cloud,
    and no cloud's hosts serve another issuer.
    """
    cloud = CLOUDS.get(issuer)
    if cloud is not None:
        _check_cloud(cloud, address, registration_endpoint, endpoints)
        return ()
    _require(is_same_origin(issuer, address), issuer)
    own = [address, *(f"https://{host}" for host in _token_hosts(address))]
    unproven: dict[str, None] = {}
    for service in (registration_endpoint, *endpoints):
        for cloud in CLOUDS.values():
            _require(not (cloud.has(service) or cloud.has_customer(service)), service)
        if not any(is_same_origin(service, one) for one in own):
            parts = urlsplit(service)
            unproven[f"{parts.scheme}://{parts.netloc}"] = None
    return tuple(unproven)


def check_agreement(
    address: str, issuer: str, registration_endpoint: str, endpoints: Iterable[str]
) -> None:
    """Raise RegistrationError (DISAGREES) unless the addresses are known to belong together."""
    for origin in unproven_origins(address, issuer, registration_endpoint, endpoints):
        _require(False, origin)


def _check_cloud(
    cloud: Cloud, address: str, registration_endpoint: str, endpoints: Iterable[str]
) -> None:
    """Raise RegistrationError unless the endpoints are at the cloud's own, known hosts.

    Only the registration itself may be at any host that the cloud names, because a school may
    have a domain of its own.
    """
    for endpoint in endpoints:
        _require(cloud.has(endpoint), endpoint)
    if cloud.has(address):
        _require(urlsplit(registration_endpoint).scheme == "https", registration_endpoint)
        return
    _require(cloud.has_customer(address), address)
    _require(is_same_origin(registration_endpoint, address), registration_endpoint)


def _token_hosts(address: str) -> tuple[str, ...]:
    """Return the hosts that give tokens to the school whose configuration is at this address."""
    found = (hosts for ending, hosts in _TOKEN_HOSTS.items() if _is_below(ending, address))
    return next(found, ()) if urlsplit(address).scheme == "https" else ()


def _is_below(ending: str, address: str) -> bool:
    return host_of(urlsplit(address)).endswith(ending)


def _require(belongs: bool, address: str) -> None:
    """Raise RegistrationError (DISAGREES), which names the address's host, unless it belongs."""
    if not belongs:
        host = urlsplit(address).hostname or ""
        raise RegistrationError(RegistrationProblem.DISAGREES, host)
