"""Calls to other hosts are bounded in time and size, and go nowhere else."""

from __future__ import annotations

import gzip
from concurrent.futures import ThreadPoolExecutor

import pytest

from lti_tool import __version__
from lti_tool.services import http
from lti_tool.services.errors import DeliveryProblem, ServiceError
from tests.platform.fake import FakePlatform
from tests.platform.server import Fault


def failure(url: str) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        http.call("GET", url)
    assert not caught.value.permanent
    return caught.value


def test_an_answer_is_read_whole_whatever_its_status(fake_platform: FakePlatform) -> None:
    fake_platform.fail("/x", Fault(418, b"short and stout", {"X-Kind": "Teapot"}))
    answer = http.call("GET", f"{fake_platform.url}/x")
    assert (answer.status, answer.body) == (418, b"short and stout")
    assert answer.headers["x-kind"] == "Teapot"


def test_we_say_who_we_are(fake_platform: FakePlatform) -> None:
    http.call("GET", f"{fake_platform.url}/x")
    assert fake_platform.asked[0].headers["user-agent"] == f"lti-worksheets/{__version__}"


def test_a_redirect_is_an_answer_and_not_a_way(fake_platform: FakePlatform) -> None:
    fake_platform.fail("/x", Fault(302, headers={"Location": f"{fake_platform.url}/elsewhere"}))
    answer = http.call("GET", f"{fake_platform.url}/x")
    assert answer.status == 302
    assert [asked.target for asked in fake_platform.asked] == ["/x"]


def test_no_cookie_ties_one_call_to_the_next(fake_platform: FakePlatform) -> None:
    fake_platform.fail("/x", Fault(headers={"Set-Cookie": "session=1; Path=/"}))
    http.call("GET", f"{fake_platform.url}/x")
    http.call("GET", f"{fake_platform.url}/y")
    assert "cookie" not in fake_platform.asked[1].headers


def test_a_silent_host_is_given_up(
    fake_platform: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "READ_SECONDS", 0.1)
    fake_platform.fail("/x", Fault(hang=True))
    assert failure(f"{fake_platform.url}/x").problem == DeliveryProblem.UNREACHABLE


def test_a_host_that_sends_a_byte_now_and_then_is_given_up(
    fake_platform: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "BODY_SECONDS", 0.3)
    fake_platform.fail("/x", Fault(drip=True))
    assert failure(f"{fake_platform.url}/x").problem == DeliveryProblem.ANSWER_UNREADABLE


@pytest.mark.parametrize(
    "fault", [Fault(reset=True), Fault(200, b"half of", truncated=True)], ids=["reset", "cut"]
)
def test_an_answer_that_breaks_off_is_none(fake_platform: FakePlatform, fault: Fault) -> None:
    fake_platform.fail("/x", fault)
    assert failure(f"{fake_platform.url}/x").problem == DeliveryProblem.UNREACHABLE


@pytest.mark.parametrize(("extra", "fits"), [(0, True), (1, False)])
def test_size_is_bounded(fake_platform: FakePlatform, extra: int, fits: bool) -> None:
    fake_platform.fail("/x", Fault(200, b"x" * (http.MAX_BYTES + extra)))
    if fits:
        assert len(http.call("GET", f"{fake_platform.url}/x").body) == http.MAX_BYTES
    else:
        assert failure(f"{fake_platform.url}/x").problem == DeliveryProblem.ANSWER_UNREADABLE


def test_size_is_that_of_the_unpacked_answer(fake_platform: FakePlatform) -> None:
    bomb = gzip.compress(b"\0" * (http.MAX_BYTES * 20))
    assert len(bomb) < http.MAX_BYTES
    fake_platform.fail("/x", Fault(200, bomb, {"Content-Encoding": "gzip"}))
    assert failure(f"{fake_platform.url}/x").problem == DeliveryProblem.ANSWER_UNREADABLE


