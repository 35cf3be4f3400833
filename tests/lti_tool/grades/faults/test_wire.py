"""What goes wrong between us and a platform; each time the score arrives in the end."""

from __future__ import annotations

import ssl
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from lti_tool.models import Delivery, LineItem
from lti_tool.services import http
from lti_tool.services.errors import DeliveryProblem
from tests.cast import Cast
from tests.lti_tool.clock import Clock
from tests.lti_tool.delivering import deliver_due
from tests.lti_tool.grades.faults.scores import AMINA, report, row_of
from tests.platform.fake import FakePlatform
from tests.platform.server import Fault
from tests.servers.certificates import self_signed

MEGABYTE = 1024 * 1024


@contextmanager
def column_at(cast: Cast, url: str) -> Iterator[None]:
    """The column is elsewhere for a while."""
    columns = LineItem.objects.filter(link=cast.course.link)
    here = columns.values_list("url", flat=True).get()
    columns.update(url=url)
    yield
    columns.update(url=here)


def then_it_arrives(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    clock.go_on(60)
    assert deliver_due() == 1
    assert lms.gradebook.cell(AMINA).given == 6
    assert row_of(cast.amina).state == Delivery.State.DELIVERED


# --- no connection ---


def test_a_name_that_nobody_knows(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    report(cast, cast.amina)
    with column_at(cast, "https://gradebook.invalid/1/lineitem?type_id=1"):
        deliver_due()
    row = row_of(cast.amina)
    assert (row.state, row.problem) == (Delivery.State.DUE, DeliveryProblem.UNREACHABLE)
    then_it_arrives(cast, lms, clock)


class _Listening(HTTPServer):
    def handle_error(self, *_arguments: object) -> None:
        """A caller that hangs up is what the test is about."""


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def stranger(tmp_path: Path, heard: list[str]) -> Iterator[str]:
    """A server whose certificate is its own word: TLS, which a FakePlatform does not speak."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.path)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    with _Listening(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"https://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_certificate_that_nobody_vouches_for(
    cast: Cast, lms: FakePlatform, clock: Clock, stranger: str, heard: list[str]
) -> None:
    report(cast, cast.amina)
    with column_at(cast, f"{stranger}/1/lineitem"):
        deliver_due()
    row = row_of(cast.amina)
    assert (row.state, row.problem) == (Delivery.State.DUE, DeliveryProblem.UNREACHABLE)
    assert row.detail.startswith("SSLError")
    assert heard == []  # neither token nor mark was told to a stranger
    then_it_arrives(cast, lms, clock)


# --- silence ---


@pytest.mark.parametrize("endpoint", ["token", "find", "make", "results", "scores"])
def test_silence_at_any_address_is_given_up(
    cast: Cast,
    lms: FakePlatform,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    endpoint: str,
) -> None:
    if endpoint in {"find", "make"}:
        LineItem.objects.filter(link=cast.course.link).update(url="")
    if endpoint == "results":
        report(cast, cast.amina, "5")
        deliver_due()
        clock.go_on(5)
    # Enough, on a busy machine too, for the healthy addresses that are asked before.
    monkeypatch.setattr(http, "READ_SECONDS", 1.0)
    lms.fail(endpoint, Fault(hang=True))
    report(cast, cast.amina)
    deliver_due()
    assert row_of(cast.amina).problem == DeliveryProblem.UNREACHABLE
    monkeypatch.undo()
    monkeypatch.setattr("django.utils.timezone.now", clock)
    monkeypatch.setattr("lti_tool.adapter.tokens.FAILURE_SECONDS", 0.0)
    then_it_arrives(cast, lms, clock)


def test_half_a_minute_is_longer_than_we_wait() -> None:
    assert http.CONNECT_SECONDS + http.READ_SECONDS < 30
    assert http.BODY_SECONDS < 30


# --- answers that are none ---


@pytest.mark.parametrize(
    ("endpoint", "body"),
    [
        ("token", b'{"access_token": "abc'),
        ("results", b'[{"userId": "101", "resultSc'),
        ("find", b'[{"id": "http'),
    ],
)
def test_json_that_breaks_off(
    cast: Cast,
    lms: FakePlatform,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    endpoint: str,
    body: bytes,
) -> None:
    monkeypatch.setattr("lti_tool.adapter.tokens.FAILURE_SECONDS", 0.0)
    if endpoint in {"find", "make"}:
        LineItem.objects.filter(link=cast.course.link).update(url="")
    if endpoint == "results":
        report(cast, cast.amina, "5")
        deliver_due()
        clock.go_on(5)
    lms.fail(endpoint, Fault(200, body))
    report(cast, cast.amina)
    deliver_due()
    row = row_of(cast.amina)
    assert (row.state, row.problem) == (Delivery.State.DUE, DeliveryProblem.ANSWER_UNREADABLE)
    then_it_arrives(cast, lms, clock)


class _Endless(BaseHTTPRequestHandler):
    """Counts what the other side takes of a hundred megabytes.

    A FakePlatform would hold them in memory, and memory is what the test measures.
    """

    taken = 0

    def do_GET(self) -> None:
        self.send_response(403)  # nobody may look; then the score goes without
        self.end_headers()

    def do_POST(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(100 * MEGABYTE))
        self.end_headers()
        for _ in range(100):
            try:
                self.wfile.write(b" " * MEGABYTE)
            except OSError:
                return
            type(self).taken += MEGABYTE

    def log_message(self, *_arguments: object) -> None:
        pass


def test_a_hundred_megabytes_are_not_taken(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    report(cast, cast.amina)
    with _Listening(("127.0.0.1", 0), _Endless) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        tracemalloc.start()
        with column_at(cast, f"http://127.0.0.1:{server.server_address[1]}/1/lineitem"):
            deliver_due()
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        server.shutdown()
        thread.join()
    assert row_of(cast.amina).problem == DeliveryProblem.ANSWER_UNREADABLE
    assert _Endless.taken < 20 * MEGABYTE  # what lay in the sockets' buffers included
    assert most < 20 * MEGABYTE
    then_it_arrives(cast, lms, clock)


# --- refusals ---


@pytest.mark.parametrize(
    ("status", "headers", "body", "least"),
    [
        (429, {"Retry-After": "90"}, b"", 90),
        (429, {"Retry-After": "in-90-seconds"}, b"", 90),
        (403, {"Retry-After": "90"}, b"403 Forbidden (Rate Limit Exceeded)", 90),
        (403, {"X-Rate-Limit-Remaining": "0.0"}, b"", 1),
        (503, {"Retry-After": "in-90-seconds"}, b"", 90),
    ],
)
def test_throttling_is_heeded(
    cast: Cast,
    lms: FakePlatform,
    clock: Clock,
    status: int,
    headers: dict[str, str],
    body: bytes,
    least: float,
) -> None:
    if headers.get("Retry-After", "").startswith("in"):
        moment = (clock.time + timedelta(seconds=90)).replace(microsecond=0)
        headers = {"Retry-After": format_datetime(moment, usegmt=True)}
    report(cast, cast.amina)
    lms.fail("scores", Fault(status, body, headers))
    deliver_due()
    row = row_of(cast.amina)
    assert row.problem == (DeliveryProblem.SERVER_ERROR if status == 503 else DeliveryProblem.BUSY)
    assert least <= (row.next_try_at - clock.time).total_seconds() <= least + 1
    clock.go_on(least - 0.5)
    assert deliver_due() == 0
    then_it_arrives(cast, lms, clock)


def test_a_token_that_expired_on_its_way(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    """The first answer is 401; the second call carries a new token, in the same try."""
    report(cast, cast.amina)
    lms.fail("scores", Fault(401, b'{"error": "invalid_token"}'))
    assert deliver_due() == 1
    assert lms.gradebook.cell(AMINA).given == 6
    first, second = (asked.headers["authorization"] for asked in lms.asked_for("scores"))
    assert first != second
    assert len(lms.asked_for("token")) == 2
    assert row_of(cast.amina).tries == 0


def test_a_platform_that_refuses_every_token_is_not_asked_without_end(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    report(cast, cast.amina)
    lms.always_fail("scores", Fault(401))
    deliver_due()
    assert len(lms.asked_for("scores")) == 2
    row = row_of(cast.amina)
    assert (row.state, row.problem) == (Delivery.State.DUE, DeliveryProblem.TOKEN_REFUSED)
    lms.mend()
    then_it_arrives(cast, lms, clock)


# --- a yes that did not reach us ---


@pytest.mark.parametrize(
    "fault",
    [
        Fault(reset=True, late=True),
        Fault(200, b"{", truncated=True, late=True),
        Fault(500, late=True),
        Fault(200, b"<html>Please sign in</html>", late=True),
    ],
    ids=["reset", "cut", "500", "page"],
)
@pytest.mark.parametrize(
    ("before", "lost", "last"), [("", "6", "6"), ("", "6", "7"), ("5", "6", "7"), ("7", "6", "6")]
)
def test_an_answer_that_was_lost_is_no_change_in_the_lms(
    cast: Cast,
    lms: FakePlatform,
    clock: Clock,
    fault: Fault,
    before: str,
    lost: str,
    last: str,
) -> None:
    """Whether the mark stays or is changed meanwhile, and whatever was there before."""
    if before:
        report(cast, cast.amina, before)
        deliver_due()
        clock.go_on(5)
    lms.fail("scores", fault)
    report(cast, cast.amina, lost)
    deliver_due()
    assert lms.gradebook.cell(AMINA).given == float(lost)
    assert row_of(cast.amina).state == Delivery.State.DUE
    clock.go_on(60)
    if last != lost:
        report(cast, cast.amina, last)
    assert deliver_due() == 1
    row = row_of(cast.amina)
    assert (row.state, row.problem) == (Delivery.State.DELIVERED, "")
    assert lms.gradebook.cell(AMINA).given == float(last)
