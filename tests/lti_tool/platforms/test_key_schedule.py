"""When key pairs sign and end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lti_tool.platforms.key_schedule import KeySchedule

DAY = timedelta(days=1)
NOW = datetime(2026, 9, 1, tzinfo=UTC)
PLAN = KeySchedule(lifetime=180 * DAY, overlap=2 * DAY)


def ago(*days: float) -> list[datetime]:
    return [NOW - day * DAY for day in days]


@pytest.mark.parametrize(
    ("made", "due"), [([], True), ([0], False), ([179.9], False), ([180], True), ([1, 400], False)]
)
def test_the_next_one_is_made_in_time(made: list[float], due: bool) -> None:
    assert PLAN.is_due(ago(*made), NOW) == due


def test_without_a_lifetime_only_the_first_is_made_by_itself() -> None:
    plan = KeySchedule(lifetime=None, overlap=2 * DAY)
    assert plan.is_due([], NOW)
    assert not plan.is_due(ago(4000), NOW)


@pytest.mark.parametrize(
    ("made", "signing"),
    [
        ([0], 0),  # the first of all has nobody to wait for
        ([1, 180], 1),  # the new one waits until platforms have read it
        ([2, 182], 0),
        ([1, 1.5], 1),  # none was published for long: the older is known better
        ([0, 3, 180], 1),
    ],
)
def test_a_key_is_published_before_it_signs(made: list[float], signing: int) -> None:
    assert PLAN.signing(ago(*made), NOW) == signing


@pytest.mark.parametrize(("days", "over"), [(0, False), (2, False), (3.9, False), (4, True)])
def test_a_key_is_published_for_a_while_after_it_signed_last(days: float, over: bool) -> None:
    """Two days until its successor signs, and two more."""
    assert PLAN.has_expired(NOW - days * DAY, NOW) == over
