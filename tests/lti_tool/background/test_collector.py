"""The collector of garbage is held back by as many as need it, and works again afterwards."""

from __future__ import annotations

import gc

import pytest

from lti_tool.background.collector import collector_held


def test_it_is_held_until_the_last_has_ended() -> None:
    assert gc.isenabled()
    first, second = collector_held(), collector_held()
    first.__enter__()
    second.__enter__()
    assert not gc.isenabled()
    first.__exit__(None, None, None)  # threads end in any order
    assert not gc.isenabled()
    second.__exit__(None, None, None)
    assert gc.isenabled()


def test_it_works_again_after_an_error() -> None:
    with pytest.raises(LookupError), collector_held():
        raise LookupError
    assert gc.isenabled()


def test_where_it_is_off_it_stays_off() -> None:
    gc.disable()
    try:
        with collector_held():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
