"""Platforms take turns, each with a bounded number at once, and one that fails is let be."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from lti_tool import grades
from lti_tool.grades import Score, outbox
from lti_tool.grades.outbox import Leased
from lti_tool.models import Delivery, Membership, PlatformQueue, Registration, User
from tests.cast import PUPIL, Cast, Course, make_course, make_someone
from tests.lti_tool.clock import Clock
from tests.lti_tool.delivering import deliver_due
from tests.platform.fake import FakePlatform
from tests.platform.server import Asked, Fault, Reply
from tests.platform.services import Gradebook

EIGHT = 8


@pytest.fixture
def lms(lms: FakePlatform, cast: Cast) -> FakePlatform:
    lms.connect(cast.elsewhere)
    return lms


def pupils(course: Course, count: int) -> list[User]:
    """With a score each that is due."""
    people = [make_someone(course, f"p{number}", "Pupil", PUPIL).user for number in range(count)]
    for user in people:
        assert grades.report_score(course.link, user, Score(Decimal(6), Decimal(8), "."))
    return people


def platforms(leased: list[Leased]) -> list[int]:
    return [one.row.registration_id for one in leased]


def queue_of(course: Course) -> PlatformQueue:
    return PlatformQueue.objects.get(registration=course.deployment.registration)


def test_so_many_at_once_over_all_processes(cast: Cast, lms: FakePlatform) -> None:
    pupils(cast.course, 10)
    assert len(outbox.lease(10)) == 5
    assert len(outbox.lease(32)) == 3
    assert outbox.lease(32) == []


@pytest.mark.parametrize("product", ["canvas", "Canvas"])
def test_canvas_gets_two_at_once(cast: Cast, lms: FakePlatform, product: str) -> None:
    Registration.objects.filter(pk=cast.course.deployment.registration.pk).update(product=product)
    pupils(cast.course, 5)
    assert len(outbox.lease(32)) == 2


@override_settings(LTI_SCORES_AT_ONCE=3)
def test_how_many_is_a_setting(cast: Cast, lms: FakePlatform) -> None:
    pupils(cast.course, 5)
    assert len(outbox.lease(32)) == 3


def test_what_is_settled_makes_room(cast: Cast, lms: FakePlatform) -> None:
    pupils(cast.course, 10)
    first = outbox.lease(32)
    outbox.settle([outbox.send(one) for one in first[:2]])
    assert len(outbox.lease(32)) == 2


@pytest.mark.parametrize("why", ["no-room", "same-second"])
def test_a_look_for_nothing_takes_no_lock(
    cast: Cast,
    lms: FakePlatform,
    django_assert_num_queries: DjangoAssertNumQueries,
    why: str,
) -> None:
    """On SQLite it would be everybody's, pupils who hand in included."""
    people = pupils(cast.course, 10)
    if why == "no-room":
        assert len(outbox.lease(32)) == EIGHT
    else:
        deliver_due()
        grades.report_score(cast.course.link, people[0], Score(Decimal(7), Decimal(8), "."))
    with django_assert_num_queries(1):
        assert outbox.lease(32) == []


