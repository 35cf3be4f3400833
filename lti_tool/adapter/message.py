"""The end of a launch: all checks of what the platform posts to the tool.

pylti1p3's order of checks is kept. Closes: a token accepted again because its hash is known, a
nonce of another login, a login begun at one platform and finished by another, a key id or an
algorithm that the token chooses, times and audiences of any type. Source: IMS Security Framework
1.0 sections 5.1.2 and 5.1.3, LTI Core 1.3 section 5.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from django.db.models import FilteredRelation, Q, QuerySet
from pylti1p3.exception import LtiException
from pylti1p3.message_launch import MessageLaunch

from lti_tool.adapter.config import FormRequest, RegistrationConfig
from lti_tool.adapter.platform_keys import candidate_keys
from lti_tool.adapter.session import NoCookies, StatelessSession
from lti_tool.db.prepared import Param, Prepared
from lti_tool.login.callback import LaunchCallback
from lti_tool.login.state import LoginState
from lti_tool.models import Deployment, Registration
from lti_tool.platforms.deployments import admit
from lti_tool.protocol.claims import ClaimReader
from lti_tool.protocol.launch import Launch, parse_launch
from lti_tool.protocol.refusal import LaunchRefused, Reason
from lti_tool.protocol.vocabulary import Claim

LEEWAY = 60  # seconds that a platform's clock may be off
MAX_AGE = 10 * 60  # seconds; no token is older than the login that it answers
MAX_TOKEN_LENGTH = 64 * 1024
ALGORITHM = "RS256"
MAX_TIME = 10**12  # seconds; no date can be made of a larger number


@dataclass(frozen=True, slots=True)
class VerifiedLaunch:
    """A launch that this platform really sent, to this browser, for this login."""

    registration: Registration
    deployment: Deployment
    launch: Launch


def verify_launch(callback: LaunchCallback, browser_key: str) -> VerifiedLaunch:
    """Check a launch that the browser with this key posted, and return it typed.

    Raise LaunchRefused, and nothing else, for whatever is wrong with it; the refusal names the
    registration, if the state is one of ours, for the launch log. Raise LaunchWaits while the
    platform's keys are being read.
    """
    registration = callback.registration_id
    if callback.error:
        # An error response instead of a token: OpenID Connect Core 1.0 section 3.1.2.6.
        detail = repr(callback.error[:100])
        raise LaunchRefused(Reason.PLATFORM_ERROR, detail, registration_id=registration)
    message = _Message(callback, browser_key)
    try:
        message.validate()
    except LaunchRefused as error:
        error.registration_id = registration
        raise
    except LtiException as error:
        detail = str(error)[:200]
        raise LaunchRefused(Reason.TOKEN_MALFORMED, detail, registration_id=registration) from error
    return VerifiedLaunch(message.registration, message.deployment, message.launch)


def _registration_with_keys() -> QuerySet[Registration]:
    """Return the query for a registration with its keys, and the deployment the token names.

    The deployment is None if it is not known.
    """
    named = FilteredRelation(
        "deployments", condition=Q(deployments__deployment_id=Param("deployment"))
    )
    rows = Registration.objects.filter(pk=Param("pk")).annotate(named_deployment=named)
    # The mypy plugin does not know FilteredRelation.
    return rows.select_related("key_set", "named_deployment")  # type: ignore[misc]


_REGISTRATION = Prepared(_registration_with_keys)


class _Message(MessageLaunch[FormRequest, RegistrationConfig, StatelessSession, NoCookies]):
    """The library's checks in the library's order, with ours in the gaps."""

    registration: Registration
    deployment: Deployment
    launch: Launch
    _login: LoginState
    _claims: dict[str, Any]

    def __init__(self, callback: LaunchCallback, browser_key: str) -> None:
        request = FormRequest({"state": callback.sealed_state, "id_token": callback.id_token})
        super().__init__(request, RegistrationConfig(), StatelessSession(request), NoCookies())
        self._callback, self._browser_key = callback, browser_key

    def _get_request_param(self, key: str) -> str:
        return self._request.get_param(key)

    def validate_state(self) -> _Message:
        """Check that the state is one that this browser began minutes ago."""
        self._login = self._callback.login_of(self._browser_key)
        return self

    def validate_jwt_format(self) -> _Message:
        """Check that header and body are JSON objects: the library lets any JSON through."""
        if len(self._get_request_param("id_token")) > MAX_TOKEN_LENGTH:
            raise LaunchRefused(Reason.TOKEN_MALFORMED, "too long")
        super().validate_jwt_format()
        jwt_parts: dict[str, Any] = dict(self._jwt)
        if not isinstance(jwt_parts["header"], dict) or not isinstance(jwt_parts["body"], dict):
            raise LaunchRefused(Reason.TOKEN_MALFORMED, "no JSON object")
        self._claims = jwt_parts["body"]
        return self

    def validate_nonce(self) -> _Message:
        """Check that the nonce is that of this login.

        That it is used once is ensured by the unique constraint of ``StoredLaunch``.
        """
        if self._claims.get("nonce") != self._login.nonce:
            raise LaunchRefused(Reason.NONCE_INVALID)
        return self

    def validate_registration(self) -> _Message:
        """Check that the platform that answers is the one at which the login began."""
        deployment = ClaimReader(self._claims).required_identifier(Claim.DEPLOYMENT_ID)
        row = _REGISTRATION.first(pk=self._login.registration, deployment=deployment)
        if row is None:
            raise LaunchRefused(Reason.UNKNOWN_PLATFORM, "the registration is gone")
        if not row.is_active:
            raise LaunchRefused(Reason.REGISTRATION_INACTIVE, f"registration {row.pk}")
        if self._claims.get("iss") != row.issuer:
            raise LaunchRefused(Reason.UNKNOWN_PLATFORM, "iss is not that of the login")
        _check_audience(self._claims, row.client_id)
        self.registration = row
        return self

    def validate_jwt_signature(self) -> _Message:
        """Check the signature (RS256 alone, by a named key of the platform's) and the times."""
        header: dict[str, Any] = dict(self._jwt["header"])
        kid = header.get("kid")
        if not isinstance(kid, str) or not kid:
            raise LaunchRefused(Reason.KEY_UNKNOWN, "the token names no key (kid)")
        if header.get("alg") != ALGORITHM:
            raise LaunchRefused(Reason.SIGNATURE_INVALID, f"the algorithm is not {ALGORITHM}")
        _check_times_are_numbers(self._claims)
        for key in candidate_keys(self.registration, kid):
            try:
                claims = self._decode(key)
            except jwt.InvalidSignatureError:
                continue
            except jwt.InvalidTokenError as error:
                raise _refusal_of_token(error) from error
            if claims["iat"] < time.time() - MAX_AGE - LEEWAY:
                raise LaunchRefused(Reason.TIMES_INVALID, "iat is too long ago")
            return self
        raise LaunchRefused(Reason.SIGNATURE_INVALID, f"no key with kid {kid[:60]!r} fits")

    def _decode(self, key: RSAPublicKey) -> dict[str, Any]:
        """Return the claims, if the signature was made with this key. Raise InvalidTokenError."""
        claims: dict[str, Any] = jwt.decode(
            self._get_request_param("id_token"),
            key,
            algorithms=[ALGORITHM],
            options={
                "require": ["exp", "iat", "nonce", "aud", "iss"],
                # ``parse_launch`` does: an anonymous launch has none.
                "verify_sub": False,
            },
            audience=self.registration.client_id,
            issuer=self.registration.issuer,
            leeway=LEEWAY,
        )
        return claims

    def validate_message(self) -> _Message:
        """Check nothing: ``parse_launch`` has the library's rules for each type of message.

        The library applies them to the raw claims, in which lists may be texts or objects.
        """
        return self

    def validate_deployment(self) -> _Message:
        """Check that the deployment belongs to the registration of this login.

        The claims are typed here, before any of them meets the database or the library's
        validators, which raise errors of their own on wrong types.
        """
        self.launch = parse_launch(
            self._claims, takes_institution_roles=self.registration.takes_institution_roles
        )
        known = getattr(self.registration, "named_deployment", None)
        self.deployment = admit(self.registration, self.launch.deployment_id, known)
        return self

    def save_launch_data(self) -> _Message:
        """Save nothing: an accepted launch becomes rows."""
        return self


def _check_audience(body: dict[str, Any], client_id: str) -> None:
    """Raise LaunchRefused unless ``aud`` names us.

    With several audiences the ``azp`` must name us as well. With one, which is us, any other is
    let through (IMS Security Framework 1.0 section 5.1.3: SHOULD), and noted by ``parse_launch``.
    """
    audience = body.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    authorised = body.get("azp")
    if client_id not in several:
        raise LaunchRefused(Reason.AUDIENCE_INVALID, "aud does not name our client_id")
    if len(several) > 1 and authorised != client_id:
        raise LaunchRefused(Reason.AUDIENCE_INVALID, "several audiences, and azp is not us")


def _check_times_are_numbers(body: dict[str, Any]) -> None:
    """Raise LaunchRefused for times that are no numbers, infinite or huge.

    PyJWT would accept '12' and true as times, and raise other errors for the rest.
    """
    for name in ("exp", "iat", "nbf"):
        value = body.get(name, 0 if name == "nbf" else None)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise LaunchRefused(Reason.TIMES_INVALID, f"{name} is missing or no number")
        if not abs(value) < MAX_TIME:  # NaN is not less than anything
            raise LaunchRefused(Reason.TIMES_INVALID, f"{name} is no time")


def _refusal_of_token(error: jwt.InvalidTokenError) -> LaunchRefused:
    """Return the refusal for a token that PyJWT does not accept."""
    detail = str(error)[:200]
    is_late = isinstance(error, jwt.ExpiredSignatureError | jwt.ImmatureSignatureError)
    if is_late or "iat" in detail or "exp" in detail.lower():
        return LaunchRefused(Reason.TIMES_INVALID, detail)
    if isinstance(error, jwt.InvalidAudienceError | jwt.InvalidIssuerError):
        return LaunchRefused(Reason.AUDIENCE_INVALID, detail)
    return LaunchRefused(Reason.TOKEN_MALFORMED, detail)
