"""A process that is asked to end does so, and gives back what it had leased."""

from __future__ import annotations

import signal
import subprocess

import pytest

from tests.lti_tool.grades.outbox.test_kills import Place, place, server
from tests.platform.fake import FakePlatform
from tests.platform.server import Fault
from tests.servers.programs import free_port

__all__ = ["place", "server"]

LEASES = "SELECT state, leased_by, leased_until FROM lti_tool_delivery"


def command(what: str) -> list[str]:
    if what == "command":
        return ["manage.py", "deliver_scores"]
    port = ["--bind", f"127.0.0.1:{free_port()}", "--no-control-socket"]
    return ["-m", "gunicorn", "lti_tool.wsgi", "--workers", "2", "--threads", "2", *port]


def end(process: subprocess.Popen[str], by: signal.Signals = signal.SIGTERM) -> None:
    """Ask it to end, which it does by itself."""
    process.send_signal(by)
    process.communicate(timeout=60)


@pytest.mark.parametrize("what", ["command", "gunicorn"])
def test_what_hangs_is_given_back(place: Place, server: FakePlatform, what: str) -> None:
    place.submit("after-commit", server)
    server.always_fail("scores", Fault(hang=True))
    with place.start(*command(what)) as process:
        assert server.wait_for("scores")
        end(process)
    assert place.ask(LEASES) == [("due", "", None)]


@pytest.mark.parametrize("what", ["command", "gunicorn"])
def test_with_nothing_to_do_it_ends_at_once(place: Place, server: FakePlatform, what: str) -> None:
    place.submit("after-commit", server)
    with place.start(*command(what)) as process:
        assert server.wait_for("scores")
        end(process)
    assert [row[0] for row in place.ask(LEASES)] == ["delivered"]


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT], ids=lambda by: by.name)
def test_an_answer_that_comes_in_time_is_written_down(
    place: Place, server: FakePlatform, by: signal.Signals
) -> None:
    place.submit("after-commit", server)
    server.fail("scores", Fault(slow=0.5))
    with place.start(*command("command")) as process:
        assert server.wait_for("scores")
        end(process, by)
        assert process.returncode == 0
    assert [row[0] for row in place.ask(LEASES)] == ["delivered"]
