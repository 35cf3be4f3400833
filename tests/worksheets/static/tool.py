"""The tool as a page sees it: the template's own page, the real scripts, replies as arranged."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.safestring import SafeString
from playwright.sync_api import Locator, Page, Request, Route, expect

from lti_tool.server.minified_files import is_ours, minify
from lti_tool.server.static_storage import VersionedStaticFilesStorage, unversioned_paths
from tests.worksheets.sheets import no_picture, said
from worksheets.questions import parse_sheet
from worksheets.rendering import render_sheet
from worksheets.rendering.filling import Filling

ORIGIN = "http://worksheets.test"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
    " connect-src 'self'; form-action 'self'"
)
START, OPENED = "2026-03-01T08:00:00Z", "2026-03-01T09:00:00Z"
TYPES = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}

Answering = Callable[[Route], None]


class Tool:
    """One page of the tool: what it asked for, and what it is told.

    With ``is_cut_off`` no request arrives. ``saves`` holds the fields of each save that was posted
    by the script, and ``seen`` what it says of the page; ``posted`` those of the form, ``counts``
    the device and the number of each. Time on the page moves by ``wait`` only.
    """

    def __init__(self, page: Page, html: str, origin: str = ORIGIN) -> None:
        self.page = page
        self.origin = origin
        self.html = html
        self.saves: list[dict[str, str]] = []
        self.seen: list[str] = []
        self.posted: list[dict[str, str]] = []
        self.counts: list[tuple[str, int]] = []
        self.complaints: list[str] = []
        self.looks = 0
        self.is_cut_off = False
        self.saving: Answering = saved()
        self.looking: Answering = reply({"fields": {}, "seen": "now", "state": ""})
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self._hear(said.type, said.text))
        page.route("**/*", self._answer)

    def open(self) -> None:
        """Open the page. Its modules have run when it is there."""
        self.page.clock.install(time=START)
        self.page.clock.pause_at(OPENED)
        self.page.goto(f"{self.origin}/")
        if 'class="bank"' in self.html and not self.is_cut_off:
            # What brings the words to the gaps comes when the page is there already.
            self.page.locator(".bank button").first.wait_for(state="attached")

    def wait(self, milliseconds: int) -> None:
        self.page.clock.run_for(milliseconds)

    def sees_no_network(self) -> None:
        """Let the browser say that it is offline, be it so or not."""
        self.page.evaluate("Object.defineProperty(navigator, 'onLine', { get: () => false })")

    def settle(self) -> None:
        """Wait until each request that was begun before has arrived here."""
        self.page.evaluate("fetch('/nothing')")

    def address(self, name: str) -> str:
        """The address of a static file, as a page names it."""
        return VersionedStaticFilesStorage().url(name)

    def field(self, name: str) -> Locator:
        return self.page.locator(f"[name='{name}']")

    def says(self, text: str, *, failed: bool = False) -> None:
        """Wait until the page says this of saving."""
        status = self.page.locator("[data-save-state]")
        expect(status).to_have_text(text)
        expect(status).to_have_class("save-state failed" if failed else "save-state")

    def tells(self, name: str, *, failed: bool = False) -> None:
        """Wait until the page says of saving what its form has under this name."""
        words = self.page.locator("#worksheet").get_attribute(f"data-says-{name}")
        assert words
        self.says(words, failed=failed)

    def announces(self, text: str) -> None:
        """Wait until the page says this to screen readers."""
        expect(self.page.locator("#live")).to_have_text(text)

    def kept(self) -> dict[str, str]:
        """What the device keeps, but for what it knows of the server's."""
        found: dict[str, str] = self.page.evaluate(
            "JSON.parse(localStorage.getItem('worksheet-draft-1') ?? '{}')"
        )
        found.pop("", None)
        return found

    def _count(self, fields: dict[str, str]) -> dict[str, str]:
        """Return the fields without the count that each request of a script has."""
        self.counts.append((fields.pop("device", ""), int(fields.pop("sent", 0))))
        return fields

    def _hear(self, kind: str, text: str) -> None:
        # A preloaded module that is not used has another address than the one imported.
        if "Content Security" in text or (kind == "warning" and "preload" in text):
            self.complaints.append(text)

    def _answer(self, route: Route) -> None:
        request, url = route.request, urlsplit(route.request.url)
        if self.is_cut_off:
            cut_off(route)
        elif url.path.startswith("/static/"):
            serve_static(route, url.path)
        elif url.path == "/":
            headers = {"Content-Type": "text/html", "Content-Security-Policy": POLICY}
            route.fulfill(body=self.html, headers=headers)
        elif not url.path.endswith("/answers/"):
            route.fulfill(body="nothing", content_type="text/plain")
        elif request.method == "GET":
            self.looks += 1
            self.looking(route)
        elif request.headers["content-type"] == "application/json":
            fields = self._count(json.loads(request.post_data or ""))
            self.seen.append(fields.pop("seen"))
            self.saves.append(fields)
            self.saving(route)
        else:
            self.posted.append(self._count(posted_fields(request)))
            route.fulfill(body="posted", content_type="text/plain")


