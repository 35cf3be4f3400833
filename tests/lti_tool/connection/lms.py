"""An LMS on this machine that is asked for its keys, tokens, a roster and a column.

Its settings can be broken one by one; it remembers what it was asked, and by which method.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time
from urllib.parse import parse_qs

from lti_tool.models import Context, LineItem, Registration
from lti_tool.protocol.vocabulary import MediaType, Scope
from tests.cast import Course
from tests.lti_tool.gradebook_server import hang_up
from tests.platform.keys import key_pair

NAMES = ("Philippa Quillfeather", "Quentin Marsh")


class Lms:
    """Healthy as it begins. ``status`` is by path; ``ahead`` are seconds of its clock, ``date``
    is what it says instead of them."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[tuple[str, str]] = []
        self.scopes = {str(scope) for scope in Scope}
        self.status: dict[str, int] = {}
        self.error = "invalid_client"
        self.keys: list[object] = [key_pair("first").jwk]
        self.ahead: float | None = 0.0
        self.date = ""

    def connect(self, course: Course) -> Registration:
        """Let the platform of the course live here, with all its courses."""
        registration = course.deployment.registration
        registration.product = "moodle"
        registration.jwks_url = f"{self.url}/jwks"
        registration.auth_token_url = f"{self.url}/token"
        registration.save()
        courses = Context.objects.filter(deployment=course.deployment)
        courses.update(roster_url=f"{self.url}/members")
        columns = LineItem.objects.filter(link__deployment=course.deployment)
        columns.update(url=f"{self.url}/column?type_id=1")
        return registration

    def answer(self, method: str, path: str, form: dict[str, list[str]]) -> tuple[int, object]:
        self.asked.append((method, path))
        if path in self.status:
            return self.status[path], {"error": self.error}
        if path == "/jwks":
            return 200, {"keys": self.keys}
        if path == "/token":
            granted = self.scopes.intersection(form["scope"][0].split())
            token = {"access_token": "t", "token_type": "Bearer", "expires_in": 3600}
            return (200, token) if granted else (400, {"error": "invalid_scope"})
        if path == "/members":
            people = [
                {"user_id": str(n), "name": name, "roles": ["Learner"]}
                for n, name in enumerate(NAMES)
            ]
            return 200, {"id": self.url, "context": {"id": "2"}, "members": people}
        return 200, {"id": f"{self.url}/column", "label": "Causes", "scoreMaximum": 8}


@contextmanager
def running() -> Iterator[Lms]:
    """Serve on a free port until the end of the block."""
    lms = Lms()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._serve(parse_qs(body.decode()))

        def _serve(self, form: dict[str, list[str]]) -> None:
            path = self.path.partition("?")[0]
            status, content = lms.answer(self.command, path, form)
            data = json.dumps(content).encode()
            self.send_response_only(status)
            if lms.ahead is not None:
                date = lms.date or formatdate(time() + lms.ahead, usegmt=True)
                self.send_header("Date", date)
            if path == "/members":
                self.send_header("Content-Type", MediaType.MEMBERSHIP_CONTAINER)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        lms.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield lms
        finally:
            hang_up()
            server.shutdown()
            thread.join()
