"""A browser whose visit Platform Storage proves, over whatever wire."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from lti_tool.launches import storage_visit
from lti_tool.launches.storage_visit import HEADER, PARAMETER
from lti_tool.models import LaunchWay, StoredLaunch
from tests.lti_tool.launching import Answer, Browser

OURS = {"Sec-Fetch-Site": "same-origin"}
PAGE = {**OURS, "Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "navigate"}
SCRIPT = {**OURS, "Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors"}
IMAGE = {**OURS, "Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors"}


class StorageBrowser:
    """What the scripts of a page do: they send the secret, and ask for passes."""

    def __init__(self, browser: Browser, page: str, launch: StoredLaunch) -> None:
        """Make the visit of a launch one by Platform Storage, and forget the cookie."""
        StoredLaunch.objects.filter(pk=launch.pk).update(way=LaunchWay.STORAGE)
        launch.refresh_from_db()
        self.secret = storage_visit.begin(launch, "post_message_forwarding")
        self.browser, self.page, self.launch = browser, page, launch
        browser.cookie = ""

    def fetch(
        self, path: str = "", method: str = "GET", secret: str | None = None, **form: str
    ) -> Answer:
        """A script's request."""
        headers = {**SCRIPT, HEADER: self.secret if secret is None else secret}
        return self.browser.send(method, self.page + path, form, headers=headers)

    def next_pass(self) -> str:
        """A pass, as a page asks for it."""
        answer = self.fetch("next/", "POST")
        assert answer.status == 200, answer.text
        return answer.text.split('"')[3]

    def load(
        self,
        path: str = "",
        method: str = "GET",
        with_pass: str | None = None,
        headers: Mapping[str, str] = PAGE,
        **form: str,
    ) -> Answer:
        """A page load, with a pass that was just asked for or with another one."""
        ticket = self.next_pass() if with_pass is None else with_pass
        address = f"{self.page}{path}?{PARAMETER}={ticket}" if ticket else self.page + path
        return self.browser.send(method, address, form, headers=headers)


def pass_in(address: str) -> str:
    """The pass that an address brings."""
    (found,) = parse_qs(urlsplit(address).query)[PARAMETER]
    return found