def test_platforms_take_turns(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    pupils(cast.course, 20)
    pupils(cast.elsewhere, 3)
    here = cast.course.deployment.registration.pk
    there = cast.elsewhere.deployment.registration.pk
    PlatformQueue.objects.update(served_at=clock.time)
    turns = []
    for _ in range(4):
        clock.go_on(0.01)
        turns += platforms(outbox.lease(1))
    assert sorted(turns[:2]) == sorted([here, there])
    assert turns[2:] == turns[:2]


def test_a_platform_with_much_to_send_does_not_take_all_threads(
    cast: Cast, lms: FakePlatform
) -> None:
    pupils(cast.course, 50)
    pupils(cast.elsewhere, 2)
    leased = platforms(outbox.lease(32))
    assert leased.count(cast.course.deployment.registration.pk) == EIGHT
    assert leased.count(cast.elsewhere.deployment.registration.pk) == 2


def test_several_that_hang_leave_a_thread_to_the_next_one(cast: Cast, lms: FakePlatform) -> None:
    pupils(cast.course, 20)
    pupils(cast.elsewhere, 20)
    assert sorted(Counter(platforms(outbox.lease(6))).values()) == [2, 3]


# --- when a platform fails ---


def test_a_platform_that_fails_again_and_again_is_let_be(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    pupils(cast.course, 6)
    lms.always_fail("scores", Fault(503))
    assert deliver_due() == 3  # then the queue is closed
    assert queue_of(cast.course).paused_until is not None
    assert deliver_due() == 0
    clock.go_on(3)
    assert deliver_due() == 1  # one by one, until it answers
    clock.go_on(5)
    lms.mend()
    assert deliver_due() > 0
    assert queue_of(cast.course).consecutive_pauses == 0
    assert queue_of(cast.course).paused_until is None
    clock.go_on(60)
    deliver_due()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}


def test_while_it_is_tried_only_one_score_goes_out(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    pupils(cast.course, 6)
    PlatformQueue.objects.update(consecutive_pauses=1, paused_until=clock.time)
    assert len(outbox.lease(32)) == 1
    assert outbox.lease(32) == []


def test_pauses_of_a_queue_grow(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    pupils(cast.course, 30)
    lms.always_fail("token", Fault(503))
    waits = []
    for _ in range(6):
        deliver_due()
        queue = queue_of(cast.course)
        assert queue.paused_until is not None
        waits.append((queue.paused_until - clock.time).total_seconds())
        clock.time = queue.paused_until
    assert waits[-1] > 10 * waits[0]


def test_other_platforms_are_not_held_up(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    pupils(cast.course, 6)
    there = pupils(cast.elsewhere, 2)
    PlatformQueue.objects.filter(pk=queue_of(cast.course).pk).update(
        paused_until=clock.time + timedelta(hours=1), consecutive_pauses=9
    )
    assert deliver_due() == 2
    assert {user for _, user in lms.gradebook.cells} == {user.sub for user in there}


@pytest.mark.parametrize("status", [400, 403, 404, 422])
def test_what_is_wrong_with_one_score_closes_nothing(
    cast: Cast, lms: FakePlatform, status: int
) -> None:
    pupils(cast.course, 6)
    lms.fail("scores", *[Fault(status)] * 5)
    assert deliver_due() == 6
    assert queue_of(cast.course).paused_until is None


def test_a_success_in_between_starts_the_count_again(cast: Cast, lms: FakePlatform) -> None:
    pupils(cast.course, 9)
    for _ in range(3):
        lms.fail("scores", Fault(500), Fault(500))
        assert deliver_due(limit=3) == 3
    assert queue_of(cast.course).consecutive_pauses == 0


@pytest.mark.parametrize(
    "fault",
    [
        Fault(429, headers={"Retry-After": "90"}),
        Fault(403, b"403 Forbidden (Rate Limit Exceeded)", {"Retry-After": "90"}),
        Fault(403, headers={"X-Rate-Limit-Remaining": "0.0", "Retry-After": "90"}),
    ],
    ids=["429", "403-words", "403-header"],
)
def test_a_platform_that_asks_to_wait_is_let_be_at_once(
    cast: Cast, lms: FakePlatform, clock: Clock, fault: Fault
) -> None:
    pupils(cast.course, 6)
    lms.fail("scores", fault)
    assert deliver_due() == 1
    clock.go_on(80)
    assert deliver_due() == 0
    clock.go_on(11)
    assert deliver_due() == 6


def test_several_that_fail_together_close_it_once(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    pupils(cast.course, EIGHT)
    lms.fail("scores", *[Fault(429)] * EIGHT)
    outbox.settle([outbox.send(one) for one in outbox.lease(EIGHT)])
    queue = queue_of(cast.course)
    assert queue.consecutive_pauses == 1
    assert queue.paused_until is not None
    assert queue.paused_until <= clock.time + timedelta(seconds=2)


def test_send_again_opens_the_queue(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    (user,) = pupils(cast.course, 1)
    PlatformQueue.objects.update(
        paused_until=clock.time + timedelta(minutes=20), consecutive_pauses=5
    )
    assert deliver_due() == 0
    grades.send_again(cast.course.link, [user])
    assert deliver_due() == 1


# --- whose score is sent ---


@pytest.mark.parametrize(
    "values",
    [
        {"status": Membership.Status.GONE},
        {"roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"]},
        {"roles": ["http://purl.imsglobal.org/vocab/lti/system/person#TestUser"]},
    ],
    ids=["left", "teacher", "test-user"],
)
def test_nothing_is_sent_for_who_is_no_pupil_any_more(
    cast: Cast, lms: FakePlatform, values: dict[str, object]
) -> None:
    gone, other = pupils(cast.course, 2)
    Membership.objects.filter(user=gone).update(**values)
    assert deliver_due() == 2
    assert [sent["userId"] for sent in lms.scores] == [other.sub]
    row = Delivery.objects.get(user=gone)
    assert (row.state, row.problem) == (Delivery.State.REFUSED, "no-pupil")


def test_who_comes_back_gets_what_waited(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    (user,) = pupils(cast.course, 1)
    Membership.objects.filter(user=user).update(status=Membership.Status.GONE)
    deliver_due()
    Membership.objects.filter(user=user).update(status=Membership.Status.ACTIVE)
    clock.go_on(2)
    assert outbox.people_returned(cast.course.context, [user.pk]) == 1
    assert deliver_due() == 1
    assert lms.gradebook.cell(user.sub).given == 6


# --- the platform's clock ---


@pytest.mark.parametrize("ahead", [600.0, -600.0])
def test_scores_carry_the_platforms_time(
    cast: Cast, lms: FakePlatform, clock: Clock, ahead: float
) -> None:
    lms.clock_ahead = ahead
    pupils(cast.course, 2)
    deliver_due(limit=1)
    assert abs(queue_of(cast.course).clock_ahead - ahead) <= 1
    deliver_due(limit=1)
    first, second = (datetime.fromisoformat(row["timestamp"]) for row in lms.scores)
    theirs = clock.time + timedelta(seconds=ahead)
    # A Date header has whole seconds, and the difference is rounded down.
    assert first <= second <= theirs
    assert theirs - second < timedelta(seconds=2)


def test_after_a_clock_was_set_back_the_platforms_own_goes_on(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    first, _second = pupils(cast.course, 2)
    deliver_due()
    clock.go_on(-3600)
    lms.clock_ahead = 3605  # it was our clock that jumped
    score = Score(Decimal(7), Decimal(8), ".")
    grades.report_score(cast.course.link, first, score)
    assert deliver_due() == 0  # nothing older than what is there
    pupils(cast.elsewhere, 1)
    newcomer = make_someone(cast.course, "new", "New", PUPIL).user
    grades.report_score(cast.course.link, newcomer, score)
    assert deliver_due() >= 2  # its answer tells the time
    deliver_due()
    assert lms.gradebook.cell(first.sub).given == 7


class OneBadCell(Gradebook):
    """Amina's cell is never written, whatever is tried."""

    def answer_scores(self, asked: Asked) -> Reply:
        return Reply(500) if asked.json["userId"] == "101" else super().answer_scores(asked)


def test_a_cell_that_fails_for_ever_closes_nothing(cast: Cast, clock: Clock) -> None:
    with FakePlatform(gradebook=OneBadCell()) as server:
        server.connect(cast.course)
        score = Score(Decimal(6), Decimal(8), ".")
        grades.report_score(cast.course.link, cast.amina.user, score)
        for _ in range(12):
            clock.time = Delivery.objects.get().next_try_at
            assert deliver_due() == 1
        assert (queue_of(cast.course).consecutive_pauses, queue_of(cast.course).paused_until) == (
            0,
            None,
        )
        grades.report_score(cast.course.link, cast.ben.user, score)
        deliver_due()
    assert Delivery.objects.get(user=cast.ben.user).state == Delivery.State.DELIVERED


def test_a_platform_that_was_closed_is_tried_with_what_failed_least(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    pupils(cast.course, 3)
    Delivery.objects.filter(user__sub="p0").update(tries=9)
    PlatformQueue.objects.filter(pk=queue_of(cast.course).pk).update(consecutive_pauses=2)
    (probe,) = outbox.lease(32)
    assert probe.row.user.sub == "p1"


def test_where_nothing_can_go_there_is_no_work(cast: Cast, lms: FakePlatform, clock: Clock) -> None:
    """A worker that is woken for it would wake the next, and so on."""
    assert not outbox.has_work()
    pupils(cast.course, 12)
    assert outbox.has_work()
    outbox.lease(32)
    outbox.lease(32)
    assert not outbox.has_work()  # as many as may be are on their way
    clock.go_on(1000)
    Delivery.objects.update(last_timestamp=clock.time + timedelta(hours=1))
    assert not outbox.has_work()


class OneLockedColumn(Gradebook):
    """A teacher has locked the column of course 2: Moodle answers 500 to each of its scores."""

    def answer_scores(self, asked: Asked) -> Reply:
        return Reply(500) if asked.target.startswith("/2/") else super().answer_scores(asked)


def test_a_column_that_is_locked_closes_nothing(cast: Cast, clock: Clock) -> None:
    other = make_course(cast.course.deployment, "9")
    with FakePlatform(gradebook=OneLockedColumn()) as server:
        server.connect(cast.course)
        server.connect(other)
        pupils(cast.course, 8)
        for _ in range(3):
            deliver_due()
            clock.go_on(60)
        assert (queue_of(cast.course).consecutive_pauses, queue_of(cast.course).paused_until) == (
            0,
            None,
        )
        (elsewhere,) = pupils(other, 1)
        deliver_due()
    assert Delivery.objects.get(user=elsewhere, line_item=other.line_item).state == "delivered"
