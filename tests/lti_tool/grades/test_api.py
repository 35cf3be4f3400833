"""What the project says to the gradebook, and hears from it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from lti_tool import grades
from lti_tool.background import deliverer
from lti_tool.grades import Score, ScoreProgress
from lti_tool.models import Delivery, PlatformQueue
from lti_tool.protocol.vocabulary import CONTEXT_ROLE, CONTEXT_SUB_ROLE, TEST_USER_ROLE
from lti_tool.services.errors import DeliveryProblem
from tests.cast import PUPIL, TEACHER, Cast, make_someone


def score(given: str = "6", maximum: str = "8", comment: str = "Well done.") -> Score:
    return Score(Decimal(given), Decimal(maximum), comment)


# --- scores ---


@pytest.mark.parametrize(
    ("given", "maximum"), [("-1", "8"), ("9", "8"), ("0", "0"), ("1", "0"), ("0", "-1")]
)
def test_what_no_gradebook_can_hold_is_no_score(given: str, maximum: str) -> None:
    with pytest.raises(ValueError, match="not a score"):
        score(given, maximum)


@pytest.mark.parametrize(("given", "maximum"), [("0", "8"), ("8", "8"), ("0.5", "1")])
def test_both_ends_are_scores(given: str, maximum: str) -> None:
    assert score(given, maximum).given == Decimal(given)


# --- report ---


def test_a_report_says_what_the_cell_should_show(cast: Cast) -> None:
    assert grades.report_score(cast.course.link, cast.amina.user, score())
    row = Delivery.objects.get()
    assert (row.user, row.line_item) == (cast.amina.user, cast.course.line_item)
    assert row.score_given == Decimal(6)
    assert row.score_maximum == 8
    assert (row.comment, row.state, row.revision) == ("Well done.", Delivery.State.DUE, 1)
    assert (row.activity_progress, row.grading_progress) == ("Completed", "FullyGraded")
    assert row.next_try_at <= timezone.now()


def test_the_last_report_wins_in_the_same_row(cast: Cast) -> None:
    for given in ("3", "7", "5"):
        grades.report_score(cast.course.link, cast.amina.user, score(given, comment=f"is {given}"))
    row = Delivery.objects.get()
    assert row.score_given == 5
    assert (row.comment, row.revision) == ("is 5", 3)


def test_what_was_reported_can_be_asked_for(cast: Cast) -> None:
    link, first = cast.course.link, score("6")
    grades.report_score(link, cast.amina.user, first)
    last = Score(Decimal("5.5"), Decimal(8), "Better.", timezone.now())
    grades.report_score(link, cast.amina.user, last)
    grades.report_score(link, cast.ben.user, first)
    assert grades.reported_scores(link) == {cast.amina.user.pk: last, cast.ben.user.pk: first}
    assert grades.reported_scores(link, cast.ben.user) == {cast.ben.user.pk: first}
    assert grades.reported_scores(cast.other_course.link) == {}


def test_a_report_makes_a_refused_row_due(cast: Cast) -> None:
    grades.report_score(cast.course.link, cast.amina.user, score())
    Delivery.objects.update(
        state=Delivery.State.REFUSED,
        problem=DeliveryProblem.NEWER_IN_LMS,
        detail="status 409",
        tries=4,
    )
    grades.report_score(cast.course.link, cast.amina.user, score("7"))
    row = Delivery.objects.get()
    assert (row.state, row.problem, row.detail, row.tries) == (Delivery.State.DUE, "", "", 0)


def test_a_report_leaves_a_running_lease_alone(cast: Cast) -> None:
    grades.report_score(cast.course.link, cast.amina.user, score())
    later = timezone.now() + timedelta(minutes=1)
    Delivery.objects.update(leased_by="somebody", leased_until=later, last_timestamp=later)
    grades.report_score(cast.course.link, cast.amina.user, score("7"))
    row = Delivery.objects.get()
    assert (row.leased_by, row.leased_until, row.last_timestamp) == ("somebody", later, later)


@pytest.mark.parametrize(
    "roles",
    [
        [TEACHER],
        ["Instructor"],
        [PUPIL, TEACHER],
        [f"{CONTEXT_SUB_ROLE}Instructor#TeachingAssistant"],
        [f"{CONTEXT_ROLE}Administrator"],
        [PUPIL, TEST_USER_ROLE],
        [TEST_USER_ROLE],
    ],
)
def test_never_for_a_teacher_or_a_test_user(cast: Cast, roles: list[str]) -> None:
    someone = make_someone(cast.course, "77", "Some Body", *roles)
    assert not grades.report_score(cast.course.link, someone.user, score())
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("roles", [[], [PUPIL], ["Learner"], ["urn:unknown"], [""]])
def test_for_whoever_answers(cast: Cast, roles: list[str]) -> None:
    someone = make_someone(cast.course, "77", "Some Body", *roles)
    assert grades.report_score(cast.course.link, someone.user, score())


def test_never_for_somebody_of_another_course(cast: Cast) -> None:
    assert not grades.report_score(cast.course.link, cast.otis.user, score())
    assert not grades.report_score(cast.course.link, cast.zara.user, score())
    assert not Delivery.objects.exists()


def test_a_pupil_who_became_a_teacher_gets_no_more_scores(cast: Cast) -> None:
    cast.amina.membership.roles = [TEACHER]
    cast.amina.membership.save()
    assert not grades.report_score(cast.course.link, cast.amina.user, score())


def test_a_report_that_is_rolled_back_was_never_made(cast: Cast) -> None:
    def fail_after_report() -> None:
        with transaction.atomic():
            grades.report_score(cast.course.link, cast.amina.user, score())
            raise LookupError

    with pytest.raises(LookupError):
        fail_after_report()
    assert not Delivery.objects.exists()


def test_two_first_reports_at_once_make_one_row(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one commits between our look and our insert."""
    grades.report_score(cast.course.link, cast.amina.user, score("1"))
    update = QuerySet.update

    def sees_nothing_yet(rows: QuerySet[Delivery], **values: object) -> int:
        monkeypatch.setattr(QuerySet, "update", update)
        return 0

    monkeypatch.setattr(QuerySet, "update", sees_nothing_yet)
    assert grades.report_score(cast.course.link, cast.amina.user, score("7"))
    row = Delivery.objects.get()
    assert row.score_given == 7
    assert row.revision == 2


