"""Pages of the tool's own views in a browser, without a server: the test client answers."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.db import DEFAULT_DB_ALIAS, connections
from playwright.sync_api import Page, Route

from tests.cast import Someone
from tests.worksheets.static.tool import serve_static

ORIGIN = "http://localhost:8001"
_PASSED_ON = ("accept", "content-type", "hx-request", "hx-target", "origin", "sec-fetch-site")


class Served:
    """The browser of one person, whose requests the views answer.

    With ``is_cut_off`` no request arrives; with ``loses_answers`` they do, and no answer comes
    back. ``posted`` holds what was posted.
    """

    def __init__(self, page: Page, someone: Someone) -> None:
        self.page = page
        self.someone = someone
        self.is_cut_off = False
        self.loses_answers = False
        self.posted: list[str] = []
        self.complaints: list[str] = []
        self._connection = connections[DEFAULT_DB_ALIAS]
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: (
                self.complaints.append(said.text) if "Content Security" in said.text else None
            ),
        )
        page.route("**/*", self._answer)

    def open(self, view_name: str, query: str = "", /, **kwargs: object) -> None:
        address = self.someone.url(view_name, **kwargs)
        self.page.goto(f"{ORIGIN}{address}{f'?{query}' if query else ''}")

    def _answer(self, route: Route) -> None:
        request, url = route.request, urlsplit(route.request.url)
        if self.is_cut_off:
            route.abort("connectionfailed")
            return
        if url.path.startswith("/static/"):
            serve_static(route, url.path)
            return
        # Playwright's event loop would have a connection of its own, without the test's rows.
        connections[DEFAULT_DB_ALIAS] = self._connection
        if request.method == "POST" and not url.path.endswith("/time-zone/"):
            self.posted.append(request.post_data or "")
        headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
        answer = self.someone.client.generic(
            request.method,
            f"{url.path}{f'?{url.query}' if url.query else ''}",
            request.post_data_buffer or b"",
            content_type=headers.pop("content-type", "application/octet-stream"),
            headers=headers,
        )
        if self.loses_answers:
            route.abort("connectionreset")
            return
        if "Location" in answer and request.is_navigation_request():
            # Chromium does not ask a test where such an answer leads to.
            leads = {"Content-Type": "text/html", "Refresh": f"0; url={answer['Location']}"}
            route.fulfill(headers=leads, body="")
            return
        kept = {name: value for name, value in answer.items() if name != "Content-Length"}
        route.fulfill(status=answer.status_code, headers=kept, body=answer.content)
