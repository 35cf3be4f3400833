"""One person who asks for much at once, and everybody else: real HTTP, with all calls at once.

What is counted is how many requests are being answered, not for how long.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from lti_tool.models import User
from lti_tool.protocol.vocabulary import Claim
from lti_tool.views import activity
from tests.lti_tool.launching import Answer, Browser, HttpWire
from tests.platform.launches import TEACHER, Platform
from tests.worksheets.sheets import GAPS_ONLY
from worksheets import authoring
from worksheets.views.authoring import editor

THREADS, PLACES, PRESSES = 8, 4, 12


@pytest.fixture
def wire(live_server: LiveServer, settings: Settings) -> HttpWire:
    settings.LTI_WEB_THREADS = THREADS
    return HttpWire(live_server.url)


def open_as(wire: HttpWire, platform: Platform, sub: str) -> tuple[Browser, str]:
    browser = Browser(wire)
    answer = browser.launch(platform, {"sub": sub, Claim.ROLES.value: [TEACHER]})
    assert answer.status == 302, answer.text
    return browser, answer.location


def test_takes_half_of_the_threads(
    wire: HttpWire, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A preview of the largest text takes seconds; here it takes until ``may_end``."""
    may_end, begun = threading.Event(), threading.Semaphore(0)
    drawn: Callable[..., Any] = editor.shown_sheet

    def slow(*arguments: Any) -> Any:
        begun.release()
        assert may_end.wait(60)
        return drawn(*arguments)

    monkeypatch.setattr(editor, "shown_sheet", slow)
    monkeypatch.setattr(activity, "SLOW_SECONDS", 0)
    ruth, page = open_as(wire, platform, "ruth")
    colleague, theirs = open_as(wire, platform, "colleague")
    worksheet = authoring.create(User.objects.get(sub="ruth"), GAPS_ONLY)
    preview = f"{page}worksheets/{worksheet.pk}/preview/"

    def press() -> Answer:
        return ruth.send("POST", preview, {"source": "Typed last."})

    with ThreadPoolExecutor(PRESSES) as pool:
        try:
            waiting: set[Future[Answer]] = {pool.submit(press) for _ in range(PRESSES)}
            told: set[Future[Answer]] = set()
            while len(told) < PRESSES - PLACES:
                done, waiting = wait(waiting, timeout=60, return_when=FIRST_COMPLETED)
                assert done, f"{len(waiting)} requests are being answered"
                told |= done
            for answer in (future.result() for future in told):
                assert (answer.status, answer.headers["retry-after"]) == (503, "5")
                assert "Typed last." in answer.text
            for _ in range(PLACES):
                assert begun.acquire(timeout=60)
            # In whatever window, and for a script in its own words.
            script = {"Content-Type": "application/json"}
            refused = ruth.send("POST", f"{page}drafts/edit/1/", body="{}", headers=script)
            assert refused.status == 503
            assert "Try again in a few seconds" in refused.text
            # Pictures come many at once, and are none of it; nor is anybody else.
            assert ruth.get(f"{page}pictures/{worksheet.pk}/map.png").status == 404
            assert colleague.get(f"{theirs}worksheets/").status == 200
        finally:
            may_end.set()
        assert {future.result().status for future in waiting} == {200}
    assert press().status == 200


def test_many_quick_pages_at_once_are_all_answered(
    wire: HttpWire, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Courses have pages with sixty activities in them, which browsers open together."""
    together = threading.Barrier(PRESSES)
    drawn: Callable[..., Any] = editor.shown_sheet

    def at_once(*arguments: Any) -> Any:
        together.wait(60)
        return drawn(*arguments)

    monkeypatch.setattr(editor, "shown_sheet", at_once)
    monkeypatch.setattr(activity, "SLOW_SECONDS", 60)
    ruth, page = open_as(wire, platform, "ruth")
    worksheet = authoring.create(User.objects.get(sub="ruth"), GAPS_ONLY)
    preview = f"{page}worksheets/{worksheet.pk}/preview/"
    with ThreadPoolExecutor(PRESSES) as pool:
        sent = [pool.submit(ruth.send, "POST", preview, {"source": "x"}) for _ in range(PRESSES)]
        assert {future.result().status for future in sent} == {200}
