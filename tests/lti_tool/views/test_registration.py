"""Registering in one step: an administrator's browser, a platform at the other end of a wire."""

from __future__ import annotations

import html
import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from lti_tool.audit import TOOL
from lti_tool.launches.log import find_refusal
from lti_tool.models import AccessToken, Deployment, Invitation, NewDeployments, Registration
from lti_tool.platforms import invitations
from lti_tool.platforms.deployments import admit
from lti_tool.platforms.dynamic import errors, exchange, flow
from lti_tool.platforms.dynamic.configuration import (
    ACCOUNT_NAME,
    PLATFORM_SECTION,
    read_configuration,
)
from lti_tool.platforms.dynamic.flow import Offer
from lti_tool.platforms.dynamic.request import TOOL_SECTION
from lti_tool.protocol.refusal import LaunchRefused, Reason
from lti_tool.protocol.vocabulary import MessageType, Scope
from lti_tool.services import http
from tests.cast import TEACHER, make_course, make_registration, make_someone
from tests.platform.fake import FakePlatform
from tests.platform.registration import configuration
from tests.platform.server import Fault
from tests.reported import reported

pytestmark = pytest.mark.django_db

TOKEN = "eyJ.registration.token"
CANVAS = "https://canvas.instructure.com"
CLOSE = "org.imsglobal.lti.close"


class Administrator:
    """A browser in an LMS's frame: it keeps no cookie of ours."""

    def __init__(self, address: str, invitation: str | None = None) -> None:
        if invitation is None:
            _row, link = invitations.invite("for a test", by=TOOL)
            invitation = urlsplit(link).query.removeprefix("invitation=")
        self.query = {"openid_configuration": address, "registration_token": TOKEN}
        self.query["invitation"] = invitation
        self.client = Client(headers={"host": "localhost:8001"}, enforce_csrf_checks=True)

    def open(self, **changes: str) -> Any:
        """The LMS opens our page."""
        query = {name: value for name, value in (self.query | changes).items() if value}
        return self.client.get(f"/lti/register/?{urlencode(query)}")

    def press(self, page: str, **fields: str) -> Any:
        """Fill in the form of that page, and press its button."""
        self.client.cookies.clear()
        form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
        replaces = re.search(r'name="replaces" value="(\w*)"[^>]*checked', page)
        form["replaces"] = replaces[1] if replaces else ""
        form = {name: html.unescape(value) for name, value in form.items()}
        return self.client.post("/lti/register/", {**form, **fields})

    def register(self, **fields: str) -> Any:
        """Both."""
        page = self.open()
        assert page.status_code == 200, page.content.decode()
        return self.press(page.content.decode(), **fields)


def open_an_activity(registration: Registration, days_ago: float) -> None:
    """Somebody launched from there."""
    deployment, _made = registration.deployments.get_or_create(deployment_id="7")
    launch = make_someone(make_course(deployment, "1"), "1", "Ruth Weber", TEACHER).launch
    launch.created_at = timezone.now() - timedelta(days=days_ago)
    launch.save()


def policy(response: HttpResponse) -> str:
    (found,) = re.findall(r"frame-ancestors ([^;]*)", response["Content-Security-Policy"])
    return str(found)


def test_who_asks_and_what_for(lms: FakePlatform) -> None:
    response = Administrator(lms.registration.address).open()
    page = response.content.decode()
    for text in ("Hill School", lms.url, "Moodle 4.5", "Write marks and comments", "email"):
        assert text in page
    assert 'value="Hill School"' in page
    assert CLOSE not in page
    assert not Registration.objects.exists()
    assert Invitation.objects.get().used_at is None
    assert [asked.method for asked in lms.asked] == ["GET"]
    assert lms.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_one_press_registers(lms: FakePlatform) -> None:
    response = Administrator(lms.registration.address).register(name="Moodle of Hill School")
    page = response.content.decode()
    assert response.status_code == 200, page
    row = Registration.objects.get()
    assert (row.name, row.issuer, row.client_id) == ("Moodle of Hill School", lms.url, "client-9")
    assert (row.auth_login_url, row.auth_token_url) == (f"{lms.url}/auth", f"{lms.url}/token")
    assert (row.jwks_url, row.product) == (f"{lms.url}/jwks", "moodle")
    assert (row.scopes, row.frame_ancestors) == (list(Scope), [lms.url])
    assert row.new_deployments == NewDeployments.REFUSE
    deployment = Deployment.objects.get()
    assert (deployment.deployment_id, deployment.is_approved) == ("7", True)
    invitation = Invitation.objects.get()
    assert invitation.used_at is not None
    assert invitation.registration == row
    assert "did not grant" not in page
    chooser = "Show in activity chooser and as a preconfigured tool"
    for words in ("Activate", chooser, "“Update” resets this setting", CLOSE):
        assert words in page


