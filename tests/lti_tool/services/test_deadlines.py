"""What takes too long is ended from outside; what is over in time is left alone."""

from __future__ import annotations

import gc
import os
import threading
import time
import weakref

import pytest

from lti_tool.services import deadlines
from lti_tool.services.deadlines import cut_off


class Call:
    """Something that can be stopped."""

    def __init__(self) -> None:
        self.stopped = threading.Event()

    def stop(self) -> None:
        self.stopped.set()


def test_what_takes_too_long_is_stopped() -> None:
    call = Call()
    with cut_off(0.05, call.stop):
        assert call.stopped.wait(20)


def test_the_earlier_one_comes_first_whatever_was_begun_first() -> None:
    late, early = Call(), Call()
    with cut_off(60, late.stop), cut_off(0.05, early.stop):
        assert early.stopped.wait(20)
    assert not late.stopped.is_set()


def test_what_is_over_in_time_is_left_alone_and_not_held() -> None:
    call, control = Call(), Call()
    with cut_off(3.0, call.stop):
        pass
    with cut_off(3.1, control.stop):
        assert control.stopped.wait(20)
    assert not call.stopped.is_set()
    with cut_off(3600, call.stop):
        pass
    held = weakref.ref(call)
    del call
    gc.collect()
    assert held() is None


@pytest.mark.parametrize("problem", [OSError(), ValueError(), RuntimeError(), TypeError()])
def test_who_was_closed_in_that_moment_stops_nobody_else(problem: Exception) -> None:
    closed = Call()

    def stop() -> None:
        closed.stop()
        raise problem

    with cut_off(0.01, stop):
        assert closed.stopped.wait(20)
    call = Call()
    with cut_off(0.01, call.stop):
        assert call.stopped.wait(20)


def test_a_thread_that_could_not_be_started_is_started_with_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watch = deadlines._Watchdog()
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", _no_room)
        with pytest.raises(RuntimeError):
            watch.add(60, Call().stop)
    call = Call()
    watch.add(0.01, call.stop)
    assert call.stopped.wait(20)


def _no_room(_thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


@pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")
def test_a_fork_has_a_watch_of_its_own() -> None:
    with cut_off(0.01, Call().stop):
        time.sleep(0.05)
    child = os.fork()
    if not child:
        call = Call()
        with cut_off(0.01, call.stop):
            os._exit(0 if call.stopped.wait(20) else 1)
    assert os.waitpid(child, 0)[1] == 0
