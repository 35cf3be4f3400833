"""An LMS that hangs, and the people of another one: real HTTP, with all calls at once.

What is counted is how many requests wait for the LMS, not for how long.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from lti_tool.audit import TOOL
from lti_tool.models import PlatformKeySet, ResourceLink, User
from lti_tool.protocol.vocabulary import SYSTEM_ROLE, Claim
from tests.lti_tool.launching import Answer, Browser, HttpWire
from tests.platform.fake import FakePlatform
from tests.platform.keys import key_pair
from tests.platform.launches import TEACHER, Changes, Platform
from tests.platform.server import Fault
from tests.worksheets.sheets import GAPS_ONLY, publish
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules

THREADS, PLACES, PEOPLE = 8, 2, 12
ADMINISTRATOR = f"{SYSTEM_ROLE}Administrator"
Held = tuple[Browser, str]


@pytest.fixture
def wire(live_server: LiveServer, settings: Settings) -> HttpWire:
    settings.LTI_WEB_THREADS = THREADS
    return HttpWire(live_server.url)


@pytest.fixture
def elsewhere(db: None) -> Iterator[Platform]:
    """Another LMS, which is well."""
    with FakePlatform() as lms:
        made = Platform(lms, issuer="https://other.example", client_id="client-2")
        lms.keys.publish(made.key)
        yield made


@pytest.fixture
def answers() -> Iterator[threading.Event]:
    """Until this is set, the LMS answers nothing."""
    event = threading.Event()
    yield event
    event.set()


def open_as(wire: HttpWire, platform: Platform, changes: Changes) -> Held:
    browser = Browser(wire)
    answer = browser.launch(platform, changes)
    assert answer.status == 302, answer.text
    return browser, answer.location


def in_course(number: int, *roles: str) -> Changes:
    return {
        "sub": f"person-{number}",
        Claim.ROLES.value: list(roles or [TEACHER]),
        Claim.CONTEXT.value: {"id": f"course-{number}", "title": "History"},
        Claim.RESOURCE_LINK.value: {"id": f"link-{number}", "title": "Causes"},
    }


def place_everywhere() -> None:
    """A worksheet at each link, of whoever was there first."""
    for link in ResourceLink.objects.filter(assignment=None).select_related("deployment"):
        author = User.objects.filter(registration=link.deployment.registration_id).first()
        assert author is not None
        assigning.assign(link, publish(author, GAPS_ONLY), AssignmentRules(), by=TOOL)


def answered_while_it_hangs(
    lms: FakePlatform, endpoint: str, pressed: list[Future[Answer]], count: int = PEOPLE - PLACES
) -> list[Answer]:
    """The answers of those who were not made to wait; the others wait still."""
    assert lms.wait_for(endpoint)
    done: set[Future[Answer]] = set()
    waiting = set(pressed)
    while len(done) < count:
        now, waiting = wait(waiting, timeout=60, return_when=FIRST_COMPLETED)
        assert now, f"{len(waiting)} requests wait for the LMS"
        done |= now
    assert 0 < len(waiting) <= PLACES
    return [future.result() for future in done]


def test_twelve_class_lists(
    wire: HttpWire, platform: Platform, elsewhere: Platform, answers: threading.Event
) -> None:
    teachers = [open_as(wire, platform, in_course(number)) for number in range(PEOPLE)]
    amina, page = open_as(wire, elsewhere, {})
    place_everywhere()
    platform.lms.always_fail("members", Fault(until=answers))
    with ThreadPoolExecutor(PEOPLE) as pool:
        pressed = [
            pool.submit(browser.send, "POST", f"{address}class/roster/")
            for browser, address in teachers
        ]
        # For one platform half of the places, so that another finds one.
        told = answered_while_it_hangs(platform.lms, "members", pressed, PEOPLE - PLACES // 2)
        assert all(answer.location.endswith("class/?notice=roster-waits") for answer in told)
        assert amina.get(page).status == 200
        ruth, hers = open_as(wire, elsewhere, in_course(50))
        place_everywhere()
        answer = ruth.send("POST", f"{hers}class/roster/")
        assert (answer.status, answer.location) == (302, f"{hers}class/")
        answers.set()
        assert [future.result().status for future in pressed] == [302] * PEOPLE


def test_the_class_page_says_so(
    wire: HttpWire, platform: Platform, answers: threading.Event
) -> None:
    ruth, address = open_as(wire, platform, in_course(1))
    place_everywhere()
    platform.lms.always_fail("members", Fault(until=answers))
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(ruth.send, "POST", f"{address}class/roster/")
        assert platform.lms.wait_for("members")
        second = ruth.send("POST", f"{address}class/roster/", headers={"HX-Request": "true"})
        assert second.status == 200
        assert "The class list is being read. Look again in a moment." in second.text
        assert "did not answer" not in second.text
        answers.set()
        assert first.result().location == f"{address}class/"


def test_launches_with_a_new_key_are_kept_and_sent_again(
    wire: HttpWire, platform: Platform, elsewhere: Platform, answers: threading.Event
) -> None:
    open_as(wire, platform, {})
    amina, page = open_as(wire, elsewhere, {})
    platform.key = key_pair("second")
    platform.lms.keys.publish(platform.key)
    PlatformKeySet.objects.update(refetched_at=None)
    before = len(platform.lms.asked_for("keys"))
    platform.lms.always_fail("keys", Fault(until=answers))
    begun = []
    for _ in range(PEOPLE):
        browser = Browser(wire)
        login = browser.begin(platform)
        begun.append((browser, login.state, platform.token(login.nonce)))
    with ThreadPoolExecutor(PEOPLE) as pool:
        sent = [pool.submit(browser.finish, state, token) for browser, state, token in begun]
        assert platform.lms.wait_for("keys", before + 1)
        told = answered_while_it_hangs(platform.lms, "keys", sent, PEOPLE - 1)
        for answer in told:
            assert (answer.status, answer.headers["retry-after"]) == (503, "2")
            assert "Try again" in answer.text
        assert amina.get(page).status == 200
        answers.set()
        assert [future.result().status for future in sent].count(302) == 1
    # The page sends the same form.
    for (browser, state, token), future in zip(begun, sent, strict=True):
        if future.result().status == 503:
            assert f'value="{token}"' in future.result().text
            assert browser.finish(state, token).status == 302


def test_checks_of_the_connection(
    wire: HttpWire, platform: Platform, elsewhere: Platform, answers: threading.Event
) -> None:
    admins = [
        open_as(wire, platform, in_course(number, TEACHER, ADMINISTRATOR))
        for number in range(PEOPLE)
    ]
    amina, page = open_as(wire, elsewhere, {})
    before = len(platform.lms.asked_for("keys"))
    platform.lms.always_fail("keys", Fault(until=answers))
    with ThreadPoolExecutor(PEOPLE) as pool:
        pressed = [
            pool.submit(browser.send, "POST", f"{address}connection/")
            for browser, address in admins
        ]
        assert platform.lms.wait_for("keys", before + 1)
        told = answered_while_it_hangs(platform.lms, "keys", pressed, PEOPLE - 1)
        assert all("is being asked already" in answer.text for answer in told)
        assert amina.get(page).status == 200
        answers.set()


def test_registrations(
    wire: HttpWire,
    platform: Platform,
    settings: Settings,
    answers: threading.Event,
) -> None:
    settings.LTI_OPEN_REGISTRATION = True
    settings.LTI_ALLOW_PRIVATE_HOSTS = True
    lms = platform.lms
    lms.always_fail("configuration", Fault(until=answers))
    address = f"/lti/register/?openid_configuration={lms.url}/config"
    with ThreadPoolExecutor(PEOPLE) as pool:
        asked = [pool.submit(Browser(wire).get, address) for _ in range(PEOPLE)]
        told = answered_while_it_hangs(lms, "configuration", asked, PEOPLE - 1)
        assert {answer.status for answer in told} == {503}
        assert all("Reload this page in a moment" in answer.text for answer in told)
        answers.set()
