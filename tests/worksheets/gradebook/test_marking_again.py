"""Re-marking as a job: all of it or nothing, whatever happens in the middle."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from lti_tool.audit import TOOL
from lti_tool.background import jobs
from lti_tool.background.jobs import AlreadyAsked
from lti_tool.models import Delivery, Job
from tests.cast import PUPIL, Cast, make_someone
from tests.lti_tool.background.working import NOBODY
from tests.reported import reported
from tests.worksheets.sheets import CAUSES, EVERYTHING, assignment_at, hand_in, mark, place, save
from worksheets import authoring
from worksheets.authoring.assigning import AssignmentRules
from worksheets.gradebook import changes, marking_again, remarking
from worksheets.gradebook.automatic import marks_under
from worksheets.gradebook.remarking import MarksUnder
from worksheets.models import Assignment, Attempt, Draft, Edition, Mark

KINDER = CAUSES.replace("___Abyssinia | Ethiopia___", "___Abyssinia | Bavaria___")


@pytest.fixture(autouse=True)
def _nobody_is_woken(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LTI_WAKE_JOBS = NOBODY
    monkeypatch.setattr(jobs, "SAVE_SECONDS", 0.0)


@pytest.fixture
def answered(cast: Cast) -> Assignment:
    """Amina has Bavaria in the second gap, Ben has everything right."""
    assignment = place(cast)
    hand_in(assignment, cast.amina, {**EVERYTHING, "g2": "Bavaria"})
    hand_in(assignment, cast.ben)
    return assignment_at(cast.course.link)


@pytest.fixture
def kinder(answered: Assignment) -> Edition:
    worksheet = authoring.save(answered.edition.worksheet, KINDER, seen=None)
    return authoring.publish(worksheet)


def start(cast: Cast, edition: Edition, rules: AssignmentRules | None = None) -> Job:
    assignment = assignment_at(cast.course.link)
    rules = rules or AssignmentRules.of(assignment)
    seen = changes.plan(assignment, edition, rules, mark_again=True).digest
    return marking_again.start(
        cast.ruth.user, assignment, edition, rules, mark_again=True, seen=seen
    )


def everything() -> list[object]:
    tables = (Assignment, Attempt, Mark, Delivery)
    return [list(table._default_manager.order_by("pk").values()) for table in tables]


def ended(job: Job) -> Job:
    jobs.run_due()
    return jobs.wait(job)


def score(someone: str) -> object:
    return Delivery.objects.get(user__given_name=someone).score_given


def at_step(monkeypatch: pytest.MonkeyPatch, step: int, do: Callable[[], object]) -> list[int]:
    """Let something happen when so many attempts are marked. Return the steps that were told."""
    told: list[int] = []
    progress = jobs.Task.progress

    def look(task: jobs.Task, done: int = 0, of: int = 0) -> None:
        told.append(done)
        if done == step:
            do()
        progress(task, done, of)

    monkeypatch.setattr(jobs.Task, "progress", look)
    return told


@reported("R12")
def test_it_is_applied_and_says_how_many_marks_go_out(cast: Cast, kinder: Edition) -> None:
    opens_at = datetime(2026, 9, 1, 8, tzinfo=UTC)
    rules = AssignmentRules("score", opens_at=opens_at, attempt_limit=2, new_attempt="blank")
    Draft.objects.create(user=cast.ruth.user, page="assign", number=cast.course.link.pk)
    job = ended(start(cast, kinder, rules))
    assert (job.state, job.result["n"]) == ("done", 1)
    assert AssignmentRules.of(assignment_at(cast.course.link)) == rules
    assert (score("Amina"), score("Ben")) == (4, 4)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("step", [0, 1])
def test_cancelled_at_any_pupil_nothing_has_changed(
    cast: Cast, kinder: Edition, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    before = everything()
    job = start(cast, kinder)
    told = at_step(monkeypatch, step, lambda: jobs.cancel(job))
    assert ended(job).state == "cancelled"
    assert told == list(range(step + 1))
    assert everything() == before


def test_work_that_comes_in_the_middle_is_not_marked_unseen(
    cast: Cast, kinder: Edition, answered: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleo = make_someone(cast.course, "103", "Cleo Cole", PUPIL)
    job = start(cast, kinder)
    at_step(monkeypatch, 1, lambda: hand_in(answered, cleo, {"g2": "Bavaria"}))
    job = ended(job)
    assert (job.state, job.result) == ("failed", {"reason": "outdated"})
    assert assignment_at(cast.course.link).edition != kinder


def test_a_mark_that_comes_in_the_middle_is_kept(
    cast: Cast, kinder: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The teacher's mark waits for its release, so the plan is still the same."""
    attempt = Attempt.objects.get(user=cast.ben.user)
    job = start(cast, kinder)
    at_step(monkeypatch, 1, lambda: mark(attempt, cast.ruth, q1="3"))
    assert ended(job).state == "done"
    points = dict(Mark.objects.filter(attempt=attempt).values_list("item", "points"))
    assert {key: int(points[key]) for key in ("q1", "g2")} == {"q1": 3, "g2": 1}


def test_another_worksheet_where_pupils_have_begun_is_refused(
    cast: Cast, answered: Assignment
) -> None:
    other = authoring.publish(authoring.create(cast.ruth.user, CAUSES))
    job = ended(start(cast, other))
    assert (job.state, job.result) == ("failed", {"reason": "in-use"})


def test_two_teachers_do_not_re_mark_the_same_work_at_once(cast: Cast, kinder: Edition) -> None:
    start(cast, kinder)
    with pytest.raises(AlreadyAsked):
        start(cast, kinder)


def test_marks_are_made_once_and_again_where_answers_change(
    cast: Cast, kinder: Edition, answered: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the lock, in which pupils cannot save, only what changed is marked again."""
    made: list[str] = []

    def watched(attempt: Attempt, *rest: object) -> list[Mark]:
        made.append(attempt.user.given_name)
        return marks_under(attempt, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(remarking, "marks_under", watched)
    rules, marks = AssignmentRules.of(answered), MarksUnder(kinder)
    for _ in range(2):
        seen = changes.plan(answered, kinder, rules, mark_again=True, marks=marks).digest
    assert made == ["Amina", "Ben"]
    Attempt.objects.get(user=cast.ben.user).answers.filter(item="g1").update(text="Bavaria")
    changes.plan(answered, kinder, rules, mark_again=True, marks=marks)
    assert made == ["Amina", "Ben", "Ben"]
    Attempt.objects.get(user=cast.ben.user).answers.filter(item="g1").update(text="Manchuria")
    changes.apply(answered, kinder, rules, mark_again=True, seen=seen, marks=marks, by=TOOL)
    assert made == ["Amina", "Ben", "Ben", "Ben"]


def test_whoever_is_writing_moves_to_the_new_edition_too(
    cast: Cast, kinder: Edition, answered: Assignment
) -> None:
    cleo = make_someone(cast.course, "103", "Cleo Cole", PUPIL)
    save(answered, cleo, {"g2": "Bavaria"})
    assert ended(start(cast, kinder)).state == "done"
    assert set(Attempt.objects.values_list("edition", flat=True)) == {kinder.pk}
