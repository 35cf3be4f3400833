"""The registration request that we send to a platform.

Pure. Source: LTI Dynamic Registration 1.0 section 3.5; for Canvas's extensions, its
documentation of dynamic registration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lti_tool.platforms.dynamic.configuration import PlatformConfiguration
from lti_tool.protocol.vocabulary import (
    CANVAS_CUSTOM_PARAMETERS,
    CUSTOM_PARAMETERS,
    MessageType,
    Scope,
)

TOOL_SECTION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
CANVAS_EXTENSION = "https://canvas.instructure.com/lti/"
SCOPES = tuple(Scope)
# Names, so that teachers see who wrote what. No e-mail: nothing here needs it.
CLAIMS = ("iss", "sub", "name", "given_name", "family_name")
PRIVACY_LEVEL = "name_only"  # Canvas's word for the same
# Placements for choosing an activity, by Canvas's names and by the specification's. At those for
# several, Canvas makes an assignment of each item (concerns/deep_linking_modules.rb).
CANVAS_PICKERS = (
    "assignment_selection",
    "course_assignments_menu",
    "link_selection",
    "module_menu_modal",
    "module_index_menu_modal",
    "editor_button",
)
PICKERS = ("ContentArea", "RichTextEditor", *CANVAS_PICKERS)
NAVIGATION = "course_navigation"
PICKER_WIDTH, PICKER_HEIGHT = 1000, 800  # pixels of the window in which Canvas shows the picker


@dataclass(frozen=True, slots=True)
class Tool:
    """The description of this tool for platforms. ``url`` has no trailing slash."""

    url: str
    login_url: str
    launch_url: str
    jwks_url: str
    icon: str
    title: str
    description: str

    @property
    def domain(self) -> str:
        """Return host and port; Moodle compares both with the launch address."""
        return urlsplit(self.url).netloc


def wanted_scopes(platform: PlatformConfiguration) -> tuple[str, ...]:
    """Return those of our scopes that the platform offers; all if it lists none."""
    return tuple(s.value for s in SCOPES if not platform.scopes or s in platform.scopes)


def wanted_messages(platform: PlatformConfiguration) -> tuple[MessageType, ...]:
    """Return those of our messages that the platform can send, and always the resource link."""
    return tuple(
        message
        for message in MessageType
        if message == MessageType.RESOURCE_LINK or message in platform.messages
    )


def wanted_placements(platform: PlatformConfiguration, message: MessageType) -> tuple[str, ...]:
    """Return the placements to ask for, for this message, spelt as the platform spells them."""
    ours: tuple[str, ...] = ()
    if message == MessageType.DEEP_LINKING:
        ours = PICKERS
    elif message == MessageType.RESOURCE_LINK and platform.is_canvas:
        ours = (NAVIGATION,)
    return tuple(
        placement
        for placement in dict.fromkeys(platform.messages.get(message, ()))
        if placement.removeprefix(CANVAS_EXTENSION) in ours
    )


def registration_request(tool: Tool, platform: PlatformConfiguration) -> dict[str, Any]:
    """Return the body of the registration request."""
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["client_credentials", "implicit"],
        "initiate_login_uri": tool.login_url,
        "redirect_uris": [tool.launch_url],
        "client_name": tool.title,
        "client_uri": f"{tool.url}/",
        "logo_uri": tool.icon,
        "jwks_uri": tool.jwks_url,
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(wanted_scopes(platform)),
        TOOL_SECTION: _tool_section(tool, platform),
    }


def _tool_section(tool: Tool, platform: PlatformConfiguration) -> dict[str, Any]:
    section: dict[str, Any] = {
        "domain": tool.domain,
        "description": tool.description,
        "target_link_uri": tool.launch_url,
        "claims": list(CLAIMS),
        "custom_parameters": dict(CUSTOM_PARAMETERS),
        "messages": [_message(tool, platform, kind) for kind in wanted_messages(platform)],
    }
    if platform.is_canvas:
        section["custom_parameters"] = dict(CANVAS_CUSTOM_PARAMETERS)
        section[f"{CANVAS_EXTENSION}privacy_level"] = PRIVACY_LEVEL
        section[f"{CANVAS_EXTENSION}tool_id"] = tool.domain
        section["messages"] = [m for m in section["messages"] if m.get("placements")]
    return section


def _message(tool: Tool, platform: PlatformConfiguration, kind: MessageType) -> dict[str, Any]:
    message: dict[str, Any] = {
        "type": kind.value,
        "target_link_uri": tool.launch_url,
        "label": tool.title,
        "icon_uri": tool.icon,
    }
    placements = wanted_placements(platform, kind)
    if placements:
        message["placements"] = list(placements)
    if platform.is_canvas and kind == MessageType.DEEP_LINKING:
        # Canvas makes selection_width and _height of them: Lti::IMS::Registration in its models.
        message[f"{CANVAS_EXTENSION}launch_width"] = PICKER_WIDTH
        message[f"{CANVAS_EXTENSION}launch_height"] = PICKER_HEIGHT
    if NAVIGATION in {name.removeprefix(CANVAS_EXTENSION) for name in placements}:
        # Hidden in the course menu until a teacher switches it on.
        message[f"{CANVAS_EXTENSION}course_navigation/default_enabled"] = False
    return message
