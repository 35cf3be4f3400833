"""A deliverer that the machine stopped for longer than its lease finds others in its place."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from lti_tool.grades import outbox
from lti_tool.grades.outbox import Leased
from lti_tool.models import LineItem
from lti_tool.services import ags
from lti_tool.services.errors import DeliveryProblem, ServiceError
from tests.cast import Cast
from tests.lti_tool.clock import Clock
from tests.lti_tool.delivering import deliver_due
from tests.lti_tool.grades.faults.scores import AMINA, report
from tests.platform.fake import FakePlatform
from tests.platform.server import Fault

STOPPED = 0.6


def leased_for(seconds: float) -> Leased:
    (leased,) = outbox.lease(1)
    return replace(leased, ends=time.monotonic() + seconds)


def is_too_late(leased: Leased) -> bool:
    outcome = outbox.send(leased).failure
    assert isinstance(outcome, ServiceError)
    return (outcome.problem, outcome.status) == (DeliveryProblem.BUSY, None)


def test_who_was_stopped_makes_no_second_column(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    """Between seeing that there is none and making it, somebody else may have made it."""
    LineItem.objects.filter(link=cast.course.link).update(url="")
    report(cast, cast.amina)
    lms.fail("find", Fault(slow=STOPPED))
    assert is_too_late(leased_for(STOPPED / 2))
    assert lms.gradebook.columns == []


@pytest.mark.parametrize("endpoint", ["token", "results"])
def test_who_was_stopped_sends_nothing_late(
    cast: Cast, lms: FakePlatform, clock: Clock, endpoint: str
) -> None:
    if endpoint == "results":
        report(cast, cast.amina, "5")
        deliver_due()
        clock.go_on(5)
    before = len(lms.scores)
    report(cast, cast.amina)
    lms.fail(endpoint, Fault(slow=STOPPED))
    assert is_too_late(leased_for(STOPPED / 2))
    assert len(lms.scores) == before


def test_a_column_that_another_made_meanwhile_takes_the_score(
    cast: Cast, lms: FakePlatform, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ours is there too; nobody looks at it."""
    theirs = lms.gradebook.column_url("2", 5)
    LineItem.objects.filter(link=cast.course.link).update(url="")
    make = ags.make_line_item

    def meanwhile(*args: object, **kwargs: object) -> str:
        LineItem.objects.filter(link=cast.course.link).update(url=theirs)
        return make(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(ags, "make_line_item", meanwhile)
    report(cast, cast.amina)
    deliver_due()
    assert list(lms.gradebook.cells) == [("/2/lineitems/5/lineitem", AMINA)]
