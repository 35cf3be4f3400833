"""A platform for measurements: signs launches, serves its keys, takes scores and notes when."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt

from lti_tool.protocol.vocabulary import CONTEXT_ROLE, VERSION, Claim, MessageType, Scope
from tests.platform.keys import key_pair

CLIENT_ID, DEPLOYMENT, KID = "benchmark", "1", "key-1"


class Platform:
    """One course, one link, any number of pupils."""

    def __init__(self) -> None:
        self.arrived: dict[str, float] = {}  # pupil -> when the score came
        self.tokens = 0
        self.key_requests = 0
        self.key_delay = 0.0  # seconds that the keys take to come
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Serve no longer."""
        self._server.shutdown()
        self._server.server_close()

    def id_token(self, pupil: str, nonce: str, tool: str) -> str:
        """A launch of the one link, as Moodle would claim it."""
        now = int(time.time())
        scopes = [Scope.LINE_ITEM, Scope.SCORE, Scope.RESULT_READONLY]
        claims: dict[str, Any] = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "sub": pupil,
            "iat": now,
            "exp": now + 60,
            "nonce": nonce,
            "name": f"Pupil Number {pupil}",
            "given_name": "Pupil",
            "family_name": f"Number {pupil}",
            Claim.MESSAGE_TYPE: MessageType.RESOURCE_LINK,
            Claim.VERSION: VERSION,
            Claim.DEPLOYMENT_ID: DEPLOYMENT,
            Claim.TARGET_LINK_URI: f"{tool}/lti/launch/",
            Claim.ROLES: [f"{CONTEXT_ROLE}Learner"],
            Claim.CONTEXT: {"id": "course", "label": "HIS", "title": "History"},
            Claim.RESOURCE_LINK: {"id": "link", "title": "Causes"},
            Claim.LAUNCH_PRESENTATION: {"locale": "en", "return_url": f"{self.url}/back"},
            Claim.AGS_ENDPOINT: {
                "scope": scopes,
                "lineitems": f"{self.url}/lineitems",
                "lineitem": f"{self.url}/lineitems/1/lineitem?type_id=1",
            },
        }
        return jwt.encode(claims, key_pair(KID).private, algorithm="RS256", headers={"kid": KID})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        platform = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

            def handle(self) -> None:
                # A tool that is stopped drops the connections that it kept.
                with contextlib.suppress(ConnectionResetError):
                    super().handle()

            def do_GET(self) -> None:
                platform.key_requests += 1
                time.sleep(platform.key_delay)
                self._answer({"keys": [key_pair(KID).jwk]})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path == "/token":
                    platform.tokens += 1
                    self._answer({"access_token": "t", "expires_in": 3600})
                else:
                    platform.arrived[json.loads(body)["userId"]] = time.perf_counter()
                    self._answer({})

            def _answer(self, value: Any) -> None:
                body = json.dumps(value).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        return Handler
