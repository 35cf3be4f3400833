"""Jobs: work that a person asks for on a page, done by a thread or by a Celery worker.

A kind of job is a function that LTI_JOBS in the settings names. It computes, tells its progress,
writes nothing, and returns a function that writes. That one is called in one transaction with the
end of the row. So a process that dies at any line has changed nothing, another one takes the job
up when the lease has run out, and what is cancelled has changed nothing either.

What would hold others up for too long writes in steps (``Task.step``): each is a transaction, and
stays. Such a function begins with looking at how far another process has come.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NoReturn

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from lti_tool.db.troubles import is_away
from lti_tool.models import Job, ResourceLink, User

logger = logging.getLogger(__name__)

MAX_CONTENT_BYTES = 25 * 1024 * 1024  # as much as a request may have
MAX_UNFINISHED = 10  # jobs of one person
USUAL = 10  # jobs that say how long one of their kind takes
MAX_TRIES = 3  # a job that ends each process that does it must not end all of them
LEASE = timedelta(seconds=settings.LTI_JOB_LEASE_SECONDS)
# Progress cannot be told from inside the transaction that writes.
WRITE_LEASE = 4 * LEASE
SAVE_SECONDS = 0.5  # between two looks at the row while a job is being done
# Between two steps at least: SQLite lets no queue form, and who waits for its lock tries it again
# after up to 25 ms (sqliteDefaultBusyCallback in main.c of SQLite 3.45).
REST_SECONDS = 0.03

Result = dict[str, Any]
Write = Callable[[], Result]
# What a kind's function is given: the row, and the function that it calls after each step.
Work = Callable[["Task"], Write]


class AlreadyAsked(Exception):
    """The error for a job of which one with the same subject is unfinished: ``row``."""

    def __init__(self, row: Job) -> None:
        super().__init__(str(row))
        self.row = row


class TooManyJobs(Exception):
    """The error for a person with MAX_UNFINISHED unfinished jobs."""


class JobFailed(Exception):
    """The error for work that cannot be done.

    Its text says why, to the person who asked; ``result`` is for the page that shows it.
    """

    def __init__(self, text: str, **result: Any) -> None:
        super().__init__(text)
        self.result = result


class JobInterrupted(Exception):
    """The base of these errors: this process must not go on with the job."""


class Cancelled(JobInterrupted):
    """The error for a job that its owner has cancelled."""


class LeaseLost(JobInterrupted):
    """The error for a job that another process may have taken up, or that was deleted."""


class Stopping(JobInterrupted):
    """The error for a process that is about to end: another one takes the job up at once."""


class Task:
    """A job that this process does; its kind's function gets it."""

    def __init__(self, row: Job, is_stopping: Callable[[], bool] = lambda: False) -> None:
        self.row = row
        self._is_stopping = is_stopping
        self._save_at = time.monotonic() + SAVE_SECONDS
        self.has_written = False
        self._rest_until = 0.0

    def progress(self, done: int = 0, of: int = 0) -> None:
        """Tell that so many steps are done; call it every second or more often.

        It may be called in every step: the row is touched twice a second. Raise JobInterrupted
        if the work must end here; what it has computed so far is thrown away.
        """
        if self._is_stopping():
            raise Stopping
        self.row.steps_done, self.row.steps = done, of
        if time.monotonic() >= self._save_at:
            self.renew(LEASE)
            self._save_at = time.monotonic() + SAVE_SECONDS

    def renew(self, lease: timedelta) -> None:
        """Save the progress and prolong the lease. Raise Cancelled or LeaseLost."""
        self._update(
            steps_done=self.row.steps_done,
            steps=self.row.steps,
            leased_until=timezone.now() + lease,
        )

    def lock(self) -> None:
        """Lock the row, before any other: so do those who erase. Raise Cancelled or LeaseLost."""
        rows = self._own().filter(cancel_requested=False).only("pk")
        if not rows.select_for_update(no_key=True):
            self._interrupt()

    @contextmanager
    def step(self) -> Iterator[None]:
        """Open a transaction for one step of a job that writes in several.

        Between two steps others write: for as long as a step took, at least. Raise Cancelled or
        LeaseLost before it writes anything.
        """
        time.sleep(max(self._rest_until - time.monotonic(), 0))
        with transaction.atomic():
            self.lock()
            began = time.monotonic()
            yield
        self.has_written = True
        ended = time.monotonic()
        self._rest_until = ended + max(ended - began, REST_SECONDS)

    def end(self, state: Job.State, error: str = "", result: Result | None = None) -> None:
        """End the row in this state. Raise Cancelled or LeaseLost if it is not ours to end."""
        values = _ended(state, error=error, result=result or {})
        self._update(cancelled=state == Job.State.CANCELLED, **values)

    def release(self) -> None:
        """Let another process take the job up at once, as if this one had not."""
        self._own().update(
            state=Job.State.WAITING, leased_by="", leased_until=None, tries=self.row.tries - 1
        )

    def _own(self) -> QuerySet[Job]:
        return Job.objects.filter(
            pk=self.row.pk, state=Job.State.RUNNING, leased_by=self.row.leased_by
        )

    def _update(self, *, cancelled: bool = False, **values: Any) -> None:
        if not self._own().filter(cancel_requested__in=[cancelled, False]).update(**values):
            self._interrupt()

    def _interrupt(self) -> NoReturn:
        raise Cancelled if self._own().exists() else LeaseLost


