"""The platform's keys: asked for seldom, kept long, never for a stranger's sake."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from django.db.models import F
from django.utils import timezone

from lti_tool.adapter import platform_keys
from lti_tool.adapter.platform_keys import OLD_AFTER, REFETCH_AFTER, public_key
from lti_tool.models import PlatformKeySet, Registration
from lti_tool.protocol.refusal import LaunchRefused, Reason
from lti_tool.services import http
from tests.lti_tool.launching import Browser
from tests.lti_tool.refusals import assert_refused
from tests.platform.keys import key_pair
from tests.platform.launches import Platform
from tests.platform.server import Fault

Log = pytest.LogCaptureFixture


def later(seconds: float | None = None) -> None:
    """As if the last question for the keys were that long ago."""
    ago = timezone.now() - (timedelta(seconds=seconds) if seconds else REFETCH_AFTER * 2)
    PlatformKeySet.objects.filter(read_at=F("tried_at")).update(read_at=ago)
    PlatformKeySet.objects.update(tried_at=ago)


def found(platform: Platform, kid: str) -> RSAPublicKey:
    """The key, for a registration that was read just now, as each launch reads it."""
    return public_key(Registration.objects.get(pk=platform.registration.pk), kid)


def refusal(platform: Platform, kid: str) -> Reason:
    """Why there is no such key."""
    with pytest.raises(LaunchRefused) as refused:
        found(platform, kid)
    return refused.value.reason


def rotate(platform: Platform, kid: str) -> None:
    """From now on the platform signs with another key, and publishes no other."""
    platform.key = key_pair(kid)
    platform.lms.keys.publish(platform.key)


def test_many_launches_ask_once(platform: Platform, browser: Browser) -> None:
    assert [browser.launch(platform).status for _ in range(5)] == [302] * 5
    assert platform.lms.count == 1
    assert platform.lms.asked[0].headers["user-agent"].startswith("lti-worksheets/")


def test_rotation_asks_once_more(platform: Platform, browser: Browser) -> None:
    assert browser.launch(platform).status == 302
    rotate(platform, "second")
    later()
    assert [browser.launch(platform).status for _ in range(3)] == [302] * 3
    assert platform.lms.count == 2


def test_junk_kids_do_not_hammer(platform: Platform, direct: Browser, caplog: Log) -> None:
    assert direct.launch(platform).status == 302
    later()
    for number in range(5):
        caplog.clear()
        answer = direct.launch(platform, header={"kid": f"junk-{number}"})
        assert_refused(answer, caplog, Reason.KEY_UNKNOWN, launches=1)
    assert platform.lms.count == 2
    assert direct.launch(platform).status == 302


def test_a_junk_kid_may_ask_again_after_a_while(platform: Platform) -> None:
    assert refusal(platform, "junk") == Reason.KEY_UNKNOWN
    later(REFETCH_AFTER.total_seconds() - 2)
    assert refusal(platform, "junk") == Reason.KEY_UNKNOWN
    assert platform.lms.count == 1
    later(REFETCH_AFTER.total_seconds() + 1)
    assert refusal(platform, "junk") == Reason.KEY_UNKNOWN
    assert platform.lms.count == 2


def test_old_keys_serve_while_the_platform_is_down(platform: Platform, direct: Browser) -> None:
    assert direct.launch(platform).status == 302
    platform.lms.always_fail("keys", Fault(503))
    later(7 * 86400)
    assert direct.launch(platform).status == 302
    # They were old, so the platform was asked; that this fails costs us nothing we hold.
    assert platform.lms.count == 2
    later()
    assert direct.launch(platform).status == 302
    assert platform.lms.count == 2, "not for every launch"
    assert refusal(platform, "junk") == Reason.KEYS_UNREACHABLE
    assert platform.lms.count == 3
    assert direct.launch(platform).status == 302


def test_keys_that_were_taken_back_are_gone_after_the_next_question(platform: Platform) -> None:
    assert found(platform, "first")
    rotate(platform, "second")
    later()
    assert found(platform, "second")
    assert refusal(platform, "first") == Reason.KEY_UNKNOWN


def test_a_key_that_was_taken_back_is_not_trusted_for_ever(platform: Platform) -> None:
    """Nobody need launch with a new key for the old one to end."""
    assert found(platform, "first")
    rotate(platform, "second")
    later(OLD_AFTER.total_seconds() - 60)
    assert found(platform, "first")
    assert platform.lms.count == 1
    later(OLD_AFTER.total_seconds() + 60)
    assert refusal(platform, "first") == Reason.KEY_UNKNOWN
    assert platform.lms.count == 2


def in_another_process(platform: Platform, **values: object) -> None:
    PlatformKeySet.objects.filter(registration=platform.registration).update(**values)


@pytest.fixture
def _others_ask(platform: Platform) -> None:
    """Another process began to ask for the new key a moment ago."""
    assert found(platform, "first")
    rotate(platform, "second")
    in_another_process(platform, tried_at=timezone.now(), is_being_read=True)


@pytest.mark.usefixtures("_others_ask")
def test_a_launch_waits_for_the_process_that_is_asking(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 3:
            now = timezone.now()
            document = {"keys": [platform.key.jwk]}
            in_another_process(
                platform, document=document, tried_at=now, read_at=now, is_being_read=False
            )

    monkeypatch.setattr(time, "sleep", nap)
    assert found(platform, "second") == platform.key.private.public_key()
    assert (len(naps), platform.lms.count) == (3, 1)


@pytest.mark.usefixtures("_others_ask")
def test_a_known_key_waits_for_nobody(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", pytest.fail)
    assert found(platform, "first")
    assert platform.lms.count == 1


@pytest.mark.usefixtures("_others_ask")
def test_a_process_that_died_while_asking_is_not_waited_for_long(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform_keys, "WAIT_SECONDS", 0.1)
    assert refusal(platform, "second") == Reason.KEYS_UNREACHABLE
    assert platform.lms.count == 1
    later()
    assert found(platform, "second")
    assert platform.lms.count == 2


def test_of_two_that_saw_the_same_rows_one_asks(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each read its registration before the other one asked."""
    assert found(platform, "first")
    later()
    rotate(platform, "second")
    rows = Registration.objects.select_related("key_set")
    one, other = (rows.get(pk=platform.registration.pk) for _ in range(2))
    assert public_key(one, "second") == public_key(other, "second")
    assert platform.lms.count == 2


