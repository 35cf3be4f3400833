"""Registrations from our tables, in the form that pylti1p3 uses.

Closes: a class-level dictionary shared by all requests (ours is built per request), an issuer
with several clients resolved to the wrong one, untyped errors for unknown ones.
"""

from __future__ import annotations

from typing import Any

from pylti1p3.registration import Registration as LibraryRegistration
from pylti1p3.request import Request
from pylti1p3.tool_config.abstract import ToolConfAbstract

from lti_tool.db.prepared import Param, Prepared
from lti_tool.models import Registration
from lti_tool.protocol.refusal import LaunchRefused, Reason

MAX_CLIENTS = 20  # registrations of one issuer that are looked at if a login names no client

_BY_CLIENT = Prepared(
    lambda: Registration.objects.filter(issuer=Param("issuer"), client_id=Param("client_id"))
)


class FormRequest(Request):
    """The parameters of one login or launch, without the web framework's request."""

    def __init__(self, parameters: dict[str, str]) -> None:
        self._parameters = parameters

    def is_secure(self) -> bool:
        """Return True. Only the library's own cookie pages ask, and those are not used."""
        return True

    def get_param(self, key: str) -> str:
        """Return the parameter, or '' if it was not sent."""
        return self._parameters.get(key, "")


class RegistrationConfig(ToolConfAbstract[FormRequest]):
    """A lookup of registrations by issuer and client id that remembers the one it found.

    ``deployment_id`` is that of a login, '' if it names none.
    """

    found: Registration

    def __init__(self, deployment_id: str = "") -> None:
        super().__init__()
        self._deployment_id = deployment_id

    def check_iss_has_one_client(self, iss: str) -> bool:  # noqa: ARG002
        """Return False: the client id always decides."""
        return False

    def find_registration_by_params(
        self,
        iss: str,
        client_id: str | None,
        *args: Any,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> LibraryRegistration:
        """Remember the registration of this issuer and client, and return it for the library.

        A login may come without client id (it is optional there). Of several active registrations
        of the issuer, the deployment id, which is optional too, then chooses one. Raise
        LaunchRefused: UNKNOWN_PLATFORM, REGISTRATION_INACTIVE.
        """
        if client_id:
            rows = _BY_CLIENT.all(issuer=iss, client_id=client_id)
        else:
            # Those that are switched off come last: a platform may have many of them.
            of_issuer = Registration.objects.filter(issuer=iss).order_by("-is_active", "pk")
            rows = list(of_issuer[:MAX_CLIENTS])
        active = [row for row in rows if row.is_active]
        if len(active) > 1:
            active = [self._of_deployment(iss)]
        if not active:
            raise _refusal_without_registration(rows, iss, client_id or "")
        self.found = active[0]
        return (
            LibraryRegistration()
            .set_issuer(self.found.issuer)
            .set_client_id(self.found.client_id)
            .set_auth_login_url(self.found.auth_login_url)
            .set_auth_token_url(self.found.auth_token_url)
            .set_key_set_url(self.found.jwks_url)
        )

    def _of_deployment(self, iss: str) -> Registration:
        """Return the active registration of this issuer that has the login's deployment.

        It need not be approved. Raise LaunchRefused (UNKNOWN_PLATFORM) if there is none, or two.
        """
        found = Registration.objects.filter(
            issuer=iss, is_active=True, deployments__deployment_id=self._deployment_id
        )[:2]
        if len(found) != 1:
            which = "several of them have" if found else "none of them has"
            raise LaunchRefused(
                Reason.UNKNOWN_PLATFORM,
                "several registrations of this issuer, and no client_id;"
                f" {which} lti_deployment_id {self._deployment_id[:100]!r}",
            )
        return found[0]

    def find_registration_by_issuer(self, iss: str, *args: Any, **kwargs: Any) -> Any:
        """Raise NotImplementedError: with the answer above the library does not ask."""
        raise NotImplementedError

    def find_deployment(self, iss: str, deployment_id: str) -> Any:
        """Raise NotImplementedError: ``lti_tool.platforms.deployments`` decides."""
        raise NotImplementedError

    def find_deployment_by_params(
        self, iss: str, deployment_id: str, client_id: str, *args: Any, **kwargs: Any
    ) -> Any:
        """Raise NotImplementedError: ``lti_tool.platforms.deployments`` decides."""
        raise NotImplementedError


def _refusal_without_registration(
    inactive: list[Registration], iss: str, client_id: str
) -> LaunchRefused:
    """Return the refusal if no registration is active; its detail says what was sent.

    The detail also names the issuer that is registered for this client id, because issuers often
    differ by a slash at the end only.
    """
    if inactive:
        pk = inactive[0].pk
        return LaunchRefused(Reason.REGISTRATION_INACTIVE, f"registration {pk}", registration_id=pk)
    detail = f"issuer {iss[:200]!r}, client_id {client_id[:100]!r}"
    other = Registration.objects.filter(client_id=client_id).first() if client_id else None
    if other:
        detail += f"; registered with issuer {other.issuer[:150]!r}"
    return LaunchRefused(Reason.UNKNOWN_PLATFORM, detail)
