"""Moments are read from SQLite as Django reads them."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db.backends.sqlite3.operations import DatabaseOperations as DjangosOperations

from lti_tool.db.sqlite3.operations import DatabaseOperations


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Europe/Berlin")])
@pytest.mark.parametrize(
    "value",
    [
        *("2026-12-01 09:05:07.000123", "2026-12-01 09:05:07", "2026-12-01T09:05:07.5"),
        *("2026-12-01 09:05:07+02:00", "2026-12-01 9:05:07", None),
        datetime(2026, 12, 1, 9, 5, tzinfo=UTC),
    ],
)
def test_moments_are_read_as_django_reads_them(value: Any, zone: Any) -> None:
    connection: Any = SimpleNamespace(timezone=zone)
    found = DatabaseOperations(connection).convert_datetimefield_value(value, None, connection)
    expected = DjangosOperations(connection).convert_datetimefield_value(value, None, connection)
    assert found == expected
    assert (found and found.utcoffset()) == (expected and expected.utcoffset())
