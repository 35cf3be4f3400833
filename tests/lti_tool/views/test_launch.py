"""The launch address: the key from Platform Storage, and forms that are posted twice."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from html import unescape

import pytest

from lti_tool.login.browser_key import browser_hash, new_browser_key
from lti_tool.models import LaunchWay, StoredLaunch
from lti_tool.protocol.refusal import Reason
from tests.lti_tool.launching import Answer, Browser
from tests.lti_tool.refusals import assert_refused, rows
from tests.platform.launches import Platform

Log = pytest.LogCaptureFixture

# The test client and the settings say http and this host; a browser says so in Origin.
OURS = {"Origin": "http://localhost:8001"}
FRAME = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
STORAGE = {"lti_storage_target": "post_message_forwarding"}


def data_of(page: str) -> dict[str, str]:
    """The data attributes of a page's own element."""
    return {name: unescape(value) for name, value in re.findall(r'data-([a-z]+)="([^"]*)"', page)}


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of a page's form, in any order of attributes."""
    inputs = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', page)
    return {name: unescape(value) for name, value in inputs}


class Frame:
    """A frame that keeps no cookie, and what the script in it would have done."""

    def __init__(self, platform: Platform, browser: Browser) -> None:
        self.platform, self.browser = platform, browser
        browser.blocks_cookies = True
        form = platform.login_form(**STORAGE)
        first = browser.send("POST", "/lti/login/", form, headers=FRAME)
        self.kept = data_of(browser.get(first.location, headers=FRAME).text)
        query = dict(re.findall(r"(state|nonce)=([^&]+)", self.kept["next"]))
        self.state, self.nonce = query["state"].replace("%3A", ":"), query["nonce"]
        self.token = platform.token(self.nonce)

    def arrive(self) -> Answer:
        """The platform's form, as it comes without a cookie."""
        form = {"state": self.state, "id_token": self.token, **STORAGE}
        return self.browser.send("POST", "/lti/launch/", form, headers=FRAME)

    def post(
        self, headers: Mapping[str, str] = OURS, key: str | None = None, **changes: str
    ) -> Answer:
        """The form with the key from the storage, or with another one."""
        form = {
            "state": self.state,
            "id_token": self.token,
            "browser_key": key or self.kept["value"],
        }
        return self.browser.send(
            "POST", "/lti/launch/", {**form, **changes}, headers={**FRAME, **headers}
        )


@pytest.fixture
def frame(platform: Platform, direct: Browser) -> Frame:
    return Frame(platform, direct)


class TestPlatformStorage:
    def test_the_launch_waits_in_a_form_until_the_storage_answers(self, frame: Frame) -> None:
        page = frame.arrive()
        assert (page.status, rows()["StoredLaunch"]) == (200, 0)
        asked = data_of(page.text)
        assert asked["frame"] == "post_message_forwarding"
        assert asked["origin"] == frame.platform.lms.url
        assert asked["name"] == frame.kept["name"]
        fields = {"state": frame.state, "id_token": frame.token, "browser_key": "", **STORAGE}
        assert fields_of(page.text) == fields
        assert 'action="/lti/launch/"' in page.text
        assert "no-store" in page.headers["cache-control"]
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert "<script>" not in page.text

    def test_the_key_opens_the_launch(self, frame: Frame) -> None:
        answer = frame.post(lti_storage_target="post_message_forwarding")
        launch = StoredLaunch.objects.get()
        assert launch.way == LaunchWay.STORAGE
        assert launch.browser == browser_hash(frame.kept["value"])
        # The last step: the secret of the visit's pages is kept, and the first page is opened.
        last = data_of(answer.text)
        assert (answer.status, last["frame"]) == (200, "post_message_forwarding")
        assert last["origin"] == frame.platform.lms.url
        assert launch.page_secret == browser_hash(last["value"])
        assert last["value"] not in last["next"]
        assert "no-store" in answer.headers["cache-control"]
        assert (
            f"frame-ancestors 'self' {frame.platform.lms.url}"
            in (answer.headers["content-security-policy"])
        )
        assert frame.browser.get(last["next"], headers=FRAME).status == 200

    def test_a_frame_name_without_end_is_cut(self, frame: Frame) -> None:
        assert frame.post(lti_storage_target="x" * 5000).status == 200
        assert StoredLaunch.objects.get().storage_frame == "x" * 200

    def test_each_login_has_a_place_of_its_own(self, frame: Frame) -> None:
        other = Frame(frame.platform, frame.browser)
        assert other.kept["name"] != frame.kept["name"]
        assert other.kept["value"] != frame.kept["value"]
        assert frame.kept["value"] not in frame.kept["name"]

    @pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:8002"])
    def test_only_a_form_of_ours_may_bring_a_key(
        self, frame: Frame, caplog: Log, origin: str
    ) -> None:
        assert_refused(frame.post({"Origin": origin}), caplog, Reason.COOKIE_MISSING)

    def test_a_form_that_says_not_whose_it_is(self, frame: Frame, caplog: Log) -> None:
        assert_refused(frame.post({}), caplog, Reason.COOKIE_MISSING)

    def test_another_key(self, frame: Frame, caplog: Log) -> None:
        assert_refused(frame.post(key=new_browser_key()), caplog, Reason.OTHER_BROWSER)

    @pytest.mark.parametrize("key", [" ", "short", "a" * 31, "é" * 32, "undefined"])
    def test_what_is_no_key(self, frame: Frame, caplog: Log, key: str) -> None:
        assert_refused(frame.post(key=key), caplog, Reason.COOKIE_MISSING)

    def test_a_storage_that_did_not_answer(self, frame: Frame, caplog: Log) -> None:
        answer = frame.post(browser_key="", lti_storage_target="_parent")
        assert_refused(answer, caplog, Reason.COOKIE_MISSING)
        assert "Allow cookies for this page" in answer.text

    def test_with_our_cookie_nothing_is_asked(self, platform: Platform, direct: Browser) -> None:
        begun = direct.begin(platform, **STORAGE)
        form = {"state": begun.state, "id_token": platform.token(begun.nonce), **STORAGE}
        answer = direct.send("POST", "/lti/launch/", form)
        assert answer.location.startswith("/a/")
        assert StoredLaunch.objects.get().way == LaunchWay.COOKIE

    def test_a_key_never_stands_in_for_another_cookie(self, frame: Frame, caplog: Log) -> None:
        frame.browser.cookie = new_browser_key()
        assert_refused(frame.post(), caplog, Reason.OTHER_BROWSER)

    @pytest.mark.parametrize("state", ["", "state-forged", "\ud7ff"])
    def test_a_forged_state_is_refused_before_anything_is_asked(
        self, frame: Frame, caplog: Log, state: str
    ) -> None:
        frame.state = state
        assert_refused(frame.arrive(), caplog, Reason.STATE_INVALID)

    def test_a_registration_that_is_gone(self, frame: Frame, caplog: Log) -> None:
        frame.platform.registration.delete()
        assert_refused(frame.arrive(), caplog, Reason.UNKNOWN_PLATFORM)

    def test_what_the_platform_says_instead_of_a_token(self, frame: Frame, caplog: Log) -> None:
        form = {"state": frame.state, "error": "login_required", **STORAGE}
        answer = frame.browser.send("POST", "/lti/launch/", form, headers=FRAME)
        assert_refused(answer, caplog, Reason.PLATFORM_ERROR)

    def test_a_frame_name_that_is_markup_stays_text(self, frame: Frame) -> None:
        odd = '"><script>alert(1)</script>'
        form = {"state": frame.state, "id_token": frame.token, "lti_storage_target": odd}
        page = frame.browser.send("POST", "/lti/launch/", form, headers=FRAME)
        assert data_of(page.text)["frame"] == odd
        assert "<script>" not in page.text


