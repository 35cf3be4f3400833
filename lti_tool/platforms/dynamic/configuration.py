"""The OpenID configuration of a platform, read and typed.

Pure. Source: LTI Dynamic Registration 1.0 section 3.4, OpenID Connect Discovery 1.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lti_tool.platforms.dynamic.agreement import launch_issuer, unproven_origins
from lti_tool.platforms.dynamic.errors import RegistrationProblem
from lti_tool.platforms.dynamic.fields import Reader, is_plain_address
from lti_tool.platforms.products import CANVAS, product_of
from lti_tool.protocol.values import ID_LENGTH

PLATFORM_SECTION = "https://purl.imsglobal.org/spec/lti-platform-configuration"
ACCOUNT_NAME = "https://canvas.instructure.com/lti/account_name"


@dataclass(frozen=True, slots=True)
class PlatformConfiguration:
    """A platform's description of itself.

    ``address`` is where it was read; ``messages`` has the placements of each message type.
    """

    address: str
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    registration_endpoint: str
    audience: str = ""
    product: str = ""
    version: str = ""
    account: str = ""
    scopes: tuple[str, ...] = ()
    messages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_canvas(self) -> bool:
        """Return whether the platform follows Canvas's variant of the specification."""
        return product_of(self.product) is CANVAS

    @property
    def unproven_origins(self) -> tuple[str, ...]:
        """Return origins that are not known to be the platform's; see ``agreement``."""
        services = [self.authorization_endpoint, self.token_endpoint, self.jwks_uri]
        # What we sign for an audience is good there, whoever receives it.
        services += [self.audience] if self.audience else []
        return unproven_origins(self.address, self.issuer, self.registration_endpoint, services)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PlatformConfiguration:
        """Return the configuration of which ``asdict`` made JSON."""
        messages = {name: tuple(places) for name, places in data["messages"].items()}
        return cls(**{**data, "scopes": tuple(data["scopes"]), "messages": messages})


def read_configuration(document: object, address: str) -> PlatformConfiguration:
    """Return the configuration in a document found at ``address``.

    Raise RegistrationError: UNREADABLE if an address is missing, too long or none, DISAGREES if
    they cannot belong together.
    """
    reader = Reader(document, RegistrationProblem.UNREADABLE)
    platform = reader.section(PLATFORM_SECTION)
    audience = reader.text("authorization_server")
    found = PlatformConfiguration(
        address=address,
        issuer=launch_issuer(reader.url("issuer", ID_LENGTH)),
        authorization_endpoint=reader.url("authorization_endpoint"),
        token_endpoint=reader.url("token_endpoint"),
        jwks_uri=reader.url("jwks_uri"),
        registration_endpoint=reader.url("registration_endpoint"),
        # Canvas names a host without a scheme here and expects the token address as audience.
        audience=audience if is_plain_address(audience) else "",
        product=platform.text("product_family_code").lower()[:60],
        version=platform.text("version"),
        account=platform.text(ACCOUNT_NAME),
        scopes=reader.words("scopes_supported") or (),
        messages=_messages(platform),
    )
    _ = found.unproven_origins  # raises
    return found


def _messages(platform: Reader) -> dict[str, tuple[str, ...]]:
    messages: dict[str, tuple[str, ...]] = {}
    for message in platform.sections("messages_supported", "type") or []:
        kind = message.identifier("type")
        messages[kind] = messages.get(kind, ()) + (message.words("placements") or ())
    return messages
