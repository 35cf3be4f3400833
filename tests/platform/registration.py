"""A platform that can be registered at: its configuration and its registration address."""

from __future__ import annotations

import json
import threading
from typing import Any, Self

from lti_tool.platforms.dynamic.configuration import ACCOUNT_NAME, PLATFORM_SECTION
from lti_tool.platforms.dynamic.request import TOOL_SECTION
from lti_tool.protocol.vocabulary import MessageType, Scope
from tests.platform.server import Asked, Reply, Server

SCOPES = [scope.value for scope in Scope]
MESSAGES = [
    {"type": MessageType.RESOURCE_LINK.value},
    {"type": MessageType.DEEP_LINKING.value, "placements": ["ContentArea"]},
]
CANVAS_MESSAGES = [
    {"type": MessageType.RESOURCE_LINK.value, "placements": ["course_navigation", "user_menu"]},
    {
        "type": MessageType.DEEP_LINKING.value,
        "placements": ["assignment_selection", "link_selection", "editor_button", "homework"],
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


class PlatformServer(Server):
    """Answers as an honest platform does, until a test changes something."""

    def __init__(self) -> None:
        super().__init__()
        self.configuration: Any = None
        self.granted: dict[str, Any] = {}
        self.cut_scopes: set[str] = set()
        self.deployment_id: str | None = "7"
        self.status = 200
        self.raw: bytes | None = None
        self.headers: dict[str, str] = {}
        self.drip = 0.0  # seconds between the bytes of the body
        self.drip_headers = 0.0
        self.before_answer = threading.Event()  # the first registration waits for it
        self.before_answer.set()

    def start(self) -> Self:
        super().start()
        self.configuration = configuration(self.url)
        return self

    def stop(self) -> None:
        self.before_answer.set()
        super().stop()

    def answer(self, asked: Asked) -> Reply:
        if asked.method == "POST" and len(self.requests("POST")) == 1:
            self.before_answer.wait(60)
        content = self.content(asked.body if asked.method == "POST" else None)
        return Reply(self.status, content, self.headers, self.drip, self.drip_headers)

    def content(self, request: bytes | None) -> bytes:
        """The body of an answer; ``request`` is that of a registration."""
        if self.raw is not None:
            return self.raw
        if request is None:
            return json.dumps(self.configuration).encode()
        asked = json.loads(request)
        section = {**asked[TOOL_SECTION], "deployment_id": self.deployment_id}
        scopes = [scope for scope in asked["scope"].split() if scope not in self.cut_scopes]
        granted = {**asked, "client_id": "client-9", "scope": " ".join(scopes)}
        return json.dumps({**granted, TOOL_SECTION: section, **self.granted}).encode()

    @property
    def address(self) -> str:
        """Where its configuration is."""
        return f"{self.url}/config"
