"""Times are those of the reader's own clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from lti_tool.models import User
from tests.cast import Cast
from tests.worksheets.html import Page
from tests.worksheets.sheets import RULES, hand_in, place
from worksheets.models import Assignment, Attempt


def tell(cast: Cast, zone: str) -> int:
    return cast.ruth.client.post(cast.ruth.url("time-zone"), {"zone": zone}).status_code


def test_the_next_pages_are_in_it(cast: Cast) -> None:
    assignment = place(cast, closes_at=datetime(2126, 1, 31, 14, 5, tzinfo=UTC))
    assert "14:05 (UTC)" in Page(cast.ruth.client.get(cast.ruth.url("class"))).text
    assert tell(cast, "Asia/Kolkata") == 204
    assert "19:35 (IST)" in Page(cast.ruth.client.get(cast.ruth.url("class"))).text
    url = cast.ruth.url("assign", number=assignment.edition_id)
    page = Page(cast.ruth.client.get(url))
    assert page.fields["closes_at"].value == "2126-01-31T19:35"
    assert "Times are in the time zone Asia/Kolkata." in page.text
    cast.ruth.client.post(url, {**RULES, "closes_at": "2126-01-31T20:00"})
    assert Assignment.objects.get().closes_at == datetime(2126, 1, 31, 14, 30, tzinfo=UTC)
    # Nobody else's.
    assert "14:30 (UTC)" in Page(cast.amina.client.get(cast.amina.url("home"))).text
    assert str(timezone.get_current_timezone()) == "UTC"


def test_a_part_of_a_page_is_in_the_zone_of_its_page(cast: Cast) -> None:
    """Which is the server's as long as the browser has told none: both stand on one page."""
    assignment = place(cast)
    hand_in(assignment, cast.amina, {})
    Attempt.objects.update(submitted_at=datetime(2026, 1, 31, 14, 5, tzinfo=UTC))
    page = Page(cast.ruth.client.get(cast.ruth.url("class")))
    assert "31 Jan, 14:05 (UTC)" in page.text
    assert """hx-headers='{"Page-Zone": "UTC"}'""" in page.html
    tell(cast, "Asia/Kolkata")

    def part(zone: str) -> str:
        asked = {"HX-Request": "true", "Page-Zone": zone}
        return Page(cast.ruth.client.post(cast.ruth.url("roster"), headers=asked)).text

    assert "31 Jan, 14:05 (UTC)" in part("UTC")
    for zone in ("Asia/Kolkata", "", "Middle/Earth", "x" * 5000):
        assert "31 Jan, 19:35" in part(zone)
        assert "(IST)" not in part(zone)
    page = Page(cast.ruth.client.get(cast.ruth.url("class"), headers={"Page-Zone": "UTC"}))
    assert "31 Jan, 19:35" in page.text
    assert """hx-headers='{"Page-Zone": "Asia/Kolkata"}'""" in page.html


@pytest.mark.parametrize("zone", ["", "Middle/Earth", "../etc/passwd", "x" * 9999, "UTC\0"])
def test_one_that_is_none_changes_nothing(cast: Cast, zone: str) -> None:
    assert tell(cast, zone) == 400
    assert User.objects.get(pk=cast.ruth.user.pk).time_zone == ""


def test_one_that_is_no_more_is_the_servers(cast: Cast) -> None:
    place(cast, closes_at=datetime(2126, 1, 31, 14, 5, tzinfo=UTC))
    User.objects.update(time_zone="Middle/Earth")
    assert "14:05 (UTC)" in Page(cast.ruth.client.get(cast.ruth.url("class"))).text


def test_times_are_read_as_the_page_showed_them(cast: Cast) -> None:
    """Also if a page was opened on another device since, in another zone."""
    assignment = place(cast, closes_at=datetime(2126, 1, 31, 14, 5, tzinfo=UTC))
    url = cast.ruth.url("assign", number=assignment.edition_id)
    page = Page(cast.ruth.client.get(url))
    tell(cast, "Asia/Kolkata")
    typed = {**RULES, **{name: page.fields[name].value for name in ("closes_at", "zone")}}
    cast.ruth.client.post(url, typed)
    assert Assignment.objects.get().closes_at == datetime(2126, 1, 31, 14, 5, tzinfo=UTC)
    cast.ruth.client.post(url, {**typed, "zone": "Middle/Earth"})
    assert Assignment.objects.get().closes_at == datetime(2126, 1, 31, 8, 35, tzinfo=UTC)
