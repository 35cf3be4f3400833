"""Places for calls that a person waits for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from pytest_django import Settings

from lti_tool.server.places import Places
from lti_tool.services.bulkhead import NoPlace, place_for


@pytest.fixture
def held() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.mark.parametrize(
    ("threads", "for_one", "in_all"), [(1, 1, 1), (4, 1, 1), (8, 1, 2), (16, 2, 4), (64, 2, 16)]
)
def test_a_quarter_of_the_threads_and_few_of_them_for_one(
    settings: Settings, held: ExitStack, threads: int, for_one: int, in_all: int
) -> None:
    settings.LTI_WEB_THREADS = threads
    for number in range(in_all):
        platform = f"platform {number // for_one}"
        held.enter_context(place_for(platform))
        if (number + 1) % for_one == 0:
            with pytest.raises(NoPlace) as same, place_for(platform):
                pass
            assert same.value.is_for_same
    with pytest.raises(NoPlace) as other, place_for("another"):
        pass
    assert not other.value.is_for_same


def test_a_place_is_free_again_whatever_happened(settings: Settings) -> None:
    settings.LTI_WEB_THREADS = 4
    with pytest.raises(ZeroDivisionError), place_for("one"):
        _ = 1 / 0
    with place_for("one"):
        pass


def test_whoever_was_refused_is_not_remembered() -> None:
    places = Places()
    with places.hold("one", for_one=1, in_all=1):
        for number in range(3):
            with pytest.raises(NoPlace), places.hold(f"other {number}", for_one=1, in_all=1):
                pass
        assert list(places._taken) == ["one"]
    assert not places._taken
