"""A platform that can be registered at: its configuration and its registration address."""

from __future__ import annotations

import itertools
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from lti_tool.platforms.dynamic.configuration import ACCOUNT_NAME, PLATFORM_SECTION
from lti_tool.platforms.dynamic.request import TOOL_SECTION
from lti_tool.protocol.vocabulary import MessageType, Scope

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


class PlatformServer:
    """Answers as an honest platform does, until a test changes something."""

    def __init__(self) -> None:
        owner = self
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.configuration: Any = None
        self.answer: dict[str, Any] = {}
        self.cut_scopes: set[str] = set()
        self.deployment_id: str | None = "7"
        self.status = 200
        self.sent = 0  # bytes, in millions
        self.raw: bytes | None = None
        self.headers: dict[str, str] = {}
        self.drip = 0.0  # seconds between the bytes of the body
        self.drip_headers = 0.0
        self.before_answer = threading.Event()  # the first registration waits for it
        self.before_answer.set()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._serve(b"")

            def do_POST(self) -> None:
                self._serve(self.rfile.read(int(self.headers.get("Content-Length", 0))))

            def _serve(self, body: bytes) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                owner.asked.append((self.command, self.path, headers, body))
                if self.command == "POST" and len(owner.requests("POST")) == 1:
                    owner.before_answer.wait(60)
                content = owner.content(body if self.command == "POST" else None)
                if owner.drip_headers:
                    owner.drop_by_drop(self.wfile, b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000, 0.05)
                self.send_response(owner.status)
                for name, value in owner.headers.items():
                    self.send_header(name, value)
                if "Transfer-Encoding" not in owner.headers:
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if owner.drip:
                    owner.drop_by_drop(self.wfile, content, owner.drip)
                else:
                    owner.in_pieces(self.wfile, content)

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:
                    """The asker hung up, as a test wanted."""

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.configuration = configuration(self.url)

    @staticmethod
    def drop_by_drop(out: Any, content: bytes, pause: float) -> None:
        """Without end, for whoever does not know where the content ends."""
        for byte in itertools.cycle(content):
            out.write(bytes([byte]))
            out.flush()
            time.sleep(pause)

    def in_pieces(self, out: Any, content: bytes) -> None:
        for start in range(0, len(content), 1_000_000):
            out.write(content[start : start + 1_000_000])
            self.sent += 1_000_000

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
        return json.dumps({**granted, TOOL_SECTION: section, **self.answer}).encode()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def address(self) -> str:
        """Where its configuration is."""
        return f"{self.url}/config"

    def requests(self, method: str) -> list[tuple[str, str, dict[str, str], bytes]]:
        """What was asked by this method."""
        return [asked for asked in self.asked if asked[0] == method]

    def stop(self) -> None:
        """Close it."""
        self.before_answer.set()
        self._server.shutdown()
        self._server.server_close()
