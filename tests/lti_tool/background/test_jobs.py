"""Jobs in one process: told, cancelled, lost, failed, in turn."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone, translation
from pytest_django import Settings

from lti_tool.background import jobs
from lti_tool.background.job_threads import JobThreads
from lti_tool.background.jobs import AlreadyAsked, Task
from lti_tool.models import Job, Registration, User
from tests.cast import Cast
from tests.lti_tool.background import working
from tests.lti_tool.background.working import NAME, NOBODY, STEPS, Hooks


@pytest.fixture(autouse=True)
def hooks(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Hooks:
    """The row is looked at in each step, and nobody but the test does what is started."""
    settings.LTI_JOBS = {"work": NAME}
    settings.LTI_WAKE_JOBS = NOBODY
    monkeypatch.setattr(jobs, "SAVE_SECONDS", 0.0)
    made = Hooks()
    monkeypatch.setattr(working, "hooks", made)
    return made


def start(owner: User, subject: str = "", **arguments: object) -> Job:
    return jobs.start("work", owner, subject=subject, arguments=arguments, content=b"paper")


def leased() -> Job:
    row = jobs.lease()
    assert row is not None
    return row


def written() -> int:
    return Registration.objects.filter(name="written").count()


def fresh(row: Job) -> Job:
    return Job.objects.get(pk=row.pk)


def test_it_waits_runs_and_is_done_with_what_it_wrote(cast: Cast, hooks: Hooks) -> None:
    job = start(cast.ruth.user)
    assert (job.state, written()) == ("waiting", 0)
    seen: list[tuple[object, ...]] = []

    def look(_step: int, _task: Task) -> None:
        row = fresh(job)
        seen.append((row.state, row.steps_done, row.steps, row.content))

    hooks.before_step = look
    jobs.run_due()
    assert seen == [
        ("running", 0, 0, b"paper"),
        ("running", 0, STEPS, b"paper"),
        ("running", 1, STEPS, b"paper"),
    ]
    row = fresh(job)
    assert (row.state, row.result, row.content) == ("done", {"written": job.pk}, None)
    assert row.ended_at is not None
    assert written() == 1


def test_the_lease_is_prolonged_while_it_is_done(cast: Cast, hooks: Hooks) -> None:
    job = start(cast.ruth.user)
    ends: list[object] = []
    hooks.before_step = lambda _step, _task: ends.append(fresh(job).leased_until)
    jobs.run_due()
    assert ends == sorted(set(ends), key=str)
    assert len(ends) == STEPS


def test_what_waits_is_cancelled_at_once(cast: Cast) -> None:
    job = start(cast.ruth.user)
    jobs.cancel(job)
    row = fresh(job)
    assert (row.state, row.content) == ("cancelled", None)
    jobs.run_due()
    assert (fresh(job).state, written()) == ("cancelled", 0)


@pytest.mark.parametrize("step", range(STEPS))
def test_what_runs_is_cancelled_at_its_next_step(cast: Cast, hooks: Hooks, step: int) -> None:
    job = start(cast.ruth.user)
    steps: list[int] = []

    def cancel(at: int, _task: Task) -> None:
        steps.append(at)
        if at == step:
            jobs.cancel(job)

    hooks.before_step = cancel
    jobs.run_due()
    row = fresh(job)
    assert (row.state, row.content, written()) == ("cancelled", None, 0)
    assert steps == list(range(step + 1))


def test_cancelled_while_it_writes_nothing_is_written(cast: Cast, hooks: Hooks) -> None:
    job = start(cast.ruth.user)
    hooks.in_the_write = lambda _task: jobs.cancel(job)
    jobs.run_due()
    # Here the wish is rolled back with the write, because the test has one connection.
    assert (fresh(job).state, written()) == ("cancelled", 0)


def test_what_is_done_cannot_be_cancelled(cast: Cast) -> None:
    job = start(cast.ruth.user)
    jobs.run_due()
    jobs.cancel(job)
    assert (fresh(job).state, fresh(job).cancel_requested, written()) == ("done", False, 1)


def test_what_cannot_be_done_says_why(cast: Cast) -> None:
    job = start(cast.ruth.user, fails=True)
    jobs.run_due()
    row = fresh(job)
    assert (row.state, row.error, row.result) == (
        "failed",
        "It cannot be done.",
        {"reason": "a-reason"},
    )
    assert (row.content, written()) == (None, 0)


@pytest.mark.parametrize("where", ["step", "write"])
def test_a_fault_of_ours_ends_the_job_and_not_the_thread(
    cast: Cast, hooks: Hooks, caplog: pytest.LogCaptureFixture, where: str
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a fault of our own")

    if where == "step":
        hooks.before_step = fail
    else:
        hooks.in_the_write = fail
    with translation.override("de"):
        job = start(cast.ruth.user)
    jobs.run_due()
    row = fresh(job)
    assert (row.state, row.language, written()) == ("failed", "de", 0)
    assert "RuntimeError" in caplog.text
    assert "RuntimeError" not in row.error


def test_a_database_that_is_away_leaves_it_to_whoever_comes_later(
    cast: Cast, hooks: Hooks, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("gone")

    job = start(cast.ruth.user)
    hooks.before_step = away
    jobs.run(leased())
    assert (fresh(job).state, fresh(job).error) == ("running", "")
    assert "waits for the database" in caplog.text
    hooks.before_step = lambda _step, _task: None
    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    jobs.run_due()
    assert (fresh(job).state, written()) == ("done", 1)


@pytest.mark.parametrize("where", ["step", "write"])
def test_whoever_lost_the_lease_writes_nothing(cast: Cast, hooks: Hooks, where: str) -> None:
    """A process that was stopped for a while goes on beside the one that took the job up."""
    job = start(cast.ruth.user)
    row = leased()

    def be_overtaken(*_: object) -> None:
        Job.objects.update(leased_by="another")

    if where == "step":
        hooks.before_step = be_overtaken
    else:
        hooks.in_the_write = be_overtaken
    jobs.run(row)
    assert (fresh(job).state, written()) == ("running", 0)


def test_of_somebody_erased_nothing_is_written(cast: Cast, hooks: Hooks) -> None:
    job = start(cast.ruth.user)
    hooks.before_step = lambda _step, _task: Job.objects.filter(pk=job.pk).delete() and None
    jobs.run_due()
    assert written() == 0


def test_a_process_that_stops_hands_it_on(cast: Cast) -> None:
    job = start(cast.ruth.user)
    jobs.run(leased(), lambda: True)
    row = fresh(job)
    assert (row.state, row.tries, row.content) == ("waiting", 0, b"paper")
    jobs.run_due()
    assert (fresh(job).state, written()) == ("done", 1)


@pytest.mark.parametrize("left", [timedelta(seconds=-1), timedelta(days=1)])
def test_what_its_process_left_is_taken_up(cast: Cast, left: timedelta) -> None:
    """Also if our clock was set back by a day meanwhile."""
    job = start(cast.ruth.user)
    first = leased()
    assert jobs.lease() is None
    Job.objects.update(leased_until=timezone.now() + left)
    assert leased().leased_by != first.leased_by
    jobs.run(first)
    assert (fresh(job).state, written()) == ("running", 0)


def test_one_of_a_subject_is_unfinished_at_a_time(cast: Cast) -> None:
    job = start(cast.ruth.user, "link-1")
    with pytest.raises(AlreadyAsked) as caught:
        start(cast.zara.user, "link-1")
    assert caught.value.row == job
    start(cast.ruth.user, "link-2")
    jobs.run_due()
    start(cast.zara.user, "link-1")


def test_people_take_turns(cast: Cast, settings: Settings) -> None:
    """Many jobs of one person keep nobody else waiting."""
    settings.LTI_JOBS_AT_ONCE = 3
    first, second = start(cast.ruth.user), start(cast.ruth.user)
    third = start(cast.zara.user)
    assert leased() == first
    assert leased() == third
    assert jobs.lease() is None
    Job.objects.filter(pk=first.pk).update(
        state="done", leased_until=None, ended_at=timezone.now(), content=None
    )
    assert leased() == second


def test_no_more_at_once_than_the_settings_say(cast: Cast, settings: Settings) -> None:
    settings.LTI_JOBS_AT_ONCE = 1
    start(cast.ruth.user)
    start(cast.zara.user)
    leased()
    assert jobs.lease() is None
    assert jobs.has_work()
    Job.objects.filter(state="running").update(leased_until=timezone.now() - timedelta(seconds=1))
    assert leased().owner == cast.ruth.user  # what was left comes first


def test_the_database_holds_what_the_code_relies_on(cast: Cast) -> None:
    user, now = cast.ruth.user, timezone.now()
    wrong: list[dict[str, object]] = [
        {"state": "done"},
        {"state": "done", "ended_at": now, "content": b"paper"},
        {"state": "running"},
        {"state": "waiting", "leased_until": now},
        {"state": "waiting", "ended_at": now},
    ]
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.create(kind="work", owner=user, **values)
    Job.objects.create(kind="work", owner=user, state="running", leased_until=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="work", owner=user, state="running", leased_until=now)


def test_the_end_is_told_once(cast: Cast) -> None:
    job = start(cast.ruth.user)
    for _ in range(2):
        rows = jobs.to_show("work", cast.ruth.user)
        jobs.mark_told(rows)
        assert rows == [job]
    jobs.run_due()
    rows = jobs.to_show("work", cast.ruth.user)
    assert rows == [job]
    jobs.mark_told(rows)
    assert jobs.to_show("work", cast.ruth.user) == []


class TestThreads:
    """The loop around it, with what it leases in the place of the database."""

    @pytest.fixture
    def waiting(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        rows: list[int] = []
        monkeypatch.setattr(jobs, "lease", lambda: rows.pop() if rows else None)
        monkeypatch.setattr(jobs, "has_work", lambda: bool(rows))
        monkeypatch.setattr("lti_tool.background.job_threads.connection.close", lambda: None)
        return rows

    def test_what_waits_is_done_and_the_thread_ends(
        self, waiting: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done: list[int] = []
        monkeypatch.setattr(jobs, "run", lambda row, _stopping: done.append(row))
        threads = JobThreads(2)
        waiting.extend([1, 2, 3])
        threads.run_if_due()
        threads.stop(20)
        for thread in list(threads._threads):
            thread.join(20)
        assert sorted(done + waiting) == [1, 2, 3]
        assert not threads._threads

    def test_whoever_comes_while_the_last_look_is_had_is_not_forgotten(
        self, waiting: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done = threading.Event()
        threads = JobThreads(1)

        def lease() -> int | None:
            if waiting:
                return waiting.pop()
            if not late.is_set():
                late.set()
                waiting.append(1)
                threads.wake()  # there is no room for another thread
                return None
            return None

        late = threading.Event()
        monkeypatch.setattr(jobs, "lease", lease)
        monkeypatch.setattr(jobs, "run", lambda _row, _stopping: done.set())
        threads.wake()
        assert done.wait(20)
        threads.stop(20)

    def test_no_more_threads_than_allowed(
        self, waiting: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        goes_on = threading.Event()
        monkeypatch.setattr(jobs, "run", lambda _row, _stopping: goes_on.wait(20))
        threads = JobThreads(2)
        waiting.extend(range(5))
        for _ in range(5):
            threads.wake()
        assert len(threads._threads) == 2
        goes_on.set()
        threads.stop(20)