def _ended(state: Job.State, **values: Any) -> dict[str, Any]:
    return {
        "state": state,
        "content": None,
        "leased_by": "",
        "leased_until": None,
        "ended_at": timezone.now(),
        **values,
    }


def start(
    kind: str,
    owner: User,
    *,
    link: ResourceLink | None = None,
    subject: str = "",
    arguments: dict[str, Any] | None = None,
    content: bytes | None = None,
) -> Job:
    """Make a job and wake who does it. Call it outside of transactions.

    Raise AlreadyAsked if one with this subject is unfinished, TooManyJobs if this person has many.
    """
    if kind not in settings.LTI_JOBS:
        raise ValueError(f"LTI_JOBS has no {kind!r}")
    if content is not None and len(content) > MAX_CONTENT_BYTES:
        raise ValueError("the content of a job is too large")
    if Job.objects.filter(owner=owner, state__in=Job.UNFINISHED).count() >= MAX_UNFINISHED:
        raise TooManyJobs
    values = {
        "kind": kind,
        "owner": owner,
        "link": link,
        "subject": subject,
        "language": translation.get_language() or "",
        "arguments": arguments or {},
        "content": content,
    }
    try:
        with transaction.atomic():
            row = Job.objects.create(**values)
    except IntegrityError:
        if same := unfinished(kind, subject):
            raise AlreadyAsked(same) from None
        row = Job.objects.create(**values)  # it has ended at this moment
    import_string(settings.LTI_WAKE_JOBS)()
    return row


def wait(row: Job) -> Job:
    """Return the row as soon as the job has ended, or after LTI_JOB_WAIT_SECONDS.

    Most jobs are so short that their page need not be shown.
    """
    end, pause = time.monotonic() + settings.LTI_JOB_WAIT_SECONDS, 0.01
    while True:
        row = Job.objects.defer("content").get(pk=row.pk)
        if row.has_ended or time.monotonic() >= end:
            return row
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)


def cancel(row: Job) -> None:
    """End a job that waits, and ask the process that does it to end one that runs."""
    same = Job.objects.filter(pk=row.pk)
    same.filter(state__in=Job.UNFINISHED).update(cancel_requested=True)
    same.filter(state=Job.State.WAITING).update(**_ended(Job.State.CANCELLED))


def to_show(kind: str, owner: User) -> list[Job]:
    """Return this person's jobs of a kind that have not ended, or whose end they were not told."""
    rows = Job.objects.defer("content").filter(kind=kind, owner=owner, told_at=None)
    return list(rows.exclude(state=Job.State.CANCELLED).order_by("pk"))


def unfinished(kind: str, subject: str) -> Job | None:
    """Return the job about this subject that has not ended, whoever asked for it."""
    rows = Job.objects.defer("content").filter(kind=kind, subject=subject)
    return rows.filter(state__in=Job.UNFINISHED).first()


def ahead_of(row: Job) -> int:
    """Return how many unfinished jobs of its kind were asked for before this one."""
    before = Q(created_at__lt=row.created_at) | Q(created_at=row.created_at, pk__lt=row.pk)
    return Job.objects.filter(before, kind=row.kind, state__in=Job.UNFINISHED).count()


