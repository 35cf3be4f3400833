"""The platform's keys: asked for seldom, kept long, never for a stranger's sake."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from django.db.models import F
from django.utils import timezone

from lti_tool.adapter import platform_keys
from lti_tool.adapter.platform_keys import (
    MAX_CANDIDATES,
    OLD_AFTER,
    REFETCH_AFTER,
    candidate_keys,
)
from lti_tool.models import PlatformKeySet, Registration
from lti_tool.protocol.refusal import LaunchRefused, LaunchWaits, Reason
from lti_tool.services import http
from lti_tool.services.bulkhead import place_for
from tests.lti_tool.clock import Clock
from tests.lti_tool.launching import Browser
from tests.lti_tool.refusals import assert_refused, logged_reasons
from tests.platform.keys import KeyPair, key_pair
from tests.platform.launches import Platform
from tests.platform.server import Fault
from tests.reported import reported

Log = pytest.LogCaptureFixture


def later(seconds: float | None = None) -> None:
    """As if the last question for the keys were that long ago."""
    ago = timezone.now() - (timedelta(seconds=seconds) if seconds else REFETCH_AFTER * 2)
    PlatformKeySet.objects.filter(read_at=F("tried_at")).update(read_at=ago)
    PlatformKeySet.objects.exclude(refetched_at=None).update(refetched_at=ago)
    PlatformKeySet.objects.update(tried_at=ago)


def found(platform: Platform, kid: str) -> RSAPublicKey:
    """The first key, for a registration that was read just now, as each launch reads it."""
    return next(candidate_keys(Registration.objects.get(pk=platform.registration.pk), kid))


def refusal(platform: Platform, kid: str) -> Reason:
    """Why there is no such key."""
    with pytest.raises(LaunchRefused) as refused:
        found(platform, kid)
    return refused.value.reason


def rotate(platform: Platform, name: str, kid: str = "") -> None:
    """From now on the platform signs with another key, and publishes no other."""
    platform.key = replace(key_pair(name), kid=kid or name)
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


@pytest.mark.parametrize("kid", ["second", "first"], ids=["a new kid", "the old kid"])
@reported("lti-07c")
class TestARotationSecondsAfterTheLastQuestion:
    """A platform may give a new key the id of the old one: old Open edX used the client id."""

    @pytest.fixture(autouse=True)
    def _known(self, platform: Platform, browser: Browser, clock: Clock) -> None:
        assert browser.launch(platform).status == 302
        clock.go_on(2)

    def test_asks_at_once(self, platform: Platform, browser: Browser, kid: str) -> None:
        rotate(platform, "second", kid)
        assert [browser.launch(platform).status for _ in range(3)] == [302] * 3
        assert platform.lms.count == 2

    def test_asks_for_a_further_one_ten_seconds_later(
        self, platform: Platform, browser: Browser, clock: Clock, caplog: Log, kid: str
    ) -> None:
        rotate(platform, "second", kid)
        assert browser.launch(platform).status == 302
        clock.go_on(9)
        rotate(platform, "third", kid if kid == "first" else "")
        answer = browser.launch(platform)
        reason = Reason.SIGNATURE_INVALID if kid == "first" else Reason.KEY_UNKNOWN
        assert [logged for _, logged in logged_reasons(caplog)] == [reason]
        assert "Open the worksheet again in a moment." in answer.text
        assert platform.lms.count == 2
        clock.go_on(1)
        assert browser.launch(platform).status == 302
        assert platform.lms.count == 3

    def test_asks_at_once_however_often_strangers_made_us_ask_before(
        self, platform: Platform, browser: Browser, clock: Clock, kid: str
    ) -> None:
        """They are asked for every ten seconds then, so a new key is found in the next ten."""
        assert browser.launch(platform, header={"kid": "junk"}).status == 400
        rotate(platform, "second", kid)
        clock.go_on(10)
        assert browser.launch(platform, header={"kid": "junk"}).status == 400
        assert browser.launch(platform).status == 302
        assert platform.lms.count == 3


def test_junk_kids_do_not_hammer(platform: Platform, direct: Browser, caplog: Log) -> None:
    assert direct.launch(platform).status == 302
    later()
    for number in range(5):
        caplog.clear()
        answer = direct.launch(platform, header={"kid": f"junk-{number}"})
        assert_refused(answer, caplog, Reason.KEY_UNKNOWN, launches=1)
    assert platform.lms.count == 2
    assert direct.launch(platform).status == 302


def test_junk_signatures_do_not_hammer(platform: Platform, direct: Browser, caplog: Log) -> None:
    assert direct.launch(platform).status == 302
    for number in range(5):
        caplog.clear()
        answer = direct.launch(platform, key=key_pair(f"stranger {number % 2}"))
        assert_refused(answer, caplog, Reason.SIGNATURE_INVALID, launches=1)
    assert platform.lms.count == 2
    assert direct.launch(platform).status == 302


def test_junk_signatures_hold_up_nobody(
    platform: Platform, direct: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes while the platform is being asked has the keys that are known."""
    assert direct.launch(platform).status == 302
    in_another_process(platform, tried_at=timezone.now(), is_being_read=True)
    monkeypatch.setattr(time, "sleep", pytest.fail)
    assert direct.launch(platform).status == 302