def sheet_document(source: str, values: Mapping[str, str]) -> SafeString:
    """A worksheet, given as text, to fill in."""
    sheet = parse_sheet(source)
    assert sheet.gaps or sheet.questions or sheet.banks
    answers = {name: said(text) for name, text in values.items()}
    return render_sheet(sheet, Filling(sheet, answers, {}, no_picture).widgets, below=0)


def fill_page(
    document: SafeString,
    scripts: Sequence[str] = ("worksheets/words.js",),
    others: str = "",
    work: str = "amina-causes",
    seen: str = "",
) -> str:
    """The page on which a pupil fills in a worksheet, with the scripts of its kinds of question."""
    context = {
        "token": "t" * 40,
        "assignment": SimpleNamespace(attempt_limit=1),
        "edition": SimpleNamespace(pk=7, title="Terror"),
        "document": document,
        "seen": seen,
        "sent": 0,
        "others": others,
        "number": 1,
        "has_items": True,
        "scripts": scripts,
        "draft_key": "draft-1",
        "work": work,
    }
    request = RequestFactory().get("/")
    return render_to_string("worksheets/pupil/fill.html", context, request)


def reply(body: object, status: int = 200) -> Answering:
    """Answer with JSON."""

    def answer(route: Route) -> None:
        text = json.dumps(body)
        route.fulfill(status=status, content_type="application/json", body=text)

    return answer


def saved(errors: Mapping[str, str] | None = None, seen: str = "now") -> Answering:
    """Answer as the tool does when it has saved everything but what is wrong."""
    return reply({"seen": seen, "errors": errors or {}})


def not_json(route: Route) -> None:
    """Answer as a school's proxy does that wants somebody to sign in."""
    route.fulfill(body="<h1>Sign in</h1>", content_type="text/html")


def cut_off(route: Route) -> None:
    """Let the network fail."""
    route.abort("connectionfailed")


class Held:
    """Answers nothing until it is released."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def __call__(self, route: Route) -> None:
        self.routes.append(route)

    def release(self, answer: Answering) -> None:
        for route in self.routes:
            answer(route)
        self.routes.clear()


def serve_static(route: Route, path: str) -> None:
    """Answer with a static file, as browsers get it."""
    request = RequestFactory().get(path)
    unversioned_paths(lambda _request: None)(request)  # type: ignore[arg-type, return-value]
    name = request.path_info.removeprefix("/static/")
    found = finders.find(name)
    assert found, path
    text = Path(found).read_text(encoding="utf-8")
    body = minify(name, text) if is_ours(name) else text  # as browsers get it
    route.fulfill(body=body, content_type=TYPES[path.rpartition(".")[2]])


def posted_fields(request: Request) -> dict[str, str]:
    fields = parse_qs(request.post_data or "", keep_blank_values=True)
    return {name: value for name, (value,) in fields.items()}