def usual_seconds(kind: str) -> float:
    """Return how long the last jobs of a kind took on average; 0 if there were none."""
    ended = Job.objects.filter(kind=kind, state=Job.State.DONE, started_at__isnull=False)
    times = list(ended.order_by("-pk").values_list("started_at", "ended_at")[:USUAL])
    spans = [(end - start).total_seconds() for start, end in times if start and end]
    return sum(spans) / len(spans) if spans else 0.0


def mark_told(rows: list[Job]) -> None:
    """Note that their owner has been shown how these jobs ended."""
    ended = [row.pk for row in rows if row.has_ended]
    if ended:
        Job.objects.filter(pk__in=ended).update(told_at=timezone.now())


def has_work() -> bool:
    """Return whether a job waits for a process."""
    return _due().exists()


def lease() -> Job | None:
    """Return a job that is this process's for a while; None if there is none, or enough run.

    The oldest comes first, of people of whom no job runs.
    """
    running = Job.objects.filter(state=Job.State.RUNNING)
    try:
        with transaction.atomic():
            if running.exclude(_is_dead()).count() >= settings.LTI_JOBS_AT_ONCE:
                return None
            rows = _due().exclude(state=Job.State.WAITING, owner__in=running.values("owner"))
            row = rows.select_for_update(skip_locked=True, of=("self",), no_key=True).first()
            if row is None:
                return None
            now = timezone.now()
            row.state = Job.State.RUNNING
            row.leased_by, row.leased_until = secrets.token_hex(8), now + LEASE
            row.tries += 1
            row.started_at = row.started_at or now
            row.save(update_fields=["state", "leased_by", "leased_until", "tries", "started_at"])
            return row
    except IntegrityError:  # another job of this person has been leased at this moment
        return None


def _due() -> QuerySet[Job]:
    rows = Job.objects.filter(Q(state=Job.State.WAITING) | _is_dead())
    return rows.order_by("created_at", "pk")


def _is_dead() -> Q:
    """Return the condition of jobs whose process has not told anything of itself for too long.

    A lease that ends later than any can was saved before our clock was set back.
    """
    now = timezone.now()
    over = Q(leased_until__lt=now) | Q(leased_until__gt=now + 2 * WRITE_LEASE)
    return Q(state=Job.State.RUNNING) & over


def run(row: Job, is_stopping: Callable[[], bool] = lambda: False) -> None:
    """Do a leased job to its end, and save how it ended.

    A database that is away leaves the row as it is: the lease runs out.
    """
    task = Task(row, is_stopping)
    try:
        with translation.override(row.language or settings.LANGUAGE_CODE):
            _run(task)
    except Stopping:
        task.release()
    except LeaseLost:
        logger.warning("%s was taken up by another process, or deleted", row)
    except DatabaseError as error:
        if not is_away(error):
            raise
        logger.warning("%s waits for the database: %s", row, error)


def _run(task: Task) -> None:
    row = task.row
    try:
        if row.tries > MAX_TRIES:
            raise JobFailed(_("This was tried several times and never came to its end."))  # noqa: TRY301
        task.renew(LEASE)
        work: Work = import_string(settings.LTI_JOBS[row.kind])
        write = work(task)
        task.renew(WRITE_LEASE)
        with transaction.atomic():
            task.lock()
            task.end(Job.State.DONE, result=write())
    except Cancelled:
        task.end(Job.State.CANCELLED)
    except JobFailed as failed:
        _fail(task, str(failed), failed.result)
    except JobInterrupted:
        raise
    except Exception as error:  # a fault of ours must not end the thread that does other jobs
        if is_away(error):
            raise
        logger.exception("%s failed", row)
        if task.has_written:
            _fail(task, _("Something went wrong on our side. What was done until then stays."), {})
        else:
            _fail(task, _("Something went wrong on our side. Nothing was changed."), {})


def _fail(task: Task, error: str, result: Result) -> None:
    try:
        task.end(Job.State.FAILED, error=error, result=result)
    except Cancelled:
        task.end(Job.State.CANCELLED)


def run_due() -> None:
    """Do jobs one after another until none is left."""
    while (row := lease()) is not None:
        run(row)