def test_the_platform_is_told_what_it_needs(lms: FakePlatform) -> None:
    Administrator(lms.registration.address).register()
    (posted,) = lms.requests("POST")
    assert posted.target == "/register"
    assert posted.headers["authorization"] == f"Bearer {TOKEN}"
    assert posted.headers["content-type"] == "application/json"
    asked = posted.json
    assert asked["redirect_uris"] == ["http://localhost:8001/lti/launch/"]
    assert asked[TOOL_SECTION]["domain"] == "localhost:8001"


def test_the_pages_live_in_the_platforms_frame_and_speak_to_its_window(
    lms: FakePlatform,
) -> None:
    administrator = Administrator(lms.registration.address)
    asked = administrator.open()
    done = administrator.press(asked.content.decode())
    for response in (asked, done):
        assert policy(response) == f"'self' {lms.url}"
        assert response["Cross-Origin-Opener-Policy"] == "unsafe-none"
        assert "no-store" in response["Cache-Control"]
        assert not response.cookies
        assert "x-frame-options" not in {name.lower() for name in response.headers}
        assert not re.search(r"<script(?![^>]*src=)|style=", response.content.decode())


def test_what_was_cut_and_what_will_then_not_work(lms: FakePlatform) -> None:
    lms.registration.cut_scopes = {Scope.MEMBERSHIP_READONLY, Scope.LINE_ITEM}
    lms.registration.granted = {
        TOOL_SECTION: {"deployment_id": "7", "messages": [], "claims": ["sub"]}
    }
    page = Administrator(lms.registration.address).register().content.decode()
    assert "did not grant everything" in page
    assert "not opened a worksheet" in page
    assert "gets no column" in page
    assert "when they first open an activity" in page
    assert "Pupil 7" in page
    assert "No mark reaches" not in page
    assert set(Registration.objects.get().scopes) == set(Scope) - lms.registration.cut_scopes


def test_what_is_not_even_offered_is_said_before(lms: FakePlatform) -> None:
    lms.registration.configuration = configuration(lms.url, scopes_supported=["openid"])
    page = Administrator(lms.registration.address).open().content.decode()
    assert "does not offer everything" in page
    assert "No mark reaches the gradebook." in page


def test_canvas_tells_its_deployment_later(lms: FakePlatform) -> None:
    lms.registration.configuration = configuration(lms.url, "canvas")
    lms.registration.deployment_id = None
    page = Administrator(lms.registration.address).open().content.decode()
    assert "a new assignment" in page
    done = Administrator(lms.registration.address).register().content.decode()
    assert "Install App" in done
    assert Registration.objects.get().new_deployments == NewDeployments.ACCEPT
    assert not Deployment.objects.exists()


@pytest.mark.parametrize("new", [NewDeployments.ACCEPT, NewDeployments.WAIT])
def test_canvas_has_more_deployments_than_the_one_that_it_tells(
    lms: FakePlatform, new: NewDeployments
) -> None:
    """One key is installed in several accounts and courses, each of which is a deployment."""
    lms.registration.configuration = configuration(lms.url, "canvas")
    lms.registration.deployment_id = None
    lms.registration.granted = {"deployment_id": "1:account"}
    administrator = Administrator(lms.registration.address)
    Invitation.objects.update(new_deployments=new)
    administrator.register()
    row = Registration.objects.get()
    told = row.deployments.get()
    assert (told.deployment_id, told.is_approved, row.new_deployments) == ("1:account", True, new)
    assert admit(row, "1:account", told) == told
    if new == NewDeployments.ACCEPT:
        assert admit(row, "2:course", None).is_approved
        return
    with pytest.raises(LaunchRefused) as refused:
        admit(row, "2:course", None)
    assert refused.value.reason == Reason.DEPLOYMENT_WAITING


def test_an_invitation_says_what_happens_to_deployments(lms: FakePlatform) -> None:
    lms.registration.deployment_id = None
    administrator = Administrator(lms.registration.address)
    Invitation.objects.update(new_deployments=NewDeployments.WAIT)
    assert "must then be approved" in administrator.register().content.decode()
    assert Registration.objects.get().new_deployments == NewDeployments.WAIT


