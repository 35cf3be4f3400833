"""A visit by Platform Storage: what any client can write opens nothing."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from lti_tool.launches import storage_visit
from lti_tool.launches.storage_visit import HEADER, PARAMETER, Proof
from lti_tool.models import LaunchWay, PagePass, StoredLaunch, User
from lti_tool.privacy.retention import anonymise_in_chunks
from lti_tool.protocol.vocabulary import Claim
from lti_tool.services.addresses import origin_of
from tests.lti_tool.launches.storage import IMAGE, PAGE, SCRIPT, StorageBrowser, pass_in
from tests.lti_tool.launching import FORM, Answer, Browser
from tests.platform.launches import TEACHER, Platform
from worksheets.models import Worksheet
from worksheets.views.home import HomeView

WORDS = "This page has closed for security"
RESUMES = "lti_tool/resume.js"
PAPER = '--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n# New\r\n--x--\r\n'


@pytest.fixture
def ruth(platform: Platform, browser: Browser) -> StorageBrowser:
    """A teacher's visit, over real HTTP."""
    page = browser.launch(platform, {Claim.ROLES: [TEACHER]}).location
    return StorageBrowser(browser, page, StoredLaunch.objects.get())


def assert_resumes(answer: Answer) -> None:
    """The page that asks for a pass: it tells nothing of the visit."""
    assert answer.status == 403
    assert RESUMES in answer.text
    assert "lti_tool/frame.js" not in answer.text  # the frame stays as tall as it is
    assert "My worksheets" not in answer.text
    assert "no-store" in answer.headers["cache-control"]
    assert "frame-ancestors *" not in answer.headers["content-security-policy"]


def assert_stops(answer: Answer) -> None:
    """What a script shows, and keeps what was typed."""
    assert answer.status == 403
    body = json.loads(answer.text)
    assert "Copy what you typed last" in body.pop("error")
    assert body == {"ended": True, "saved": False}


class TestForged:
    """The address and all headers that a browser would send, in another client."""

    @pytest.mark.parametrize("path", ["", "worksheets/", "class/", "connection/", "jobs/1/"])
    @pytest.mark.parametrize(
        "destination", ["iframe", "frame", "embed", "object", "empty", "image", "script", "x"]
    )
    @pytest.mark.parametrize("site", ["same-origin", "none"])
    def test_opens_no_page(
        self, ruth: StorageBrowser, path: str, destination: str, site: str
    ) -> None:
        headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Dest": destination}
        for more in ({}, {"HX-Request": "true"}, {"Content-Type": "application/json"}):
            answer = ruth.browser.get(ruth.page + path, headers={**headers, **more})
            assert answer.status == 403
            assert "My worksheets" not in answer.text
            assert ruth.secret not in answer.text

    @pytest.mark.parametrize("headers", [PAGE, SCRIPT, IMAGE])
    def test_changes_nothing(self, ruth: StorageBrowser, headers: dict[str, str]) -> None:
        path = f"{ruth.page}time-zone/"
        answer = ruth.browser.send("POST", path, {"zone": "Europe/Oslo"}, headers=headers)
        assert answer.status == 403
        assert User.objects.get().time_zone == ""

    @pytest.mark.parametrize("secret", ["x", "0" * 32, "é", "a b"])
    def test_with_a_secret_that_is_none(self, ruth: StorageBrowser, secret: str) -> None:
        headers = {**SCRIPT, HEADER: secret.encode().decode("latin-1")}
        assert_stops(ruth.browser.send("POST", f"{ruth.page}next/", headers=headers))
        assert not PagePass.objects.exists()

    @pytest.mark.parametrize("made", ["x", "0" * 32, "%00", "é"])
    def test_with_a_pass_that_is_none(self, ruth: StorageBrowser, made: str) -> None:
        assert_resumes(ruth.load(with_pass=made))

    def test_with_the_secret_as_a_pass_or_the_hash_as_a_secret(self, ruth: StorageBrowser) -> None:
        assert_resumes(ruth.load(with_pass=ruth.secret))
        assert_stops(ruth.fetch("worksheets/", secret=ruth.launch.page_secret))

    def test_of_another_visit(
        self, ruth: StorageBrowser, platform: Platform, direct: Browser
    ) -> None:
        page = direct.launch(platform, {"sub": "another"}).location
        other = StorageBrowser(direct, page, StoredLaunch.objects.latest("created_at"))
        assert_resumes(ruth.load("worksheets/", with_pass=other.next_pass()))
        assert_stops(ruth.fetch("worksheets/", secret=other.secret))