class TestPostedTwice:
    """Back, reload, a double click: a page that leads on, for this browser alone."""

    GO_ON = "Continue with the worksheet"

    def link(self, answer: Answer) -> str:
        found = re.search(rf'href="(/a/[^"]+)">{self.GO_ON}<', answer.text)
        assert found is not None, answer.text
        return found[1]

    def test_leads_on_to_what_is_open(
        self, platform: Platform, direct: Browser, caplog: Log
    ) -> None:
        begun = direct.begin(platform)
        token = platform.token(begun.nonce)
        assert direct.finish(begun.state, token).status == 302
        again = direct.finish(begun.state, token)
        assert_refused(again, caplog, Reason.REPLAYED, token=token, launches=1)
        assert direct.get(self.link(again)).status == 200

    def test_when_the_token_is_too_old_by_now(
        self, platform: Platform, direct: Browser, caplog: Log
    ) -> None:
        begun = direct.begin(platform)
        assert direct.finish(begun.state, platform.token(begun.nonce)).status == 302
        stale = platform.token(begun.nonce, {"exp": 1, "iat": 1})
        again = direct.finish(begun.state, stale)
        assert_refused(again, caplog, Reason.TIMES_INVALID, launches=1)
        assert direct.get(self.link(again)).status == 200

    @pytest.mark.parametrize("cookie", ["", "0" * 32])
    def test_never_in_another_browser(
        self, platform: Platform, direct: Browser, cookie: str
    ) -> None:
        begun = direct.begin(platform)
        token = platform.token(begun.nonce)
        direct.finish(begun.state, token)
        direct.cookie = cookie
        again = direct.finish(begun.state, token)
        assert again.status == 400
        assert "/a/" not in again.text

    def test_never_to_another_login_of_this_browser(
        self, platform: Platform, direct: Browser
    ) -> None:
        direct.launch(platform)
        later = direct.begin(platform)
        answer = direct.finish(later.state, "nonsense")
        assert answer.status == 400
        assert "/a/" not in answer.text

    def test_not_for_ever(
        self, platform: Platform, direct: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begun = direct.begin(platform)
        token = platform.token(begun.nonce)
        direct.finish(begun.state, token)
        now = time.time()
        monkeypatch.setattr("django.core.signing.time.time", lambda: now + 11 * 60)
        again = direct.finish(begun.state, token)
        assert again.status == 400
        assert "/a/" not in again.text

    def test_with_the_key_from_the_storage(self, frame: Frame, caplog: Log) -> None:
        frame.post()
        assert frame.arrive().status == 200
        again = frame.post()
        assert_refused(again, caplog, Reason.REPLAYED, launches=1)
        # The page there asks the LMS for the secret that the first form's answer has stored.
        there = frame.browser.get(self.link(again), headers=FRAME)
        assert "lti_tool/resume.js" in there.text

    def test_a_reload_of_the_address_says_where_to_go(self, direct: Browser) -> None:
        answer = direct.get("/lti/launch/")
        assert answer.status == 400
        assert "Go back to your course" in answer.text