def test_a_cut_placement(lms: FakePlatform) -> None:
    lms.registration.configuration = configuration(lms.url, "canvas")
    message = {"type": MessageType.DEEP_LINKING.value, "placements": ["link_selection"]}
    lms.registration.granted = {TOOL_SECTION: {"messages": [message]}}
    page = Administrator(lms.registration.address).register().content.decode()
    assert "<b>For a new assignment</b>" in page
    assert "<b>In a module" not in page


def test_a_message_that_was_cut_is_found_nowhere(lms: FakePlatform) -> None:
    lms.registration.configuration = configuration(lms.url, "canvas")
    lms.registration.granted = {TOOL_SECTION: {"messages": []}}
    page = Administrator(lms.registration.address).register().content.decode()
    assert "when they first open an activity" in page
    assert "for a new assignment" not in page


# --- who may register ---


def test_a_stranger_is_told_whom_to_ask_and_nobody_is_called(lms: FakePlatform) -> None:
    response = Administrator(lms.registration.address, "").open()
    assert response.status_code == 403
    assert "manage.py invite_platform" in response.content.decode()
    assert policy(response) == "*"
    assert lms.asked == []


@pytest.mark.parametrize("invitation", ["unknown", "x" * 100])
def test_no_invitation_of_ours(lms: FakePlatform, invitation: str) -> None:
    assert Administrator(lms.registration.address, invitation).open().status_code == 403
    assert lms.asked == []


def test_an_invitation_works_once(lms: FakePlatform) -> None:
    administrator = Administrator(lms.registration.address)
    page = administrator.open().content.decode()
    assert administrator.press(page).status_code == 200
    asked = len(lms.asked)
    assert administrator.open().status_code == 403
    again = administrator.press(page)
    assert again.status_code == 403
    assert "close this window" in again.content.decode()
    assert len(lms.asked) == asked
    assert Registration.objects.count() == 1


def test_an_invitation_ends_and_can_be_taken_back(lms: FakePlatform) -> None:
    administrator = Administrator(lms.registration.address)
    page = administrator.open().content.decode()
    Invitation.objects.update(expires_at=timezone.now())
    assert administrator.open().status_code == 403
    assert administrator.press(page).status_code == 403
    Invitation.objects.all().delete()
    assert administrator.press(page).status_code == 403
    assert lms.requests("POST") == []


def test_the_operator_may_open_registration(lms: FakePlatform, settings: Settings) -> None:
    settings.LTI_OPEN_REGISTRATION = True
    administrator = Administrator(lms.registration.address, "")
    page = administrator.open().content.decode()
    lms.registration.deployment_id = None
    assert administrator.press(page).status_code == 200
    assert Registration.objects.get().new_deployments == NewDeployments.WAIT
    settings.LTI_OPEN_REGISTRATION = False
    assert administrator.press(page).status_code == 403


@pytest.mark.parametrize("client", ["client-9", "client-10"])
def test_nobody_changes_a_registration_without_an_invitation(
    lms: FakePlatform, settings: Settings, client: str
) -> None:
    """Whoever can put a file on an LMS's host speaks from its origin."""
    Administrator(lms.registration.address).register()
    Registration.objects.update(is_active=False)
    Deployment.objects.update(is_approved=False)
    before = Registration.objects.values().get()
    settings.LTI_OPEN_REGISTRATION = True
    lms.registration.granted = {"client_id": client}
    lms.registration.configuration = configuration(lms.url, jwks_uri=f"{lms.url}/blog/attachment/7")
    page = Administrator(lms.registration.address, "").open().content.decode()
    assert "client-9" not in page  # nor is a stranger told what is there
    answer = Administrator(lms.registration.address, "").press(
        page, name="Again", replaces=str(before["id"])
    )
    assert Registration.objects.values().get(pk=before["id"]) == before
    assert not Deployment.objects.get(registration=before["id"]).is_approved
    if client == "client-9":
        assert answer.status_code == 403
        assert "is already registered here" in answer.content.decode()
        assert Registration.objects.count() == 1
    else:
        assert answer.status_code == 200
        assert Registration.objects.count() == 2


def test_an_invitation_switches_on_again(lms: FakePlatform) -> None:
    Administrator(lms.registration.address).register()
    Registration.objects.update(is_active=False)
    Deployment.objects.update(is_approved=False)
    page = Administrator(lms.registration.address).register()
    assert "switched off" not in page.content.decode()
    assert Registration.objects.get().is_active
    assert Deployment.objects.get().is_approved


