"""Fixtures that every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from lti_tool.adapter import tokens
from lti_tool.grades.outbox import platform_queues
from lti_tool.launches import log as launch_log
from lti_tool.models import LineItem
from lti_tool.platforms import tool_keys
from lti_tool.protocol.vocabulary import Scope
from tests import properties
from tests.cast import Cast, assemble
from tests.chromium import chromium, playwright, real_browser  # noqa: F401
from tests.lti_tool.clock import Clock
from tests.platform.fake import FakePlatform
from tests.scheduling import (  # noqa: F401
    pytest_collection_finish,
    pytest_collection_modifyitems,
    pytest_xdist_make_scheduler,
)
from tests.servers.migrated import migrated, migrated_template, migrated_url  # noqa: F401
from tests.servers.postgres import postgres, postgres_url  # noqa: F401
from tests.servers.redis import _redis, redis, redis_url  # noqa: F401

properties.register_profiles()
properties.draw_alike()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """SQLite's database is a file, as it is for whoever installs the tool.

    Threads that share one in memory are refused at once where a file's wait for each other.
    """
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "lti_tool.db.sqlite3":
        file = tmp_path_factory.mktemp("database") / "worksheets.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(file)


@pytest.fixture
def cast(db: None) -> Cast:
    """Ruth, Amina, Ben, Otis and Zara; see tests.cast."""
    return assemble()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """What the tool, and a platform of these tests, take for the time."""
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture
def fake_platform() -> Iterator[FakePlatform]:
    """An LMS that no course lives at yet."""
    with FakePlatform() as server:
        yield server


@pytest.fixture
def lms(fake_platform: FakePlatform, cast: Cast, clock: Clock) -> FakePlatform:
    """The LMS of Ruth's course, with a clock that tests move."""
    fake_platform.connect(cast.course)
    return fake_platform


@pytest.fixture
def readable(
    fake_platform: FakePlatform,
    cast: Cast,
    clock: Clock,
) -> FakePlatform:
    """The same, and we may read what it holds."""
    scopes = [Scope.LINE_ITEM, Scope.SCORE, Scope.RESULT_READONLY]
    LineItem.objects.filter(link=cast.course.link).update(scopes=scopes)
    fake_platform.connect(cast.course)
    return fake_platform


@pytest.fixture(autouse=True)
def _keys_are_forgotten() -> None:
    """A process relies on the key that it signed with last; a test's database has others."""
    tool_keys.clear_cache()


@pytest.fixture(autouse=True)
def _platforms_are_forgotten() -> None:
    """So it is with the tokens that it holds, and with how often a platform failed."""
    tokens._cache.clear()
    platform_queues._failures_in_a_row.clear()


@pytest.fixture(autouse=True)
def _refusals_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process notes so many a minute: those of other tests must not use that up."""
    monkeypatch.setattr(launch_log, "_limiter", launch_log._Limiter())