def test_first_launches_of_a_platform_ask_once(platform: Platform) -> None:
    rows = Registration.objects.select_related("key_set")
    one, other = (rows.get(pk=platform.registration.pk) for _ in range(2))
    assert public_key(one, "first") == public_key(other, "first")
    assert platform.lms.count == 1


def test_another_key_address_is_asked_at_once(platform: Platform) -> None:
    assert found(platform, "first")
    platform.registration.jwks_url += "?moved=1"
    platform.registration.save()
    rotate(platform, "second")
    assert refusal(platform, "first") == Reason.KEY_UNKNOWN
    assert found(platform, "second")
    assert platform.lms.count == 2


BREAKS = {
    "status": Fault(500),
    "redirect": Fault(302, headers={"Location": "/jwks?again=1"}),
    "size": Fault(200, b" " * (http.MAX_BYTES + 1) + b'{"keys": []}'),
    "text": Fault(200, b"<html>Moodle is being upgraded</html>"),
    "depth": Fault(200, b"[" * 100_000),
    "shape": Fault(200, b'{"keys": {"first": 1}}'),
    "list": Fault(200, b"[]"),
    "silence": Fault(hang=True),
}


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform_keys, "READ_SECONDS", 0.2)


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("fault", BREAKS.values(), ids=BREAKS)
def test_a_broken_key_address_is_a_page_and_is_not_hammered(
    platform: Platform, browser: Browser, caplog: Log, fault: Fault
) -> None:
    platform.lms.always_fail("keys", fault)
    for _ in range(3):
        caplog.clear()
        assert_refused(browser.launch(platform), caplog, Reason.KEYS_UNREACHABLE)
    assert platform.lms.count == 1


@pytest.mark.parametrize("fault", [BREAKS["status"], BREAKS["shape"]], ids=["status", "shape"])
def test_a_broken_key_address_is_not_hammered_by_junk_kids_either(
    platform: Platform, fault: Fault
) -> None:
    assert found(platform, "first")
    platform.lms.always_fail("keys", fault)
    later()
    assert refusal(platform, "junk") == Reason.KEYS_UNREACHABLE
    assert refusal(platform, "junk") == Reason.KEYS_UNREACHABLE
    assert platform.lms.count == 2
    assert found(platform, "first")


def test_it_works_again_when_the_platform_does(platform: Platform, direct: Browser) -> None:
    platform.lms.always_fail("keys", Fault(500))
    assert direct.launch(platform).status == 400
    platform.lms.mend()
    later()
    assert direct.launch(platform).status == 302


def test_nobody_listens(platform: Platform) -> None:
    platform.registration.jwks_url = "http://127.0.0.1:9/jwks"
    platform.registration.save()
    assert refusal(platform, "first") == Reason.KEYS_UNREACHABLE


ODD_KEYS: list[object] = [
    None,
    5,
    "first",
    [],
    {},
    {"kid": "first"},
    {"kid": "first", "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
    {"kid": "first", "kty": "oct", "k": "AAAA"},
    {"kid": "first", "kty": "RSA"},
    {"kid": "first", "kty": "RSA", "n": 5, "e": []},
    {"kid": "first", "kty": "RSA", "n": "!", "e": "AQAB"},
    {"kid": "first", "kty": "RSA", "n": "AQ\0AB", "e": "AQAB"},
    {"kid": "first", "kty": "RSA", "n": "\ud800", "e": "AQAB"},
    {"kid": ["first"], "kty": "RSA", "n": "AQAB", "e": "AQAB"},
    {**key_pair("first").jwk, "d": "AQAB"},
]


@pytest.mark.parametrize("entry", ODD_KEYS, ids=lambda entry: ascii(entry)[:60])
def test_odd_keys_are_passed_over(platform: Platform, entry: object) -> None:
    platform.lms.keys.published = [entry]
    assert refusal(platform, "first") == Reason.KEY_UNKNOWN


def test_odd_keys_do_not_hide_good_ones(platform: Platform) -> None:
    good = {**platform.key.jwk, "kid": "good", "alg": None, "x5c": ["\0"], "use": "\ud800"}
    document = {"keys": [*ODD_KEYS, good], "more": "\0"}
    platform.lms.always_fail("keys", Fault(200, json.dumps(document).encode()))
    assert found(platform, "good") == platform.key.private.public_key()


def test_a_kid_belongs_to_its_platform(platform: Platform, other_platform: Platform) -> None:
    ours = found(platform, "first")
    rotate(other_platform, "second")
    assert found(other_platform, "second") != ours
    assert refusal(platform, "second") == Reason.KEY_UNKNOWN