# --- what may go wrong ---


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500, 302])
def test_a_try_that_fails_uses_nothing_up(lms: FakePlatform, status: int) -> None:
    administrator = Administrator(lms.registration.address)
    page = administrator.open().content.decode()
    elsewhere = {"Location": f"{lms.url}/elsewhere"}
    lms.fail("register", Fault(status, b"token_already_used", elsewhere))
    response = administrator.press(page)
    assert response.status_code == 400
    assert "token_already_used" in response.content.decode()
    assert not Registration.objects.exists()
    assert "/elsewhere" not in [asked.target for asked in lms.asked]
    assert administrator.register().status_code == 200
    assert Invitation.objects.get().used_at is not None


def test_an_answer_that_does_not_come_may_have_left_a_tool_behind(
    lms: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    administrator = Administrator(lms.registration.address)
    page = administrator.open().content.decode()
    monkeypatch.setattr(exchange, "SECONDS", 0.5)
    lms.fail("register", Fault(hang=True))
    response = administrator.press(page)
    assert response.status_code == 400
    assert "your LMS may have added the tool" in response.content.decode()
    assert Invitation.objects.get().used_at is None
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    "raw", [b"", b"<html>", b"[]", b'{"client_id": [7]}', b'{"client_id": "a\\u0000"}', b"[" * 9999]
)
def test_an_answer_that_is_none_uses_nothing_up(lms: FakePlatform, raw: bytes) -> None:
    administrator = Administrator(lms.registration.address)
    page = administrator.open().content.decode()
    lms.fail("register", Fault(200, raw))
    assert administrator.press(page).status_code == 400
    assert Invitation.objects.get().used_at is None
    assert not Registration.objects.exists()


HOSTILE_BODIES = {
    "HTML": b"<!doctype html><title>Sign in</title>",
    "nothing": b"",
    "a list": b"[]",
    "deep": b"[" * 100_000,
    "huge": b" " * (http.MAX_BYTES + 1),
    "no JSON": b"\xff\xfe\x00",
    "huge strings": json.dumps({"issuer": "https://" + "x" * 1_000_000}).encode(),
}


@pytest.mark.parametrize("body", HOSTILE_BODIES.values(), ids=HOSTILE_BODIES)
def test_a_configuration_that_is_none(lms: FakePlatform, body: bytes) -> None:
    lms.fail("configuration", Fault(200, body))
    response = Administrator(lms.registration.address).open()
    assert response.status_code == 400
    assert "Reference" in response.content.decode()
    assert policy(response) == "*"


@pytest.mark.parametrize("status", [200, 302, 500])
def test_a_hundred_megabytes_are_not_read(lms: FakePlatform, status: int) -> None:
    lms.fail("configuration", Fault(status, b" " * 100_000_000, {"Location": "/elsewhere"}))
    assert Administrator(lms.registration.address).open().status_code == 400
    assert lms.sent < 50_000_000


@pytest.mark.parametrize("fault", [Fault(drip=True), Fault(drip_headers=True)])
def test_a_slow_platform_is_given_up(
    lms: FakePlatform, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    """Before its configuration is complete, and though the usual limits allow for more."""
    monkeypatch.setattr(http, "READ_SECONDS", 3600.0)
    monkeypatch.setattr(http, "BODY_SECONDS", 3600.0)
    monkeypatch.setattr(exchange, "SECONDS", 0.3)
    lms.fail("configuration", fault)
    assert Administrator(lms.registration.address).open().status_code == 400


def test_a_redirect_is_not_followed(lms: FakePlatform) -> None:
    lms.fail("configuration", Fault(302, headers={"Location": f"{lms.url}/inside"}))
    assert Administrator(lms.registration.address).open().status_code == 400
    assert [asked.target for asked in lms.asked] == ["/config"]


@pytest.mark.parametrize(
    "address",
    [
        "http://lms.example/config",
        "https://127.0.0.1/config",
        "https://[::1]/config",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:127.0.0.1]/",
        "https://me@127.0.0.1/",
        "https://localhost/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "//127.0.0.1/",
        "https://",
        "https://[",
        "https://a..example/",
        "x",
    ],
)
def test_our_own_network_is_not_called(settings: Settings, address: str) -> None:
    settings.LTI_ALLOW_PRIVATE_HOSTS = False
    response = Administrator(address).open()
    assert response.status_code == 400
    assert "may not call" in response.content.decode()


