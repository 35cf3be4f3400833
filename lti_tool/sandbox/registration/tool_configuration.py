"""The registration request of a tool (LTI Dynamic Registration 1.0, 3.5; RFC 7591)."""

from dataclasses import dataclass
from typing import Final

from lti_tool.protocol.vocabulary import MessageType, Scope
from lti_tool.sandbox.models import Flavour
from lti_tool.sandbox.registration import metadata, placements
from lti_tool.sandbox.registration.metadata import BadRegistrationError
from lti_tool.sandbox.services.json_body import JsonObject, is_one_of

TOOL_CONFIGURATION: Final = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PRIVACY_LEVEL: Final = "https://canvas.instructure.com/lti/privacy_level"
PRIVACY_LEVELS: Final = ("anonymous", "email_only", "name_only", "public")
NAME_CLAIMS: Final = {"name", "given_name", "family_name"}


@dataclass(frozen=True)
class Message:
    """A message type that the tool accepts."""

    message_type: MessageType
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
    messages: list[Message]
    shares_names: bool
    deep_linking_url: str
    placements: list[str]


def parse(body: JsonObject, flavour: str) -> ToolConfiguration:
    """Return the tool's configuration. Raise BadRegistrationError for the first error in it.

    Its placements are those at which Canvas offers deep linking.
    """
    _check_fixed(body)
    section = body.get(TOOL_CONFIGURATION)
    if not isinstance(section, dict):
        raise BadRegistrationError(f"{TOOL_CONFIGURATION} is missing or no object")
    domain, target = metadata.text(section, "domain"), metadata.address(section, "target_link_uri")
    host = metadata.host(target)
    if host != domain:
        raise BadRegistrationError(f"domain must be {host}, as in target_link_uri")
    redirect_uris = metadata.texts(body, "redirect_uris")
    if not redirect_uris or not all(metadata.is_address(uri) for uri in redirect_uris):
        raise BadRegistrationError("redirect_uris must be http addresses", "invalid_redirect_uri")
    scope = body.get("scope", "")
    if not isinstance(scope, str):
        raise BadRegistrationError("scope must be text, with spaces between the scopes")
    messages = [
        _message(declared, target, flavour) for declared in metadata.objects(section, "messages")
    ]
    deep_linking = [one for one in messages if one.message_type == MessageType.DEEP_LINKING]
    return ToolConfiguration(
        name=metadata.text(body, "client_name"),
        login_url=metadata.address(body, "initiate_login_uri"),
        redirect_uris=redirect_uris,
        jwks_url=metadata.address(body, "jwks_uri"),
        scopes=[str(known) for known in Scope if known in scope.split()],
        target_link_uri=target,
        custom=metadata.text_map(section, "custom_parameters"),
        messages=messages,
        shares_names=_shares_names(section, flavour),
        deep_linking_url=deep_linking[0].target_link_uri if deep_linking else "",
        placements=sorted({name for message in deep_linking for name in message.placements}),
    )


def _check_fixed(body: JsonObject) -> None:
    """Raise BadRegistrationError unless the members with prescribed values have them."""
    if body.get("application_type") != "web":
        raise BadRegistrationError("application_type must be web")
    if body.get("token_endpoint_auth_method") != "private_key_jwt":
        raise BadRegistrationError("token_endpoint_auth_method must be private_key_jwt")
    if "id_token" not in metadata.texts(body, "response_types"):
        raise BadRegistrationError("response_types must have id_token")
    if not {"client_credentials", "implicit"} <= set(metadata.texts(body, "grant_types")):
        raise BadRegistrationError("grant_types must have implicit and client_credentials")


def _message(declared: JsonObject, tool_target: str, flavour: str) -> Message:
    kind = metadata.text(declared, "type")
    if kind not in set(MessageType):
        raise BadRegistrationError(f"messages: {kind} is no message of this platform")
    target = tool_target
    if "target_link_uri" in declared:
        target = metadata.address(declared, "target_link_uri")
    if metadata.host(target) != metadata.host(tool_target):
        raise BadRegistrationError("messages: target_link_uri must be on the tool's domain")
    names = metadata.texts(declared, "placements")
    if flavour == Flavour.CANVAS:
        names = [placements.canvas_name(name) for name in names]
        for name in names:
            if name not in placements.CANVAS.get(MessageType(kind), ()):
                raise BadRegistrationError(f"messages: {kind} has no placement {name[:40]}")
    custom = metadata.text_map(declared, "custom_parameters")
    return Message(MessageType(kind), target, tuple(names), custom)


def _shares_names(section: JsonObject, flavour: str) -> bool:
    """Return whether the tool gets names: by privacy level in Canvas, by claims in Moodle."""
    claims = set(metadata.texts(section, "claims"))
    if flavour != Flavour.CANVAS:
        return bool(claims & NAME_CLAIMS)
    level = section.get(PRIVACY_LEVEL, "anonymous")
    if not is_one_of(level, PRIVACY_LEVELS):
        raise BadRegistrationError(f"{PRIVACY_LEVEL} must be one of {', '.join(PRIVACY_LEVELS)}")
    return level in {"name_only", "public"}
