"""Third-party-initiated login, over real HTTP."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from lti_tool.login.state import check_browser, read_state
from lti_tool.models import Deployment, Registration
from lti_tool.protocol.refusal import Reason
from tests.lti_tool.launching import Answer, Browser, HttpWire, query_of
from tests.lti_tool.refusals import assert_refused
from tests.platform.launches import ABSENT, Platform
from tests.reported import reported

Log = pytest.LogCaptureFixture
FRAME = {"Sec-Fetch-Dest": "iframe"}
# Safari 15 says nothing of frames.
OLD_IPAD = {
    "User-Agent": "Mozilla/5.0 (iPad; CPU OS 15_8 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/15.6.6 Mobile/15E148 Safari/604.1"
}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_goes_to_the_platform(platform: Platform, browser: Browser, method: str) -> None:
    form = platform.login_form()
    path = "/lti/login/" if method == "POST" else f"/lti/login/?{urlencode(form)}"
    answer = browser.send(method, path, form if method == "POST" else None)
    assert answer.status == 302
    assert answer.location.startswith(f"{platform.registration.auth_login_url}?")
    query = query_of(answer.location)
    assert len(query.pop("nonce")) >= 22
    assert len(query.pop("state")) > 50
    assert query == {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": "client-1",
        "redirect_uri": "http://localhost:8001/lti/launch/",
        "login_hint": "hint-1",
        "lti_message_hint": '{"launchid": "42"}',
    }
    assert "no-store" in answer.headers["cache-control"]
    assert platform.lms.count == 0


@reported("lti-r12")
@pytest.mark.parametrize("hint", ["ü?&=#% +", '{"a":"b?c=d"}', "x" * 2000, "x" * 6000])
def test_hints_come_back_as_they_were(platform: Platform, browser: Browser, hint: str) -> None:
    query = browser.begin(platform, login_hint=hint, lti_message_hint=hint).query
    assert (query["login_hint"], query["lti_message_hint"]) == (hint, hint)


def test_no_message_hint_where_none_was_given(platform: Platform, browser: Browser) -> None:
    assert "lti_message_hint" not in browser.begin(platform, lti_message_hint=ABSENT).query


@reported("lti-r12")
def test_an_authorisation_address_with_a_query_of_its_own(
    platform: Platform, browser: Browser
) -> None:
    odd = Platform(platform.lms, issuer="https://odd.example", auth_query="?tenant=a%20b&v=2")
    begun = browser.begin(odd, login_hint="a?b")
    assert begun.answer.location.count("?") == 1
    assert (begun.query["tenant"], begun.query["v"]) == ("a b", "2")
    assert (begun.query["scope"], begun.query["login_hint"]) == ("openid", "a?b")
    assert browser.finish(begun.state, odd.token(begun.nonce)).status == 302


def test_the_cookie_is_set_once(platform: Platform, browser: Browser) -> None:
    cookie = browser.begin(platform).answer.set_cookie
    name, *attributes = cookie.split("; ")
    assert re.fullmatch(r"__Host-lti-browser-[0-9a-f]{8}=[0-9a-f]{32}", name)
    assert {"Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"} <= set(attributes)
    assert not any(attribute.startswith("Domain") for attribute in attributes)
    assert browser.begin(platform).answer.set_cookie == ""


def test_a_cookie_that_is_none_of_ours_is_replaced(platform: Platform, browser: Browser) -> None:
    browser.cookie = "odd"
    assert browser.begin(platform).answer.set_cookie
    assert browser.launch(platform).status == 302


@reported("lti-11")
class TestWithoutTheLastSlash:
    """As an administrator may have typed it: a browser sends the form once more, as it is."""

    def test_login_and_launch(self, platform: Platform, browser: Browser) -> None:
        form = platform.login_form()
        answer = browser.send("POST", "/lti/login", form)
        assert (answer.status, answer.location) == (308, "/lti/login/")
        begun = query_of(browser.send("POST", answer.location, form).location)
        launch = {"state": begun["state"], "id_token": platform.token(begun["nonce"])}
        answer = browser.send("POST", "/lti/launch", launch)
        assert (answer.status, answer.location) == (308, "/lti/launch/")
        assert browser.send("POST", answer.location, launch).location.startswith("/a/")

    def test_with_parameters_in_the_address(self, browser: Browser) -> None:
        answer = browser.send("POST", "/lti/login?a=%C3%BC%20b&a=2", {"iss": "x"})
        assert (answer.status, answer.location) == (308, "/lti/login/?a=%C3%BC%20b&a=2")

    def test_the_registration(self, browser: Browser) -> None:
        answer = browser.send("POST", "/lti/register", {"offer": "x"})
        assert (answer.status, answer.location) == (308, "/lti/register/")

    @pytest.mark.parametrize("path", ["//evil.example/lti/login", "/lti/loginn", "/lti"])
    def test_no_other_address(self, browser: Browser, path: str) -> None:
        answer = browser.send("POST", path, {"iss": "x"})
        assert (answer.status, answer.location) == (404, "")

    @override_settings(DEBUG=True)
    def test_in_development(self, direct: Browser) -> None:
        assert direct.send("POST", "/lti/login", {"iss": "x"}).status == 308


@override_settings(SECURE_SSL_REDIRECT=True)
def test_a_form_that_came_over_http(direct: Browser) -> None:
    answer = direct.send("POST", "/lti/login/", {"iss": "x"})
    assert (answer.status, answer.location) == (308, "https://localhost:8001/lti/login/")


class TestWithoutClientId:
    def test_one_registration_of_the_issuer(self, platform: Platform, browser: Browser) -> None:
        assert browser.begin(platform, client_id=ABSENT).query["client_id"] == "client-1"
        assert browser.begin(platform, client_id="").query["client_id"] == "client-1"

    @pytest.mark.usefixtures("other_platform")
    def test_two_registrations(self, platform: Platform, browser: Browser, caplog: Log) -> None:
        form = platform.login_form(client_id=ABSENT)
        answer = browser.send("POST", "/lti/login/", form)
        assert_refused(answer, caplog, Reason.UNKNOWN_PLATFORM)

    def test_the_deployment_chooses_between_two(self, platform: Platform, browser: Browser) -> None:
        other = Platform(platform.lms, client_id="client-2", deployment_id="deployment-2")
        for one in (platform, other):
            begun = browser.begin(one, client_id=ABSENT)
            assert begun.query["client_id"] == one.client_id
            assert browser.finish(begun.state, one.token(begun.nonce)).status == 302

    def test_a_deployment_that_waits_for_approval(
        self, platform: Platform, direct: Browser
    ) -> None:
        other = Platform(platform.lms, client_id="client-2", deployment_id="deployment-2")
        Deployment.objects.filter(pk=other.deployment.pk).update(is_approved=False)
        assert direct.begin(other, client_id=ABSENT).query["client_id"] == "client-2"

    @pytest.mark.parametrize("deployment_id", [ABSENT, "", "unknown", "x" * 300])
    def test_two_and_no_deployment_of_either(
        self, platform: Platform, direct: Browser, caplog: Log, deployment_id: object
    ) -> None:
        Platform(platform.lms, client_id="client-2", deployment_id="deployment-2")
        form = platform.login_form(client_id=ABSENT, lti_deployment_id=deployment_id)
        assert_refused(direct.send("POST", "/lti/login/", form), caplog, Reason.UNKNOWN_PLATFORM)
        assert "several registrations of this issuer, and no client_id" in caplog.text

    def test_a_deployment_chooses_among_many(self, platform: Platform, direct: Browser) -> None:
        others = [
            Platform(platform.lms, client_id=f"client-{n}", deployment_id=f"deployment-{n}")
            for n in range(2, 30)
        ]
        assert direct.begin(others[-1], client_id=ABSENT).query["client_id"] == "client-29"

    def test_one_among_many_that_are_switched_off(
        self, platform: Platform, direct: Browser
    ) -> None:
        """A tool that is deleted and registered anew each year leaves them behind."""
        for n in range(2, 30):
            Platform(platform.lms, client_id=f"client-{n}")
        Registration.objects.exclude(client_id="client-29").update(is_active=False)
        assert direct.begin(platform, client_id=ABSENT).query["client_id"] == "client-29"

    def test_a_client_id_counts_more_than_a_deployment(
        self, platform: Platform, direct: Browser
    ) -> None:
        Platform(platform.lms, client_id="client-2", deployment_id="deployment-2")
        begun = direct.begin(platform, lti_deployment_id="deployment-2")
        assert begun.query["client_id"] == "client-1"

    @pytest.mark.usefixtures("other_platform")
    def test_two_of_which_one_is_switched_off(self, platform: Platform, browser: Browser) -> None:
        platform.registration.is_active = False
        platform.registration.save()
        assert browser.begin(platform, client_id=ABSENT).query["client_id"] == "client-2"

    def test_the_client_id_chooses_between_two(
        self, platform: Platform, other_platform: Platform, browser: Browser
    ) -> None:
        assert browser.begin(platform).query["client_id"] == "client-1"
        assert browser.begin(other_platform).query["client_id"] == "client-2"


class TestInAFrame:
    """The platform's address is opened once, so blocked cookies are noticed before."""

    def test_with_our_cookie_straight_to_the_platform(
        self, platform: Platform, browser: Browser
    ) -> None:
        browser.begin(platform)
        answer = browser.send("POST", "/lti/login/", platform.login_form(), headers=FRAME)
        assert answer.location.startswith(platform.lms.url)

    def test_without_it_once_to_ourselves(self, platform: Platform, browser: Browser) -> None:
        form = platform.login_form(lti_message_hint='{"a": "ü&"}')
        first = browser.send("POST", "/lti/login/", form, headers=FRAME)
        assert first.status == 302
        assert first.location.startswith("/lti/login/?")
        assert query_of(first.location) == {**form, "cookie_check": "1"}
        assert "Partitioned" in first.set_cookie
        second = browser.get(first.location, headers=FRAME)
        assert second.status == 302
        assert second.location.startswith(platform.lms.url)
        query = query_of(second.location)
        assert query["lti_message_hint"] == '{"a": "ü&"}'
        assert "cookie_check" not in query
        assert browser.finish(query["state"], platform.token(query["nonce"])).status == 302

    @reported("lti-r16")
    @pytest.mark.parametrize("place", ["iframe", "frame", "embed", "object"])
    def test_where_cookies_are_blocked_a_button_opens_a_tab(
        self, platform: Platform, live_server: LiveServer, place: str
    ) -> None:
        browser = Browser(HttpWire(live_server.url), blocks_cookies=True)
        headers = {"Sec-Fetch-Dest": place}
        form = platform.login_form()
        first = browser.send("POST", "/lti/login/", form, headers=headers)
        page = browser.get(first.location, headers=headers)
        assert page.status == 200
        assert platform.lms.url not in page.text
        assert platform.lms.count == 0
        assert "frame-ancestors *" in page.headers["content-security-policy"]
        link = re.search(r'<a [^>]*href="([^"]+)"[^>]*target="_blank"', page.text)
        assert link is not None
        address = unescape(link[1])
        assert urlsplit(address).netloc == ""
        assert query_of(address) == form
        # In the tab nothing is blocked.
        browser.blocks_cookies = False
        begun = browser.get(address, headers={"Sec-Fetch-Dest": "document"})
        query = query_of(begun.location)
        assert begun.location.startswith(platform.lms.url)
        assert browser.finish(query["state"], platform.token(query["nonce"])).status == 302

    def test_outside_a_frame_no_detour(self, platform: Platform, browser: Browser) -> None:
        for headers in ({}, {"Sec-Fetch-Dest": "document"}):
            browser.cookie = ""
            form = platform.login_form()
            answer = browser.send("POST", "/lti/login/", form, headers=headers)
            assert answer.location.startswith(platform.lms.url)

    def test_an_unknown_platform_is_refused_before_the_dance(
        self, platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        form = platform.login_form(iss="https://nobody.example")
        answer = browser.send("POST", "/lti/login/", form, headers=FRAME)
        assert_refused(answer, caplog, Reason.UNKNOWN_PLATFORM)

    def test_a_text_that_is_markup_stays_text(
        self, platform: Platform, live_server: LiveServer
    ) -> None:
        browser = Browser(HttpWire(live_server.url), blocks_cookies=True)
        form = platform.login_form(login_hint='"><script>alert(1)</script>')
        page = browser.get(f"/lti/login/?{urlencode({**form, 'cookie_check': '1'})}", headers=FRAME)
        assert page.status == 200
        assert "<script>alert" not in page.text

    @pytest.mark.parametrize("hint", ["x" * 3400, "é" * 700])
    def test_hints_too_long_for_an_address_are_posted_again(
        self, platform: Platform, browser: Browser, hint: str
    ) -> None:
        form = platform.login_form(login_hint=hint)
        answer = browser.send("POST", "/lti/login/", form, headers=FRAME)
        assert (answer.status, answer.location) == (307, "/lti/login/?cookie_check=1")
        begun = browser.send("POST", answer.location, form, headers=FRAME)
        assert query_of(begun.location)["login_hint"] == hint

    def test_hints_too_long_for_an_address_reach_the_new_tab_in_a_form(
        self, platform: Platform, live_server: LiveServer
    ) -> None:
        browser = Browser(HttpWire(live_server.url), blocks_cookies=True)
        form = platform.login_form(login_hint="x" * 3400)
        page = browser.send("POST", "/lti/login/?cookie_check=1", form, headers=FRAME)
        assert '<form method="post" action="/lti/login/" target="_blank">' in page.text
        sent = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
        assert {name: unescape(value) for name, value in sent} == form
        # The form is answered by redirects to other hosts, which form-action would stop.
        assert "form-action *" in page.headers["content-security-policy"]

    def test_an_address_that_is_long_already_takes_no_detour(
        self, platform: Platform, browser: Browser
    ) -> None:
        path = f"/lti/login/?{urlencode(platform.login_form(login_hint='x' * 3400))}"
        assert "One more click" in browser.get(path, headers=FRAME).text


@reported("lti-13")
class TestInAnOldBrowser:
    """It does not say whether it is in a frame; there it may block cookies like any other."""

    @pytest.mark.parametrize("storage", [{}, {"lti_storage_target": "_parent"}])
    def test_where_cookies_are_blocked_a_button_opens_a_tab(
        self, platform: Platform, live_server: LiveServer, storage: dict[str, str]
    ) -> None:
        browser = Browser(HttpWire(live_server.url), blocks_cookies=True)
        form = platform.login_form(**storage)
        first = browser.send("POST", "/lti/login/", form, headers=OLD_IPAD)
        page = browser.get(first.location, headers=OLD_IPAD)
        assert (page.status, platform.lms.url in page.text) == (200, False)
        address = _new_tab(page)
        assert query_of(address) == form
        # In the tab nothing is blocked, and the browser says as little.
        browser.blocks_cookies = False
        check = browser.get(address, headers=OLD_IPAD)
        query = query_of(browser.get(check.location, headers=OLD_IPAD).location)
        assert browser.finish(query["state"], platform.token(query["nonce"])).status == 302

    @pytest.mark.parametrize("hint", ["hint-1", "x" * 3400])
    def test_where_cookies_come_back_straight_on(
        self, platform: Platform, browser: Browser, hint: str
    ) -> None:
        form = platform.login_form(login_hint=hint)
        first = browser.send("POST", "/lti/login/", form, headers=OLD_IPAD)
        method = "POST" if first.status == 307 else "GET"
        second = browser.send(method, first.location, form, headers=OLD_IPAD)
        assert second.location.startswith(platform.lms.url)
        third = browser.send("POST", "/lti/login/", form, headers=OLD_IPAD)
        assert third.location.startswith(platform.lms.url)

    def test_a_cookie_that_is_missing_only_at_the_launch(
        self, platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        form = platform.login_form(login_hint='"><script>alert(1)</script>')
        begun = browser.begin(platform, login_hint=form["login_hint"])
        browser.cookie = ""
        page = browser.finish(begun.state, platform.token(begun.nonce))
        assert_refused(page, caplog, Reason.COOKIE_MISSING)
        assert "<script>alert" not in page.text
        address = _new_tab(page)
        assert query_of(address) == form
        again = query_of(browser.get(address).location)
        assert browser.finish(again["state"], platform.token(again["nonce"])).status == 302

    def test_no_button_to_a_tab_that_is_there_already(
        self, platform: Platform, browser: Browser
    ) -> None:
        form, tab = platform.login_form(), {"Sec-Fetch-Dest": "document"}
        begun = query_of(browser.send("POST", "/lti/login/", form, headers=tab).location)
        browser.cookie = ""
        page = browser.finish(begun["state"], platform.token(begun["nonce"]))
        assert "_blank" not in page.text
        assert "Allow cookies for this page" in page.text

    def test_hints_that_are_too_long_for_a_state(
        self, platform: Platform, browser: Browser
    ) -> None:
        begun = browser.begin(platform, login_hint="x" * 3400)
        assert len(begun.answer.location) < 5000
        browser.cookie = ""
        page = browser.finish(begun.state, platform.token(begun.nonce))
        assert "_blank" not in page.text
        assert "Allow cookies for this page" in page.text


def _new_tab(page: Answer) -> str:
    """The address of the button, which is one of ours."""
    link = re.search(r'<a [^>]*href="([^"]+)"[^>]*target="_blank"', page.text)
    assert link is not None
    assert link[1].startswith("/lti/login/?")
    return unescape(link[1])


class TestPlatformStorage:
    """An LMS that keeps the key for us spares the new tab."""

    @pytest.fixture
    def page(self, platform: Platform, live_server: LiveServer) -> Answer:
        browser = Browser(HttpWire(live_server.url), blocks_cookies=True)
        form = platform.login_form(lti_storage_target="_parent")
        first = browser.send("POST", "/lti/login/", form, headers=FRAME)
        assert first.status == 302
        return browser.get(first.location, headers=FRAME)

    @reported("lti-r16")
    def test_a_page_stores_the_key_of_this_login(self, platform: Platform, page: Answer) -> None:
        found = re.findall(r'data-([a-z]+)="([^"]*)"', page.text)
        told = {name: unescape(value) for name, value in found}
        assert (page.status, told["frame"]) == (200, "_parent")
        assert told["origin"] == platform.lms.url
        assert set(told["pages"].split()) == {platform.lms.url, platform.issuer}
        assert told["next"].startswith(f"{platform.lms.url}/auth?")
        state = query_of(told["next"])["state"].removeprefix("state-")
        assert (
            check_browser(read_state(state), told["value"]).registration == platform.registration.pk
        )
        assert page.set_cookie == ""

    def test_the_new_tab_is_at_hand(self, page: Answer) -> None:
        hidden = re.search(r"<div data-otherwise hidden>(.*?)</div>", page.text, re.DOTALL)
        without_scripts = re.search(r"<noscript>(.*?)</noscript>", page.text, re.DOTALL)
        assert hidden is not None
        assert without_scripts is not None
        for part in (hidden[1], without_scripts[1]):
            assert 'target="_blank"' in part

    def test_no_script_but_ours(self, page: Answer) -> None:
        scripts = re.findall(r"<script[^>]*>", page.text)
        ours = re.compile(r'<script type="module" src="/static/v-[0-9a-f]{10}/lti_tool/\w+\.js">')
        assert all(ours.fullmatch(script) for script in scripts)
        assert len(scripts) == 2
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert "no-store" in page.headers["cache-control"]

    def test_in_a_tab_there_is_the_cookie(self, platform: Platform, browser: Browser) -> None:
        form = platform.login_form(lti_storage_target="_parent")
        answer = browser.send("POST", "/lti/login/", form, headers={"Sec-Fetch-Dest": "document"})
        assert answer.location.startswith(platform.lms.url)

    def test_with_our_cookie_straight_to_the_platform(
        self, platform: Platform, browser: Browser
    ) -> None:
        browser.begin(platform)
        form = platform.login_form(lti_storage_target="_parent")
        answer = browser.send("POST", "/lti/login/", form, headers=FRAME)
        assert answer.location.startswith(platform.lms.url)