def test_a_loopback_server_hears_nothing(lms: FakePlatform, settings: Settings) -> None:
    settings.LTI_ALLOW_PRIVATE_HOSTS = False
    port = urlsplit(lms.registration.address).port
    for host in ("127.0.0.1", "localhost"):
        for scheme in ("http", "https"):
            assert Administrator(f"{scheme}://{host}:{port}/config").open().status_code == 400
    assert lms.asked == []


@pytest.mark.parametrize(
    "field",
    ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint"],
)
def test_addresses_on_other_hosts(lms: FakePlatform, field: str, settings: Settings) -> None:
    lms.registration.configuration = configuration(lms.url, **{field: "http://localhost:1/x"})
    response = Administrator(lms.registration.address).open()
    assert response.status_code == 400
    assert "do not match" in response.content.decode()
    # It is not for a stranger to say what belongs together.
    settings.LTI_OPEN_REGISTRATION = True
    response = Administrator(lms.registration.address, "").open()
    assert response.status_code == 400
    assert "do not match" in response.content.decode()
    assert "<form" not in response.content.decode()


# The fake platform by its other name.
def elsewhere(lms: FakePlatform) -> str:
    return lms.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def scattered(lms: FakePlatform) -> FakePlatform:
    """An LMS whose tokens come from another host, as Brightspace's do."""
    token, audience = f"{elsewhere(lms)}/token", f"{elsewhere(lms)}/audience"
    lms.registration.configuration = configuration(
        lms.url, "brightspace", token_endpoint=token, authorization_server=audience
    )
    return lms


@reported("lti-10a")
def test_an_administrator_vouches_for_other_hosts(
    scattered: FakePlatform, caplog: pytest.LogCaptureFixture
) -> None:
    administrator = Administrator(scattered.registration.address)
    shown = administrator.open()
    page = shown.content.decode()
    for text in (f"<b>{elsewhere(scattered)}</b>", f"{elsewhere(scattered)}/token", scattered.url):
        assert text in page
    assert policy(shown) == f"'self' {scattered.url}"
    asked = administrator.press(page)
    assert asked.status_code == 200
    assert scattered.requests("POST") == []
    assert not Registration.objects.exists()
    assert elsewhere(scattered) in caplog.text
    assert administrator.press(asked.content.decode()).status_code == 200
    row = Registration.objects.get()
    assert row.auth_token_url == f"{elsewhere(scattered)}/token"
    assert row.auth_audience == f"{elsewhere(scattered)}/audience"
    assert Invitation.objects.get().used_at is not None


def test_a_form_that_was_vouched_for_is_only_ours(scattered: FakePlatform) -> None:
    administrator = Administrator(scattered.registration.address)
    page = administrator.open().content.decode()
    for fields in ({"is_vouched": "true"}, {"name": "Ours", "vouched": "1"}):
        assert (
            "Permissions that this tool asks for"
            in administrator.press(page, **fields).content.decode()
        )
    assert administrator.press(page, offer="x" + page).status_code == 400
    assert scattered.requests("POST") == []


def test_an_invitation_that_has_ended_vouches_for_nothing(scattered: FakePlatform) -> None:
    administrator = Administrator(scattered.registration.address)
    shown = administrator.open().content.decode()
    asked = administrator.press(shown).content.decode()
    Invitation.objects.update(used_at=timezone.now())
    assert administrator.press(shown).status_code == 403
    assert administrator.press(asked).status_code == 403
    assert scattered.requests("POST") == []


def test_a_client_of_another_platform_gets_no_token(scattered: FakePlatform) -> None:
    """Ours is sent to the services that a launch names, which are then the stranger's."""
    school = make_registration("client-9", "https://hill.example")
    addresses = {"auth_token_url": f"{elsewhere(scattered)}/token"}
    for change in (addresses, {"auth_token_url": "x", "auth_audience": elsewhere(scattered)}):
        Registration.objects.filter(pk=school.pk).update(**change)
        administrator = Administrator(scattered.registration.address)
        asked = administrator.press(administrator.open().content.decode())
        done = administrator.press(asked.content.decode())
        assert done.status_code == 400
        assert "client_id is that of another registration" in done.content.decode()
    assert Registration.objects.get() == school