def test_the_database_refuses_a_second_row_for_a_cell(cast: Cast) -> None:
    grades.report_score(cast.course.link, cast.amina.user, score())
    row = Delivery.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize("values", [{"score_given": -1}, {"score_maximum": 0}])
def test_the_database_refuses_a_score_out_of_range(cast: Cast, values: dict[str, int]) -> None:
    grades.report_score(cast.course.link, cast.amina.user, score())
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.update(**values)


def test_the_deliverer_is_woken_after_the_commit_and_not_before(
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    woken: list[bool] = []
    monkeypatch.setattr(deliverer, "wake", lambda: woken.append(True))
    with django_capture_on_commit_callbacks(execute=True):
        grades.report_score(cast.course.link, cast.amina.user, score())
        assert woken == []
    assert woken == [True]
    with django_capture_on_commit_callbacks(execute=True):
        grades.send_again(cast.course.link, [cast.amina.user])
    assert woken == [True, True]


# --- receipts ---


@pytest.mark.parametrize(
    ("state", "problem", "progress", "is_settled"),
    [
        (Delivery.State.DUE, "", ScoreProgress.ON_ITS_WAY, False),
        (Delivery.State.DUE, DeliveryProblem.BUSY, ScoreProgress.TRYING_AGAIN, False),
        (Delivery.State.DUE, DeliveryProblem.WAITING, ScoreProgress.ON_ITS_WAY, False),
        (Delivery.State.DELIVERED, "", ScoreProgress.IN_GRADEBOOK, True),
        (Delivery.State.REFUSED, DeliveryProblem.COLUMN_GONE, ScoreProgress.NOT_ACCEPTED, True),
    ],
)
def test_a_receipt_says_how_far_the_score_is(
    cast: Cast, state: str, problem: str, progress: ScoreProgress, is_settled: bool
) -> None:
    grades.report_score(cast.course.link, cast.amina.user, score("2.5"))
    Delivery.objects.update(state=state, problem=problem)
    found = grades.score_status(cast.course.link, cast.amina.user)
    assert found is not None
    assert (found.progress, found.is_settled) == (progress, is_settled)
    assert (found.given, found.maximum) == (Decimal("2.5"), Decimal(8))
    is_on_its_way = progress is ScoreProgress.ON_ITS_WAY
    assert found.problem == (None if is_on_its_way else problem or None)


def test_while_the_platform_is_let_be_untried_scores_wait_for_the_same(cast: Cast) -> None:
    for someone in (cast.amina, cast.ben):
        grades.report_score(cast.course.link, someone.user, score())
    Delivery.objects.filter(user=cast.ben.user).update(
        problem=DeliveryProblem.SERVER_ERROR, tries=3
    )
    rows = PlatformQueue.objects.filter(registration=cast.course.deployment.registration)

    def amina() -> tuple[ScoreProgress, DeliveryProblem | None]:
        one = grades.score_status(cast.course.link, cast.amina.user)
        assert one is not None
        assert one == grades.score_statuses(cast.course.link)[cast.amina.user.pk]
        return one.progress, one.problem

    assert amina() == (ScoreProgress.ON_ITS_WAY, None)
    rows.update(consecutive_pauses=1, paused_until=timezone.now() + timedelta(minutes=5))
    assert amina() == (ScoreProgress.TRYING_AGAIN, DeliveryProblem.SERVER_ERROR)
    Delivery.objects.filter(user=cast.ben.user).delete()
    assert amina() == (ScoreProgress.TRYING_AGAIN, DeliveryProblem.UNREACHABLE)
    rows.update(paused_until=timezone.now())
    assert amina() == (ScoreProgress.ON_ITS_WAY, None)


def test_a_receipt_tells_when_the_score_arrived(cast: Cast) -> None:
    grades.report_score(cast.course.link, cast.amina.user, score())
    reported = Delivery.objects.get().updated_at
    found = grades.score_status(cast.course.link, cast.amina.user)
    assert found is not None
    assert found.changed_at == reported
    arrived = reported + timedelta(seconds=3)
    Delivery.objects.update(state=Delivery.State.DELIVERED, delivered_at=arrived)
    assert grades.score_statuses(cast.course.link)[cast.amina.user.pk].changed_at == arrived


def test_receipts_are_those_of_one_link(cast: Cast) -> None:
    grades.report_score(cast.course.link, cast.amina.user, score())
    grades.report_score(cast.course.link, cast.ben.user, score())
    grades.report_score(cast.other_course.link, cast.otis.user, score())
    assert set(grades.score_statuses(cast.course.link)) == {cast.amina.user.pk, cast.ben.user.pk}
    assert grades.score_status(cast.course.link, cast.otis.user) is None
    assert grades.score_statuses(cast.elsewhere.link) == {}


# --- send again ---


def test_send_again_makes_a_refused_or_waiting_score_due_at_once(cast: Cast) -> None:
    later = timezone.now() + timedelta(hours=1)
    for state in (Delivery.State.REFUSED, Delivery.State.DUE):
        grades.report_score(cast.course.link, cast.amina.user, score())
        Delivery.objects.update(state=state, next_try_at=later, tries=9)
        grades.send_again(cast.course.link, [cast.amina.user])
        row = Delivery.objects.get()
        assert (row.state, row.tries) == (Delivery.State.DUE, 0)
        assert row.next_try_at <= timezone.now()


def test_send_again_does_not_hide_how_long_a_score_has_waited(cast: Cast) -> None:
    long_ago = timezone.now() - timedelta(days=2)
    for state, since in ((Delivery.State.DUE, long_ago), (Delivery.State.REFUSED, None)):
        grades.report_score(cast.course.link, cast.amina.user, score())
        Delivery.objects.update(state=state, updated_at=long_ago, problem=DeliveryProblem.BUSY)
        grades.send_again(cast.course.link, [cast.amina.user])
        waits_since = Delivery.objects.get().updated_at
        assert waits_since == since if since else waits_since > long_ago


def test_send_again_leaves_other_people_and_delivered_scores_alone(cast: Cast) -> None:
    for someone in (cast.amina, cast.ben):
        grades.report_score(cast.course.link, someone.user, score())
    Delivery.objects.filter(user=cast.amina.user).update(state=Delivery.State.DELIVERED)
    Delivery.objects.filter(user=cast.ben.user).update(state=Delivery.State.REFUSED)
    grades.send_again(cast.course.link, [cast.amina.user])
    states = dict(Delivery.objects.values_list("user__sub", "state"))
    assert states == {"101": Delivery.State.DELIVERED, "102": Delivery.State.REFUSED}
