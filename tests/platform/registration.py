"""A platform that can be registered at: its configuration and its registration address."""

from __future__ import annotations

from typing import Any, ClassVar

from lti_tool.platforms.dynamic.configuration import ACCOUNT_NAME, PLATFORM_SECTION
from lti_tool.platforms.dynamic.request import TOOL_SECTION
from lti_tool.protocol.vocabulary import MessageType, Scope
from tests.platform.server import Asked, Part, Reply, json_reply

SCOPES = [scope.value for scope in Scope]
MESSAGES = [
    {"type": MessageType.RESOURCE_LINK.value},
    {"type": MessageType.DEEP_LINKING.value, "placements": ["ContentArea"]},
]
CANVAS_MESSAGES = [
    {"type": MessageType.RESOURCE_LINK.value, "placements": ["course_navigation", "user_menu"]},
    {
        "type": MessageType.DEEP_LINKING.value,
        "placements": [
            "assignment_selection",
            "link_selection",
            "editor_button",
            "module_menu_modal",
            "module_index_menu_modal",
            "course_assignments_menu",
            "homework",
        ],
    },
]


def configuration(base: str, product: str = "moodle", /, **changes: Any) -> dict[str, Any]:
    """What an honest platform at ``base`` says of itself."""
    platform = {
        "product_family_code": product,
        "version": "4.5",
        "messages_supported": MESSAGES if product == "moodle" else CANVAS_MESSAGES,
        "variables": ["Context.id.history"],
        ACCOUNT_NAME: "Hill School",
    }
    document: dict[str, Any] = {
        "issuer": base,
        "authorization_endpoint": f"{base}/auth",
        "token_endpoint": f"{base}/token",
        "jwks_uri": f"{base}/jwks",
        "registration_endpoint": f"{base}/register",
        "scopes_supported": [*SCOPES, "openid"],
        PLATFORM_SECTION: platform,
    }
    return {**document, **changes}


class DynamicRegistration(Part):
    """Its OpenID configuration and its registration endpoint, of an honest platform at first."""

    endpoints: ClassVar = {"configuration": ("GET", "/config"), "register": ("POST", "/register")}

    def __init__(self) -> None:
        self.configuration: dict[str, Any] | None = None  # another than the honest one
        self.granted: dict[str, Any] = {}
        self.cut_scopes: set[str] = set()
        self.deployment_id: str | None = "7"

    @property
    def address(self) -> str:
        """Where its configuration is."""
        return f"{self.url}/config"

    def answer_configuration(self, _asked: Asked) -> Reply:
        return json_reply(self.configuration or configuration(self.url))

    def answer_register(self, asked: Asked) -> Reply:
        wanted = asked.json
        section = {**wanted[TOOL_SECTION], "deployment_id": self.deployment_id}
        scopes = [scope for scope in wanted["scope"].split() if scope not in self.cut_scopes]
        granted = {**wanted, "client_id": "client-9", "scope": " ".join(scopes)}
        return json_reply({**granted, TOOL_SECTION: section, **self.granted})