@pytest.mark.parametrize("spelling", ["http://LOCALHOST:{}", "http://localhost:0{}"])
def test_a_client_of_another_platform_gets_no_token_at_a_host_in_other_letters(
    scattered: FakePlatform, spelling: str
) -> None:
    school = make_registration("client-9", "https://hill.example")
    token = f"{elsewhere(scattered)}/token"
    Registration.objects.filter(pk=school.pk).update(auth_token_url=token)
    host = spelling.format(urlsplit(token).port)
    scattered.registration.configuration = configuration(
        scattered.url, token_endpoint=f"{host}/token"
    )
    administrator = Administrator(scattered.registration.address)
    asked = administrator.press(administrator.open().content.decode())
    done = administrator.press(asked.content.decode())
    assert "client_id is that of another registration" in done.content.decode()
    assert Registration.objects.get() == school


def test_a_client_of_another_platform_gets_no_token_where_somebody_vouches(
    scattered: FakePlatform,
) -> None:
    """The host may be the other platform's under another name, as a school's own is in Canvas."""
    school = make_registration("client-9", "https://hill.example")
    administrator = Administrator(scattered.registration.address)
    asked = administrator.press(administrator.open().content.decode())
    done = administrator.press(asked.content.decode())
    assert "client_id is that of another registration" in done.content.decode()
    assert Registration.objects.get() == school


def test_the_same_client_id_at_another_token_address_is_another_client(lms: FakePlatform) -> None:
    make_registration("client-9", "https://hill.example")
    assert Administrator(lms.registration.address).register().status_code == 200


@reported("lti-10c")
def test_an_answer_of_odd_shapes_leaves_no_tool_behind(lms: FakePlatform) -> None:
    messages = {"0": {"type": MessageType.DEEP_LINKING.value}}
    lms.registration.granted = {
        "client_id": 12,
        "deployment_id": 7,
        TOOL_SECTION: {"deployment_id": [], "messages": messages, "claims": ""},
    }
    lms.registration.configuration = configuration(
        lms.url, scopes_supported=" ".join(Scope), **{PLATFORM_SECTION: []}
    )
    assert Administrator(lms.registration.address).register().status_code == 200
    row = Registration.objects.get()
    assert (row.client_id, row.scopes) == ("12", list(Scope))
    assert row.deployments.get().deployment_id == "7"


@pytest.mark.parametrize(("product", "is_said"), [("moodle", True), ("sakai", False)])
def test_who_has_a_role_of_the_institution_alone(
    lms: FakePlatform, product: str, is_said: bool
) -> None:
    lms.registration.configuration = configuration(lms.url, product)
    page = Administrator(lms.registration.address).register().content.decode()
    assert ("let the roles of your institution count" in page) == is_said


@reported("lti-10d")
def test_a_platform_that_gives_no_registration_token(lms: FakePlatform) -> None:
    administrator = Administrator(lms.registration.address)
    administrator.query["registration_token"] = ""
    assert administrator.register().status_code == 200
    assert [asked.headers.get("authorization") for asked in lms.asked] == [None, None]


@reported("lti-10e")
def test_a_refusal_in_the_words_of_the_lms(lms: FakePlatform) -> None:
    administrator = Administrator(lms.registration.address)
    page = administrator.open().content.decode()
    lms.fail("register", Fault(422, b'{"errors": ["domain is invalid"]}'))
    answer = administrator.press(page)
    assert answer.status_code == 400
    assert "did not accept the registration" in answer.content.decode()
    assert "domain is invalid" in answer.content.decode()


@pytest.mark.parametrize(
    ("account", "note", "name"),
    [
        ("Hill School", "Hill", "Hill School"),
        ("", "Hill, our Moodle", "Hill, our Moodle"),
        ("", "", "Moodle ("),
    ],
)
def test_the_name_that_is_proposed(lms: FakePlatform, account: str, note: str, name: str) -> None:
    """Moodle tells no name of its own, so the operator's note is the best that is known."""
    document = configuration(lms.url)
    document[PLATFORM_SECTION][ACCOUNT_NAME] = account
    lms.registration.configuration = document
    administrator = Administrator(lms.registration.address)
    Invitation.objects.update(note=note)
    assert f'value="{name}' in administrator.open().content.decode()
    assert administrator.register().status_code == 200
    assert Registration.objects.get().name.startswith(name)


