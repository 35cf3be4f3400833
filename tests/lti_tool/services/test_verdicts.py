"""What answers mean, and whether trying again helps."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pytest_django import Settings

from lti_tool.services.errors import DeliveryProblem, ServiceError
from lti_tool.services.http import HttpReply
from lti_tool.services.verdicts import VERDICTS, check, http_date, retry_after

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def refusal(answer: HttpReply) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        check(answer)
    return caught.value


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_yes_is_a_yes(status: int) -> None:
    check(HttpReply(status, {}, b""))


@pytest.mark.parametrize(
    "page", [b"<!DOCTYPE html><html>", b"\r\n <!doctype HTML>", b"<html lang='en'>Sign in"]
)
def test_a_web_page_is_no_yes(page: bytes) -> None:
    found = refusal(HttpReply(200, {}, page))
    assert (found.problem, found.permanent) == (DeliveryProblem.ANSWER_UNREADABLE, False)


@pytest.mark.parametrize("body", [b"", b"OK", b"{}", b"<br />\n<b>Warning</b>: odd PHP"])
def test_what_is_in_a_yes_does_not_matter(body: bytes) -> None:
    check(HttpReply(200, {"content-type": "text/html"}, body))


EXPECTED = {
    301: (DeliveryProblem.ANSWER_UNREADABLE, False),
    302: (DeliveryProblem.ANSWER_UNREADABLE, False),
    400: (DeliveryProblem.NOT_ACCEPTED, True),
    401: (DeliveryProblem.TOKEN_REFUSED, False),
    403: (DeliveryProblem.NOT_ALLOWED, False),
    404: (DeliveryProblem.COLUMN_GONE, True),
    408: (DeliveryProblem.BUSY, False),
    409: (DeliveryProblem.NEWER_IN_LMS, True),
    410: (DeliveryProblem.COLUMN_GONE, True),
    412: (DeliveryProblem.COLUMN_GONE, True),
    413: (DeliveryProblem.NOT_ACCEPTED, True),
    418: (DeliveryProblem.NOT_ACCEPTED, True),
    421: (DeliveryProblem.SERVER_ERROR, False),
    422: (DeliveryProblem.NOT_ACCEPTED, True),
    425: (DeliveryProblem.BUSY, False),
    429: (DeliveryProblem.BUSY, False),
    451: (DeliveryProblem.NOT_ACCEPTED, True),
    500: (DeliveryProblem.SERVER_ERROR, False),
    502: (DeliveryProblem.SERVER_ERROR, False),
    503: (DeliveryProblem.SERVER_ERROR, False),
    599: (DeliveryProblem.SERVER_ERROR, False),
}


@pytest.mark.parametrize("status", sorted({*VERDICTS, *EXPECTED}))
def test_what_a_no_means(status: int) -> None:
    found = refusal(HttpReply(status, {}, b""))
    assert found.status == status
    assert (found.problem, found.permanent) == EXPECTED[status]


@pytest.mark.parametrize(
    ("status", "message", "problem"),
    [
        (422, "User not found in course or is not a student", DeliveryProblem.NOT_ACCEPTED),
        (422, "This assignment is still unpublished", DeliveryProblem.UNPUBLISHED),
        (422, "This course has concluded.", DeliveryProblem.COURSE_OVER),
        (
            401,
            "Access Token not linked to a Tool associated with this Context",
            DeliveryProblem.TOOL_REMOVED,
        ),
    ],
)
def test_canvas_tells_refusals_apart_by_words(
    status: int, message: str, problem: DeliveryProblem
) -> None:
    body = json.dumps({"errors": {"type": "error", "message": message}}).encode()
    found = refusal(HttpReply(status, {}, body))
    assert (found.problem, found.permanent) == (problem, True)
    # A page of the server itself that happens to have the words is no refusal.
    assert refusal(HttpReply(500, {}, body)).problem == DeliveryProblem.SERVER_ERROR


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"x-rate-limit-remaining": "0.0"}, b""),
        ({"x-rate-limit-remaining": "0.4"}, b"{}"),
        ({}, b"403 Forbidden (Rate Limit Exceeded)"),
        ({"x-rate-limit-remaining": "much"}, b"rate limit exceeded"),
    ],
)
def test_a_throttled_403_passes(headers: dict[str, str], body: bytes) -> None:
    found = refusal(HttpReply(403, headers, body))
    assert (found.problem, found.permanent) == (DeliveryProblem.BUSY, False)


@pytest.mark.parametrize("remaining", ["600", "1.5", "much", ""])
def test_another_403_is_about_permission(remaining: str) -> None:
    found = refusal(HttpReply(403, {"x-rate-limit-remaining": remaining}, b""))
    assert found.problem == DeliveryProblem.NOT_ALLOWED


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("999999999", 24 * 3600),
        ("", None),
        ("-5", None),
        ("1e9", None),
        ("²", None),
        ("soon", None),
        ("9" * 40, None),
    ],
)
def test_how_long_a_platform_asks_to_wait(said: str, seconds: float | None) -> None:
    assert retry_after(HttpReply(429, {"retry-after": said}, b"")) == seconds


@pytest.mark.parametrize(
    ("ahead", "seconds"), [(90, 90), (-90, 0), (0, 0), (10 * 24 * 3600, 24 * 3600)]
)
def test_a_date_is_measured_by_the_platforms_own_clock(ahead: float, seconds: float) -> None:
    until = format_datetime(NOON + timedelta(seconds=ahead), usegmt=True)
    headers = {"retry-after": until, "date": format_datetime(NOON, usegmt=True)}
    assert retry_after(HttpReply(503, headers, b"")) == seconds


@pytest.mark.parametrize("zone", ["GMT", "-0000", "", "+0000"])
def test_a_date_without_a_zone_is_utc(settings: Settings, zone: str) -> None:
    settings.TIME_ZONE = "Europe/Berlin"  # of the process too
    assert http_date(f"Mon, 02 Nov 2026 12:00:00 {zone}".strip()) == NOON.timestamp()


def test_a_date_without_the_platforms_clock_is_measured_by_ours() -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    found = refusal(HttpReply(429, {"retry-after": until}, b"")).retry_after
    assert found is not None
    assert 3000 < found <= 3600
