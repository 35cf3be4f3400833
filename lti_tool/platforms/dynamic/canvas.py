"""The JSON configuration whose address a Canvas administrator pastes ('Enter URL').

Pure. Source: Canvas, 'Configuring LTI Advantage Tools', JSON configuration.
"""

from __future__ import annotations

from typing import Any

from lti_tool.platforms.dynamic.request import (
    CANVAS_PICKERS,
    NAVIGATION,
    PICKER_HEIGHT,
    PICKER_WIDTH,
    PRIVACY_LEVEL,
    SCOPES,
    Tool,
)
from lti_tool.protocol.vocabulary import CANVAS_CUSTOM_PARAMETERS, MessageType


def canvas_configuration(tool: Tool) -> dict[str, Any]:
    """Return the JSON configuration of the tool for Canvas's developer keys."""
    return {
        "title": tool.title,
        "description": tool.description,
        "oidc_initiation_url": tool.login_url,
        "target_link_uri": tool.launch_url,
        "redirect_uris": [tool.launch_url],
        "scopes": [scope.value for scope in SCOPES],
        "public_jwk_url": tool.jwks_url,
        "custom_fields": dict(CANVAS_CUSTOM_PARAMETERS),
        "extensions": [_extension(tool)],
    }


def _extension(tool: Tool) -> dict[str, Any]:
    return {
        "domain": tool.domain,
        "tool_id": tool.domain,
        "platform": "canvas.instructure.com",
        "privacy_level": PRIVACY_LEVEL,
        "settings": {
            "text": tool.title,
            "icon_url": tool.icon,
            "placements": [
                *(_picker(tool, name) for name in CANVAS_PICKERS),
                # Hidden in the course menu until a teacher switches it on.
                _placement(tool, NAVIGATION, MessageType.RESOURCE_LINK) | {"default": "disabled"},
            ],
        },
    }


def _picker(tool: Tool, name: str) -> dict[str, Any]:
    size = {"selection_width": PICKER_WIDTH, "selection_height": PICKER_HEIGHT}
    return _placement(tool, name, MessageType.DEEP_LINKING) | size


def _placement(tool: Tool, name: str, message: MessageType) -> dict[str, Any]:
    return {
        "placement": name,
        "message_type": message.value,
        "target_link_uri": tool.launch_url,
        "text": tool.title,
        "icon_url": tool.icon,
        "enabled": True,
    }