def test_a_packed_answer_is_unpacked(fake_platform: FakePlatform) -> None:
    fake_platform.fail("/x", Fault(200, gzip.compress(b"[1]"), {"Content-Encoding": "gzip"}))
    assert http.call("GET", f"{fake_platform.url}/x").json() == [1]


def test_an_answer_that_is_packed_wrongly_is_none(fake_platform: FakePlatform) -> None:
    fake_platform.fail("/x", Fault(200, b"no gzip", {"Content-Encoding": "gzip"}))
    assert failure(f"{fake_platform.url}/x").problem == DeliveryProblem.UNREACHABLE


@pytest.mark.parametrize(
    "address",
    ["http://[::1", "http://[bad]/", "http://", "ftp://127.0.0.1/", "nothing", "", "http://a..b/"],
)
def test_an_impossible_address_is_unreachable(address: str) -> None:
    assert failure(address).problem == DeliveryProblem.UNREACHABLE


def test_the_query_of_an_address_is_not_told(fake_platform: FakePlatform) -> None:
    fake_platform.fail("/x", Fault(reset=True))
    assert "secret" not in failure(f"{fake_platform.url}/x?token=secret").detail


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b"\xff\xfe\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_is_unreadable(body: bytes) -> None:
    with pytest.raises(ServiceError) as caught:
        http.HttpReply(200, {}, body).json()
    assert caught.value.problem == DeliveryProblem.ANSWER_UNREADABLE
    assert not caught.value.permanent


def test_connections_are_kept_for_the_next_call_of_any_thread(fake_platform: FakePlatform) -> None:
    http.call("GET", f"{fake_platform.url}/x")
    with ThreadPoolExecutor(1) as other:
        other.submit(http.call, "POST", f"{fake_platform.url}/y", data="z").result()
    http.call("GET", f"{fake_platform.url}/z")
    assert len({asked.peer for asked in fake_platform.asked}) == 1


def test_a_kept_connection_that_was_closed_there_is_made_anew(fake_platform: FakePlatform) -> None:
    fake_platform.fail("/x", Fault(headers={"Connection": "close"}), Fault())
    for _ in range(2):
        assert http.call("GET", f"{fake_platform.url}/x").status == 200
    assert len({asked.peer for asked in fake_platform.asked}) == 2


def test_a_form_and_a_body_arrive_as_they_are(fake_platform: FakePlatform) -> None:
    http.call("POST", f"{fake_platform.url}/x", data={"scope": "a b", "who": "ü&="})
    http.call(
        "POST", f"{fake_platform.url}/y", data='{"é": 1}', headers={"Content-Type": "text/json"}
    )
    form, body = fake_platform.asked
    assert form.form == {"scope": "a b", "who": "ü&="}
    assert form.headers["content-type"] == "application/x-www-form-urlencoded"
    assert body.json == {"é": 1}
    assert body.headers["content-type"] == "text/json"


def test_a_header_in_several_lines_is_one(fake_platform: FakePlatform) -> None:
    lines = {"Link": '<https://a.example/2>; rel="next"', "link": '<https://b.example>; rel="x"'}
    fake_platform.fail("/x", Fault(headers=lines))
    told = http.call("GET", f"{fake_platform.url}/x").headers["link"]
    assert told == ", ".join(lines.values())


def test_a_name_in_the_address_is_not_told(fake_platform: FakePlatform) -> None:
    """It would take the place of our token."""
    address = fake_platform.url.replace("//", "//someone:secret@")
    http.call("GET", f"{address}/x", headers={"Authorization": "Bearer t"})
    assert fake_platform.asked[0].headers["authorization"] == "Bearer t"
    assert "someone" not in str(fake_platform.asked[0].headers)


def test_a_header_that_is_none_reaches_nobody(fake_platform: FakePlatform) -> None:
    with pytest.raises(ServiceError):
        http.call("GET", f"{fake_platform.url}/x", headers={"Authorization": "Bearer a\r\nX-B: c"})
    assert not fake_platform.asked