def test_hostile_texts_are_shown_and_not_believed(lms: FakePlatform) -> None:
    script = '"><script>alert(1)</script>'
    section = {"product_family_code": script, "version": script}
    name = "https://purl.imsglobal.org/spec/lti-platform-configuration"
    lms.registration.configuration = configuration(lms.url, **{name: section})
    page = Administrator(lms.registration.address).register().content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("openid_configuration", ""),
        ("openid_configuration", "http://127.0.0.1/" + "x" * 2000),
        ("openid_configuration", "http://127.0.0.1/\n"),
        ("registration_token", "a\r\nX-Evil: 1"),
        ("registration_token", "ü"),
        ("registration_token", "x" * 5000),
        ("invitation", "\0"),
    ],
)
def test_odd_parameters(lms: FakePlatform, parameter: str, value: str) -> None:
    response = Administrator(lms.registration.address).open(**{parameter: value})
    assert response.status_code == 400
    assert lms.asked == []


def test_canvas_puts_its_token_into_the_address_of_its_configuration(lms: FakePlatform) -> None:
    address = f"{lms.registration.address}?registration_token={'x' * 1800}"
    assert Administrator(address).register().status_code == 200
    assert Registration.objects.exists()


@pytest.mark.parametrize("offer", ["", "x", "a:b:c", "\0", "x" * 10_000])
def test_a_form_that_is_not_ours(offer: str) -> None:
    client = Client(headers={"host": "localhost:8001"})
    response = client.post("/lti/register/", {"offer": offer, "name": "x"})
    assert response.status_code == 400


def test_a_form_is_good_for_an_hour(lms: FakePlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    administrator = Administrator(lms.registration.address)
    page = administrator.open().content.decode()
    monkeypatch.setattr(flow, "MAX_AGE", -1)
    response = administrator.press(page)
    assert response.status_code == 400
    assert "open for too long" in response.content.decode()


@pytest.mark.parametrize("name", ["", " ", "x" * 201, "a\0b", "a\u200bb"])
def test_a_name_is_needed(lms: FakePlatform, name: str) -> None:
    administrator = Administrator(lms.registration.address)
    response = administrator.press(administrator.open().content.decode(), name=name)
    assert response.status_code == 400
    assert "Register" in response.content.decode()
    assert lms.requests("POST") == []


def test_a_pasted_name_has_plain_spaces(lms: FakePlatform) -> None:
    assert (
        Administrator(lms.registration.address).register(name=" Hill\u00a0 School ").status_code
        == 200
    )
    assert Registration.objects.get().name == "Hill School"


@pytest.mark.parametrize("token", [TOKEN, "eyJ" * 200])
def test_no_token_in_the_log(
    lms: FakePlatform, caplog: pytest.LogCaptureFixture, token: str
) -> None:
    administrator = Administrator(lms.registration.address)
    administrator.query["registration_token"] = token
    page = administrator.open().content.decode()
    lms.fail("register", Fault(401, f"no such token: {token}".encode()))
    answer = administrator.press(page).content.decode()
    (record,) = [r for r in caplog.records if "registration refused" in r.getMessage()]
    assert errors.RegistrationProblem.NOT_ACCEPTED in record.getMessage()
    reference = re.search(r"<code>(\w{4}-\w{4})</code>", answer)
    assert reference
    assert reference[1] in record.getMessage()
    noted = find_refusal(reference[1])
    assert noted is not None
    assert noted.reason == errors.RegistrationProblem.NOT_ACCEPTED
    assert token[:20] not in noted.detail
    assert "no such token: …" in record.getMessage()
    assert token[:20] not in caplog.text
    assert administrator.query["invitation"] not in caplog.text


# --- again ---


def test_the_same_client_again_is_brought_up_to_date(lms: FakePlatform) -> None:
    Administrator(lms.registration.address).register(name="First")
    row = Registration.objects.get()
    AccessToken.objects.create(
        registration=row, scopes="s", token="t", expires_at=Invitation.objects.get().expires_at
    )
    Registration.objects.update(is_active=False)
    lms.registration.deployment_id = "8"
    page = Administrator(lms.registration.address).open().content.decode()
    assert "already registered here" in page
    assert 'value="First"' in page
    Administrator(lms.registration.address).register(name="Second")
    again = Registration.objects.get()
    assert (again.pk, again.name, again.is_active) == (row.pk, "Second", True)
    assert {d.deployment_id for d in again.deployments.all()} == {"7", "8"}
    assert not AccessToken.objects.exists()


def test_a_new_client_takes_the_place_of_one_that_is_not_in_use(lms: FakePlatform) -> None:
    Administrator(lms.registration.address).register()
    row = Registration.objects.get()
    open_an_activity(row, days_ago=91)
    lms.registration.granted = {"client_id": "client-10"}
    Administrator(lms.registration.address).register()
    again = Registration.objects.get()
    assert (again.pk, again.client_id) == (row.pk, "client-10")


def test_a_new_client_stands_beside_one_that_is_in_use(lms: FakePlatform) -> None:
    Administrator(lms.registration.address).register()
    open_an_activity(Registration.objects.get(), days_ago=89)
    lms.registration.granted = {"client_id": "client-10"}
    Administrator(lms.registration.address).register()
    assert {row.client_id for row in Registration.objects.all()} == {"client-9", "client-10"}


def test_whoever_else_is_in_use_says_nothing_of_this_platform(lms: FakePlatform) -> None:
    Administrator(lms.registration.address).register()
    open_an_activity(make_registration(), days_ago=0)
    lms.registration.granted = {"client_id": "client-10"}
    Administrator(lms.registration.address).register()
    assert not Registration.objects.filter(client_id="client-9").exists()


@pytest.mark.parametrize("is_in_use", [True, False])
def test_the_administrator_may_choose_the_other_way(lms: FakePlatform, is_in_use: bool) -> None:
    Administrator(lms.registration.address).register()
    row = Registration.objects.get()
    open_an_activity(row, days_ago=0 if is_in_use else 91)
    lms.registration.granted = {"client_id": "client-10"}
    Administrator(lms.registration.address).register(replaces=str(row.pk) if is_in_use else "")
    clients = {"client-10"} if is_in_use else {"client-9", "client-10"}
    assert {row.client_id for row in Registration.objects.all()} == clients


@pytest.mark.parametrize("choice", ["update", "update the other", "keep"])
def test_a_tool_that_the_lms_updates_is_not_doubled(lms: FakePlatform, choice: str) -> None:
    Administrator(lms.registration.address).register(name="First")
    row = Registration.objects.get()
    other = make_registration(issuer=lms.url)
    chosen = {"update": str(row.pk), "update the other": str(other.pk), "keep": ""}[choice]
    Administrator(lms.registration.address).register(name="Again", replaces=chosen)
    assert Registration.objects.count() == 2
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.name, row.client_id) == ("Again", "client-9")
    assert (other.name, other.client_id) == ("LMS of client-1", "client-1")


