"""The registration request of a tool (LTI Dynamic Registration 1.0, 3.5; RFC 7591)."""

from dataclasses import dataclass
from typing import Final

from lti_tool.protocol.vocabulary import MessageType, Scope
from lti_tool.sandbox.models import Flavour
from lti_tool.sandbox.registration import members, placements
from lti_tool.sandbox.registration.members import BadRegistrationError
from lti_tool.sandbox.services.json_body import JsonObject, is_one_of

TOOL_CONFIGURATION: Final = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PRIVACY_LEVEL: Final = "https://canvas.instructure.com/lti/privacy_level"
PRIVACY_LEVELS: Final = ("anonymous", "email_only", "name_only", "public")
NAMES: Final = {"name", "given_name", "family_name"}


@dataclass(frozen=True)
class Message:
    """A message type that the tool accepts."""

    kind: MessageType
    target_link_uri: str
    placements: tuple[str, ...]
    custom: dict[str, str]


@dataclass(frozen=True)
class ToolConfiguration:
    """A tool as it wants to be registered."""

    name: str
    login_url: str
    redirect_uris: list[str]
    jwks_url: str
    scopes: list[str]
    target_link_uri: str
    custom: dict[str, str]
    messages: tuple[Message, ...]
    shares_names: bool

    @property
    def deep_linking(self) -> Message | None:
        """Return the first deep linking message, or None if the tool declares none."""
        found = (one for one in self.messages if one.kind == MessageType.DEEP_LINKING)
        return next(found, None)

    @property
    def placements(self) -> list[str]:
        """Return the placements at which Canvas offers deep linking."""
        picking = (one for one in self.messages if one.kind == MessageType.DEEP_LINKING)
        return sorted({place for one in picking for place in one.placements})


def parse(body: JsonObject, flavour: Flavour) -> ToolConfiguration:
    """Return the tool's configuration. Raise BadRegistrationError for the first error in it."""
    _check_fixed(body)
    own = body.get(TOOL_CONFIGURATION)
    if not isinstance(own, dict):
        raise BadRegistrationError(f"{TOOL_CONFIGURATION} is missing or no object")
    domain, target = members.text(own, "domain"), members.address(own, "target_link_uri")
    if members.host(target) != domain:
        raise BadRegistrationError(f"domain must be {members.host(target)}, as in target_link_uri")
    return ToolConfiguration(
        name=members.text(body, "client_name"),
        login_url=members.address(body, "initiate_login_uri"),
        redirect_uris=_redirect_uris(body),
        jwks_url=members.address(body, "jwks_uri"),
        scopes=_scopes(body),
        target_link_uri=target,
        custom=members.text_map(own, "custom_parameters"),
        messages=tuple(_message(one, target, flavour) for one in members.objects(own, "messages")),
        shares_names=_shares_names(own, flavour),
    )


def _check_fixed(body: JsonObject) -> None:
    """Raise BadRegistrationError unless the members with prescribed values have them."""
    if body.get("application_type") != "web":
        raise BadRegistrationError("application_type must be web")
    if body.get("token_endpoint_auth_method") != "private_key_jwt":
        raise BadRegistrationError("token_endpoint_auth_method must be private_key_jwt")
    if "id_token" not in members.texts(body, "response_types"):
        raise BadRegistrationError("response_types must have id_token")
    if not {"client_credentials", "implicit"} <= set(members.texts(body, "grant_types")):
        raise BadRegistrationError("grant_types must have implicit and client_credentials")


def _redirect_uris(body: JsonObject) -> list[str]:
    uris = members.texts(body, "redirect_uris")
    if not uris or not all(members.is_address(uri) for uri in uris):
        raise BadRegistrationError("redirect_uris must be http addresses", "invalid_redirect_uri")
    return uris


def _scopes(body: JsonObject) -> list[str]:
    """Return the requested scopes that the platform has."""
    asked = body.get("scope", "")
    if not isinstance(asked, str):
        raise BadRegistrationError("scope must be text, with spaces between the scopes")
    words = set(asked.split())
    return [str(scope) for scope in Scope if scope in words]


def _message(declared: JsonObject, target: str, flavour: Flavour) -> Message:
    kind = members.text(declared, "type")
    if kind not in set(MessageType):
        raise BadRegistrationError(f"messages: {kind} is no message of this platform")
    own = "target_link_uri" in declared
    opens = members.address(declared, "target_link_uri") if own else target
    if members.host(opens) != members.host(target):
        raise BadRegistrationError("messages: target_link_uri must be on the tool's domain")
    return Message(
        kind=MessageType(kind),
        target_link_uri=opens,
        placements=tuple(_placements(declared, MessageType(kind), flavour)),
        custom=members.text_map(declared, "custom_parameters"),
    )


def _placements(declared: JsonObject, kind: MessageType, flavour: Flavour) -> list[str]:
    named = members.texts(declared, "placements")
    if flavour != Flavour.CANVAS:
        return named
    for place in named:
        if place not in placements.CANVAS.get(kind, ()):
            raise BadRegistrationError(f"messages: {kind} has no placement {place[:40]}")
    return named


def _shares_names(own: JsonObject, flavour: Flavour) -> bool:
    """Return whether the tool gets names: by privacy level in Canvas, by claims in Moodle."""
    claims = set(members.texts(own, "claims"))
    if flavour != Flavour.CANVAS:
        return bool(claims & NAMES)
    level = own.get(PRIVACY_LEVEL, "anonymous")
    if not is_one_of(level, PRIVACY_LEVELS):
        raise BadRegistrationError(f"{PRIVACY_LEVEL} must be one of {', '.join(PRIVACY_LEVELS)}")
    return level in {"name_only", "public"}