def test_a_signature_that_no_key_fits_while_the_platform_is_down(
    platform: Platform, direct: Browser, caplog: Log
) -> None:
    assert direct.launch(platform).status == 302
    platform.lms.always_fail("keys", Fault(503))
    for _ in range(3):
        caplog.clear()
        answer = direct.launch(platform, key=key_pair("second"))
        assert_refused(answer, caplog, Reason.KEYS_UNREACHABLE, launches=1)
    assert platform.lms.count == 2
    assert direct.launch(platform).status == 302


def test_a_junk_kid_may_ask_again_after_a_while(platform: Platform) -> None:
    assert refusal(platform, "junk") == Reason.KEY_UNKNOWN
    assert refusal(platform, "junk") == Reason.KEY_UNKNOWN
    assert platform.lms.count == 2, "once at any time"
    later(REFETCH_AFTER.total_seconds() - 2)
    assert refusal(platform, "junk") == Reason.KEY_UNKNOWN
    assert platform.lms.count == 2
    later(REFETCH_AFTER.total_seconds() + 1)
    assert refusal(platform, "junk") == Reason.KEY_UNKNOWN
    assert platform.lms.count == 3


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


def test_where_another_call_has_the_place_nobody_waits_in_a_thread(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A class list that hangs: the page asks again by itself."""
    monkeypatch.setattr(time, "sleep", pytest.fail)
    with place_for(str(platform.registration.pk)), pytest.raises(LaunchWaits):
        found(platform, "first")
    assert platform.lms.count == 0
    assert found(platform, "first")


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
    with pytest.raises(LaunchWaits):
        found(platform, "second")
    assert platform.lms.count == 1
    later()
    assert found(platform, "second")
    assert platform.lms.count == 2


@pytest.mark.usefixtures("_others_ask")
def test_what_was_asked_long_ago_is_not_waited_for(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the platform hangs each launch is told so at once, to be sent again."""
    ago = timezone.now() - timedelta(seconds=platform_keys.WAIT_SECONDS + 1)
    in_another_process(platform, tried_at=ago, is_being_read=True)
    monkeypatch.setattr(time, "sleep", pytest.fail)
    with pytest.raises(LaunchWaits):
        found(platform, "second")
    assert found(platform, "first")


def test_of_two_that_saw_the_same_rows_one_asks(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each read its registration before the other one asked."""
    assert found(platform, "first")
    later()
    rotate(platform, "second")
    rows = Registration.objects.select_related("key_set")
    one, other = (rows.get(pk=platform.registration.pk) for _ in range(2))
    assert next(candidate_keys(one, "second")) == next(candidate_keys(other, "second"))
    assert platform.lms.count == 2


def test_of_two_whom_the_known_key_did_not_fit_one_asks(platform: Platform) -> None:
    """A class comes right after the platform has given a new key the id of the old one."""
    assert found(platform, "first")
    rotate(platform, "second", "first")
    rows = Registration.objects.select_related("key_set")
    one, other = (candidate_keys(rows.get(pk=platform.registration.pk), "first") for _ in range(2))
    new = key_pair("second").private.public_key()
    assert [next(one), next(other)] == [key_pair("first").private.public_key()] * 2
    assert [next(one), next(other)] == [new, new]
    assert platform.lms.count == 2


def test_first_launches_of_a_platform_ask_once(platform: Platform) -> None:
    rows = Registration.objects.select_related("key_set")
    one, other = (rows.get(pk=platform.registration.pk) for _ in range(2))
    assert next(candidate_keys(one, "first")) == next(candidate_keys(other, "first"))
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


def test_a_key_that_is_too_short_is_passed_over(platform: Platform, browser: Browser) -> None:
    """It signs as it should, and could be found out."""
    platform.key = KeyPair("short", rsa.generate_private_key(65537, 1024))
    platform.lms.keys.publish(platform.key)
    assert refusal(platform, "short") == Reason.KEY_UNKNOWN
    assert browser.launch(platform).status == 400


def test_odd_keys_do_not_hide_good_ones(platform: Platform) -> None:
    good = {**platform.key.jwk, "kid": "good", "alg": None, "x5c": ["\0"], "use": "\ud800"}
    document = {"keys": [*ODD_KEYS, good], "more": "\0"}
    platform.lms.always_fail("keys", Fault(200, json.dumps(document).encode()))
    assert found(platform, "good") == platform.key.private.public_key()


FOR_OTHERS: list[dict[str, object]] = [
    {"use": "enc"},
    {"use": "enc", "alg": "RS256"},
    {"use": None, "alg": "RSA-OAEP"},
    {"use": None, "alg": "RSA-OAEP-256"},
    {"use": None, "alg": "RSA1_5"},
    {"use": None, "alg": None, "key_ops": ["encrypt", "wrapKey"]},
    {"key_ops": ["sign"]},
]


@reported("lti-07a")
@pytest.mark.parametrize("members", FOR_OTHERS, ids=str)
def test_keys_that_do_not_verify_are_passed_over(
    platform: Platform, browser: Browser, members: dict[str, object]
) -> None:
    other = {**key_pair("second").jwk, "kid": "first", **members}
    platform.lms.keys.published = [other, platform.key.jwk]
    assert browser.launch(platform).status == 302
    platform.lms.keys.published = [{**platform.key.jwk, **members}]
    later()
    assert refusal(platform, "junk") == Reason.KEY_UNKNOWN
    assert refusal(platform, "first") == Reason.KEY_UNKNOWN


@reported("lti-07a")
@pytest.mark.parametrize("place", [0, 1, MAX_CANDIDATES - 1])
def test_of_several_keys_with_one_id_each_is_tried(
    platform: Platform, browser: Browser, place: int
) -> None:
    others = [{**key_pair("second").jwk, "kid": "first"}] * (MAX_CANDIDATES - 1)
    platform.lms.keys.published = [*others[:place], platform.key.jwk, *others[place:]]
    assert [browser.launch(platform).status for _ in range(2)] == [302] * 2
    assert platform.lms.count == 1


def test_of_very_many_keys_with_one_id_not_all_are_tried(platform: Platform) -> None:
    platform.lms.keys.published = [platform.key.jwk] * 500
    registration = Registration.objects.get(pk=platform.registration.pk)
    assert len(list(candidate_keys(registration, "first"))) == MAX_CANDIDATES


def jwks(*keys: dict[str, object], **members: object) -> bytes:
    return json.dumps({"keys": keys, **members}).encode()


OURS = key_pair("first").jwk
JWKS: dict[str, Fault] = {
    "no alg": Fault(200, jwks({**OURS, "alg": None})),
    "no use": Fault(200, jwks({name: OURS[name] for name in ("kty", "kid", "n", "e")})),
    "another alg": Fault(200, jwks({**OURS, "alg": "RS512"})),
    "x5c": Fault(200, jwks({**OURS, "x5c": ["MIIB"], "x5t": "AA"})),
    "padding": Fault(200, jwks({**OURS, "n": f"{OURS['n']}==", "e": "AQAB"})),
    "key_ops": Fault(200, jwks({**OURS, "key_ops": ["verify"]})),
    "no key_ops": Fault(200, jwks({**OURS, "key_ops": []})),
    "other members": Fault(200, jwks(OURS, issuer="x")),
    "byte order mark": Fault(200, b"\xef\xbb\xbf" + jwks(OURS)),
    "text/html": Fault(200, jwks(OURS), {"Content-Type": "text/html"}),
    "an elliptic key beside it": Fault(200, jwks({"kty": "EC", "kid": "first"}, OURS)),
}


@reported("lti-r02")
@pytest.mark.parametrize("reply", JWKS.values(), ids=JWKS)
def test_keysets_as_platforms_write_them(
    platform: Platform, browser: Browser, reply: Fault
) -> None:
    platform.lms.always_fail("keys", reply)
    assert browser.launch(platform).status == 302


@reported("lti-r03")
@pytest.mark.parametrize("count", [1500, 3500])
def test_a_keyset_of_thousands(platform: Platform, direct: Browser, count: int) -> None:
    other = key_pair("second").jwk
    many = [{**other, "kid": f"old-{number}"} for number in range(count)]
    platform.lms.keys.published = [*many, platform.key.jwk]
    assert [direct.launch(platform).status for _ in range(2)] == [302] * 2
    assert platform.lms.count == 1


def test_a_kid_belongs_to_its_platform(platform: Platform, other_platform: Platform) -> None:
    ours = found(platform, "first")
    rotate(other_platform, "second")
    assert found(other_platform, "second") != ours
    platform.lms.keys.publish(key_pair("first"))
    assert refusal(platform, "second") == Reason.KEY_UNKNOWN
