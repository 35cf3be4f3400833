"""The activity's address opens pages for one launch, in one browser, for a day."""

from __future__ import annotations

import logging
import time
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import signing

from lti_tool.launches.visit import make_token
from lti_tool.models import StoredLaunch
from lti_tool.protocol.vocabulary import Claim
from lti_tool.server.log_filters import HideActivityTokens
from tests.cast import Cast, open_again
from tests.lti_tool.launches.storage import StorageBrowser
from tests.lti_tool.launching import Answer, Browser
from tests.platform.launches import TEACHER, Platform

Log = pytest.LogCaptureFixture


def assert_closed(answer: Answer) -> None:
    """The page that says where worksheets are opened."""
    assert answer.status == 403
    assert "This page has closed for security" in answer.text
    assert "What you saved is safe" in answer.text
    assert "frame-ancestors *" in answer.headers["content-security-policy"]


def test_opens_the_page_and_keeps_it_out_of_caches(platform: Platform, browser: Browser) -> None:
    page = browser.get(browser.launch(platform).location)
    assert page.status == 200
    assert {"no-store", "private"} <= set(page.headers["cache-control"].split(", "))
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.set_cookie == ""


def test_opens_nothing_in_another_browser(platform: Platform, browser: Browser) -> None:
    address = browser.launch(platform).location
    browser.cookie = "0" * 32
    assert_closed(browser.get(address))
    browser.cookie = ""
    assert_closed(browser.get(address))


@pytest.mark.parametrize("hours", [23, 25])
def test_lasts_a_day(
    platform: Platform, direct: Browser, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    assert settings.LTI_ACTIVITY_HOURS == 24
    address, now = direct.launch(platform).location, time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + hours * 3600)
    answer = direct.get(address)
    if hours < 24:
        assert answer.status == 200
    else:
        assert_closed(answer)


def test_a_day_is_counted_from_the_launch(platform: Platform, direct: Browser) -> None:
    """Its address may be made again later: a form that was posted twice leads there."""
    address = direct.launch(platform).location
    launch = StoredLaunch.objects.get()
    StoredLaunch.objects.update(created_at=launch.created_at - timedelta(hours=25))
    assert_closed(direct.get(address))


def test_a_launch_whose_browser_is_forgotten_opens_for_nobody(
    platform: Platform, direct: Browser
) -> None:
    address = direct.launch(platform).location
    StoredLaunch.objects.update(browser="")
    assert_closed(direct.get(address))
    direct.cookie = ""
    assert_closed(direct.get(address))


def test_every_change_closes_it(platform: Platform, direct: Browser) -> None:
    address = direct.launch(platform).location
    token = address.removeprefix("/a/").removesuffix("/")
    for place in range(0, len(token), 3):
        other = "A" if token[place] != "A" else "B"
        assert_closed(direct.get(f"/a/{token[:place]}{other}{token[place + 1 :]}/"))


def test_a_token_of_another_launch_needs_that_browser(platform: Platform, direct: Browser) -> None:
    direct.launch(platform)
    first = StoredLaunch.objects.get()
    stranger = Browser(direct.wire)
    stranger.launch(platform, {"sub": "somebody else"})
    assert_closed(stranger.get(f"/a/{make_token(first)}/"))


def test_a_launch_that_is_gone(platform: Platform, direct: Browser) -> None:
    gone = StoredLaunch(pk=uuid.uuid4())
    assert_closed(direct.get(f"/a/{make_token(gone)}/"))


def test_a_signature_for_another_purpose(platform: Platform, direct: Browser) -> None:
    direct.launch(platform)
    launch = StoredLaunch.objects.get()
    signer = signing.TimestampSigner(salt="another", sep=".")
    assert_closed(direct.get(f"/a/{signer.sign(launch.pk.hex)}/"))


def test_demotion_counts_at_once(cast: Cast) -> None:
    ruth = cast.ruth
    assert ruth.client.get(ruth.url("library")).status_code == 200
    ruth.membership.roles = ["Learner"]
    ruth.membership.save()
    assert ruth.client.get(ruth.url("library")).status_code == 403


def test_promotion_needs_no_new_launch_either(cast: Cast) -> None:
    assert cast.amina.client.get(cast.amina.url("library")).status_code == 403
    cast.amina.membership.roles = ["Instructor"]
    cast.amina.membership.save()
    assert cast.amina.client.get(cast.amina.url("library")).status_code == 200


def test_a_later_launch_as_pupil_demotes_the_page_that_is_open(
    platform: Platform, direct: Browser
) -> None:
    page = direct.launch(platform, {Claim.ROLES: [TEACHER]}).location
    assert direct.get(f"{page}worksheets/").status == 200
    direct.launch(platform)
    assert direct.get(f"{page}worksheets/").status == 403


def test_two_launches_in_one_browser_never_mix(platform: Platform, direct: Browser) -> None:
    teacher = direct.launch(platform, {Claim.ROLES: [TEACHER], "sub": "ruth"}).location
    pupil = direct.launch(platform, {"sub": "amina"}).location
    assert direct.get(f"{teacher}worksheets/").status == 200
    assert direct.get(f"{pupil}worksheets/").status == 403


def test_each_launch_has_its_own_address(cast: Cast) -> None:
    again = open_again(cast.course, cast.amina.membership)
    assert again.token != cast.amina.token


def test_a_403_page_may_stand_in_the_frame_of_the_lms(cast: Cast) -> None:
    answer = cast.amina.client.get(cast.amina.url("library"))
    assert answer.status_code == 403
    assert "http://127.0.0.1:9999" in answer["Content-Security-Policy"]


def test_the_log_of_requests_hides_the_token(
    platform: Platform, browser: Browser, caplog: Log
) -> None:
    hide = HideActivityTokens()
    caplog.handler.addFilter(hide)
    page = browser.launch(platform).location
    token = page.split("/")[2]
    with caplog.at_level(logging.INFO):
        logging.getLogger("django.server").info('"GET %sworksheets/ HTTP/1.1" 403', page)
        browser.get(f"{page}worksheets/")
    # The handler serves every test of the process.
    caplog.handler.removeFilter(hide)
    assert "/a/…/worksheets/" in caplog.text
    assert token not in caplog.text


class TestByPlatformStorage:
    """No cookie comes along, so pages are shown inside the frame alone."""

    @pytest.fixture
    def address(self, platform: Platform, direct: Browser) -> str:
        page = direct.launch(platform).location
        visit = StorageBrowser(direct, page, StoredLaunch.objects.get())
        return f"{page}?pass={visit.next_pass()}"

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "document"},
            {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"},
            {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "document"},
            {"Sec-Fetch-Site": "same-origin"},
            {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe"},
            {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "iframe"},
            {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "empty"},
            {"Sec-Fetch-Dest": "iframe"},
        ],
    )
    def test_pasted_reopened_linked_or_framed_elsewhere(
        self, direct: Browser, address: str, headers: dict[str, str]
    ) -> None:
        assert_closed(direct.get(address, headers=headers))

    def test_a_cookie_launch_is_not_opened_by_a_frame(
        self, platform: Platform, direct: Browser
    ) -> None:
        address = direct.launch(platform).location
        direct.cookie = ""
        headers = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "iframe"}
        assert_closed(direct.get(address, headers=headers))
