"""A column is looked at once for all who wait; what failed for one has failed for them."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from lti_tool.grades.outbox import results_cache
from lti_tool.models import Delivery, LineItem, User
from lti_tool.services import ags
from lti_tool.services.ags import Result
from lti_tool.services.errors import DeliveryProblem, ServiceError


class Lms:
    """A column of one cell, which takes its time."""

    def __init__(self, failure: ServiceError | None = None) -> None:
        self.failure = failure
        self.reads = 0

    def get_access_token(self, _scopes: list[str]) -> str:
        return "token"

    def read(self, *_arguments: object) -> dict[str, Result]:
        self.reads += 1
        time.sleep(0.2)
        if self.failure:
            raise self.failure
        return {"101": Result("101", None, None)}


@pytest.fixture(autouse=True)
def _nothing_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results_cache, "_looks", {})


def look(lms: Any, monkeypatch: pytest.MonkeyPatch, sub: str = "101") -> Result | None:
    monkeypatch.setattr(ags, "read_results", lms.read)
    row = Delivery(line_item=LineItem(url="https://lms.example/1"), user=User(sub=sub))
    return results_cache.read_cell(lms, row)


def all_at_once(lms: Lms, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What each of four threads finds or is told."""
    found: list[object] = []
    # So the look that one of them takes is not over before the last has begun.
    start = threading.Barrier(4)

    def one() -> None:
        start.wait(20)
        try:
            found.append(look(lms, monkeypatch))
        except ServiceError as error:
            found.append(error)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_one_look_serves_all(monkeypatch: pytest.MonkeyPatch) -> None:
    lms = Lms()
    assert all_at_once(lms, monkeypatch) == [Result("101", None, None)] * 4
    assert look(lms, monkeypatch, "somebody else") is None
    assert lms.reads == 1


def test_a_look_grows_old(monkeypatch: pytest.MonkeyPatch) -> None:
    lms = Lms()
    look(lms, monkeypatch)
    monkeypatch.setattr(results_cache, "SECONDS", 0.0)
    look(lms, monkeypatch)
    assert lms.reads == 2


def test_a_platform_that_hangs_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = ServiceError(DeliveryProblem.UNREACHABLE, permanent=False)
    lms = Lms(gone)
    assert all_at_once(lms, monkeypatch) == [gone] * 4
    assert lms.reads == 1
    lms.failure = None
    assert look(lms, monkeypatch) is not None  # and it is asked again by the next


def test_what_failed_is_asked_again_by_each_who_comes_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lms = Lms(ServiceError(DeliveryProblem.COLUMN_GONE, permanent=True))
    for _again in range(3):
        with pytest.raises(ServiceError):
            look(lms, monkeypatch)
    assert lms.reads == 3