def test_a_host_that_canvas_shares_tells_no_school() -> None:
    make_registration("school", CANVAS)
    platform = read_configuration(configuration(CANVAS, "canvas"), f"{CANVAS}/config")
    assert flow.existing_registrations(Offer(platform, "", 1)) == []


def test_nobody_takes_the_place_of_another_platform(lms: FakePlatform) -> None:
    other = make_registration()
    administrator = Administrator(lms.registration.address)
    page = administrator.open().content.decode()
    assert "already registered here" not in page
    administrator.press(page, replaces=str(other.pk))
    other.refresh_from_db()
    assert other.client_id == "client-1"
    assert Registration.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_make_one_registration(
    lms: FakePlatform, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.LTI_WEB_THREADS = 16  # two may wait for one platform
    monkeypatch.setattr(exchange, "SECONDS", 60.0)  # the slow answer comes once the other is there
    administrator = Administrator(lms.registration.address)
    page = administrator.open().content.decode()
    answers = threading.Event()
    lms.fail("register", Fault(until=answers))
    lms.registration.granted = {"client_id": "client-12"}

    def press() -> int:
        try:
            return int(administrator.press(page).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(press)
        while not lms.requests("POST") and not slow.done():
            time.sleep(0.01)
        lms.registration.granted = {"client_id": "client-11"}
        other = Administrator(lms.registration.address, administrator.query["invitation"])
        assert other.press(page).status_code == 200
        answers.set()
        assert slow.result(20) == 403
    assert len(lms.requests("POST")) == 2
    assert Registration.objects.get().client_id == "client-11"
    assert Invitation.objects.get().registration == Registration.objects.get()


def test_canvas_json() -> None:
    response = Client(headers={"host": "localhost:8001"}).get("/lti/canvas.json")
    assert response["Content-Type"] == "application/json"
    document = response.json()
    assert document["target_link_uri"] == "http://localhost:8001/lti/launch/"
    assert document["extensions"][0]["settings"]["icon_url"].startswith("http://localhost:8001/")
    assert Client(headers={"host": "localhost:8001"}).post("/lti/canvas.json").status_code == 405
