"""``make quick``: the tests that need nothing beside their own process.

``pytest -p tests.quick`` leaves out what asks for the database and what is marked ``slow`` or
``browser``, and skips a test as soon as it starts a process or opens a connection. So a new test
belongs to it, or not, by itself; only one that computes for long has to be marked.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from socket import AF_INET, AF_INET6

import pytest
from hypothesis import settings

settings.register_profile("quick", deadline=None, derandomize=True, max_examples=20)

# Nothing of these would be left: they are not even imported.
FOLDERS = (
    "benchmarks",
    "certification",
    "delivery",
    "journeys",
    "packaging",
    "servers",
    "worksheets/static",
)
MARKERS = ("browser", "slow", "django_db")
DATABASE = {"db", "transactional_db", "live_server"}
BEYOND = {
    "subprocess.Popen": "starts a process",
    "os.fork": "starts a process",
    "os.posix_spawn": "starts a process",
    "socket.connect": "opens a connection",
    "socket.bind": "opens a port",
}


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out whole folders; None lets others decide."""
    here = Path(__file__).parent
    return True if collection_path in [here / folder for folder in FOLDERS] else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    quick = [item for item in items if _is_quick(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(quick)])
    items[:] = quick


def _is_quick(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return DATABASE.isdisjoint(fixtures) and not any(map(item.get_closest_marker, MARKERS))


_is_running = False


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Iterator[None]:
    global _is_running  # noqa: PLW0603
    _is_running = True
    try:
        return (yield)
    finally:
        _is_running = False


def _stay_inside(event: str, arguments: tuple[object, ...]) -> None:
    if not _is_running:
        return
    if event in BEYOND:
        pytest.skip(BEYOND[event])
    # Before there is a socket: one that is skipped at 'bind' is never closed, which is a warning.
    if event == "socket.__new__" and arguments[1] in {AF_INET, AF_INET6}:
        pytest.skip("opens a connection or a port")


sys.addaudithook(_stay_inside)
