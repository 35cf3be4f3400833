"""The registration response of a platform: what it grants of what we asked.

Pure. Source: LTI Dynamic Registration 1.0 section 3.6.
"""

from __future__ import annotations

from dataclasses import dataclass

from lti_tool.platforms.dynamic.configuration import PlatformConfiguration
from lti_tool.platforms.dynamic.errors import RegistrationProblem
from lti_tool.platforms.dynamic.fields import Reader
from lti_tool.platforms.dynamic.request import (
    CANVAS_EXTENSION,
    SCOPES,
    TOOL_SECTION,
    wanted_messages,
    wanted_scopes,
)
from lti_tool.protocol.vocabulary import MessageType

NAME_CLAIMS = frozenset({"name", "given_name", "family_name"})
LEVELS_WITHOUT_NAMES = frozenset({"anonymous", "email_only"})


@dataclass(frozen=True, slots=True)
class GrantedRegistration:
    """The rights and ids that a platform grants.

    ``deployment_id`` is '' if the platform names none before the first launch. ``names`` says
    whether launches bring people's names.
    """

    client_id: str
    deployment_id: str
    scopes: tuple[str, ...]
    messages: tuple[MessageType, ...]
    placements: tuple[str, ...]
    names: bool


def read_response(document: object, platform: PlatformConfiguration) -> GrantedRegistration:
    """Return what the response grants.

    Raise RegistrationError (ANSWER_UNREADABLE) if it cannot be read.
    """
    reader = Reader(document, RegistrationProblem.ANSWER_UNREADABLE)
    section = reader.section(TOOL_SECTION)
    client_id = reader.identifier("client_id")
    if not client_id.strip():
        raise reader.refused("client_id is missing or no id")
    messages = section.sections("messages", "type") or []
    return GrantedRegistration(
        client_id=client_id,
        # The specification's place for it, and that of Canvas (November 2026).
        deployment_id=section.identifier("deployment_id") or reader.identifier("deployment_id"),
        scopes=_scopes(reader, platform),
        messages=_messages(section, messages, platform),
        placements=tuple(dict.fromkeys(p for m in messages for p in m.words("placements") or ())),
        names=_names(section),
    )


def _scopes(reader: Reader, platform: PlatformConfiguration) -> tuple[str, ...]:
    """Return the granted scopes; those asked for if it names none (RFC 7591 section 3.2.1)."""
    given = reader.words("scope")
    if given is None:
        return wanted_scopes(platform)
    return tuple(scope.value for scope in SCOPES if scope in given)


def _messages(
    section: Reader, messages: list[Reader], platform: PlatformConfiguration
) -> tuple[MessageType, ...]:
    """Return the granted messages; those asked for if nothing at all is said of the tool.

    Moodle leaves the member out where it grants none but the resource link
    (mod/lti/classes/local/ltiopenid/registration_helper.php).
    """
    wanted = wanted_messages(platform)
    if section.is_empty:
        return wanted
    given = {message.identifier("type") for message in messages} | {MessageType.RESOURCE_LINK}
    return tuple(message for message in wanted if message in given)


def _names(section: Reader) -> bool:
    if section.text(f"{CANVAS_EXTENSION}privacy_level") in LEVELS_WITHOUT_NAMES:
        return False
    claims = section.words("claims")
    return claims is None or not NAME_CLAIMS.isdisjoint(claims)