class TestItsOwnPages:
    def test_a_page_load_with_a_pass(self, ruth: StorageBrowser) -> None:
        answer = ruth.load("worksheets/")
        assert answer.status == 200
        assert "lti_tool/storage_page.js" in answer.text
        assert ruth.secret not in answer.text
        # Links and forms of the page do not carry it on.
        assert f"{PARAMETER}=" not in answer.text

    def test_a_script_with_the_secret(self, ruth: StorageBrowser) -> None:
        assert ruth.fetch("worksheets/").status == 200
        assert ruth.fetch("time-zone/", "POST", zone="Europe/Oslo").status == 204

    def test_a_pass_is_used_once(self, ruth: StorageBrowser) -> None:
        ticket = ruth.next_pass()
        assert ruth.load("worksheets/", with_pass=ticket).status == 200
        assert_resumes(ruth.load("worksheets/", with_pass=ticket))
        assert not PagePass.objects.exists()

    def test_a_pass_is_good_for_a_minute(self, ruth: StorageBrowser) -> None:
        ticket = ruth.next_pass()
        PagePass.objects.update(created_at=timezone.now() - timedelta(seconds=61))
        assert_resumes(ruth.load("worksheets/", with_pass=ticket))
        answer = ruth.load("worksheets/", "POST", with_pass=ticket, text="# New")
        assert answer.status == 403

    def test_a_pass_waits_for_an_upload(self, ruth: StorageBrowser) -> None:
        """A proxy passes a form on once it has all of it: minutes, over a slow line."""
        upload = {**PAGE, "Content-Type": "multipart/form-data; boundary=x"}
        ticket = ruth.next_pass()
        for minutes, status in ((11, 403), (9, 302), (0, 409)):
            PagePass.objects.update(created_at=timezone.now() - timedelta(minutes=minutes))
            address = f"{ruth.page}worksheets/?{PARAMETER}={ticket}"
            answer = ruth.browser.send("POST", address, body=PAPER, headers=upload)
            assert answer.status == status, answer.text

    def test_passes_that_were_never_used_are_forgotten(self, ruth: StorageBrowser) -> None:
        ruth.next_pass()
        PagePass.objects.update(created_at=timezone.now() - timedelta(minutes=11))
        ruth.next_pass()
        assert PagePass.objects.count() == 1

    def test_of_two_loads_at_once_one_is_let_in(self, ruth: StorageBrowser) -> None:
        """One statement uses a pass up, and says whether it was there: a database lets in one."""
        query = {PARAMETER: storage_visit.new_pass(ruth.launch)}
        request = RequestFactory().get("/", query, headers=PAGE)
        for proof in (Proof.PROVEN, Proof.UNPROVEN):
            with CaptureQueriesContext(connection) as asked:
                assert storage_visit.prove(ruth.launch, request, is_picture=False) is proof
            (statement,) = [one["sql"] for one in asked if "pagepass" in one["sql"]]
            assert statement.startswith("DELETE FROM")

    def test_of_two_forms_at_once_one_is_taken(self, ruth: StorageBrowser) -> None:
        address = f"/?{PARAMETER}={storage_visit.new_pass(ruth.launch)}"
        for proof in (Proof.PROVEN, Proof.REPEATED):
            request = RequestFactory().post(address, "text=New", FORM, headers=PAGE)
            with CaptureQueriesContext(connection) as asked:
                assert storage_visit.prove(ruth.launch, request, is_picture=False) is proof
            (statement, *_) = [one["sql"] for one in asked if "pagepass" in one["sql"]]
            assert statement.startswith("UPDATE")

    def test_a_pass_gets_no_other_pass(self, ruth: StorageBrowser) -> None:
        answer = ruth.load("next/", "POST")
        assert answer.status == 403
        assert not PagePass.objects.filter(form="").exists()

    def test_a_pass_is_for_no_script(self, ruth: StorageBrowser) -> None:
        assert_stops(ruth.load("worksheets/", headers=SCRIPT))

    def test_a_form_with_a_pass(self, ruth: StorageBrowser) -> None:
        answer = ruth.load("worksheets/", "POST", text="# New")
        assert answer.status == 302
        # Its answer leads on with another pass.
        ticket = pass_in(answer.location)
        path = answer.location.partition("?")[0].removeprefix(ruth.page)
        assert ruth.load(path, with_pass=ticket).status == 200

    def test_that_pass_shows_a_page_and_no_more(self, ruth: StorageBrowser) -> None:
        """Or one pass that was seen would open page after page without the secret."""
        answer = ruth.load("worksheets/", "POST", text="# New")
        ticket = pass_in(answer.location)
        assert ruth.load("worksheets/", "POST", with_pass=ticket, text="# New").status == 403
        assert ruth.load("worksheets/", with_pass=ticket).status == 200
        first = storage_visit.with_pass(ruth.page, ruth.launch)
        assert ruth.load("worksheets/", "POST", with_pass=pass_in(first)).status == 403

    def test_it_leads_to_no_other_pass(
        self, ruth: StorageBrowser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def moved(view: HomeView, *_: object, **__: object) -> HttpResponse:
            return HttpResponseRedirect(view.url("library"))

        monkeypatch.setattr(HomeView, "respond", moved)
        answer = ruth.load()
        assert f"{PARAMETER}=" in answer.location
        answer = ruth.load(with_pass=pass_in(answer.location))
        assert answer.status == 302
        assert f"{PARAMETER}=" not in answer.location

    def test_a_form_without_one_shows_what_was_typed(self, ruth: StorageBrowser) -> None:
        answer = ruth.load("worksheets/", "POST", with_pass="", text="What I have just typed")
        assert answer.status == 403
        assert WORDS in answer.text
        assert "What I have just typed" in answer.text
        assert RESUMES not in answer.text
        # It got no pass in time, perhaps: the way back is a page that asks for one.
        assert f'href="{ruth.page}">Continue with the worksheet<' in answer.text

    def test_a_form_whose_pass_is_not_known(self, ruth: StorageBrowser) -> None:
        answer = ruth.load("worksheets/", "POST", with_pass="unknown", text="What I typed before")
        assert answer.status == 403
        assert "What you just sent was not saved" in answer.text
        assert f'href="{ruth.page}">Continue with the worksheet<' in answer.text
        assert "What I typed before" in answer.text

    def test_the_answer_to_a_form_loaded_again(self, ruth: StorageBrowser) -> None:
        """The form was taken the first time: nobody is told that it was not, at any time."""
        ticket = ruth.next_pass()
        text = "# What I typed"
        assert ruth.load("worksheets/", "POST", with_pass=ticket, text=text).status == 302
        for minutes in (0, 11, 110):
            PagePass.objects.update(created_at=timezone.now() - timedelta(minutes=minutes))
            ruth.next_pass()
            answer = ruth.load("worksheets/", "POST", with_pass=ticket, text=text)
            assert answer.status == 409
            assert "This was sent already" in answer.text
            assert "not saved" not in answer.text.replace("that some of it was not saved", "")
            assert WORDS not in answer.text
            assert f'href="{ruth.page}">Continue with the worksheet<' in answer.text
            assert "# What I typed" in answer.text
            assert "frame-ancestors *" not in answer.headers["content-security-policy"]
        assert Worksheet.objects.count() == 1

    def test_a_used_pass_with_something_else(self, ruth: StorageBrowser) -> None:
        """What was not taken the first time is not called so."""
        ticket = ruth.next_pass()
        assert ruth.load("worksheets/", "POST", with_pass=ticket, text="# One").status == 302
        for path, text in (("worksheets/", "# Two"), ("worksheets/1/", "# One")):
            answer = ruth.load(path, "POST", with_pass=ticket, text=text)
            assert answer.status == 403
            assert "What you just sent was not saved" in answer.text
        assert_resumes(ruth.load("worksheets/", with_pass=ticket))

    def test_an_upload_is_not_read_to_know_it_again(self, ruth: StorageBrowser) -> None:
        request = RequestFactory().post(
            f"/?{PARAMETER}={storage_visit.new_pass(ruth.launch)}", {"text": "# New"}, headers=PAGE
        )
        assert request.content_type == "multipart/form-data"
        assert storage_visit.prove(ruth.launch, request, is_picture=False) is Proof.PROVEN
        assert not hasattr(request, "_body")

    @pytest.mark.parametrize("path", ["worksheets/", "leave/"])
    def test_leads_back_to_the_course(self, ruth: StorageBrowser, path: str) -> None:
        """Out of the frame, in which the course would stand within itself."""
        back = 'href="https://lms.example/return?id=1" target="_top">‹ Back to the course<'
        assert back in ruth.load(path).text

    def test_a_script_that_redirects_needs_no_pass(self, ruth: StorageBrowser) -> None:
        answer = ruth.fetch("worksheets/", "POST", text="# New")
        assert answer.status == 302
        assert PARAMETER not in answer.location

    def test_the_frame_loaded_again(self, ruth: StorageBrowser) -> None:
        """By a person, or by 'back': a page asks for a pass, if the LMS still has the secret."""
        for site in ("none", "same-origin"):
            answer = ruth.load(with_pass="", headers={**PAGE, "Sec-Fetch-Site": site})
            assert_resumes(answer)
            assert f'data-next-url="{ruth.page}next/"' in answer.text
            assert 'data-frame="post_message_forwarding"' in answer.text

    def test_htmx_has_the_page_loaded_again(self, ruth: StorageBrowser) -> None:
        answer = ruth.browser.get(ruth.page, headers={**SCRIPT, "HX-Request": "true"})
        assert answer.status == 403
        assert answer.headers["hx-refresh"] == "true"

    def test_a_preview_does_not_throw_away_what_is_being_typed(self, ruth: StorageBrowser) -> None:
        headers = {**SCRIPT, "HX-Request": "true"}
        path = f"{ruth.page}worksheets/1/preview/"
        for renewed_at in (timezone.now(), None):
            StoredLaunch.objects.update(renewed_at=renewed_at)
            answer = ruth.browser.send("POST", path, {"source": "# Typed"}, headers=headers)
            assert answer.status == 403
            assert "hx-refresh" not in answer.headers

    def test_a_page_that_may_not_be_seen(self, ruth: StorageBrowser) -> None:
        assert "This page is for teachers" in ruth.load("connection/").text


class TestTwoHours:
    @staticmethod
    def later(minutes: int) -> None:
        StoredLaunch.objects.update(renewed_at=timezone.now() - timedelta(minutes=minutes))

    def test_it_is_over(self, ruth: StorageBrowser, settings: Settings) -> None:
        assert settings.LTI_STORAGE_VISIT_HOURS == 2
        ticket = ruth.next_pass()
        self.later(121)
        answer = ruth.load("worksheets/", with_pass=ticket)
        assert (answer.status, WORDS in answer.text) == (403, True)
        assert RESUMES not in answer.text
        answer = ruth.load("worksheets/", "POST", with_pass="used-up", text="# New")
        assert "Continue with the worksheet" not in answer.text
        assert_stops(ruth.fetch("worksheets/"))
        assert_stops(ruth.fetch("next/", "POST"))

    def test_the_secret_renews_it(self, ruth: StorageBrowser) -> None:
        self.later(119)
        assert ruth.fetch("worksheets/").status == 200
        found = StoredLaunch.objects.get().renewed_at
        assert found is not None
        assert found > timezone.now() - timedelta(minutes=1)

    def test_nothing_else_does(self, ruth: StorageBrowser) -> None:
        ticket = ruth.next_pass()
        self.later(119)
        before = StoredLaunch.objects.get().renewed_at
        assert ruth.load("worksheets/", with_pass=ticket).status == 200
        ruth.load("worksheets/", with_pass="")
        ruth.fetch("worksheets/", secret="x")
        ruth.browser.get(f"{ruth.page}pictures/1/map.png", headers=IMAGE)
        assert StoredLaunch.objects.get().renewed_at == before

    def test_it_is_written_once_a_minute(self, ruth: StorageBrowser) -> None:
        before = StoredLaunch.objects.get().renewed_at
        ruth.fetch("worksheets/")
        assert StoredLaunch.objects.get().renewed_at == before

    def test_not_beyond_a_day(self, ruth: StorageBrowser) -> None:
        StoredLaunch.objects.update(created_at=timezone.now() - timedelta(hours=25))
        assert ruth.fetch("worksheets/").status == 403

    def test_a_visit_of_the_version_before_is_over(self, ruth: StorageBrowser) -> None:
        StoredLaunch.objects.update(page_secret="", renewed_at=None)
        assert WORDS in ruth.load("worksheets/", with_pass="").text
        assert_stops(ruth.fetch("worksheets/", secret=""))


def test_a_visit_with_a_cookie_has_none_of_it(platform: Platform, browser: Browser) -> None:
    page = browser.launch(platform, {Claim.ROLES: [TEACHER]}).location
    answer = browser.get(f"{page}worksheets/", headers=PAGE)
    assert answer.status == 200
    assert "storage" not in answer.text
    assert "Back to the course" not in answer.text
    assert browser.send("POST", f"{page}next/").status == 404
    moved = browser.send("POST", f"{page}worksheets/", {"text": "# New"}, headers=PAGE)
    assert PARAMETER not in moved.location
    launch = StoredLaunch.objects.get()
    assert (launch.way, launch.page_secret, launch.renewed_at) == (LaunchWay.COOKIE, "", None)


def test_what_proved_it_is_erased_with_the_browser(ruth: StorageBrowser) -> None:
    ruth.next_pass()
    assert anonymise_in_chunks(StoredLaunch.objects.exclude(browser="")) == 1
    launch = StoredLaunch.objects.get()
    assert (launch.page_secret, launch.storage_frame, launch.renewed_at) == ("", "", None)
    assert not PagePass.objects.exists()


def test_no_secret_is_stored(ruth: StorageBrowser) -> None:
    ticket = ruth.next_pass()
    stored = str([*StoredLaunch.objects.values(), *PagePass.objects.values()])
    assert ruth.secret not in stored
    assert ticket not in stored


def test_the_slot_is_the_visits_own(ruth: StorageBrowser) -> None:
    slot = storage_visit.slot_of(ruth.launch)
    assert slot is not None
    assert slot.name == f"lti-visit-{ruth.launch.pk.hex[:12]}"
    assert slot.origin == origin_of(ruth.launch.registration.auth_login_url)
